"""app.diagnosis"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from app.diagnosis import RECENT_SAMPLES, Finding, diagnose
from app.figures import CameraFigures, DeviceFigures, LagFigures, Now, Sample, ServerFigures
from app.viewer import ViewerFigures
from hw.board import BoardState
from hw.types import Size, Status
from tests.app.test_figures import VIEWER

WELL = Now(
    at=1000.0,
    camera=CameraFigures(
        status=Status.READY,
        fault=None,
        fps=30.0,
        encoded_fps=30.0,
        encode_ms=5.0,
        asked_fps=30.0,
        exposure_us=10_000,
        auto_exposure=False,
        frame_bytes=100_000,
    ),
    server=ServerFigures(
        loop_lag_ms=LagFigures(0.1, 2.0, 8.0),
        cpu_percent=40.0,
        cores=4,
        machine_cores=4,
        memory_bytes=200_000_000,
        bridge_waiting=0,
        slow_callbacks=0,
        viewers=1,
    ),
    devices={name: DeviceFigures(True, Status.READY) for name in ("camera", "stage", "light")},
    board=BoardState(55.0, ("under-voltage",)),
    viewers=[VIEWER],
)
SECOND = Sample(
    at=1000.0,
    camera_fps=30.0,
    encode_ms=5.0,
    loop_lag_ms=1.0,
    cpu_percent=40.0,
    machine_cpu_percent=60.0,
    memory_bytes=200_000_000,
    sent_fps=30.0,
    dropped_fps=0.0,
    viewers=1,
    latency_ms=40.0,
    ack_ms=20.0,
    temperature_c=55.0,
)


def lasting(**changes: Any) -> list[Sample]:
    """The last seconds, all alike."""
    return [replace(SECOND, **changes)] * RECENT_SAMPLES


def found(
    camera: dict[str, Any] | None = None,
    server: dict[str, Any] | None = None,
    board: BoardState = WELL.board,
    viewers: Sequence[ViewerFigures] = (VIEWER,),
    recent: Sequence[Sample] | None = None,
) -> list[Finding]:
    """The diagnosis of a server that does well but for what is named."""
    now = replace(
        WELL,
        camera=replace(WELL.camera, **(camera or {})),
        server=replace(WELL.server, **(server or {})),
        board=board,
        viewers=list(viewers),
    )
    return diagnose(now, lasting() if recent is None else recent)


def codes(findings: Sequence[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def test_all_is_well() -> None:
    assert found() == []


def test_all_is_well_when_nobody_watches() -> None:
    camera = {"encoded_fps": 0.0, "encode_ms": None, "frame_bytes": None}
    assert found(camera=camera, viewers=[], recent=lasting(encode_ms=None, ack_ms=None, latency_ms=None)) == []


@pytest.mark.parametrize("seconds", range(RECENT_SAMPLES))
def test_nothing_is_said_of_a_server_that_has_just_started(seconds: int) -> None:
    camera = {"status": Status.STARTING, "fps": 0.0, "encoded_fps": 0.0, "encode_ms": None}
    assert found(camera=camera, viewers=[], recent=lasting(camera_fps=None, encode_ms=None)[:seconds]) == []
    assert found(viewers=[], recent=[*lasting(camera_fps=None)[seconds:], *lasting()[:seconds]]) == []


# The camera.


def test_camera_fault() -> None:
    [finding] = found({"status": Status.FAULT, "fault": "no cable", "fps": 0.0}, recent=lasting(camera_fps=None))
    assert [finding.about, finding.code, finding.severity] == ["camera", "camera-fault", "error"]
    assert "no cable" in finding.text


def test_no_camera() -> None:
    [finding] = found({"status": Status.ABSENT}, viewers=[], recent=lasting(camera_fps=None))
    assert [finding.code, finding.severity] == ["camera-absent", "note"]


@pytest.mark.parametrize("status", [Status.STARTING, Status.STOPPED])
def test_a_camera_that_starts_or_ends_is_not_judged(status: Status) -> None:
    assert found({"status": status}, recent=lasting(camera_fps=None)) == []


@pytest.mark.parametrize("first_fps", [0.0, 3.0, 16.0])
def test_the_first_seconds_of_a_camera_are_not_judged(first_fps: float) -> None:
    starting = replace(SECOND, camera_fps=None)
    first = replace(SECOND, camera_fps=first_fps)
    assert found(viewers=[], recent=[starting, starting, starting, starting, first]) == []
    assert found(viewers=[], recent=[starting, starting, first, SECOND, SECOND]) == []


def test_silent_camera() -> None:
    [finding] = found({"fps": 0.0}, recent=lasting(camera_fps=0.0))
    assert [finding.about, finding.code, finding.severity] == ["camera", "camera-silent", "error"]


def test_a_still_that_stops_the_stream_is_not_silence() -> None:
    recent = [SECOND, SECOND, SECOND, *[replace(SECOND, camera_fps=0.0)] * 2]
    assert "camera-silent" not in codes(found({"fps": 0.0}, recent=recent))


@pytest.mark.parametrize(
    ("fps", "exposure_us", "auto_exposure", "code", "severity"),
    [
        (30.0, 33_000, False, None, None),
        (20.0, 50_000, False, None, None),  # slower, and smooth enough
        (10.0, 100_000, False, "long-exposure", "note"),
        (15.0, 55_000, False, "long-exposure", "note"),
        (10.0, 100_000, True, "long-exposure", "note"),
        (10.0, 10_000, True, "dim-light", "note"),
        (10.0, 10_000, False, "camera-slow", "warning"),
        (15.0, 50_000, False, "camera-slow", "warning"),
        (0.0, 6_000_000, False, "long-exposure", "note"),  # no picture in all of these seconds, as it must be
        (0.2, 2_000_000, False, "long-exposure", "note"),
    ],
)
def test_slow_camera(fps: float, exposure_us: int, auto_exposure: bool, code: str | None, severity: str | None) -> None:
    camera = {"fps": fps, "encoded_fps": fps, "exposure_us": exposure_us, "auto_exposure": auto_exposure}
    findings = found(camera, viewers=[], recent=lasting(camera_fps=fps))
    assert [(finding.about, finding.code, finding.severity) for finding in findings] == (
        [("camera", code, severity)] if code else []
    )


@pytest.mark.parametrize(("asked_fps", "fps", "slow"), [(10.0, 10.0, False), (10.0, 6.0, True), (None, 10.0, True)])
def test_camera_that_was_asked_for_few_pictures_is_not_slow(asked_fps: float | None, fps: float, slow: bool) -> None:
    findings = found({"asked_fps": asked_fps, "fps": fps}, viewers=[], recent=lasting(camera_fps=fps))
    assert codes(findings) == (["camera-slow"] if slow else [])


def test_words_about_a_long_exposure() -> None:
    [finding] = found({"exposure_us": 100_000}, viewers=[], recent=lasting(camera_fps=10.0))
    assert "exposed for 100 ms" in finding.text
    [finding] = found({"exposure_us": 2_500_000}, viewers=[], recent=lasting(camera_fps=0.4))
    assert "exposed for 2.5 s" in finding.text


# The encoder.


@pytest.mark.parametrize(
    ("encode_ms", "encoded_fps", "full"),
    [(5.0, 30.0, False), (22.0, 30.0, False), (26.0, 30.0, True), (60.0, 15.0, True), (13.0, 60.0, True)],
)
def test_encoder(encode_ms: float, encoded_fps: float, full: bool) -> None:
    findings = found(
        {"encode_ms": encode_ms, "encoded_fps": encoded_fps, "fps": encoded_fps},
        viewers=[],
        recent=lasting(encode_ms=encode_ms, camera_fps=encoded_fps),
    )
    assert [(f.about, f.code, f.severity) for f in findings] == [("encoder", "encoder-full", "warning")] * full


def test_one_slow_second_of_the_encoder_is_no_finding() -> None:
    assert found({"encode_ms": 30.0}, recent=[*lasting()[1:], replace(SECOND, encode_ms=30.0)]) == []


# The server and its board.


@pytest.mark.parametrize(("lag_ms", "late"), [(1.0, False), (30.0, False), (40.0, True), (2500.0, True)])
def test_late_server(lag_ms: float, late: bool) -> None:
    assert codes(found(recent=lasting(loop_lag_ms=lag_ms))) == ["late"] * late


def test_one_late_second_is_no_finding() -> None:
    assert found(recent=[*lasting()[1:], replace(SECOND, loop_lag_ms=2000.0)]) == []


@pytest.mark.parametrize(
    ("cpu_percent", "cores", "full"), [(330.0, 4, False), (350.0, 4, True), (95.0, 1, True), (95.0, 2, False)]
)
def test_full_processor(cpu_percent: float, cores: int, full: bool) -> None:
    findings = found(server={"cores": cores, "cpu_percent": cpu_percent}, recent=lasting(cpu_percent=cpu_percent))
    assert codes(findings) == ["cpu-full"] * full
    assert all(f"({cpu_percent / cores:.0f} %)" in finding.text for finding in findings)


@pytest.mark.parametrize(
    ("machine_cpu_percent", "cores", "full"), [(330.0, 4, False), (396.0, 4, True), (396.0, 2, True)]
)
def test_processor_that_others_keep_busy(machine_cpu_percent: float, cores: int, full: bool) -> None:
    findings = found(server={"cores": cores}, recent=lasting(machine_cpu_percent=machine_cpu_percent))
    assert [(finding.code, finding.severity) for finding in findings] == [("cpu-shared", "note")] * full
    assert all(f"(99 %), and not by the microscope alone: that takes {40 // cores} %" in f.text for f in findings)


def test_many_viewers_are_named_where_the_server_is_busy() -> None:
    viewers = [replace(VIEWER, id=f"v{n}") for n in range(24)]
    assert found(server={"viewers": 24}, viewers=viewers) == []
    findings = found(server={"viewers": 24}, viewers=viewers, recent=lasting(loop_lag_ms=50.0))
    assert codes(findings) == ["late", "many-viewers"]
    assert "24 viewers" in findings[1].text
    assert codes(found(server={"viewers": 3}, recent=lasting(loop_lag_ms=50.0))) == ["late"]


@pytest.mark.parametrize(
    ("board", "expected"),
    [
        (BoardState(), []),
        (BoardState(74.0, ("throttled",)), []),
        (BoardState(76.0), ["hot"]),
        (BoardState(84.0, ("throttled",), ("throttled",), ("throttled",)), ["throttled"]),
        (BoardState(None, ("throttled",), ("temperature-limit",)), ["throttled"]),
        (BoardState(50.0, ("under-voltage",), ("under-voltage",), ("under-voltage",)), ["under-voltage"]),
        (BoardState(84.0, (), ("under-voltage", "throttled"), ("under-voltage", "throttled")), ["under-voltage"]),
        (BoardState(50.0, ("under-voltage",), (), ("under-voltage",)), ["under-voltage-before"]),
        (BoardState(84.0, (), ("throttled",), ("under-voltage", "throttled")), ["throttled", "under-voltage-before"]),
        (BoardState(50.0, (), (), ("throttled",)), []),
    ],
)
def test_board(board: BoardState, expected: list[str]) -> None:
    findings = found(board=board)
    assert codes(findings) == expected
    assert {finding.about for finding in findings} <= {"board"}


def test_words_about_a_hot_board() -> None:
    assert "too hot (84 °C)" in found(board=BoardState(84.2, (), ("throttled",)))[0].text
    assert "too hot and" in found(board=BoardState(None, (), ("throttled",)))[0].text


# The viewers: their network, and their tablets.


SLOW_LINK: dict[str, Any] = {"fps": 9.0, "bytes_per_s": 0.9e6, "ack_ms": 260.0, "network_ms": 240.0, "paint_ms": 12.0}
SAYS_NOTHING: dict[str, Any] = {"ack_ms": None, "network_ms": None, "paint_ms": None, "latency_ms": None}


@pytest.mark.parametrize(
    ("changes", "about", "code", "severity"),
    [
        ({}, None, None, None),
        ({"fps": 22.0, "ack_ms": 60.0}, None, None, None),  # enough
        (SLOW_LINK, "network", "narrow-link", "warning"),
        ({**SLOW_LINK, "network_ms": None, "paint_ms": None}, "network", "narrow-link", "warning"),
        ({**SLOW_LINK, "size": Size.REDUCED}, "network", "narrow-link", "warning"),
        ({**SAYS_NOTHING, "kind": "mjpeg", "acked": 0, "fps": 9.0}, "network", "narrow-link", "warning"),
        ({**SAYS_NOTHING, "kind": "mjpeg", "acked": 0}, None, None, None),
        ({**SAYS_NOTHING, "kind": "mjpeg", "acked": 0, "fps": 0.0}, "viewer", "asleep", "note"),
        ({"size": Size.REDUCED}, "network", "reduced", "note"),
        ({"size": Size.REDUCED, "asked_size": Size.REDUCED}, None, None, None),
        ({"network_ms": 200.0, "ack_ms": 230.0}, "network", "long-way", "note"),
        ({"paint_ms": 180.0, "ack_ms": 200.0}, "viewer", "paints-late", "warning"),
        ({"paint_ms": 180.0, "ack_ms": 200.0, "fps": 9.0}, "viewer", "paints-late", "warning"),
        ({"fps": 9.0, "ack_ms": 200.0, "network_ms": 20.0, "paint_ms": 30.0}, "viewer", "answers-late", "warning"),
        ({"fps": 9.0, "ack_ms": 5.0}, None, None, None),  # it answers at once: it was offered no more
        ({**SAYS_NOTHING, "acked": 0, "fps": 0.0, "deaf": True}, "viewer", "never-acknowledges", "warning"),
        ({**SAYS_NOTHING, "acked": 0, "fps": 0.0}, None, None, None),  # it has just come
        ({"fps": 0.0, "in_flight": 2}, "viewer", "asleep", "note"),
    ],
)
def test_viewer(changes: dict[str, Any], about: str | None, code: str | None, severity: str | None) -> None:
    findings = found(viewers=[VIEWER, replace(VIEWER, id="it", **changes)])
    expected = [(about, code, "it", severity)] if code else []
    assert [(f.about, f.code, f.viewer, f.severity) for f in findings] == expected


def test_words_about_a_narrow_link() -> None:
    [finding] = found(viewers=[replace(VIEWER, **SLOW_LINK)])
    assert "takes 0.9 MB/s and the picture needs 3.0 MB/s: it gets 9 of 30 pictures a second" in finding.text
    [finding] = found(viewers=[replace(VIEWER, **SLOW_LINK, size=Size.REDUCED)])
    assert "needs 3.0 MB/s, even at half its width and height" in finding.text


def test_words_about_a_busy_tablet() -> None:
    [finding] = found(viewers=[replace(VIEWER, paint_ms=180.0)])
    assert "wait 180 ms to be shown" in finding.text


def test_viewers_of_a_slow_camera_are_not_blamed() -> None:
    slow = {"fps": 0.0, "encoded_fps": 0.5, "exposure_us": 2_000_000}
    assert codes(found(slow, viewers=[replace(VIEWER, fps=0.0)], recent=lasting(camera_fps=0.5))) == ["long-exposure"]
    late = replace(VIEWER, fps=8.0, ack_ms=60.0)
    assert codes(found({"exposure_us": 100_000}, viewers=[late], recent=lasting(camera_fps=10.0))) == ["long-exposure"]


@pytest.mark.parametrize("late", [{"loop_lag_ms": 100.0}, {"cpu_percent": 390.0}, {"machine_cpu_percent": 390.0}])
def test_viewers_of_a_late_server_are_not_blamed(late: dict[str, float]) -> None:
    answers = {"fps": 12.0, "ack_ms": 200.0, "network_ms": 20.0}
    for changes in (answers, {**answers, "network_ms": None}):
        viewers = [replace(VIEWER, **changes, id=f"v{n}") for n in range(4)]
        [finding] = found(viewers=viewers, recent=lasting(**late))
        assert (finding.about, finding.severity) == ("server", "warning")
    far = replace(VIEWER, **SLOW_LINK, id="far")
    findings = found(viewers=[VIEWER, VIEWER, far], recent=lasting(**late))
    assert {finding.viewer for finding in findings} == {None, "far"}, "the others get their pictures in time"


@pytest.mark.parametrize(("slow", "crowded"), [(1, False), (2, False), (3, True), (6, True)])
def test_many_slow_connections_are_one_network(slow: int, crowded: bool) -> None:
    viewers = [VIEWER, *[replace(VIEWER, **SLOW_LINK, id=f"v{n}") for n in range(slow)]]
    findings = found(viewers=viewers)
    assert codes(findings) == ["crowded"] * crowded + ["narrow-link"] * slow
    if crowded:
        assert f"{slow + 1} viewers take {3.0 + 0.9 * slow:.1f} MB/s together, and {slow} of them" in findings[0].text
        assert findings[0].viewer is None


def test_the_worst_comes_first() -> None:
    findings = found(
        board=BoardState(50.0, (), ("under-voltage",)),
        viewers=[VIEWER, replace(VIEWER, size=Size.REDUCED), replace(VIEWER, **SLOW_LINK)],
        recent=lasting(loop_lag_ms=60.0),
    )
    assert [finding.severity for finding in findings] == ["error", "warning", "warning", "note"]
    assert codes(findings) == ["under-voltage", "late", "narrow-link", "reduced"]


@pytest.mark.parametrize("now_fps", [0.0, None])
def test_nobody_is_said_to_sleep_where_the_camera_gives_nothing(now_fps: float | None) -> None:
    viewers = [replace(VIEWER, fps=0.0), replace(VIEWER, id="m", kind="mjpeg", acked=0, fps=0.0)]
    recent = [SECOND, SECOND, SECOND, SECOND, replace(SECOND, camera_fps=now_fps)]
    failed = {"status": Status.FAULT, "fault": "unplugged", "fps": 0.0}
    assert codes(found(failed, viewers=viewers, recent=recent)) == ["camera-fault"]
