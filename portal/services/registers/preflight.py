"""A look at the outside of an uploaded workbook, before any parser sees it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from portal.services.registers.refusals import refused

MAX_BYTES = 20 * 1024 * 1024
MAX_ENTRIES = 1_000
MAX_DIRECTORY_BYTES = 256 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
"""50,000 rows of the official form unpack to about 80 MB."""
MAX_RATIO = 200
"""Largest plausible ratio of unpacked to packed bytes; a real roster of 20,000 rows has 22."""
RATIO_FREE_BYTES = 1024 * 1024
"""Entries below this size may have any ratio."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENTRY, _END, _END64 = b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x07"
_SLICE = 16 * 1024  # deflate grows at most 1,032 times, so one slice gives at most 16 MB
_NESTED_NAMES = (
    ".zip",
    ".7z",
    ".rar",
    ".gz",
    ".tar",
    ".jar",
    ".xlsx",
    ".xlsm",
    ".xls",
    ".xlsb",
    ".docx",
    ".ods",
)
_NESTED_HEADS = (_ENTRY, _OLE, b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b")
_BROKEN_ZIP = (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError, EOFError,
               OverflowError, IndexError, RuntimeError, zlib.error)  # fmt: skip


def check_container(data: bytes) -> None:
    """Let plausible workbooks pass (.xlsx, .xls, .ods) and raise FileRefused for the rest.

    Passing says nothing about the inside: parse it only in a process with limits.
    """
    if len(data) > MAX_BYTES:
        raise refused("too_large")
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise refused("encrypted")
        if "_VBA_PROJECT".encode("utf-16-le") in data:
            raise refused("macros")
    elif data.startswith(_ENTRY):
        _check_zip(data)
    else:
        raise refused("not_a_workbook")


def _check_zip(data: bytes) -> None:
    entries = _list_entries(data)
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise refused("zip_bomb")
    if sum(entry.compress_size for entry in entries) > len(data):
        raise refused("zip_bomb")  # entries that share their bytes
    for entry in entries:
        name = entry.filename.lower()
        if entry.flag_bits & 1:
            raise refused("encrypted")
        if name.endswith("vbaproject.bin") or name.startswith(("basic/", "xl/macrosheets/")):
            raise refused("macros")
        if name.endswith(_NESTED_NAMES) or _is_too_dense(entry):
            raise refused("zip_bomb")
    for entry in entries:
        _check_entry(data, entry)


def _list_entries(data: bytes) -> list[zipfile.ZipInfo]:
    """The central directory, whose own size is checked before zipfile builds objects from it."""
    end = data.rfind(_END)
    if end < 0 or end + 22 > len(data):
        raise refused("not_a_workbook")
    count, directory_bytes = struct.unpack_from("<HI", data, end + 10)
    if count > MAX_ENTRIES or directory_bytes > MAX_DIRECTORY_BYTES:
        raise refused("zip_bomb")
    if data[max(0, end - 20) : end].startswith(_END64):
        raise refused("zip_bomb")  # zip64 is for archives over 4 GB
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except _BROKEN_ZIP:
        raise refused("not_a_workbook") from None
    if len(entries) > MAX_ENTRIES:
        raise refused("zip_bomb")
    return entries


def _is_too_dense(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > max(RATIO_FREE_BYTES, MAX_RATIO * entry.compress_size)


def _check_entry(data: bytes, entry: zipfile.ZipInfo) -> None:
    """Unpack one entry slice by slice and refuse it if it holds more than it says, or an archive."""
    try:
        head, size = _measure(data, entry)
    except _BROKEN_ZIP:
        raise refused("not_a_workbook") from None
    if size > entry.file_size or head.startswith(_NESTED_HEADS):
        raise refused("zip_bomb")


def _measure(data: bytes, entry: zipfile.ZipInfo) -> tuple[bytes, int]:
    """First bytes and true size of an entry; the size stops growing once it exceeds what was declared."""
    if data[entry.header_offset : entry.header_offset + 4] != _ENTRY:
        raise zipfile.BadZipFile
    name_bytes, extra_bytes = struct.unpack_from("<HH", data, entry.header_offset + 26)
    start = entry.header_offset + 30 + name_bytes + extra_bytes
    packed = memoryview(data)[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        return bytes(packed[:8]), len(packed)
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    head, size = b"", 0
    for at in range(0, len(packed), _SLICE):
        unpacked = inflater.decompress(packed[at : at + _SLICE])
        head = head or unpacked[:8]
        size += len(unpacked)
        if size > entry.file_size:
            break
    return head, size
