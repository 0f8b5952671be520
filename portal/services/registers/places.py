"""Free text about places read against the units of one county: 现居住地 and 务工地点."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from portal.services.registers.readings import squeeze

Key = TypeVar("Key")

_VILLAGE_NAME = re.compile("(.+?)(社区居民委员会|社区居委会|村民委员会|村委会|居民委员会|居委会|社区|村)?")
_OURS = re.compile("^[本我](?:县|乡|镇|街道|村|社区)")
_GROUP = r"(?:第?[0-9一二三四五六七八九十百]+(?:组|社|队|号|村民小组|居民小组|小组|栋|单元|-|$)|[(])"
_OTHER_VILLAGE = re.compile("[^0-9一二三四五六七八九十组队号(第]*?(?:村(?!民)|社区|居委会)")
_SUFFIX_LEFT = re.compile(
    "^(?:村?村民委员会|村?村委会|社区居民委员会|社区居委会|居民委员会|居委会|社区|村(?!民小组))"
)


def address_beyond(text: str, find_village: Callable[[str], Any]) -> str:
    """What follows the village in an address (三组), for any `find_village`; empty if it knows no village."""
    whole = squeeze(text)
    key = find_village(whole)
    if key is None:
        return ""
    end = next(at for at in range(1, len(whole) + 1) if find_village(whole[:at]) == key)
    return _SUFFIX_LEFT.sub("", whole[end:]).lstrip(",、")


class VillageFinder(Generic[Key]):
    """Finds the village that an address means, in the whole county (contract §5).

    It can be called as a function. Understood are 乡镇+村 with or without the county and the 组, a bare
    village name that only one village of the county has, and the official endings 村民委员会,
    居民委员会 and 社区居民委员会 against 村 and 社区.
    """

    def __init__(self, villages: Iterable[tuple[str, str, Key]], *, county_name: str = "") -> None:
        """`villages` are (village name, township name, key)."""
        self._county = squeeze(county_name)
        self._all: dict[str, set[Key]] = {}
        self._townships: dict[str, dict[str, set[Key]]] = {}
        self._short_townships: dict[str, dict[str, set[Key]]] = {}
        for village, township, key in villages:
            aliases = _village_aliases(squeeze(village))
            for alias in aliases:
                self._all.setdefault(alias, set()).add(key)
            full, short = _township_aliases(squeeze(township))
            for names, index in ((full, self._townships), (short, self._short_townships)):
                for name in names:
                    for alias in aliases | _bare_names(squeeze(village)):
                        index.setdefault(name, {}).setdefault(alias, set()).add(key)
        self._longest = max(map(len, (*self._all, *self._townships)), default=0)

    def find(self, text: str) -> Key | None:
        """The key of the village, None if no village or more than one is meant."""
        place = self._inside_county(squeeze(text))
        keys = self._match_in(self._townships, place) or (
            self._match_in(self._short_townships, place) | self._match(place, self._all)
        )
        return next(iter(keys)) if len(keys) == 1 else None

    def __call__(self, text: str) -> Key | None:
        return self.find(text)

    def _inside_county(self, place: str) -> str:
        """The address without what names this county."""
        at = place.find(self._county) if self._county else -1
        if at >= 0:
            place = place[at + len(self._county) :]
        return _OURS.sub("", place)

    def _match_in(self, townships: dict[str, dict[str, set[Key]]], place: str) -> set[Key]:
        """Keys of the villages meant, for an address that begins with one of `townships`."""
        keys: set[Key] = set()
        for length in range(2, min(len(place), self._longest) + 1):
            if villages := townships.get(place[:length]):
                keys |= self._match(place[length:], villages)
        return keys

    def _match(self, place: str, villages: dict[str, set[Key]]) -> set[Key]:
        """Keys of the longest name with which the address begins, unless it goes on to another village."""
        for length in range(min(len(place), self._longest), 1, -1):
            keys = villages.get(place[:length])
            if keys is None:
                continue
            rest = place[length:]
            if place[:length] in self._all:
                return set() if _OTHER_VILLAGE.match(rest) else keys
            return keys if not rest or re.match(_GROUP, rest) else set()
        return set()


def _village_aliases(name: str) -> set[str]:
    """Ways to write a village: 长滩村村民委员会 is also 长滩村 and 长滩村委会."""
    found = _VILLAGE_NAME.fullmatch(name)
    if not found or not found[2]:
        return {name}
    stem, ending = found[1], found[2]
    if ending.startswith("村"):
        bare = stem.removesuffix("村")
        endings = ("村", "村委会", "村民委员会", "村村委会", "村村民委员会")
        return {name, *(bare + end for end in endings)}
    endings = ("社区", "社区居委会", "社区居民委员会", "居委会", "居民委员会")
    return {name, *(stem.removesuffix("社区") + end for end in endings)}


def _bare_names(name: str) -> set[str]:
    """茶山 of 茶山村, good only after its township."""
    found = _VILLAGE_NAME.fullmatch(name)
    bare = found[1].removesuffix("村").removesuffix("社区") if found else ""
    return {bare} if len(bare) > 1 else set()


def _township_aliases(name: str) -> tuple[set[str], set[str]]:
    """Full and short ways to write a township: 城关街道办事处 is also 城关街道, and 城关 for short."""
    full = name.removesuffix("办事处")
    short = re.sub("(街道|镇|民族乡|乡)$", "", full)
    return {name, full, full + "办事处"}, {short} if 1 < len(short) < len(full) else set()


class CountyPlaces:
    """Decides whether a place of work lies inside the county: it says 本县 or names a unit of it.

    A unit's full name counts where the place begins with it, so that 江苏昆山石桥镇 stays outside of a county
    that has a 石桥镇 too; the county's full name counts anywhere. Short names never count.
    """

    _OURS = re.compile("[本我](?:县|乡|镇|街道|村|社区|组)(?!以?外)|县内(?!江|黄|乡|丘|蒙)")
    _NOT_OURS = re.compile("(?:非|出|离|不在)[本我]县")

    def __init__(self, county_name: str, unit_names: Iterable[str]) -> None:
        self._county = squeeze(county_name)
        names: set[str] = set()
        for name in map(squeeze, unit_names):
            names |= _village_aliases(name) | {name.removesuffix("办事处")}
        self._units = tuple(name for name in names if len(name) > 2)

    def contains(self, place: str) -> bool:
        """Whether the place is inside the county; blank or unknown places are not."""
        text = squeeze(place)
        if self._NOT_OURS.search(text):
            return False
        if self._OURS.search(text) or (len(self._county) > 2 and self._county in text):
            return True
        return text.startswith(self._units) if self._units else False

    def __call__(self, place: str) -> bool:
        return self.contains(place)
