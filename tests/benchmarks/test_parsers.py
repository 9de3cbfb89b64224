from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.benchmarks.clients.parsers import (
    PING,
    TEXT,
    Intake,
    Parser,
    ProtocolError,
    bare_frames,
    mjpeg_frames,
    websocket_frames,
)
from scripts.benchmarks.payload import Payload, Stamp

SIZES = [2000, 300, 70_000]
PAYLOADS = [Payload(size).make(number) for number, size in enumerate(SIZES, 1)]
PIECES = st.lists(st.integers(1, 3000), min_size=1, max_size=40)

UPGRADED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
STREAMED = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n"


def take(parse: Callable[[Callable[[Stamp], None]], Parser], data: bytes, pieces: list[int], reads: bool) -> list[int]:
    """What a parser makes of bytes that come in pieces; ``reads`` feeds it the needless ones as well."""
    sizes: list[int] = []
    intake = Intake(parse(lambda stamp: sizes.append(stamp.length)))
    place = turn = 0
    while place < len(data):
        count = min(pieces[turn % len(pieces)], len(data) - place)
        turn += 1
        if (needless := min(count, intake.needless)) and not reads:
            intake.pass_over(needless)
            place += needless
        else:
            intake.feed(data[place : place + count])
            place += count
    return sizes


def message(opcode: int, content: bytes) -> bytes:
    """A WebSocket message as a server sends it."""
    length = len(content)
    if length < 126:
        return bytes([0x80 | opcode, length]) + content
    wide = (126, 2) if length < 65_536 else (127, 8)
    return bytes([0x80 | opcode, wide[0]]) + length.to_bytes(wide[1]) + content


def part(payload: bytes) -> bytes:
    """A frame in a multipart body."""
    return b"--frame\r\nContent-Type: image/jpeg\r\n\r\n" + payload + b"\r\n"


def chunked(content: bytes, size: int) -> bytes:
    """An HTTP body in chunks, without its end."""
    chunks = [content[n : n + size] for n in range(0, len(content), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)


@settings(max_examples=50)
@given(PIECES, st.booleans())
def test_bare_frames(pieces: list[int], reads: bool) -> None:
    data = b"".join(len(payload).to_bytes(4) + payload for payload in PAYLOADS)
    assert take(bare_frames, data, pieces, reads) == SIZES


@settings(max_examples=50)
@given(PIECES, st.booleans())
def test_websocket_frames_between_texts_and_pings(pieces: list[int], reads: bool) -> None:
    said: list[tuple[int, bytes]] = []
    between = message(TEXT, b"hello" * 100) + message(PING, b"")
    data = UPGRADED + b"".join(message(2, payload) + between for payload in PAYLOADS)
    sizes = take(lambda f: websocket_frames(f, lambda *what: said.append(what)), data, pieces, reads)
    assert sizes == SIZES
    assert said == [(TEXT, b"hello" * 100), (PING, b"")] * 3


@settings(max_examples=50)
@given(PIECES, st.booleans())
def test_motion_jpeg(pieces: list[int], reads: bool) -> None:
    data = STREAMED + b"\r\n" + b"".join(map(part, PAYLOADS))
    assert take(mjpeg_frames, data, pieces, reads) == SIZES


@settings(max_examples=50)
@given(PIECES, st.booleans(), st.integers(20, 5000))
def test_motion_jpeg_in_chunks_of_any_size(pieces: list[int], reads: bool, size: int) -> None:
    body = chunked(b"".join(map(part, PAYLOADS)), size)
    data = STREAMED + b"Transfer-Encoding: chunked\r\n\r\n" + body
    assert take(mjpeg_frames, data, pieces, reads) == SIZES


@pytest.mark.parametrize(
    ("parse", "data"),
    [
        (mjpeg_frames, b"HTTP/1.1 503 Service Unavailable\r\n\r\n"),
        (mjpeg_frames, STREAMED + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (mjpeg_frames, STREAMED + b"\r\nno part\r\n\r\n"),
        (lambda f: websocket_frames(f, lambda *_: None), b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        (lambda f: websocket_frames(f, lambda *_: None), UPGRADED + b"\x02\x01x"),
        (lambda f: websocket_frames(f, lambda *_: None), UPGRADED + message(2, PAYLOADS[0] + b"x")),
    ],
)
def test_nonsense_is_refused(parse: Callable[..., Parser], data: bytes) -> None:
    with pytest.raises(ProtocolError):
        take(parse, data, [len(data)], reads=True)


def test_only_needless_bytes_can_be_passed_over() -> None:
    intake = Intake(bare_frames(lambda stamp: None))
    with pytest.raises(ValueError, match="were not read"):
        intake.pass_over(1)
