from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from scripts.benchmarks.clients.viewers import masked


def unmasked(data: bytes) -> Frame:
    """What a WebSocket server makes of a client's message."""
    reader = StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    parsing = Frame.parse(reader.read_exact, mask=True)
    try:
        next(parsing)
    except StopIteration as done:
        frame: Frame = done.value
        return frame
    raise AssertionError("the message is not whole")


@given(st.binary(max_size=125))
def test_a_message_is_masked_as_a_server_wants_it(content: bytes) -> None:
    frame = unmasked(masked(Opcode.TEXT, content))
    assert (frame.opcode, bytes(frame.data), frame.fin) == (Opcode.TEXT, content, True)


def test_each_message_has_a_key_of_its_own() -> None:
    assert len({masked(Opcode.TEXT, b"the same")[2:6] for _ in range(20)}) == 20
