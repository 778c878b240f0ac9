"""counter.py ENDPOINT NAME TIMES: a counter that all replicas hold; a late one gets it by state transfer."""

import asyncio
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

import groupcomm  # noqa: E402


class Counter:
    def __init__(self) -> None:
        self.count = 0

    def add(self, message: groupcomm.Message) -> None:
        self.count += int(message.payload)

    def capture(self) -> bytes:
        return str(self.count).encode()

    def restore(self, state: bytes) -> None:
        self.count = int(state)


async def main(endpoint: str = "tcp:127.0.0.1:7481", name: str = "python", times: str = "10") -> None:
    replica = Counter()
    async with await groupcomm.connect(endpoint) as client:
        counter = await client.join("counter", name, on_message=replica.add, capture=replica.capture, restore=replica.restore)
        for _ in range(int(times)):
            await (await counter.send(b"1")).safe
        await counter.barrier()
        print(f"{name}: {replica.count}")
        await counter.leave()


asyncio.run(main(*sys.argv[1:]))
