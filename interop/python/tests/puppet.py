"""The Python client on strings: the conformance suite sends commands as JSON lines and reads what happens.

interop/conformance.md has the commands.
"""

import asyncio
import json
import pathlib
import ssl
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

import groupcomm  # noqa: E402
from groupcomm import msgpack  # noqa: E402

LONGEST_TEXT = 256


def say(**line):
    print(json.dumps(line), flush=True)


def show(value):
    """A typed value as JSON: integers and bytes as text, since JSON has neither."""
    if isinstance(value, bool) or value is None or isinstance(value, (str, float)):
        return value
    if isinstance(value, int):
        return f"int:{value}"
    if isinstance(value, bytes):
        return f"hex:{value.hex()}"
    if isinstance(value, list):
        return [show(item) for item in value]
    return {key: show(item) for key, item in value.items()}


def unshow(value):
    if isinstance(value, str) and value.startswith("int:"):
        return int(value[4:])
    if isinstance(value, str) and value.startswith("hex:"):
        return bytes.fromhex(value[4:])
    if isinstance(value, list):
        return [unshow(item) for item in value]
    return {key: unshow(item) for key, item in value.items()} if isinstance(value, dict) else value


class Actor:
    def __init__(self, name):
        self.name, self.client, self.group = name, None, None
        self.state, self.free, self.quiet = [], asyncio.Event(), False
        self.free.set()

    def tell(self, event, /, **fields):
        say(**{"as": self.name, "event": event, **fields})

    async def on_message(self, message):
        await self.free.wait()
        if self.quiet:
            return
        fields = {"id": message.id, "from": message.sender, "order": int(message.order), "position": message.position, "type": message.type,
                  "view": message.view.id, "size": len(message.payload)}  # fmt: skip
        if message.type == "typed":
            fields["typed"] = show(msgpack.unpack(message.payload))
        elif len(message.payload) <= LONGEST_TEXT:
            fields["text"] = message.payload.decode()
            if message.position > 0:
                self.state.append(fields["text"])
        if fields.get("text", "").startswith("answer me:"):
            await self.group.send(b"answered:" + message.payload[10:])
        self.tell("message", **fields)

    async def on_query(self, message):
        text = message.payload.decode()
        if text == "fail":
            raise ValueError("told to fail")
        return f"{self.group.view.self.split('/')[1]}:{text}".encode()

    def on_view(self, view):
        self.tell("view", id=view.id, self=view.self, members=list(view.members), joined=list(view.joined), left=list(view.left), token=view.token)

    def on_signal(self, signal):
        if signal.name == "reset" and self.group._restore is None:
            self.state.clear()
        self.tell("signal", name=signal.name, reason=signal.reason)

    def capture(self):
        return "\n".join(self.state).encode()

    def restore(self, state):
        self.state[:] = state.decode().split("\n") if state else []
        self.tell("restored", size=len(state))

    async def bench(self, messages, size, in_flight, order):
        self.quiet = True
        payload, took = b"x" * size, []

        async def lane(share):
            for _ in range(share):
                sent = time.perf_counter()
                receipt = await self.group.send(payload, order, tell=groupcomm.Tell.DELIVERED)
                await receipt.delivered
                took.append(time.perf_counter() - sent)

        began = time.perf_counter()
        await asyncio.gather(*(lane(messages // in_flight) for _ in range(in_flight)))
        seconds = time.perf_counter() - began
        took.sort()
        return {"messages": len(took), "seconds": seconds, "p50": took[len(took) // 2] * 1e6, "p99": took[len(took) * 99 // 100] * 1e6}

    async def do(self, what, line):
        if what == "connect":
            tls = ssl.create_default_context(cafile=line["ca"]) if "ca" in line else None
            self.client = await groupcomm.connect(
                *line["at"], window=line.get("window", 1 << 20), grace=line.get("grace", 10), patience=line.get("patience", 30), token=line.get("token"), tls=tls)
            end = self.client._session.on_end
            self.client._session.on_end = lambda error: (end(error), self.tell("closed", code=error.code))
            return {"node": self.client.node}
        if what == "join":
            state = {"capture": self.capture, "restore": self.restore} if line.get("state") else {}
            # Events of the member may come before the call returns, and handlers use the group.
            self.group = None
            joining = asyncio.ensure_future(self.client.join(
                line["group"], line["member"], on_message=self.on_message, on_view=self.on_view, on_signal=self.on_signal,
                on_query={"echo": self.on_query}, **state, **line.get("options", {})))  # fmt: skip
            await asyncio.sleep(0)
            self.group = self.client._group
            self.group = await joining
            return {"self": self.group.self}
        if what == "send":
            payload = msgpack.pack(unshow(line["typed"])) if "typed" in line else line["text"].encode() if "text" in line else b"x" * line["size"]
            kind = "typed" if "typed" in line else line.get("type")
            order = groupcomm.Order(line.get("order", 3))
            if "group" in line:
                receipt = await self.client.send(line["group"], payload, order, kind)
            else:
                receipt = await self.group.send(payload, order, kind)
            return {"id": await getattr(receipt, line.get("until", "delivered"))}
        if what == "sendTo":
            await self.group.send_to(line["to"], line["text"].encode(), line.get("type"))
        elif what == "query":
            answers = [reply async for reply in self.group.query(line["type"], line["text"].encode(), line.get("target", 0))]
            return {"answers": [{"member": each.member, "text": None if each.value is None else each.value.decode(), "error": each.error, "departed": each.departed} for each in answers]}
        elif what == "barrier":
            await self.group.barrier()
        elif what == "leave":
            await self.group.leave()
        elif what == "close":
            await self.client.close()
        elif what == "cut":
            self.client.cut()
        elif what == "hold":
            self.free.clear()
        elif what == "release":
            self.free.set()
        elif what == "state":
            return {"state": list(self.state)}
        elif what == "bench":
            return await self.bench(line["messages"], line["size"], line["inFlight"], groupcomm.Order(line.get("order", 3)))
        elif what == "raw":
            self.client._session._write(bytes.fromhex(line["hex"]))
        else:
            raise ValueError(f"unknown command {what}")
        return {}


async def main():
    actors = {}
    reader = asyncio.StreamReader(limit=1 << 22)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    tasks = set()

    async def answer(line):
        actor = actors.setdefault(line["as"], Actor(line["as"]))
        try:
            say(n=line["n"], ok=await actor.do(line["do"], line))
        except groupcomm.GroupCommError as error:
            say(n=line["n"], error=error.code, detail=error.detail)
        except Exception as error:
            say(n=line["n"], error=type(error).__name__, detail=str(error))

    while text := await reader.readline():
        task = asyncio.create_task(answer(json.loads(text)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


asyncio.run(main())
