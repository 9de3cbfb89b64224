"""The camera as its viewers have it: pictures, settings that the pictures confirm, stills."""

import time
from typing import Any

from scripts.verify.appliance import Appliance
from scripts.verify.report import Failed, NotAsked

_ENOUGH = 0.9
"""Of the frames that were asked for."""
_TRIED = (5_000, 15_000)
"""Exposures, in microseconds."""
_GAIN = 2.0
_JPEG, _END = b"\xff\xd8", b"\xff\xd9"
_SIZES = frozenset({0xC0, 0xC1, 0xC2})
"""Markers of a JPEG's frame header, which holds its size."""


class CameraChecks:
    """Each check raises ``Failed`` unless the camera is a real one and does what it says."""

    def __init__(self, appliance: Appliance, seconds: float) -> None:
        """``seconds``: for how long the frames are counted."""
        self._appliance = appliance
        self._seconds = seconds

    def camera(self) -> str:
        """What the appliance says of its camera."""
        info = self._info()
        ranges = [
            f"{name} {info[name]['minimum']:g} to {info[name]['maximum']:g}"
            for name in ("exposure_us", "gain")
            if info[name]
        ]
        return (
            f"{info['model']}, sensor {info['sensor_width']}x{info['sensor_height']}, "
            f"live {info['stream_width']}x{info['stream_height']}, {', '.join(ranges)}"
        )

    def first_frame(self) -> str:
        """How long a picture takes to come."""
        self._info()
        asked = time.monotonic()
        jpeg = self._appliance.read("/snapshot.jpg")
        width, height = jpeg_size(jpeg)
        return f"{time.monotonic() - asked:.2f} s after it was asked for: {width}x{height}, {len(jpeg) / 1e3:.0f} kB"

    def frame_rate(self) -> str:
        """How many frames arrive."""
        settings = self._appliance.device("camera")["settings"]
        asked = self._appliance.get("/api/figures")["now"]["camera"]["asked_fps"]
        if not settings["auto_exposure"]:
            asked = min(asked, 1e6 / settings["exposure_us"])
        rate = self._count() / self._seconds
        said = f"{rate:.1f} of {asked:g} frames/s over {self._seconds:g} s"
        if rate < _ENOUGH * asked:
            raise Failed(f"{said}: /dashboard says why" + ", or more light" * settings["auto_exposure"])
        return said

    def exposure(self) -> str:
        """Whether exposure and gain that are set are those that pictures tell of; puts back what was set before."""
        camera = self._appliance.device("camera")
        info, before = camera["info"], camera["settings"]
        if not (info["exposure_us"] and info["gain"]):
            raise Failed("the camera has no such controls")
        gain = _within(_GAIN, info["gain"])
        said = []
        try:
            for exposure_us in (round(_within(tried, info["exposure_us"])) for tried in _TRIED):
                wanted = {"auto_exposure": False, "exposure_us": exposure_us, "gain": gain}
                self._appliance.send("PATCH", "/api/camera", wanted)
                said.append(_confirmed(self._still("jpeg")[0], wanted))
        finally:
            names = ("auto_exposure", "exposure_us", "gain")
            self._appliance.send("PATCH", "/api/camera", {name: before[name] for name in names})
        return "; ".join(said)

    def still(self) -> str:
        """A picture of the whole sensor."""
        info = self._info()
        asked = time.monotonic()
        record, jpeg = self._still("jpeg")
        taken_s = time.monotonic() - asked
        size, whole = jpeg_size(jpeg), (info["sensor_width"], info["sensor_height"])
        if size != whole:
            raise Failed(f"is {size[0]}x{size[1]} and not the sensor's {whole[0]}x{whole[1]}")
        return f"{size[0]}x{size[1]} in {taken_s:.1f} s, {record['size_bytes'] / 1e6:.1f} MB"

    def dng(self) -> str:
        """A raw picture, where the appliance offers one."""
        if "dng" not in self._info().get("still_formats", ()):
            raise NotAsked("the appliance offers none for this camera")
        record, data = self._still("dng")
        if data[:4] not in (b"II*\0", b"MM\0*"):
            raise Failed(f"is no TIFF: begins with {data[:8]!r}")
        return f"{record['size_bytes'] / 1e6:.1f} MB, exposure {record['exposure_us']} us, gain {record['gain']}"

    def _info(self) -> dict[str, Any]:
        info: dict[str, Any] = self._appliance.device("camera")["info"]
        return info

    def _still(self, kind: str) -> tuple[dict[str, Any], bytes]:
        """A still's facts and file; it is deleted again."""
        record = self._appliance.send("POST", "/api/camera/still", {"format": kind})
        try:
            return record, self._appliance.read(record["url"])
        finally:
            self._appliance.send("DELETE", record["url"])

    def _count(self) -> int:
        """Whole frames that arrive at /stream.mjpg in the time."""
        frames, rest = 0, b""
        with self._appliance.open("/stream.mjpg") as stream:
            # The first frame starts the clock: what a connection takes is no frame rate.
            while _END not in rest:
                rest = rest[-1:] + _more(stream)
            rest, until = rest.partition(_END)[2], time.monotonic() + self._seconds
            while time.monotonic() < until:
                data = rest + _more(stream)
                # Inside a JPEG's pictures 0xFF is never followed by 0xD9; its own headers here hold no thumbnail.
                frames += data.count(_END)
                rest = data[-1:] if data[-1:] == _END[:1] else b""
        return frames


def _more(stream: Any) -> bytes:
    data: bytes = stream.read1(1 << 16)
    if not data:
        raise Failed("the stream ended")
    return data


def jpeg_size(jpeg: bytes) -> tuple[int, int]:
    """Width and height of a JPEG, from its frame header (ITU-T T.81, B.2.2)."""
    at = len(_JPEG)
    if not jpeg.startswith(_JPEG):
        raise Failed(f"is no JPEG: begins with {jpeg[:8]!r}")
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        if jpeg[at + 1] in _SIZES:
            return int.from_bytes(jpeg[at + 7 : at + 9]), int.from_bytes(jpeg[at + 5 : at + 7])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    raise Failed("is a JPEG without a frame header")


def _within(value: float, allowed: dict[str, float]) -> float:
    return min(max(value, allowed["minimum"]), allowed["maximum"])


def _confirmed(record: dict[str, Any], wanted: dict[str, Any]) -> str:
    """What a picture tells of its exposure and gain; a sensor rounds them to its lines and steps."""
    exposure_us, gain = record["exposure_us"], record["gain"]
    if exposure_us is None or gain is None:
        raise Failed("the pictures do not tell what they were taken with")
    said = f"{wanted['exposure_us']} us and gain {wanted['gain']:g} gave {exposure_us} us and {gain:g}"
    if abs(exposure_us - wanted["exposure_us"]) > 100 or abs(gain - wanted["gain"]) > 0.15:
        raise Failed(said)
    return said
