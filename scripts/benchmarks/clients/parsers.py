"""What comes from a server, taken apart: one generator per protocol, without any socket.

A parser asks for what it needs next, by yielding

- a positive number: so many bytes,
- a negative number, or 0: so many bytes are to be passed over unread; it is sent ``b""`` when that is done,
- bytes: all up to these, which are included.
"""

import re
from collections.abc import Callable, Generator
from typing import NoReturn

from scripts.benchmarks.payload import STAMP_BYTES, Stamp, read_stamp

Step = int | bytes
Parser = Generator[Step, bytes, NoReturn]
OnFrame = Callable[[Stamp], None]
OnMessage = Callable[[int, bytes], None]

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
"""WebSocket opcodes (RFC 6455, section 5.2)."""

_HEAD_END = b"\r\n\r\n"
_GLIMPSE_BYTES = 512
"""How much of a chunk is read at once while it is not known what is in it."""


class ProtocolError(Exception):
    """The server said what it should not."""


class Intake:
    """Feeds a parser with what arrives, in whatever pieces."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._step = next(parser)
        self._seen = b""

    @property
    def needless(self) -> int:
        """How many of the bytes that come next need not be read."""
        return -self._step if isinstance(self._step, int) and self._step < 0 else 0

    def pass_over(self, count: int) -> None:
        """So many needless bytes came, and were not read."""
        if not isinstance(self._step, int) or count > self.needless:
            raise ValueError(f"{count} bytes were not read, of {self.needless} that need not be")
        self._step += count
        self._advance()

    def feed(self, data: bytes) -> None:
        """These came. Raises what the parser raises."""
        self._seen += data
        self._advance()

    def _advance(self) -> None:
        seen, step, place = self._seen, self._step, 0
        while True:
            if isinstance(step, int) and step <= 0:
                passed = min(-step, len(seen) - place)
                step += passed
                place += passed
                if step:
                    break
                step = self._parser.send(b"")
            else:
                end = _end(step, seen, place)
                if end is None:
                    break
                step = self._parser.send(seen[place:end])
                place = end
        self._seen, self._step = seen[place:], step


def _end(wanted: Step, seen: bytes, place: int) -> int | None:
    """Where in ``seen``, from ``place``, what is wanted ends; ``None`` when it is not all there."""
    if isinstance(wanted, bytes):
        found = seen.find(wanted, place)
        return None if found < 0 else found + len(wanted)
    return place + wanted if len(seen) >= place + wanted else None


def bare_frames(on_frame: OnFrame) -> Parser:
    """Frames with a length of four bytes before each, and nothing else."""
    while True:
        length = int.from_bytes((yield 4))
        yield from _frame(length, on_frame)


def websocket_frames(on_frame: OnFrame, on_message: OnMessage) -> Parser:
    """An HTTP upgrade's answer, then WebSocket messages: binary ones are frames, all others go to ``on_message``."""
    answer = yield _HEAD_END
    if b" 101 " not in answer.split(b"\r\n", 1)[0]:
        raise ProtocolError(f"no upgrade to WebSocket: {answer[:100]!r}")
    while True:
        first, second = yield 2
        length = second & 0x7F
        if length > 125:
            length = int.from_bytes((yield 2 if length == 126 else 8))
        if not first & 0x80 or second & 0x80:
            raise ProtocolError("a fragmented or masked message")
        opcode = first & 0x0F
        if opcode == BINARY:
            yield from _frame(length, on_frame)
        else:
            on_message(opcode, (yield length) if length else b"")


def mjpeg_frames(on_frame: OnFrame) -> Parser:
    """An HTTP answer with a ``multipart/x-mixed-replace`` body, chunked or not."""
    answer = yield _HEAD_END
    if b" 200 " not in answer.split(b"\r\n", 1)[0]:
        raise ProtocolError(f"no stream: {answer[:100]!r}")
    parts = _parts(on_frame)
    if re.search(rb"(?i)\r\ntransfer-encoding: *chunked\r\n", answer):
        parts = _unchunked(parts)
    yield from parts
    raise AssertionError("a parser has no end")


def _frame(length: int, on_frame: OnFrame) -> Generator[Step, bytes, None]:
    stamp = read_stamp((yield STAMP_BYTES))
    if stamp.length != length:
        raise ProtocolError(f"a frame of {stamp.length} bytes arrived as {length}")
    yield STAMP_BYTES - length
    on_frame(stamp)


def _parts(on_frame: OnFrame) -> Parser:
    while True:
        head = yield _HEAD_END
        if b"--" not in head:
            raise ProtocolError(f"no part of a stream begins with {head[:100]!r}")
        # Not every server says how long a part is; the frame itself does.
        stamp = read_stamp((yield STAMP_BYTES))
        yield STAMP_BYTES - stamp.length
        on_frame(stamp)


def _unchunked(inner: Parser) -> Parser:
    """``inner`` on the content of a chunked body (RFC 9112, section 7.1)."""
    intake = Intake(inner)
    while True:
        left = int((yield b"\r\n").split(b";")[0], 16)
        if not left:
            raise ProtocolError("the stream came to its end")
        while left:
            if needless := min(intake.needless, left):
                yield -needless
                intake.pass_over(needless)
                left -= needless
            else:
                glimpse = yield min(left, _GLIMPSE_BYTES)
                intake.feed(glimpse)
                left -= len(glimpse)
        yield 2
