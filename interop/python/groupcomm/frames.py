"""Frames of the gateway protocol: tuples of kind and fields. interop/spec/gateway.md has the rules."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Optional, Tuple

from . import msgpack

MAX_NUMBER = (1 << 53) - 1
FIRST_SKIPPABLE = 128
FIRST_COUNTED = 16

Frame = Tuple[Any, ...]


class Kind(IntEnum):
    HELLO = 1
    WELCOME = 2
    ACK = 3
    PING = 4
    PONG = 5
    CLOSE = 6
    JOIN = 16
    LEAVE = 17
    SEND = 18
    SEND_TO = 19
    QUERY = 20
    BARRIER = 21
    REPLY = 22
    PART = 23
    END = 24
    DONE = 32
    FAILED = 33
    RECEIPT = 34
    ANSWER = 35
    VIEW = 40
    MESSAGE = 41
    ASK = 42
    CAPTURE = 43
    RESTORE = 44
    TRANSITIONAL = 45
    PRIMARY_LOST = 46
    PRIMARY_REGAINED = 47
    GROUP_LOST = 48
    EXCLUDED = 49
    RESET = 50
    LEFT = 51
    REACHED = 52
    CANCEL = 53


# u uint, i int, b bool, s str, S str or nil, y bin, Y bin or nil, a array of str, m map.
FIELDS = {
    Kind.HELLO: "uusuuYu", Kind.WELCOME: "uybuuussb", Kind.ACK: "u", Kind.PING: "u", Kind.PONG: "u", Kind.CLOSE: "sss",
    Kind.JOIN: "usSm", Kind.LEAVE: "u", Kind.SEND: "uSuSyu", Kind.SEND_TO: "usSy", Kind.QUERY: "usyui", Kind.BARRIER: "u",
    Kind.REPLY: "uby", Kind.PART: "uy", Kind.END: "uS",
    Kind.DONE: "u", Kind.FAILED: "usss", Kind.RECEIPT: "uus", Kind.ANSWER: "usuy",
    Kind.VIEW: "sssaaass", Kind.MESSAGE: "sSuuSy", Kind.ASK: "usSuusy", Kind.CAPTURE: "u", Kind.RESTORE: "u",
    Kind.TRANSITIONAL: "s", Kind.PRIMARY_LOST: "s", Kind.PRIMARY_REGAINED: "", Kind.GROUP_LOST: "", Kind.EXCLUDED: "s",
    Kind.RESET: "s", Kind.LEFT: "s", Kind.REACHED: "u", Kind.CANCEL: "u",
}  # fmt: skip


class BadFrame(ValueError):
    """The other side broke a rule of the specification."""


def encode(frame: Frame) -> bytes:
    """The frame with its length."""
    payload = msgpack.pack(list(frame))
    return len(payload).to_bytes(4, "big") + payload


def decode(payload: bytes) -> Optional[Frame]:
    """The frame of a payload; None for a kind that a later version may have added."""
    try:
        fields = msgpack.unpack(payload)
    except msgpack.MsgpackError as error:
        raise BadFrame(str(error)) from None
    if not isinstance(fields, list) or not fields or not _is_uint(fields[0]):
        raise BadFrame("a frame is an array that begins with its kind")
    if fields[0] >= FIRST_SKIPPABLE:
        return None
    form = FIELDS.get(fields[0])
    if form is None:
        raise BadFrame(f"{fields[0]} is no kind of frame")
    if len(fields) <= len(form):
        raise BadFrame("the array has too few elements")
    for place, code in enumerate(form, 1):
        if not _CHECKS[code](fields[place]):
            raise BadFrame(f"field {place} of {Kind(fields[0]).name} is not what it must be")
    return (Kind(fields[0]), *fields[1 : len(form) + 1])


def _is_uint(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_NUMBER


_CHECKS = {
    "u": _is_uint,
    "i": lambda value: type(value) is int and -MAX_NUMBER <= value <= MAX_NUMBER,
    "b": lambda value: type(value) is bool,
    "s": lambda value: type(value) is str,
    "S": lambda value: value is None or type(value) is str,
    "y": lambda value: type(value) is bytes,
    "Y": lambda value: value is None or type(value) is bytes,
    "a": lambda value: type(value) is list and all(type(item) is str for item in value),
    "m": lambda value: type(value) is dict,
}
