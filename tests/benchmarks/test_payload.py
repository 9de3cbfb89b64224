import io
import time

import numpy as np
import pytest
from PIL import Image

from scripts.benchmarks.payload import STAMP_BYTES, Payload, read_stamp, stamped


def pixels(jpeg: bytes) -> bytes:
    """What is in a JPEG file."""
    return Image.open(io.BytesIO(jpeg)).tobytes()


def test_a_payload_says_its_size_its_number_and_when_it_was_made() -> None:
    before = time.monotonic()
    payload = Payload(5000).make(7)
    stamp = read_stamp(payload[:STAMP_BYTES])
    assert len(payload) == stamp.length
    assert stamp.number == 7
    assert before <= stamp.made_at <= time.monotonic()


def test_what_a_server_puts_around_a_payload_is_no_part_of_it() -> None:
    framed = Payload(5000).make(1, b"head", b"tail")
    assert framed.startswith(b"head\xff\xd8")
    assert framed.endswith(b"\xff\xd9tail")
    assert read_stamp(framed[4 : 4 + STAMP_BYTES]).length == len(framed) - 8


def test_a_stamped_picture_is_still_that_picture() -> None:
    file = io.BytesIO()
    Image.fromarray(np.arange(64 * 48, dtype=np.uint8).reshape(48, 64)).save(file, "JPEG")
    plain = file.getvalue()
    marked = stamped(plain, 3)
    assert read_stamp(marked[:STAMP_BYTES]).length == len(marked)
    assert pixels(marked) == pixels(plain)


def test_anything_else_is_refused() -> None:
    with pytest.raises(ValueError, match="no frame of the benchmark"):
        read_stamp(b"\xff\xd8" + bytes(STAMP_BYTES - 2))
