"""Is there a font for Chinese? Without one nothing fails: pages and cards are just full of empty boxes."""

import subprocess

from tests.services.process import ServiceMissing


def chinese_fonts() -> list[str]:
    """Return the font families that claim to cover Chinese."""
    try:
        listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        return []
    return sorted({family for family in listed.stdout.splitlines() if family})


def require_chinese_font() -> None:
    """Raise ServiceMissing if Chinese text would be rendered as boxes."""
    if not chinese_fonts():
        raise ServiceMissing(
            "A Chinese font is missing. As root: apt-get install -y --no-install-recommends fontconfig fonts-noto-cjk; "
            "otherwise: put one into ~/.local/share/fonts."
        )
