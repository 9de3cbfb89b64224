"""From the figures to what a user needs to know: why the picture stutters, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from app.figures import CameraFigures, Now, Sample
from app.viewer import ViewerFigures
from hw.board import BoardState
from hw.types import Size, Status

About = Literal["camera", "encoder", "server", "network", "viewer", "board"]
Severity = Literal["error", "warning", "note"]
"""The worst first. A note says why something is as it is, where that may well be wanted."""

RECENT_SAMPLES = 5
"""Seconds that a finding rests on: one bad second is no finding."""
SMOOTH_FPS = 20.0
"""Below this rate an eye sees single pictures instead of motion; a camera that is asked for fewer is not slow."""
SETTLED_SAMPLES = 3
"""Seconds that a camera has to run to be judged, and that it may pause: a still stops the stream for one or two."""
LONG_EXPOSURE = 0.8
"""Share of the time between two pictures from which on the exposure is what takes the time."""
ENCODER_FULL = 0.7
"""Share of the time that the encoder works. The thread that it works in needs the rest for fetching the pictures."""
LATE_LOOP_MS = 33.0
"""A server that is later than one frame's time at 30/s shows as a stutter."""
FULL_CPU = 0.85
"""Share of all processors; beyond it whatever comes has to wait for one."""
MANY_VIEWERS = 8
"""Fewer are hardly ever what keeps a server busy."""
HOT_C = 75.0
"""A Raspberry Pi slows itself down from 80 °C on."""
JUDGED_FPS = 2.0
"""A viewer's rate is that of two seconds: of a slower camera it tells nothing."""
ENOUGH = 0.7
"""Share of the camera's pictures that a viewer gets when nothing is wrong but a little unrest."""
LATE_MS = 150.0
"""From about here on a hand on the stage's buttons notices that the picture lags behind."""
LATE_PAINT_MS = 100.0
"""A screen shows what came after 17 ms, and a small tablet decodes a picture in 30 ms."""
CROWDED = 3
"""With so many slow connections at the same time it is the network that they share."""
_BY_ACKS = ("narrow-link", "answers-late")
"""Findings that rest on when frames are acknowledged."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that keeps the picture from being as it could be."""

    about: About
    code: str
    """The kind of finding, for programs."""
    viewer: str | None
    """Whom it concerns, where it is one viewer alone."""
    severity: Severity
    text: str


def diagnose(now: Now, recent: Sequence[Sample]) -> list[Finding]:
    """What is wrong, the worst first; nothing if all is well.

    ``recent`` is the history of the last ``RECENT_SAMPLES`` seconds, the oldest first.
    """
    camera_fps = _median([sample.camera_fps for sample in recent])
    most_miss = 0 < _median([viewer.fps or None for viewer in now.viewers]) < ENOUGH * camera_fps
    server = list(_server(now, recent, most_miss))
    # Where no pictures come just now nobody can take any.
    runs = bool(recent and recent[-1].camera_fps)
    viewers = [_viewer(viewer, camera_fps if runs else 0.0) for viewer in now.viewers]
    single = [finding for finding in viewers if finding is not None]
    if server and most_miss:
        # It is the server then, and when they acknowledge says nothing of networks and tablets.
        single = [finding for finding in single if finding.code not in _BY_ACKS]
    found = [
        *_camera(now.camera, camera_fps, recent),
        *_encoder(now.camera, recent),
        *server,
        *_board(now.board),
        *_crowd(now.viewers, single),
        *single,
    ]
    order: tuple[Severity, ...] = ("error", "warning", "note")
    return sorted(found, key=lambda finding: order.index(finding.severity))


def _camera(camera: CameraFigures, fps: float, recent: Sequence[Sample]) -> Iterator[Finding]:
    seconds = [sample.camera_fps for sample in recent if sample.camera_fps is not None]
    slow = fps < min(SMOOTH_FPS, ENOUGH * (camera.asked_fps or SMOOTH_FPS))
    exposure_s = camera.exposure_us / 1e6
    if camera.status is Status.FAULT:
        text = f"The camera has failed: {camera.fault}. It is opened again every two seconds."
        yield Finding("camera", "camera-fault", None, "error", text)
    elif camera.status is Status.ABSENT:
        text = f"There is no picture: {camera.fault or 'no camera is installed'}."
        yield Finding("camera", "camera-absent", None, "note", text)
    elif len(seconds) < SETTLED_SAMPLES:
        return  # it has only just begun
    elif exposure_s > SETTLED_SAMPLES / 2 or (slow and exposure_s * fps > LONG_EXPOSURE):
        text = f"Each picture is exposed for {_time(1000 * exposure_s)}, so there can be no more of them in a second. "
        yield Finding("camera", "long-exposure", None, "note", text + "More light allows a shorter exposure.")
    elif not any(seconds[-SETTLED_SAMPLES:]):
        text = "The camera gives no pictures. Look at its cable, and whether something else uses it."
        yield Finding("camera", "camera-silent", None, "error", text)
    elif slow and camera.auto_exposure:
        text = f"The camera takes only {fps:.0f} pictures a second. It exposes each for long if there is little light."
        yield Finding("camera", "dim-light", None, "note", text)
    elif slow and not _encoder_is_full(camera, recent):
        text = f"The camera takes only {fps:.0f} pictures a second, and its exposure is not the reason."
        yield Finding("camera", "camera-slow", None, "warning", text)


def _encoder(camera: CameraFigures, recent: Sequence[Sample]) -> Iterator[Finding]:
    if camera.encode_ms is not None and _encoder_is_full(camera, recent):
        text = f"Compressing a picture takes {_time(camera.encode_ms)}, nearly all the time there is. "
        advice = "A lower JPEG quality or a smaller picture takes less."
        yield Finding("encoder", "encoder-full", None, "warning", text + advice)


def _encoder_is_full(camera: CameraFigures, recent: Sequence[Sample]) -> bool:
    return camera.encoded_fps * _median([sample.encode_ms for sample in recent]) / 1000 > ENCODER_FULL


def _server(now: Now, recent: Sequence[Sample], most_miss: bool) -> Iterator[Finding]:
    server = now.server
    lag_ms = _median([sample.loop_lag_ms for sample in recent])
    cpu_percent = _median([sample.cpu_percent for sample in recent]) / server.cores
    machine_percent = _median([sample.machine_cpu_percent for sample in recent]) / server.machine_cores
    late, full = lag_ms > LATE_LOOP_MS, cpu_percent > 100 * FULL_CPU
    if late:
        text = f"The server gets to its work {_time(lag_ms)} late: there is too much to do, or its log says what."
        yield Finding("server", "late", None, "warning", text)
    if full:
        text = f"The processor is busy all the time ({cpu_percent:.0f} %)."
        yield Finding("server", "cpu-full", None, "warning", text)
    elif machine_percent > 100 * FULL_CPU:
        text = f"The processor is busy all the time ({machine_percent:.0f} %), and not by the microscope alone: "
        text += f"that takes {cpu_percent:.0f} %."
        yield Finding("server", "cpu-shared", None, "warning" if most_miss else "note", text)
    if (late or full) and server.viewers >= MANY_VIEWERS:
        text = f"{server.viewers} viewers watch at the same time: fewer would relieve the server."
        yield Finding("server", "many-viewers", None, "note", text)


def _board(board: BoardState) -> Iterator[Finding]:
    warm = "" if board.temperature_c is None else f" ({board.temperature_c:.0f} °C)"
    if "under-voltage" in board.throttled:
        text = "The power supply is too weak: the board slows itself down, and may fail. Use the one made for it."
        yield Finding("board", "under-voltage", None, "error", text)
    elif board.throttled:
        text = f"The board is too hot{warm} and slows itself down. Give it air, or a fan."
        yield Finding("board", "throttled", None, "warning", text)
    elif board.temperature_c is not None and board.temperature_c >= HOT_C:
        text = f"The board is hot{warm}. From 80 °C on it slows itself down."
        yield Finding("board", "hot", None, "note", text)
    if "under-voltage" in board.throttled_before and "under-voltage" not in board.throttled:
        text = "The power supply was too weak at least once since the server started."
        yield Finding("board", "under-voltage-before", None, "note", text)


def _crowd(viewers: Sequence[ViewerFigures], found: Sequence[Finding]) -> Iterator[Finding]:
    slow = sum(finding.about == "network" and finding.severity == "warning" for finding in found)
    if slow >= CROWDED:
        rate = _rate(sum(viewer.bytes_per_s for viewer in viewers))
        text = f"{len(viewers)} viewers take {rate} together, and {slow} of them not enough: they share the network."
        yield Finding("network", "crowded", None, "warning", text)


def _viewer(viewer: ViewerFigures, camera_fps: float) -> Finding | None:
    """The first thing that explains what this viewer sees."""
    if viewer.deaf:
        text = f"It never acknowledges a picture, and so got {viewer.sent} and gets no more until it does."
        return Finding("viewer", "never-acknowledges", viewer.id, "warning", text)
    if camera_fps < JUDGED_FPS or (viewer.kind != "mjpeg" and not viewer.acked):
        return None  # there is too little to judge by
    if not viewer.fps:
        text = "It takes no pictures now: it is asleep, in the background or out of reach. It goes on once it answers."
        return Finding("viewer", "asleep", viewer.id, "note", text)
    if viewer.paint_ms is not None and viewer.paint_ms > LATE_PAINT_MS:
        text = f"Pictures are there, and wait {_time(viewer.paint_ms)} to be shown: the tablet is too busy."
        return Finding("viewer", "paints-late", viewer.id, "warning", text)
    if viewer.fps < ENOUGH * camera_fps and (viewer.ack_ms is None or viewer.ack_ms > 1000 / camera_fps):
        return _too_few(viewer, camera_fps)
    if viewer.network_ms is not None and viewer.network_ms > LATE_MS:
        text = f"Each picture is {_time(viewer.network_ms)} on the way: the network is far or busy."
        return Finding("network", "long-way", viewer.id, "note", text)
    if viewer.size is Size.REDUCED and viewer.asked_size is None:
        text = "It gets half the picture's width and height: more is too much for its connection."
        return Finding("network", "reduced", viewer.id, "note", text)
    return None


def _too_few(viewer: ViewerFigures, camera_fps: float) -> Finding:
    """Why a viewer gets too few pictures, by where most of the time to its acknowledgement goes."""
    share = f"{viewer.fps:.0f} of {camera_fps:.0f} pictures a second"
    if viewer.ack_ms is not None and viewer.network_ms is not None and viewer.network_ms < viewer.ack_ms / 2:
        text = f"It takes {share}, though they are there after {_time(viewer.network_ms)}: the tablet is too busy."
        return Finding("viewer", "answers-late", viewer.id, "warning", text)
    needed = _rate(viewer.bytes_per_s * camera_fps / viewer.fps)
    smaller = ", even at half its width and height" if viewer.size is Size.REDUCED else ""
    text = f"Its connection takes {_rate(viewer.bytes_per_s)} and the picture needs {needed}{smaller}: it gets {share}."
    return Finding("network", "narrow-link", viewer.id, "warning", text)


def _median(values: Sequence[float | None]) -> float:
    """The median of what is known; 0 where nothing is."""
    known = [value for value in values if value is not None]
    return median(known) if known else 0.0


def _time(ms: float) -> str:
    return f"{ms:.0f} ms" if ms < 1000 else f"{ms / 1000:.1f} s"


def _rate(bytes_per_s: float) -> str:
    return f"{bytes_per_s / 1e6:.1f} MB/s"
