"""The child process that makes paper. Run by path, never imported: HTML on stdin, a PDF on stdout.

`argv[1]` is the file of the styles.
"""

from __future__ import annotations

import sys
from pathlib import Path

NOT_INSTALLED = 3

try:
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher
except ImportError:
    sys.exit(NOT_INSTALLED)


def main() -> None:
    styles = CSS(string=Path(sys.argv[1]).read_text(encoding="utf-8"))
    page = HTML(string=sys.stdin.read(), url_fetcher=URLFetcher(allowed_protocols=("data",)))
    sys.stdout.buffer.write(page.write_pdf(stylesheets=[styles]))


if __name__ == "__main__":
    main()
