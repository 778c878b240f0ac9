"""What a member is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Optional, Sequence


class Order(IntEnum):
    """The order in which members deliver a message."""

    FIFO = 1
    CAUSAL = 2
    AGREED = 3
    SAFE = 4


class Tell(IntEnum):
    """Stages that a receipt is told; add them up. What is not told costs no frame."""

    NOTHING = 0
    ACCEPTED = 1
    DELIVERED = 2
    SAFE = 4
    ALL = 7


@dataclass(frozen=True)
class View:
    """A view of the group. `token` is the fencing token: grows with every view, compares as text."""

    group: str
    id: str
    self: str
    members: Sequence[str]
    joined: Sequence[str]
    left: Sequence[str]
    reason: str
    token: str


@dataclass(frozen=True)
class Message:
    """A delivered message. `sender` is None when it came from outside; `position` is 0 for a message to this member alone."""

    id: str
    sender: Optional[str]
    order: Order
    position: int
    type: Optional[str]
    payload: bytes
    view: View


@dataclass(frozen=True)
class Reply:
    """A member's answer to a query: a value, an error in words, or its departure."""

    member: str
    value: Optional[bytes]
    error: Optional[str] = None
    departed: bool = False


@dataclass(frozen=True)
class Signal:
    """Something that is neither message nor view: transitional, primary-lost, primary-regained, group-lost, excluded, reset, left."""

    name: str
    reason: str
