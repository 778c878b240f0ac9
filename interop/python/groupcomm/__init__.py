"""A member of a GroupComm group through the daemon `groupcomm serve`."""

from .client import Client, Group, Receipt, connect
from .errors import ConnectionClosed, GroupCommError, NotJoined, NotPrimary, OutcomeUnknown
from .events import Message, Order, Reply, Signal, Tell, View

__all__ = [
    "Client", "ConnectionClosed", "Group", "GroupCommError", "Message", "NotJoined", "NotPrimary", "Order", "OutcomeUnknown",
    "Receipt", "Reply", "Signal", "Tell", "View", "connect",
]  # fmt: skip
