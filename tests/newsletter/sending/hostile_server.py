"""A mail server of the worst kind, in a process of its own.

    python -m tests.newsletter.sending.hostile_server FILE

Prints its port. Appends to FILE the Message-ID of each mail that it accepts, before it says so.
What it does to a mail follows from the number in its reader's address, ``reader12@…``; see Deed.
Every other connection is offered pipelining.
"""

import asyncio
import re
import sys
from collections import Counter
from enum import IntEnum

MANY = 100  # so many that the first failures do not stop the edition
SLOW_S = 0.2


class Deed(IntEnum):
    """What is done to the mail of every reader whose number leaves this remainder by MANY."""

    REFUSE = 1
    DEFER_TWICE = 2
    CLOSE_ONCE = 3  # with 421
    HANG_UP_BEFORE_DATA_ONCE = 4
    HANG_UP_IN_DATA = 5
    HANG_UP_AFTER_DATA = 6
    BE_SLOW = 7
    DEFER_AFTER_DATA_ONCE = 8


class Closed(Exception):  # noqa: N818  no error: it is what this server is for
    """The connection is to be dropped now."""


class Server:
    """What all connections share."""

    def __init__(self, accepted):
        self.accepted = accepted
        self.tries = Counter()
        self.connections = 0

    async def serve(self, reader, writer):
        self.connections += 1
        try:
            await Session(self, reader, writer, has_pipelining=self.connections % 2).run()
        except (Closed, ConnectionError, asyncio.IncompleteReadError):
            writer.transport.abort()
        else:
            writer.close()


class Session:
    """One connection."""

    def __init__(self, server, reader, writer, *, has_pipelining):
        self.server, self.reader, self.writer = server, reader, writer
        self.has_pipelining = has_pipelining
        self.deed, self.number, self.has_recipient = 0, 0, False

    async def say(self, *lines):
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self.writer.drain()

    async def run(self):
        await self.say("220 hostile")
        while line := await self.reader.readline():
            verb = line[:4].upper()
            if verb == b"QUIT":
                return await self.say("221 bye")
            await {
                b"EHLO": self.greet,
                b"MAIL": self.start,
                b"RCPT": self.address,
                b"DATA": self.take,
            }.get(verb, self.agree)(line.decode())
        return None

    async def greet(self, _line):
        await self.say("250-hostile", *["250-PIPELINING"] * self.has_pipelining, "250 8BITMIME")

    async def agree(self, _line):
        await self.say("250 OK")

    async def start(self, _line):
        self.has_recipient = False
        await self.say("250 OK")

    async def address(self, line):
        self.number = int(re.search(r"reader(\d+)@", line)[1])
        self.deed = self.number % MANY
        self.server.tries[self.number] += 1
        tries = self.server.tries[self.number]
        if self.deed == Deed.REFUSE:
            return await self.say("550 5.1.1 No such user")
        if self.deed == Deed.DEFER_TWICE and tries <= 2:
            return await self.say("451 4.2.0 Not now")
        if self.deed == Deed.CLOSE_ONCE and tries == 1:
            await self.say("421 4.3.2 Closing")
            raise Closed
        if self.deed == Deed.HANG_UP_BEFORE_DATA_ONCE and tries == 1:
            raise Closed
        self.has_recipient = True
        return await self.say("250 OK")

    async def take(self, _line):
        if not self.has_recipient:
            return await self.say("503 5.5.1 Nobody to send it to")
        await self.say("354 Go ahead")
        if self.deed == Deed.HANG_UP_IN_DATA:
            await self.reader.readline()
            raise Closed
        mail = await self.reader.readuntil(b"\r\n.\r\n")
        if self.deed == Deed.BE_SLOW:
            await asyncio.sleep(SLOW_S)
        if self.deed == Deed.DEFER_AFTER_DATA_ONCE and self.server.tries[self.number] == 1:
            return await self.say("452 4.3.1 No space")
        message_id = re.search(rb"^Message-ID: <(.+?)>\r$", mail, re.MULTILINE)[1]
        self.server.accepted.write(message_id + b"\n")
        if self.deed == Deed.HANG_UP_AFTER_DATA:
            raise Closed
        return await self.say("250 2.0.0 Taken")


async def main():
    with open(sys.argv[1], "ab", buffering=0) as accepted:  # noqa: PTH123, ASYNC230
        server = Server(accepted)
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, limit=2**20)
        print(listening.sockets[0].getsockname()[1], flush=True)
        await listening.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
