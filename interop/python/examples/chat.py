"""chat.py ENDPOINT NAME: lines of the keyboard go to everybody."""

import asyncio
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

import groupcomm  # noqa: E402


async def main(endpoint: str = "tcp:127.0.0.1:7481", name: str = "python") -> None:
    async with await groupcomm.connect(endpoint) as client:
        chat = await client.join(
            "chat",
            name,
            on_message=lambda message: print(f"{message.sender or 'outside'}: {message.payload.decode()}", flush=True),
            on_view=lambda view: print("-- here:", ", ".join(view.members), flush=True),
        )
        while line := await asyncio.to_thread(sys.stdin.readline):
            await (await chat.send(line.rstrip("\n").encode())).delivered
        await chat.leave()


asyncio.run(main(*sys.argv[1:]))
