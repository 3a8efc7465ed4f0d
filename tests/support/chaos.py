"""A line as sites have it: slow, late, cut in the middle, and silent after the server has done what it was asked.

A TCP proxy in a thread of its own. What it does to a connection is drawn from one seed, so a run can be had again.
"""

import asyncio
import contextlib
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

# What sign-in and records come to before the first file.
TALK_BYTES = 20_000


@dataclass
class Line:
    """What the line does. Bytes and seconds; chances from 0 to 1. `up_bytes_s` 0 is as fast as the machine.

    With `drop_every_s` every connection ends each time, first after `first_drop_s`, counted from where the first file
    has begun: `TALK_BYTES` have gone up.
    """

    up_bytes_s: float = 0
    delay_s: float = 0
    reset_every: int = 100_000
    reset_chance: float = 0
    drop_answer_chance: float = 0
    drop_every_s: float = 0
    first_drop_s: float = 0
    seed: int = 1

    port: int = 0  # Where it listens; 0 before: any that is free.
    # What happened, for figures.
    up_bytes: int = 0
    resets: int = 0
    answers_dropped: int = 0
    drops: int = 0
    _chance: random.Random = field(default_factory=random.Random, init=False)
    _connected: set["_Connection"] = field(default_factory=set, init=False)
    _dropping: asyncio.Task[None] | None = field(default=None, init=False)

    def carried(self, size: int) -> None:
        """Count bytes that went up."""
        self.up_bytes += size
        if self.drop_every_s and self._dropping is None and self.up_bytes > TALK_BYTES:
            self._dropping = asyncio.create_task(self._drop())

    async def _drop(self) -> None:
        await asyncio.sleep(self.first_drop_s)
        while True:
            self.drops += 1
            for one in list(self._connected):
                one.cut()
            await asyncio.sleep(self.drop_every_s)


@contextmanager
def chaos(target: int, line: Line) -> Iterator[Line]:
    """Put the line before the server at 127.0.0.1:`target`; `line.port` is where phones connect."""
    line._chance.seed(line.seed)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    serving = asyncio.run_coroutine_threadsafe(_serve(target, line), loop).result(10)
    try:
        yield line
    finally:
        asyncio.run_coroutine_threadsafe(_close(serving), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _serve(target: int, line: Line) -> asyncio.Server:
    async def connected(phone: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        await _Connection(line, target).run(phone, to_phone)

    server = await asyncio.start_server(connected, "127.0.0.1", line.port)
    line.port = server.sockets[0].getsockname()[1]
    return server


async def _close(server: asyncio.Server) -> None:
    server.close()
    mine = asyncio.current_task()
    for task in asyncio.all_tasks() - {mine}:
        task.cancel()
    await asyncio.sleep(0.1)


class _Connection:
    """One connection of a phone. `asked`: a request has gone up whose answer has not begun."""

    def __init__(self, line: Line, target: int) -> None:
        self._line, self._target = line, target
        self._asked = False
        self._since_draw = 0
        self._ways: list[asyncio.Task[None]] = []

    async def run(self, phone: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):
            server, to_server = await asyncio.open_connection("127.0.0.1", self._target)
            self._ways = [
                asyncio.create_task(self._up(phone, to_server)),
                asyncio.create_task(self._down(server, to_phone)),
            ]
            self._line._connected.add(self)
            await asyncio.wait(self._ways, return_when=asyncio.FIRST_COMPLETED)
            self._line._connected.discard(self)
            self.cut()
            to_server.transport.abort()
            to_phone.transport.abort()

    def cut(self) -> None:
        """End it now."""
        for way in self._ways:
            way.cancel()

    async def _up(self, phone: asyncio.StreamReader, to_server: asyncio.StreamWriter) -> None:
        line = self._line
        while data := await phone.read(16_384):
            if not self._asked:
                await asyncio.sleep(line.delay_s)
            self._asked = True
            if line.up_bytes_s:
                await asyncio.sleep(len(data) / line.up_bytes_s)
            line.carried(len(data))
            to_server.write(data)
            await to_server.drain()
            self._since_draw += len(data)
            if self._since_draw >= line.reset_every:
                self._since_draw -= line.reset_every
                if line._chance.random() < line.reset_chance:
                    line.resets += 1
                    return

    async def _down(self, server: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        line = self._line
        while data := await server.read(65_536):
            if self._asked and line._chance.random() < line.drop_answer_chance:
                line.answers_dropped += 1
                return
            self._asked = False
            to_phone.write(data)
            await to_phone.drain()
