"""The session layer: counted frames each way, kept until acknowledged, sent again after a cut; windows; who reconnects."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from itertools import islice
from typing import Callable, Optional, Sequence

from .errors import ConnectionClosed
from .frames import FIRST_COUNTED, BadFrame, Frame, Kind, decode, encode

_UNWINDOWED = (Kind.REPLY,)
_IN_HANDLER = 8
_QUIET = 5.0
_SILENT = 15.0


class Refused(Exception):
    """The daemon said CLOSE and why."""

    def __init__(self, code: str, detail: str, fix: str) -> None:
        super().__init__(detail)
        self.code, self.detail, self.fix = code, detail, fix


class Session:
    """One session, across its connections. What it receives goes to `on_frame(frame, number, size)`."""

    def __init__(
        self,
        endpoints: Sequence[str],
        window: int,
        grace: int,
        name: str,
        patience: float,
        token: Optional[str] = None,
        tls: Optional[ssl.SSLContext] = None,
    ) -> None:
        self.on_frame: Callable[[Frame, int, int], None] = lambda frame, number, size: None
        self.on_lost: Callable[[], None] = lambda: None
        self.on_end: Callable[[ConnectionClosed], None] = lambda error: None
        self.window, self.node, self.cluster, self.max_payload = window, "", "", 0
        self._endpoints, self._grace, self._name, self._patience = list(endpoints), grace, name, patience
        self._token, self._tls = token, tls
        self._at = 0
        self._id: Optional[bytes] = None
        self._received = self._handled = self._acknowledged = 0
        self._kept: deque[bytes] = deque()
        self._kept_bytes = 0
        self._dropped = 0  # so many of the kept were acknowledged
        self._send_window = 1 << 16
        self._room = asyncio.Event()
        self._turn = asyncio.Lock()
        self._writer: Optional[asyncio.StreamWriter] = None
        self._heard = 0.0
        self._closed: Optional[ConnectionClosed] = None
        self._task: Optional[asyncio.Task[None]] = None

    async def start(self) -> None:
        """Connects for the first time."""
        reader = await self._connect()
        self._task = asyncio.get_running_loop().create_task(self._run(reader))

    async def send(self, frame: Frame) -> None:
        """Sends a counted frame; waits for the daemon's window. Sent again after a cut, so it arrives exactly once."""
        if frame[0] in _UNWINDOWED or (frame[0] == Kind.SEND and frame[6] & _IN_HANDLER):
            self._keep(frame)
            return
        async with self._turn:
            while self._kept_bytes >= self._send_window and self._closed is None:
                self._room.clear()
                await self._room.wait()
            self._keep(frame)

    def handled(self, count: int, now: bool) -> None:
        """So many counted frames were handled; tells the daemon now or later."""
        self._handled = count
        if now and self._handled > self._acknowledged and self._writer is not None:
            self._acknowledged = self._handled
            self._write(encode((Kind.ACK, self._acknowledged)))

    @property
    def received(self) -> int:
        return self._received

    def cut(self) -> None:
        """Breaks the connection without a word, as a network does. For tests."""
        if self._writer is not None:
            self._writer.transport.abort()

    async def close(self) -> None:
        """Ends the session: the member leaves."""
        self._end(ConnectionClosed("closed", "the client was closed"))
        if self._writer is not None:
            self._write(encode((Kind.CLOSE, "bye", "", "")))
            try:
                await asyncio.wait_for(self._writer.drain(), 1)
            except (OSError, asyncio.TimeoutError):
                pass
            self._writer.close()
        if self._task is not None:
            self._task.cancel()

    def _keep(self, frame: Frame) -> None:
        if self._closed is not None:
            raise self._closed
        data = encode(frame)
        self._kept.append(data)
        self._kept_bytes += len(data)
        self._write(data)

    def _write(self, data: bytes) -> None:
        if self._writer is not None:
            self._writer.write(data)

    def _end(self, error: ConnectionClosed) -> None:
        if self._closed is None:
            self._closed = error
            self._room.set()
            self.on_end(error)

    async def _run(self, reader: asyncio.StreamReader) -> None:
        while self._closed is None:
            watch = asyncio.get_running_loop().create_task(self._watch())
            try:
                await self._read(reader)
            except BadFrame as error:
                self._write(encode((Kind.CLOSE, "bad-frame", str(error)[:250], "correct the daemon")))
                self._end(ConnectionClosed("bad-frame", f"the daemon sent a bad frame: {error}"))
            except Refused as refused:
                if refused.code in ("bad-frame", "taken-over", "version"):
                    self._end(ConnectionClosed(refused.code, refused.detail, refused.fix))
                elif refused.code == "draining":
                    self._at += 1
            except (OSError, EOFError):
                pass
            finally:
                watch.cancel()
            writer, self._writer = self._writer, None
            if writer is not None:
                writer.close()
            if self._closed is not None:
                return
            try:
                reader = await self._connect()
            except ConnectionClosed as error:
                self._end(error)

    async def _connect(self) -> asyncio.StreamReader:
        loop = asyncio.get_running_loop()
        end, pause, reason = loop.time() + self._patience, 0.05, "no endpoint"
        while True:
            for _ in self._endpoints:
                try:
                    return await asyncio.wait_for(self._greet(self._endpoints[self._at % len(self._endpoints)]), 5)
                except Refused as refused:
                    if refused.code in ("bad-frame", "version", "too-many", "no-token", "wrong-token"):
                        raise ConnectionClosed(refused.code, refused.detail, refused.fix) from None
                    reason = refused.detail
                except (OSError, EOFError, asyncio.TimeoutError) as error:
                    reason = str(error) or type(error).__name__
                self._at += 1
            if loop.time() + pause > end:
                raise ConnectionClosed("unreachable", f"no daemon at {', '.join(self._endpoints)}: {reason}", "start groupcomm serve with --socket or --tcp")
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1)

    async def _greet(self, endpoint: str) -> asyncio.StreamReader:
        if endpoint.startswith("unix:"):
            reader, writer = await asyncio.open_unix_connection(endpoint[5:])
        else:
            host, _, port = endpoint.removeprefix("tcp:").rpartition(":")
            reader, writer = await asyncio.open_connection(host.strip("[]"), int(port), ssl=self._tls)
        try:
            hello = (Kind.HELLO, 1, 1, self._name, self.window, self._grace, self._id, self._received if self._id else 0)
            writer.write(encode(hello if self._token is None else (*hello, self._token)))
            frame, _ = await self._next(reader)
            if frame is None or frame[0] != Kind.WELCOME:
                raise BadFrame("the daemon's first frame is not WELCOME")
        except BaseException:
            writer.close()
            raise
        _, _, session, resumed, received, self._send_window, self.max_payload, self.node, self.cluster, _ = frame
        lost = self._id is not None and not resumed
        if not resumed:
            self._kept.clear()
            self._received = self._handled = self._dropped = self._kept_bytes = 0
        elif not self._dropped <= received <= self._dropped + len(self._kept):
            raise BadFrame(f"{received} frames were received, {self._dropped + len(self._kept)} were sent")
        self._id, self._acknowledged, self._writer = session, 0, writer
        self.handled(self._handled, True)
        for data in islice(self._kept, received - self._dropped, None):
            writer.write(data)
        self._room.set()
        if lost:
            self.on_lost()
        return reader

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while True:
            frame, size = await self._next(reader)
            if frame is None or frame[0] == Kind.PONG:
                continue
            if frame[0] == Kind.ACK:
                self._drop(frame[1])
            elif frame[0] == Kind.PING:
                self._write(encode((Kind.PONG, frame[1])))
            elif frame[0] < FIRST_COUNTED or Kind.JOIN <= frame[0] <= Kind.REPLY:
                raise BadFrame(f"{frame[0].name} is not for a daemon to send now")
            else:
                self._received += 1
                self.on_frame(frame, self._received, size)

    async def _next(self, reader: asyncio.StreamReader) -> tuple[Optional[Frame], int]:
        size = int.from_bytes(await reader.readexactly(4), "big")
        if not 1 <= size <= max(1 << 24, self.max_payload + 65_536):
            raise BadFrame(f"a frame of {size} bytes is announced")
        frame = decode(await reader.readexactly(size))
        self._heard = asyncio.get_running_loop().time()
        if frame is not None and frame[0] == Kind.CLOSE:
            raise Refused(*frame[1:])
        return frame, size + 4

    def _drop(self, count: int) -> None:
        if not self._dropped <= count <= self._dropped + len(self._kept):
            raise BadFrame(f"{count} frames are acknowledged, {self._dropped + len(self._kept)} were sent")
        while self._dropped < count:
            self._kept_bytes -= len(self._kept.popleft())
            self._dropped += 1
        self._room.set()

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_QUIET / 2)
            if loop.time() - self._heard > _SILENT:
                self.cut()
            elif loop.time() - self._heard > _QUIET:
                self._write(encode((Kind.PING, 0)))
