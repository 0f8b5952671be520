"""Agents: what a browser calls itself, in words its owner recognises."""

from __future__ import annotations

import re

_SYSTEMS = (
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"), ("Android", r"Android"), ("iPhone", r"iPhone"), ("iPad", r"iPad"),
    ("Windows", r"Windows"), ("macOS", r"Mac OS X|Macintosh"), ("Linux", r"Linux|X11"),
)  # fmt: skip
_BROWSERS = (
    ("WeChat", r"MicroMessenger"), ("QQ", r"QQBrowser|MQQ"), ("360", r"360SE|QihooBrowser|360EE"),
    ("UC", r"UCBrowser"), ("Edge", r"Edg(e|A|iOS)?/"), ("Huawei", r"HuaweiBrowser"), ("MIUI", r"MiuiBrowser"),
    ("Firefox", r"Firefox|FxiOS"), ("Chrome", r"Chrome|CriOS"), ("Safari", r"Safari"),
)  # fmt: skip


def words_of(agent: str) -> str:
    """`Chrome · Windows`; empty where nothing is recognised."""
    found = [
        next((name for name, pattern in table if re.search(pattern, agent)), "")
        for table in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(word for word in found if word)


def is_phone(agent: str) -> bool:
    """Whether it is held in the hand."""
    return bool(re.search(r"Mobile|Android|iPhone", agent))
