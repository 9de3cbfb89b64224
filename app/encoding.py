"""Anything a device may say, as valid JSON."""

from collections import deque
from collections.abc import Callable, Mapping, Set
from datetime import timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import Any

import numpy as np
import orjson
from pydantic import BaseModel

_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


def to_json(value: Any) -> str:
    """``value`` as JSON text.

    Dataclasses become objects, enums their values, numpy scalars and arrays numbers and lists, datetimes ISO
    8601, paths and UUIDs text, NaN and infinities ``null``. Raises ``TypeError`` for what has no JSON form.
    """
    return orjson.dumps(value, default=_plain, option=_OPTIONS).decode()


# First match wins. Arrays come here when they are complex, of objects, strided: orjson takes only plain ones.
_PLAIN: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    ((np.ndarray, np.generic), lambda value: value.tolist()),
    (complex, lambda value: {"real": value.real, "imag": value.imag}),
    (timedelta, lambda value: value.total_seconds()),
    (Decimal, float),
    ((PurePath, BaseException), str),
    (BaseModel, lambda value: value.model_dump()),
    (Mapping, dict),
    ((Set, tuple, range, deque), list),
)


def _plain(value: Any) -> Any:
    """What orjson does not know by itself."""
    for kinds, plain in _PLAIN:
        if isinstance(value, kinds):
            return plain(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
