"""Takes any mail and forgets it: what the mail benchmark sends to, in a process of its own.

    python -m benchmarks.mail_sink [--delay MILLISECONDS]

Prints its port. ``--delay``: how long it takes to say that it has a mail, as servers do that
write it to a disk first.
"""

import argparse
import asyncio
from typing import cast

GREETING = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
END = b"\r\n.\r\n"
ANSWERS = {b"DATA": b"354 go ahead\r\n", b"EHLO": GREETING, b"QUIT": b"221 bye\r\n"}


class Sink(asyncio.Protocol):
    """One connection."""

    def __init__(self, delay_s: float) -> None:
        self._delay_s = delay_s
        self._buffer = bytearray()
        self._is_mail = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer whatever is complete."""
        self._buffer += data
        while self._mail_ended() if self._is_mail else self._line_ended():
            pass

    def _mail_ended(self) -> bool:
        end = self._buffer.find(END)
        if end < 0:
            return False
        del self._buffer[: end + len(END)]
        self._is_mail = False
        if self._delay_s:
            asyncio.get_running_loop().call_later(
                self._delay_s, self._transport.write, b"250 taken\r\n"
            )
        else:
            self._transport.write(b"250 taken\r\n")
        return True

    def _line_ended(self) -> bool:
        end = self._buffer.find(b"\r\n")
        if end < 0:
            return False
        verb = bytes(self._buffer[:4]).upper()
        del self._buffer[: end + 2]
        self._transport.write(ANSWERS.get(verb, b"250 ok\r\n"))
        self._is_mail = verb == b"DATA"
        return True


async def serve(delay_s: float) -> None:
    """Serve until ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Sink(delay_s), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main() -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--delay", type=float, default=0)
    asyncio.run(serve(parser.parse_args().delay / 1000))


if __name__ == "__main__":
    main()
