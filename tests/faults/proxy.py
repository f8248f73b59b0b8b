"""A stretch of network between a program and a server that may become slow, torn, silent or deaf."""

import asyncio
import socket
import threading
from contextlib import suppress
from pathlib import Path
from random import Random

_BLOCK = 65536
_LOOK = 0.02


class Proxy:
    """Listens on loopback and passes on to a unix socket, as well or badly as it is told at the moment."""

    def __init__(self, target: Path, dice: Random) -> None:
        # Seconds for every piece of what is said, one way.
        self.delay = 0.0
        # How likely a piece is to tear its connection.
        self.tears = 0.0
        # Nothing comes through, either way, and nobody is told.
        self.is_hole = False
        self._target, self._dice = target, dice
        self._links: set[_Link] = set()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def deafen(self) -> None:
        """What is connected stays so to look at, and nobody is at the other end any more."""
        for link in list(self._links):
            link.is_deaf = True

    def heal(self) -> None:
        """Be a good network again."""
        self.delay, self.tears, self.is_hole = 0.0, 0.0, False

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        callers: list[asyncio.StreamWriter] = []
        tasks: set[asyncio.Task[None]] = set()

        # Noted at once: a task that is cancelled before it began has nothing that it could close.
        def connected(near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
            callers.append(near_out)
            tasks.add(task := asyncio.create_task(self._connected(near_in, near_out)))
            task.add_done_callback(tasks.discard)

        server = await asyncio.start_server(connected, sock=self._socket)
        await self._end.wait()
        server.close()
        for task in (others := list(tasks)):
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for caller in callers:
            caller.transport.abort()
        # Whoever was cut off is told so before the loop is closed.
        await asyncio.sleep(_LOOK)

    async def _connected(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        while self.is_hole:
            await asyncio.sleep(_LOOK)
        try:
            far_in, far_out = await asyncio.open_unix_connection(self._target)
        except OSError:
            near_out.transport.abort()
            return
        link = _Link(near_out, far_out)
        self._links.add(link)
        try:
            await asyncio.gather(self._pass_on(link, near_in, far_out), self._pass_on(link, far_in, near_out))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._links.discard(link)
            link.tear()

    async def _pass_on(self, link: "_Link", source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while piece := await source.read(_BLOCK):
            if self.delay:
                await asyncio.sleep(self.delay)
            while self.is_hole:
                await asyncio.sleep(_LOOK)
            if link.is_deaf:
                continue
            if self._dice.random() < self.tears:
                raise ConnectionResetError
            target.write(piece)
            await target.drain()
        if not link.is_deaf:
            link.tear()


class _Link:
    """One connection through the proxy."""

    def __init__(self, near: asyncio.StreamWriter, far: asyncio.StreamWriter) -> None:
        self.is_deaf = False
        self._ends = (near, far)

    def tear(self) -> None:
        for end in self._ends:
            end.transport.abort()
