"""A client of the gateway: one connection, at most one membership."""

from __future__ import annotations

import asyncio
import inspect
import ssl
from contextvars import ContextVar
from typing import Any, AsyncIterator, Awaitable, Callable, Mapping, Optional, Sequence, Union

from .errors import ConnectionClosed, GroupCommError, OutcomeUnknown
from .events import Message, Order, Reply, Signal, Tell, View
from .frames import Frame, Kind
from .session import Session

OnMessage = Callable[[Message], Union[None, Awaitable[None]]]
OnView = Callable[[View], Union[None, Awaitable[None]]]
OnSignal = Callable[[Signal], Union[None, Awaitable[None]]]
OnQuery = Callable[[Message], Union[bytes, Awaitable[bytes]]]

_SIGNALS = {
    Kind.TRANSITIONAL: "transitional", Kind.PRIMARY_LOST: "primary-lost", Kind.PRIMARY_REGAINED: "primary-regained",
    Kind.GROUP_LOST: "group-lost", Kind.EXCLUDED: "excluded", Kind.RESET: "reset", Kind.LEFT: "left",
}  # fmt: skip
_EVENTS = {Kind.PART, Kind.END, Kind.VIEW, Kind.MESSAGE, Kind.ASK, Kind.CAPTURE, Kind.RESTORE, Kind.REACHED, Kind.CANCEL, *_SIGNALS}
_in_handler: ContextVar[bool] = ContextVar("groupcomm_in_handler", default=False)


class Receipt:
    """How far a sent message is. Await `accepted` (its id), `delivered` (here), `safe` (it survives)."""

    def __init__(self, tell: int) -> None:
        loop = asyncio.get_running_loop()
        self._stages: dict[int, asyncio.Future[str]] = {stage: loop.create_future() for stage in (1, 2, 4) if tell & stage}
        for stage in self._stages.values():
            stage.add_done_callback(lambda done: done.cancelled() or done.exception())

    @property
    def accepted(self) -> "asyncio.Future[str]":
        return self._stage(1)

    @property
    def delivered(self) -> "asyncio.Future[str]":
        return self._stage(2)

    @property
    def safe(self) -> "asyncio.Future[str]":
        return self._stage(4)

    def _stage(self, stage: int) -> "asyncio.Future[str]":
        if stage not in self._stages:
            raise ValueError(f"this send did not ask to be told: add Tell.{Tell(stage).name}")
        return self._stages[stage]

    def reach(self, stage: int, message: str) -> bool:
        if stage in self._stages and not self._stages[stage].done():
            self._stages[stage].set_result(message)
        return all(each.done() for each in self._stages.values())

    def fail(self, error: Exception) -> None:
        for stage in self._stages.values():
            if not stage.done():
                stage.set_exception(error)


class Client:
    """Made by `connect`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._next_ref = 1
        self._receipts: dict[int, Receipt] = {}
        self._requests: dict[int, asyncio.Future[None]] = {}
        self._answers: dict[int, asyncio.Queue[Union[Reply, Exception, None]]] = {}
        self._events: asyncio.Queue[tuple[Frame, int, int]] = asyncio.Queue()
        self._unacknowledged = 0
        self._group: Optional[Group] = None
        self._lives = 0
        session.on_frame, session.on_lost, session.on_end = self._on_frame, self._on_lost, self._on_end
        self._dispatcher = asyncio.get_running_loop().create_task(self._dispatch())
        self._rejoining: Optional[asyncio.Task[None]] = None

    @property
    def node(self) -> str:
        """The daemon's node."""
        return self._session.node

    async def join(
        self,
        group: str,
        member: Optional[str] = None,
        *,
        on_message: Optional[OnMessage] = None,
        on_view: Optional[OnView] = None,
        on_signal: Optional[OnSignal] = None,
        on_query: Optional[Mapping[str, OnQuery]] = None,
        capture: Optional[Callable[[], bytes]] = None,
        restore: Optional[Callable[[bytes], None]] = None,
        **options: Any,
    ) -> "Group":
        """Joins. Handlers are called one at a time, in order; the next waits until an asynchronous one has ended.

        `capture` and `restore` go together: the state as bytes. Options are those of JOIN in the specification
        (`slowConsumerTimeout`, `open`, `agreedOnly`, `startEmptyWhenStateIsLost`, `states`). After a daemon's loss the client
        joins again by itself: signal `reset`, then a view.
        """
        if (capture is None) != (restore is None):
            raise ValueError("capture and restore go together: give both or none")
        if self._group is not None:
            raise RuntimeError("this client is a member already: connect a second one for another group")
        if capture is not None:
            options["state"] = True
        self._group = joined = Group(self, group, member, options, on_message, on_view, on_signal, on_query or {}, capture, restore)
        try:
            await self._request(Kind.JOIN, group, member, options)
        except BaseException:
            self._group = None
            raise
        return joined

    async def send(self, group: str, payload: bytes, order: Order = Order.AGREED, type: Optional[str] = None, tell: int = Tell.ALL) -> Receipt:
        """Multicasts from outside to an open group. Returns when the window has room; the receipt tells the rest."""
        return await self._send(group, payload, order, type, tell)

    async def close(self) -> None:
        """Leaves at once and ends the connection."""
        for task in (self._rejoining, self._dispatcher):
            if task is not None:
                task.cancel()
        await self._session.close()

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def cut(self) -> None:
        """Breaks the connection as a network does; the client resumes. For tests."""
        self._session.cut()

    async def _send(self, group: Optional[str], payload: bytes, order: Order, type: Optional[str], tell: int) -> Receipt:
        if len(payload) > self._session.max_payload:
            raise GroupCommError("too-large", f"the message has {len(payload)} bytes, the maximum is {self._session.max_payload}; nothing was sent", "split it")
        ref, receipt = self._ref(), Receipt(tell)
        self._receipts[ref] = receipt
        flags = int(tell) | (8 if _in_handler.get() and group is None else 0)
        try:
            await self._session.send((Kind.SEND, ref, group, int(order), type, bytes(payload), flags))
        except BaseException:
            self._receipts.pop(ref, None)
            raise
        if not tell:
            self._receipts.pop(ref, None)
        return receipt

    async def _request(self, kind: Kind, *fields: Any) -> None:
        if _in_handler.get() and kind in (Kind.BARRIER, Kind.LEAVE, Kind.JOIN):
            raise RuntimeError(f"{kind.name} inside a handler would wait for this very handler to end; call it outside")
        ref = self._ref()
        self._requests[ref] = done = asyncio.get_running_loop().create_future()
        try:
            await self._session.send((kind, ref, *fields))
            await done
        finally:
            self._requests.pop(ref, None)

    async def _query(self, type: str, payload: bytes, order: Order, target: int) -> AsyncIterator[Reply]:
        if _in_handler.get():
            raise RuntimeError("a query inside a handler would wait for this very handler to end; ask outside")
        ref = self._ref()
        self._answers[ref] = answers = asyncio.Queue()
        try:
            await self._session.send((Kind.QUERY, ref, type, bytes(payload), int(order), target))
            while (answer := await answers.get()) is not None:
                if isinstance(answer, Exception):
                    raise answer
                yield answer
        finally:
            self._answers.pop(ref, None)

    def _ref(self) -> int:
        self._next_ref += 1
        return self._next_ref - 1

    def _on_frame(self, frame: Frame, number: int, size: int) -> None:
        self._unacknowledged += size
        if frame[0] in _EVENTS:
            self._events.put_nowait((frame, number, self._lives))
            return
        kind, ref = frame[0], frame[1]
        if kind == Kind.RECEIPT:
            if (receipt := self._receipts.get(ref)) and receipt.reach(frame[2], frame[3]):
                del self._receipts[ref]
        elif kind == Kind.ANSWER:
            if answers := self._answers.get(ref):
                answers.put_nowait(Reply(frame[2], *_answer(frame[3], frame[4])))
        elif kind == Kind.DONE:
            self._done(ref)
        elif kind == Kind.FAILED:
            self._failed(ref, GroupCommError.of(*frame[2:]))
        if self._events.empty() and not self._busy:
            self._acknowledge(number)

    _busy = False

    def _done(self, ref: int) -> None:
        if (done := self._requests.get(ref)) and not done.done():
            done.set_result(None)
        elif answers := self._answers.get(ref):
            answers.put_nowait(None)

    def _failed(self, ref: int, error: Exception) -> None:
        if receipt := self._receipts.pop(ref, None):
            receipt.fail(error)
        elif (done := self._requests.get(ref)) and not done.done():
            done.set_exception(error)
        elif answers := self._answers.get(ref):
            answers.put_nowait(error)

    def _acknowledge(self, number: int) -> None:
        idle = self._events.empty()
        now = idle or self._unacknowledged > self._session.window // 4
        self._session.handled(self._session.received if idle else number, now)
        if now:
            self._unacknowledged = 0

    async def _dispatch(self) -> None:
        while True:
            frame, number, life = await self._events.get()
            if life != self._lives:
                continue
            self._busy = True
            try:
                if frame[0] == Kind.REACHED:
                    self._done(frame[1])
                elif self._group is not None:
                    await self._group._handle(frame)
            except ConnectionClosed:
                return
            finally:
                self._busy = False
            if life == self._lives:
                self._acknowledge(number)

    def _fail_all(self, error: Exception) -> None:
        for ref in [*self._receipts, *self._requests, *self._answers]:
            self._failed(ref, error)

    def _on_end(self, error: ConnectionClosed) -> None:
        self._fail_all(error)
        if self._group is not None:
            self._group.closed.set()

    def _on_lost(self) -> None:
        self._lives += 1
        self._fail_all(OutcomeUnknown("outcome-unknown", "the daemon no longer knows this session", "find out from the group, or send again if twice does no harm"))
        if self._group is not None and self._group.view is not None:
            self._rejoining = asyncio.get_running_loop().create_task(self._rejoin(self._group))

    async def _rejoin(self, group: "Group") -> None:
        life = self._lives
        while life == self._lives:
            if group._restore is None:
                self._events.put_nowait(((Kind.RESET, "the daemon no longer knows this session"), 0, self._lives))
            try:
                await self._request(Kind.JOIN, group.name, group._member, group._options)
                return
            except OutcomeUnknown:
                return
            except ConnectionClosed:
                return
            except GroupCommError:
                await asyncio.sleep(0.2)  # the old life of this member may not be out of the view yet


def _answer(status: int, payload: bytes) -> tuple[Optional[bytes], Optional[str], bool]:
    if status == 1:
        return None, payload.decode("utf-8", "replace"), False
    return (None, None, True) if status == 2 else (payload, None, False)


class Group:
    """A membership."""

    def __init__(
        self, client: Client, name: str, member: Optional[str], options: dict[str, Any], on_message: Optional[OnMessage], on_view: Optional[OnView],
        on_signal: Optional[OnSignal], on_query: Mapping[str, OnQuery], capture: Optional[Callable[[], bytes]], restore: Optional[Callable[[bytes], None]],
    ) -> None:  # fmt: skip
        self._client, self.name, self._member, self._options = client, name, member, options
        self._on_message, self._on_view, self._on_signal, self._on_query = on_message, on_view, on_signal, on_query
        self._capture, self._restore = capture, restore
        self._parts: Optional[tuple[int, bytearray]] = None
        self.view: Optional[View] = None
        self.closed = asyncio.Event()

    @property
    def self(self) -> str:
        """This member, as views name it."""
        if self.view is None:
            raise RuntimeError("the member has no view yet")
        return self.view.self

    async def send(self, payload: bytes, order: Order = Order.AGREED, type: Optional[str] = None, tell: int = Tell.ALL) -> Receipt:
        """Multicasts. Returns when the window has room; inside a handler it never waits."""
        return await self._client._send(None, payload, order, type, tell)

    async def send_to(self, member: str, payload: bytes, type: Optional[str] = None) -> None:
        """To one member, fifo, at most 1 MiB. Returns when it is on its way."""
        await self._client._request(Kind.SEND_TO, member, type, bytes(payload))

    def query(self, type: str, payload: bytes, target: int = 0, order: Order = Order.AGREED) -> AsyncIterator[Reply]:
        """Asks all members; yields each answer. Target: 0 all, -1 more than half, n the first n."""
        return self._client._query(type, payload, order, target)

    async def barrier(self) -> None:
        """Returns when this member was given all that was safe anywhere before the call."""
        await self._client._request(Kind.BARRIER)

    async def leave(self) -> None:
        await self._client._request(Kind.LEAVE)
        self._client._group = None
        self.closed.set()

    async def _handle(self, frame: Frame) -> None:
        token = _in_handler.set(True)
        try:
            await self._event(frame)
        finally:
            _in_handler.reset(token)

    async def _event(self, frame: Frame) -> None:
        kind = frame[0]
        if kind == Kind.MESSAGE:
            await self._call(self._on_message, Message(frame[1], frame[2], Order(frame[3]), *frame[4:7], self.view))  # type: ignore[arg-type]
        elif kind == Kind.VIEW:
            self.view = View(*frame[1:])
            await self._call(self._on_view, self.view)
        elif kind == Kind.ASK:
            await self._ask(frame)
        elif kind == Kind.CAPTURE:
            await self._give(frame[1])
        elif kind == Kind.RESTORE:
            self._parts = (frame[1], bytearray())
        elif kind == Kind.CANCEL:
            self._parts = None if self._parts and self._parts[0] == frame[1] else self._parts
        elif kind == Kind.PART:
            if self._parts and self._parts[0] == frame[1]:
                self._parts[1].extend(frame[2])
        elif kind == Kind.END:
            await self._take(frame[1], frame[2])
        else:
            await self._call(self._on_signal, Signal(_SIGNALS[kind], frame[1] if len(frame) > 1 else ""))

    async def _ask(self, frame: Frame) -> None:
        query, id, sender, order, position, type, payload = frame[1:]
        try:
            if (handler := self._on_query.get(type)) is None:
                raise LookupError("no query handler is registered for this type")
            answer = handler(Message(id, sender, Order(order), position, type, payload, self.view))  # type: ignore[arg-type]
            reply = (True, bytes(await answer if inspect.isawaitable(answer) else answer))
        except Exception as error:
            reply = (False, f"{error}".encode()[:1024])
        await self._client._session.send((Kind.REPLY, query, *reply))

    async def _give(self, transfer: int) -> None:
        session = self._client._session
        try:
            state = self._capture() if self._capture else b""
        except Exception as error:
            await session.send((Kind.END, transfer, f"{error}"[:250]))
            return
        for at in range(0, len(state), 1 << 16):
            await session.send((Kind.PART, transfer, state[at : at + (1 << 16)]))
        await session.send((Kind.END, transfer, None))

    async def _take(self, transfer: int, error: Optional[str]) -> None:
        parts, self._parts = self._parts, None
        if parts is None or parts[0] != transfer or error is not None:
            return
        failure = None
        try:
            if self._restore:
                self._restore(bytes(parts[1]))
        except Exception as thrown:
            failure = f"{thrown}"[:250]
        await self._client._session.send((Kind.END, transfer, failure))

    @staticmethod
    async def _call(handler: Any, argument: Any) -> None:
        if handler is None:
            return
        try:
            result = handler(argument)
            if inspect.isawaitable(result):
                await result
        except Exception as error:  # a handler never ends the client
            asyncio.get_running_loop().call_exception_handler({"message": "a GroupComm handler failed", "exception": error})


async def connect(
    *endpoints: str,
    window: int = 1 << 20,
    grace: float = 10,
    name: str = "groupcomm-python 0.1",
    patience: float = 30,
    token: Optional[str] = None,
    tls: Optional[ssl.SSLContext] = None,
) -> Client:
    """Connects to the first daemon that answers: `unix:/run/groupcomm.sock` or `tcp:127.0.0.1:7481`.

    `window`: bytes under way towards this client. `grace`: seconds that the member stays while the connection is cut. `patience`:
    seconds that the client tries to connect again before it gives up (`ConnectionClosed`).
    `token`: that of the daemon's `--token-file`, which it asks for over TCP. `tls`: for a daemon with `--http-cert`, for
    example `ssl.create_default_context(cafile="ca.pem")`; the endpoint's host must be a name in its certificate.
    """
    session = Session(endpoints, window, round(grace * 1000), name, patience, token, tls)
    client = Client(session)
    try:
        await session.start()
    except BaseException:
        client._dispatcher.cancel()
        raise
    return client


__all__: Sequence[str] = ("Client", "Group", "Receipt", "connect")
