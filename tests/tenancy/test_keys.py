"""Keys: what is sealed opens in its own place only, and an index says nothing to another county."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.config import SettingsError
from portal.errors import SealBroken
from portal.tenancy.keys import KeyRing, Profile

PLACE = "child.id_no|9b1c"
ID_NO = "990001201505010028"


SECRET = "a-secret-of-more-than-thirty-two-characters"


@pytest.fixture(params=list(Profile))
def ring(request: pytest.FixtureRequest) -> KeyRing:
    """A ring of each profile."""
    made = KeyRing()
    made.init(SECRET, cipher=request.param)
    return made


def test_what_is_sealed_can_be_unsealed(ring: KeyRing) -> None:
    for text in (ID_NO, "", "雀" * 500, b"\x00\xff"):
        sealed = ring.seal(text, county_id=1, place=PLACE)
        assert ring.unseal(sealed, county_id=1, place=PLACE) == (
            text if isinstance(text, bytes) else text.encode()
        )


def test_the_sealed_text_shows_nothing_and_never_repeats(ring: KeyRing) -> None:
    twice = {ring.seal(ID_NO, county_id=1, place=PLACE) for _n in range(2)}
    assert len(twice) == 2
    assert all(ID_NO.encode() not in sealed for sealed in twice)


@pytest.mark.parametrize(
    ("county_id", "place"), [(1, "child.id_no|9b1d"), (2, PLACE), (1, "guardian.id_no|9b1c"), (1, "")]
)
def test_a_sealed_text_pasted_elsewhere_does_not_open(ring: KeyRing, county_id: int, place: str) -> None:
    sealed = ring.seal(ID_NO, county_id=1, place=PLACE)
    with pytest.raises(SealBroken):
        ring.unseal(sealed, county_id=county_id, place=place)


@pytest.mark.parametrize("at", [0, 1, 2, 5, 6, 17, 18, 20, -1])
def test_a_changed_byte_is_noticed(ring: KeyRing, at: int) -> None:
    sealed = bytearray(ring.seal(ID_NO, county_id=1, place=PLACE))
    sealed[at] ^= 1
    with pytest.raises(SealBroken):
        ring.unseal(bytes(sealed), county_id=1, place=PLACE)


def test_another_secret_opens_nothing(ring: KeyRing) -> None:
    sealed, index = ring.seal(ID_NO, county_id=1, place=PLACE), ring.index(ID_NO, county_id=1)
    ring.init("another-secret-of-more-than-thirty-two-characters")
    assert ring.index(ID_NO, county_id=1) != index
    with pytest.raises(SealBroken):
        ring.unseal(sealed, county_id=1, place=PLACE)


def test_the_index_of_a_number_differs_from_county_to_county(ring: KeyRing) -> None:
    found = {ring.index(ID_NO, county_id=county) for county in range(1, 50)}
    assert len(found) == 49
    assert all(len(one) == 64 and ID_NO not in one for one in found)


def test_the_index_is_equal_however_the_number_is_typed(ring: KeyRing) -> None:
    assert ring.index("11010519491231002x", county_id=1) == ring.index(
        "１１０１０５19491231002Ｘ", county_id=1
    )


def test_the_index_of_another_number_is_another(ring: KeyRing) -> None:
    assert ring.index(ID_NO, county_id=1) != ring.index(ID_NO[:-1] + "9", county_id=1)


def test_without_a_secret_nothing_is_sealed_under_an_empty_key() -> None:
    with pytest.raises(RuntimeError):
        KeyRing().seal(ID_NO, county_id=1, place=PLACE)


def test_each_profile_opens_what_the_other_sealed(ring: KeyRing) -> None:
    sealed, index = ring.seal(ID_NO, county_id=1, place=PLACE), ring.index(ID_NO, county_id=1)
    other = Profile.SM4 if ring.profile is Profile.AES else Profile.AES
    ring.init(SECRET, cipher=other)
    assert ring.unseal(sealed, county_id=1, place=PLACE).decode() == ID_NO
    assert not sealed.startswith(ring.head)
    assert ring.index(ID_NO, county_id=1) != index


def _file(tmp_path: Path, *lines: str, mode: int = 0o400) -> str:
    path = tmp_path / f"keys{len(list(tmp_path.iterdir()))}"
    path.write_text("\n".join(lines), encoding="utf-8")
    path.chmod(mode)
    return str(path)


def test_a_new_key_seals_and_the_old_ones_still_open(ring: KeyRing, tmp_path: Path) -> None:
    first, second = "f" * 40, "s" * 40
    oldest = ring.seal(ID_NO, county_id=1, place=PLACE)
    ring.init(SECRET, key_file=_file(tmp_path, "# keys", first), cipher=ring.profile)
    old = ring.seal(ID_NO, county_id=1, place=PLACE)
    ring.init(SECRET, key_file=_file(tmp_path, second, first + " # 2024"), cipher=ring.profile)
    new = ring.seal(ID_NO, county_id=1, place=PLACE)
    assert len({one[2:6] for one in (oldest, old, new)}) == 3
    for sealed in (oldest, old, new):
        assert ring.unseal(sealed, county_id=1, place=PLACE).decode() == ID_NO
    ring.init(SECRET, key_file=_file(tmp_path, second), cipher=ring.profile)
    with pytest.raises(SealBroken):
        ring.unseal(old, county_id=1, place=PLACE)


@pytest.mark.parametrize(
    ("lines", "mode"), [(("k" * 40,), 0o440), (("k" * 40,), 0o404), (("short",), 0o400), (("# none",), 0o400)]
)
def test_a_key_file_that_others_read_or_that_holds_no_key_stops_the_boot(
    tmp_path: Path, lines: tuple[str, ...], mode: int
) -> None:
    with pytest.raises(SettingsError, match="PORTAL_FIELD_KEYS"):
        KeyRing().init(SECRET, key_file=_file(tmp_path, *lines, mode=mode))


def test_a_key_file_that_is_not_there_stops_the_boot(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PORTAL_FIELD_KEYS"):
        KeyRing().init(SECRET, key_file=str(tmp_path / "nowhere"))
