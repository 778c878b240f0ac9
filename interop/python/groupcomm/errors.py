"""What can fail. Every error has a `code` for programs, says what happened, and `fix`: what to do."""

from __future__ import annotations


class GroupCommError(Exception):
    """An operation failed. Unless it is OutcomeUnknown, nothing was sent."""

    def __init__(self, code: str, detail: str, fix: str = "") -> None:
        super().__init__(f"{detail} ({code}); {fix}" if fix else f"{detail} ({code})")
        self.code = code
        self.detail = detail
        self.fix = fix

    @staticmethod
    def of(code: str, detail: str, fix: str) -> "GroupCommError":
        return _TYPES.get(code, GroupCommError)(code, detail, fix)


class NotPrimary(GroupCommError):
    """The daemon hears no quorum; nothing was sent."""


class OutcomeUnknown(GroupCommError):
    """It may have been sent: the others may or may not have it."""


class NotJoined(GroupCommError):
    """The join failed."""


class ConnectionClosed(GroupCommError):
    """The client is closed, or no daemon could be reached in time."""


_TYPES: dict[str, type[GroupCommError]] = {
    "not-primary": NotPrimary,
    "outcome-unknown": OutcomeUnknown,
    "not-joined": NotJoined,
    "name-taken": NotJoined,
    "state-transfer": NotJoined,
    "member-already": NotJoined,
}
