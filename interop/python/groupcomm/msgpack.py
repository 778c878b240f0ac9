"""MessagePack, as far as frames and typed messages need it: nil, bool, integers, floats, str, bin, arrays, maps.

What it reads is untrusted: sizes are checked against the bytes that are there, nesting is bounded.
"""

from __future__ import annotations

import struct
from typing import Any, Tuple

MAX_DEPTH = 32


class MsgpackError(ValueError):
    """The bytes are not MessagePack, or nothing that this module reads."""


def pack(value: Any) -> bytes:
    """One value as bytes. Integers take their shortest form."""
    out = bytearray()
    _pack(out, value, 0)
    return bytes(out)


def unpack(data: bytes) -> Any:
    """The one value that the bytes are."""
    value, end = unpack_from(data, 0)
    if end != len(data):
        raise MsgpackError("bytes follow the value")
    return value


def _pack(out: bytearray, value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise MsgpackError(f"nested more than {MAX_DEPTH} deep")
    if value is None:
        out.append(0xC0)
    elif value is False or value is True:
        out.append(0xC3 if value else 0xC2)
    elif isinstance(value, int):
        _pack_int(out, value)
    elif isinstance(value, float):
        out += struct.pack(">Bd", 0xCB, value)
    elif isinstance(value, str):
        data = value.encode("utf-8")
        _pack_head(out, len(data), 0xA0, 32, (0xD9, 0xDA, 0xDB))
        out += data
    elif isinstance(value, (bytes, bytearray, memoryview)):
        _pack_head(out, len(value), None, 0, (0xC4, 0xC5, 0xC6))
        out += value
    elif isinstance(value, (list, tuple)):
        _pack_head(out, len(value), 0x90, 16, (None, 0xDC, 0xDD))
        for item in value:
            _pack(out, item, depth + 1)
    elif isinstance(value, dict):
        _pack_head(out, len(value), 0x80, 16, (None, 0xDE, 0xDF))
        for key, item in value.items():
            _pack(out, key, depth + 1)
            _pack(out, item, depth + 1)
    else:
        raise TypeError(f"{type(value).__name__} has no form in MessagePack")


def _pack_int(out: bytearray, value: int) -> None:
    if 0 <= value < 128:
        out.append(value)
    elif -32 <= value < 0:
        out.append(256 + value)
    elif value >= 0:
        for code, form, limit in ((0xCC, ">BB", 1 << 8), (0xCD, ">BH", 1 << 16), (0xCE, ">BI", 1 << 32), (0xCF, ">BQ", 1 << 64)):
            if value < limit:
                out += struct.pack(form, code, value)
                return
        raise OverflowError("an integer has at most 64 bits")
    else:
        for code, form, limit in ((0xD0, ">Bb", 1 << 7), (0xD1, ">Bh", 1 << 15), (0xD2, ">Bi", 1 << 31), (0xD3, ">Bq", 1 << 63)):
            if value >= -limit:
                out += struct.pack(form, code, value)
                return
        raise OverflowError("an integer has at most 64 bits")


def _pack_head(out: bytearray, size: int, fix: int | None, fix_limit: int, codes: Tuple[int | None, int, int]) -> None:
    if fix is not None and size < fix_limit:
        out.append(fix | size)
    elif codes[0] is not None and size < 1 << 8:
        out += struct.pack(">BB", codes[0], size)
    elif size < 1 << 16:
        out += struct.pack(">BH", codes[1], size)
    else:
        out += struct.pack(">BI", codes[2], size)


_NUMBERS = {0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q", 0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q", 0xCA: ">f", 0xCB: ">d"}
_SIZES = {0xC4: ">B", 0xC5: ">H", 0xC6: ">I", 0xD9: ">B", 0xDA: ">H", 0xDB: ">I", 0xDC: ">H", 0xDD: ">I", 0xDE: ">H", 0xDF: ">I"}


def unpack_from(data: bytes, at: int, depth: int = 0) -> Tuple[Any, int]:
    """The value that begins at a place, and the place after it."""
    if depth > MAX_DEPTH:
        raise MsgpackError(f"nested more than {MAX_DEPTH} deep")
    if at >= len(data):
        raise MsgpackError("the bytes end before the value does")
    code = data[at]
    at += 1
    if code < 0x80:
        return code, at
    if code >= 0xE0:
        return code - 256, at
    if code < 0x90:
        return _unpack_map(data, at, code & 0x0F, depth)
    if code < 0xA0:
        return _unpack_array(data, at, code & 0x0F, depth)
    if code < 0xC0:
        return _unpack_str(data, at, code & 0x1F)
    if code == 0xC0:
        return None, at
    if code in (0xC2, 0xC3):
        return code == 0xC3, at
    if code in _NUMBERS:
        return _read(data, at, _NUMBERS[code])
    if code not in _SIZES:
        raise MsgpackError(f"the code {code:#04x} is not read here")
    size, at = _read(data, at, _SIZES[code])
    if code <= 0xC6:
        if at + size > len(data):
            raise MsgpackError("the bytes end before the value does")
        return bytes(data[at : at + size]), at + size
    if code <= 0xDB:
        return _unpack_str(data, at, size)
    return _unpack_array(data, at, size, depth) if code <= 0xDD else _unpack_map(data, at, size, depth)


def _read(data: bytes, at: int, form: str) -> Tuple[Any, int]:
    try:
        return struct.unpack_from(form, data, at)[0], at + struct.calcsize(form)
    except struct.error:
        raise MsgpackError("the bytes end before the value does") from None


def _unpack_str(data: bytes, at: int, size: int) -> Tuple[str, int]:
    if at + size > len(data):
        raise MsgpackError("the bytes end before the value does")
    try:
        return str(data[at : at + size], "utf-8"), at + size
    except UnicodeDecodeError:
        raise MsgpackError("a str is not UTF-8") from None


def _unpack_array(data: bytes, at: int, size: int, depth: int) -> Tuple[list[Any], int]:
    items = []
    for _ in range(size):
        item, at = unpack_from(data, at, depth + 1)
        items.append(item)
    return items, at


def _unpack_map(data: bytes, at: int, size: int, depth: int) -> Tuple[dict[Any, Any], int]:
    items = {}
    for _ in range(size):
        key, at = unpack_from(data, at, depth + 1)
        value, at = unpack_from(data, at, depth + 1)
        try:
            items[key] = value
        except TypeError:
            raise MsgpackError("a key is an array or a map") from None
    return items, at
