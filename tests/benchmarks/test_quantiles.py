import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.benchmarks.quantiles import Summary, quantile, summarise

VALUES = st.lists(st.floats(0, 1e6), min_size=1, max_size=200)


@given(VALUES, st.floats(0, 1))
def test_a_quantile_is_numpys(values: list[float], q: float) -> None:
    assert quantile(sorted(values), q) == pytest.approx(float(np.quantile(values, q)))


def test_a_summary_has_median_tail_and_maximum() -> None:
    summary = summarise([n / 100 for n in range(100, -1, -1)])
    assert summary.count == 101
    assert summary.p50 == pytest.approx(0.5)
    assert summary.p99 == pytest.approx(0.99)
    assert summary.max == 1.0


def test_a_summary_of_nothing_survives_json() -> None:
    sent = json.dumps(summarise([]).as_dict(), allow_nan=False)
    back = Summary.from_dict(json.loads(sent))
    assert back.count == 0
    assert math.isnan(back.p50)
    assert math.isnan(back.max)


@given(VALUES)
def test_a_summary_comes_back_from_json_as_it_was(values: list[float]) -> None:
    summary = summarise(values)
    assert Summary.from_dict(json.loads(json.dumps(summary.as_dict()))) == summary
