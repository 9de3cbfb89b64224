"""app.encoding"""

import enum
import json
import uuid
from collections import deque, namedtuple
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from app.encoding import to_json
from hw.config import Optics
from hw.types import Position, Status


class Colour(enum.Enum):
    RED = np.int64(7)


@dataclass
class Reading:
    place: Path
    values: Any


Pair = namedtuple("Pair", "a b")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.float32(1.5), 1.5),
        (np.uint16(3), 3),
        (np.bool_(True), True),
        (np.float64("nan"), None),
        (float("inf"), None),
        (np.array([1.0, np.nan]), [1.0, None]),
        (np.arange(6, dtype=np.uint8).reshape(2, 3)[:, ::2], [[0, 2], [3, 5]]),
        (np.asfortranarray([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (np.array(3.0), 3.0),
        (np.complex64(1 + 2j), {"real": 1.0, "imag": 2.0}),
        (Colour.RED, 7),
        (Status.READY, "ready"),
        (Position(1, 2, 3), {"x_um": 1, "y_um": 2, "z_um": 3}),
        (
            Reading(Path("/a/b"), [Path("c"), {Status.BUSY: np.int8(-1)}]),
            {"place": "/a/b", "values": ["c", {"busy": -1}]},
        ),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05+00:00"),
        (date(2026, 1, 2), "2026-01-02"),
        (timedelta(seconds=1.5), 1.5),
        (np.datetime64("2026-01-02T03:04:05"), "2026-01-02T03:04:05"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Decimal("1.5"), 1.5),
        ({1: "one", None: 2}, {"1": "one", "null": 2}),
        ({"only"}, ["only"]),
        (range(3), [0, 1, 2]),
        (deque([1, 2]), [1, 2]),
        (Pair(1, 2), [1, 2]),
        (ValueError("broken"), "broken"),
        (Optics(), {"objective": "10x", "um_per_px": 0.25}),
    ],
)
def test_what_devices_say(value: Any, plain: Any) -> None:
    assert json.loads(to_json(value)) == plain


@given(
    hnp.arrays(
        dtype=st.one_of(hnp.integer_dtypes(endianness="="), hnp.floating_dtypes(endianness="=", sizes=(16, 32, 64))),
        shape=hnp.array_shapes(max_dims=3, max_side=4),
    )
)
def test_any_array_is_valid_json_of_its_shape(array: Any) -> None:
    assert np.shape(json.loads(to_json(array))) == array.shape


@pytest.mark.parametrize("value", [b"jpeg", object(), lambda: 1, {"deep": [object()]}, 10**30])
def test_what_has_no_json_form_is_an_error(value: Any) -> None:
    with pytest.raises(TypeError):
        to_json(value)
