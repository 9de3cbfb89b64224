import json
import math
from dataclasses import replace

import pytest

from scripts.benchmarks.quantiles import Summary, summarise
from scripts.benchmarks.scenarios.throughput import Row, Sample, remarks, rows, tables
from scripts.benchmarks.verdicts import on_throughput
from scripts.benchmarks.verdicts import tables as verdict_tables

SAMPLE = Sample(
    server="TCP floor",
    mjpeg=False,
    floor=True,
    viewers=32,
    fps=30.0,
    round=0,
    cpu_ms_per_frame=0.02,
    frames_per_s=960.0,
    latency=Summary(960, 0.0004, 0.001, 0.002),
    dropped=0,
    disorder=0,
    stalls=0,
    lag=summarise([]),
    memory_bytes=20_000_000,
    server_cpu=0.02,
    client_cpu=0.03,
)


def eyepiece(cpu_ms: float, **changes: object) -> Sample:
    """A sample of Eyepiece beside the floor's."""
    return replace(SAMPLE, server="Eyepiece", floor=False, cpu_ms_per_frame=cpu_ms, **changes)  # type: ignore[arg-type]


def two_rounds() -> list[Row]:
    """The floor twice as dear in the second round, as on a machine that others use."""
    return rows(
        [
            eyepiece(0.03, dropped=1),
            SAMPLE,
            replace(SAMPLE, cpu_ms_per_frame=0.04, round=1),
            eyepiece(0.07, dropped=2, round=1),
        ]
    )


def test_a_ratio_is_to_the_floor_of_the_same_round() -> None:
    floor, ours = two_rounds()
    assert floor.ratio == 1.0
    assert ours.ratio == pytest.approx((0.03 / 0.02 + 0.07 / 0.04) / 2)


def test_rounds_are_put_together_by_their_median_and_counts_by_their_sum() -> None:
    _, ours = two_rounds()
    assert ours.cpu_ms_per_frame == pytest.approx(0.05)
    assert ours.latency_p50_ms == pytest.approx(0.4)
    assert ours.dropped == 3


def test_floors_of_other_configurations_do_not_count() -> None:
    other = replace(SAMPLE, viewers=8, cpu_ms_per_frame=1.0)
    mjpeg = replace(SAMPLE, server="MJPEG floor", mjpeg=True, cpu_ms_per_frame=1.0)
    found = rows([other, mjpeg, SAMPLE, eyepiece(0.03)])
    assert next(row for row in found if row.server == "Eyepiece").ratio == pytest.approx(1.5)


def test_the_table_has_a_part_for_each_configuration() -> None:
    text = tables(rows([SAMPLE, eyepiece(0.03), replace(SAMPLE, fps=None)]))
    assert "acknowledged frames, unpaced, 32 viewers" in text
    assert "acknowledged frames, 30 frames/s, 32 viewers" in text
    assert [line.split()[:4] for line in text.splitlines() if line.startswith("Eyepiece")] == [
        ["Eyepiece", "0.0300", "1.50", "960"]
    ]


def test_a_row_without_lag_survives_json() -> None:
    row = rows([SAMPLE])[0]
    assert math.isnan(row.lag_p99_ms)
    assert json.loads(json.dumps(row.as_dict(), allow_nan=False))["lag_p99_ms"] is None


def test_what_went_wrong_is_said() -> None:
    said = remarks(rows([SAMPLE, eyepiece(0.03, disorder=4), replace(SAMPLE, fps=None, stalls=3, client_cpu=0.99)]))
    assert ["twice or out of order" in line for line in said].count(True) == 1
    assert ["missed frames" in line for line in said].count(True) == 1
    assert ["as busy as the server" in line for line in said].count(True) == 1


def test_the_bar_is_twice_the_floor_at_32_viewers() -> None:
    for cpu_ms, held in ((0.03, True), (0.05, False)):
        verdicts = {v.claim: v for v in on_throughput(rows([SAMPLE, eyepiece(cpu_ms)]))}
        assert verdicts["CPU per frame to the TCP floor's, 32 viewers, 30 frames/s"].held is held
    assert "MISSED" in verdict_tables(list(verdicts.values()))


def test_peers_that_were_not_measured_are_not_judged() -> None:
    node = replace(SAMPLE, server="Node's socket.io", floor=False, cpu_ms_per_frame=0.06)
    without = {v.claim for v in on_throughput(rows([SAMPLE, eyepiece(0.03)]))}
    with_node = {v.claim for v in on_throughput(rows([SAMPLE, eyepiece(0.03), node]))}
    assert with_node - without == {"CPU ms/frame, to Node's socket.io, 32 viewers, 30 frames/s"}


@pytest.mark.parametrize(("cpu_ms", "held"), [(0.05, True), (0.07, False)])
def test_motion_jpeg_is_to_cost_less_than_that_of_others(cpu_ms: float, held: bool) -> None:
    peer = replace(SAMPLE, server="http.server and threads", mjpeg=True, floor=False, cpu_ms_per_frame=0.06)
    floor = replace(SAMPLE, server="MJPEG floor", mjpeg=True)
    ours = replace(peer, server="Eyepiece, /stream.mjpg", cpu_ms_per_frame=cpu_ms)
    found = {v.claim: v for v in on_throughput(rows([floor, peer, ours]))}
    assert found["motion JPEG: CPU ms/frame, to http.server and threads, 32 viewers, 30 frames/s"].held is held
