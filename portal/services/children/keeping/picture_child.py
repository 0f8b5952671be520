"""The child process that opens a picture from outside. Run by path, never imported.

The file on stdin, on stdout a JPEG of its points alone, upright, within `EDGE`; or exit status 4 (no picture)
or 5 (too many points). Without either, the limits have killed it.
"""

from __future__ import annotations

import io
import sys

NOT_INSTALLED, NO_PICTURE, TOO_MANY_POINTS = 3, 4, 5

try:
    from PIL import Image, ImageOps, UnidentifiedImageError
except ImportError:
    sys.exit(NOT_INSTALLED)

PIXELS = 50_000_000
"""Points of a picture that is opened at all: a phone’s largest photo, no bomb."""
EDGE = 2480
"""Points of the longer edge kept: A4 at 210 dpi."""
MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 20
READ = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP")


def limit_resources() -> None:
    """Bind this process; where the system has no such limits, the parent's timeout is left."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS)):
        hard = resource.getrlimit(kind)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))


def rewrite(data: bytes) -> bytes:
    """The picture written anew."""
    with Image.open(io.BytesIO(data), formats=READ) as opened:
        if opened.width * opened.height > PIXELS:
            sys.exit(TOO_MANY_POINTS)
        opened.draft("RGB", (EDGE, EDGE))
        opened.load()
        opened.thumbnail((EDGE, EDGE))
        upright = ImageOps.exif_transpose(opened).convert("RGBA")
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright.getchannel("A"))
    written = io.BytesIO()
    flat.save(written, "JPEG", quality=82, optimize=True)
    return written.getvalue()


def main() -> None:
    limit_resources()
    try:
        written = rewrite(sys.stdin.buffer.read())
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        sys.exit(NO_PICTURE)
    sys.stdout.buffer.write(written)


if __name__ == "__main__":
    main()
