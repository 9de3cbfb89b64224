"""Lets the real Picamera2 run, unedited, on libcamera's ``virtual`` pipeline, where there is no Raspberry Pi.

``install`` stands in only for what needs the Pi's hardware or kernel:

1. frame buffers from ``/dev/dma_heap``: the same allocator over memfd;
2. the raw stream that Picamera2 asks for on opening: the viewfinder role, where there is no raw one;
3. the camera's processor: ``virtual`` gives NV12 alone (of JPEG files in their own full range), which is converted
   once per frame to the format and colour space asked for, with rows padded to 64 bytes as on a Raspberry Pi 5;
4. the sensor's clock: ``virtual`` fills a buffer the moment it is queued; here one each frame duration;
5. the sensor's registers: ``virtual`` has neither exposure nor gain nor more; ``registers.give_registers`` gives those.
"""

import mmap
import os
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np

from hw.drivers.picamera.library import import_picamera2
from tests.picamera import specimen

import_picamera2()  # which needs a stand-in of its own, before any other import from it

import av  # noqa: E402
import libcamera  # noqa: E402
import picamera2.picamera2 as module  # noqa: E402
from av.video.reformatter import VideoReformatter  # noqa: E402
from picamera2.allocators.allocator import Allocator  # noqa: E402

ROW_ALIGNMENT = 64
FORMATS = {"YUV420": ("yuv420p", 1), "RGB888": ("bgr24", 3), "BGR888": ("rgb24", 3)}
"""Picamera2's name of a format: PyAV's name and bytes per pixel of its first plane."""
SOURCE_COLOUR = {"dst_colorspace": "ITU601", "dst_color_range": "JPEG"}
"""The YUV colours that ``virtual`` gives already: PyAV would round them once more."""


class _Buffer:
    """One frame buffer: NV12 as libcamera fills it, converted in place to what was asked for."""

    def __init__(self, fd: int, stream: dict[str, Any], colour: dict[str, str]) -> None:
        self.memory = mmap.mmap(fd, stream["framesize"])
        self.stream, self.colour = stream, colour
        self._converted: int | None = None
        self._reformat = VideoReformatter().reformat

    def convert(self, sequence: int) -> None:
        if self.stream["format"] == "NV12" or sequence == self._converted:
            return
        self._converted = sequence
        (width, height), stride = self.stream["size"], self.stream["stride"]
        nv12 = np.frombuffer(self.memory, np.uint8, width * height * 3 // 2).reshape(height * 3 // 2, width)
        name, pixel_bytes = FORMATS[self.stream["format"]]
        if self.colour == SOURCE_COLOUR:
            chroma = nv12[height:].reshape(-1, 2)
            out = np.concatenate([nv12[:height], chroma[:, 0].reshape(-1, width), chroma[:, 1].reshape(-1, width)])
        else:
            frame = av.VideoFrame.from_numpy_buffer(nv12, "nv12")
            source = {"src_colorspace": "ITU601", "src_color_range": "JPEG"}
            out = self._reformat(frame, format=name, **source, **self.colour).to_ndarray()
        filled = np.frombuffer(self.memory, np.uint8, self.stream["framesize"])
        if self.stream["format"] == "YUV420":
            filled[: stride * height].reshape(height, stride)[:, :width] = out[:height]
            half = filled[stride * height :].reshape(height, stride // 2)
            half[:, : width // 2] = out[height:].reshape(height, width // 2)
        else:
            filled.reshape(height, stride)[:, : width * pixel_bytes] = out.reshape(height, width * pixel_bytes)


class _Sync:
    def __init__(self, allocator: "_MemfdAllocator", buffer: Any, write: bool) -> None:
        self._frame_buffer, self._buffer = buffer, allocator.mapped_buffers[buffer]

    def __enter__(self) -> mmap.mmap:
        self._buffer.convert(self._frame_buffer.metadata.sequence)
        return self._buffer.memory

    def __exit__(self, *exc: object) -> None:
        """Nothing to give back: it is ordinary memory."""


class _MemfdAllocator(Allocator):  # type: ignore[misc]
    """Like Picamera2's own, it frees buffers as the next are made, and fails where something still looks at one."""

    def __init__(self) -> None:
        super().__init__()
        self.sync = _Sync
        self.mapped_buffers: dict[Any, _Buffer] = {}
        self.asked: list[tuple[dict[str, Any], dict[str, str]]] = []
        self._frame_buffers: dict[Any, list[Any]] = {}
        self._used: set[Any] = set()

    def allocate(self, libcamera_config: Any, use_case: str | None) -> None:
        self.close()
        self._frame_buffers = {
            config.stream: [self._frame_buffer(config, *asked) for _ in range(config.buffer_count)]
            for config, asked in zip(libcamera_config, self.asked, strict=True)
        }

    def buffers(self, stream: Any) -> list[Any]:
        return self._frame_buffers[stream]

    def acquire(self, buffers: dict[Any, Any]) -> None:
        self._used.update(buffers.values())

    def release(self, buffers: dict[Any, Any]) -> None:
        self._used.difference_update(buffers.values())
        self._free()

    def close(self) -> None:
        self._frame_buffers = {}
        self._free()

    def __del__(self) -> None:
        self.close()

    def _free(self) -> None:
        kept = self._used.union(*self._frame_buffers.values())
        for buffer in self.mapped_buffers.keys() - kept:
            self.mapped_buffers[buffer].memory.close()
            del self.mapped_buffers[buffer]

    def _frame_buffer(self, config: Any, stream: dict[str, Any], colour: dict[str, str]) -> Any:
        pixels = config.size.width * config.size.height
        fd = os.memfd_create("picamera2", os.MFD_CLOEXEC)
        try:
            os.ftruncate(fd, stream["framesize"])
            planes = []
            # One entry per plane: `virtual` writes to the second of NV12 unchecked.
            for offset, size in ((0, pixels), (pixels, pixels // 2)):
                plane = libcamera.FrameBuffer.Plane()
                plane.fd, plane.offset, plane.length = fd, offset, size
                planes.append(plane)
            frame_buffer = libcamera.FrameBuffer(planes)
            self.mapped_buffers[frame_buffer] = _Buffer(fd, stream, colour)
        finally:
            os.close(fd)
        return frame_buffer


class _SensorClock:
    """Hands libcamera one queued request each frame period; with none queued the frame is dropped."""

    def __init__(self) -> None:
        self.unplugged = threading.Event()
        self._stopped = threading.Event()
        self._pending: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._period_s = 0.0
        self._start, self._stop = libcamera.Camera.start, libcamera.Camera.stop
        self._queue_request = libcamera.Camera.queue_request

    def install(self) -> None:
        # Functions, not methods of this object: each is to be bound to the camera it is called on.
        def start(camera: Any, controls: Any = None) -> None:
            self.start(camera, controls)

        def stop(camera: Any) -> None:
            self.stop(camera)

        def queue_request(_: Any, request: Any) -> None:
            self._pending.put(request)

        libcamera.Camera.start, libcamera.Camera.stop = start, stop
        libcamera.Camera.queue_request = queue_request

    def start(self, camera: Any, controls: Any) -> None:
        controls = controls or {}
        self._start(camera, controls)
        self._period_s = controls.get(libcamera.controls.FrameDurationLimits, (33_333,))[0] / 1e6
        self._stopped.clear()
        self._thread = threading.Thread(target=self._tick, args=(camera,), name="sensor clock", daemon=True)
        self._thread.start()

    def stop(self, camera: Any) -> None:
        if self._thread is not None:
            self._stopped.set()
            self._thread.join()
            self._thread = None
        self._stop(camera)
        # Not before: `virtual` looks at a request once more after it has completed it.
        self._pending = queue.SimpleQueue()

    def _tick(self, camera: Any) -> None:
        due = time.monotonic()
        while not self._stopped.wait(max(0.0, due - time.monotonic())):
            due = max(due + self._period_s, time.monotonic())
            if not self.unplugged.is_set() and not self._pending.empty():
                self._queue_request(camera, self._pending.get())


clock = _SensorClock()


@contextmanager
def unplugged() -> Iterator[None]:
    """The cable is out: no frame comes."""
    clock.unplugged.set()
    try:
        yield
    finally:
        clock.unplugged.clear()


@cache
def install() -> None:
    """Make Picamera2 run on the virtual camera from now on."""
    specimen.write()
    module.DmaAllocator = _MemfdAllocator
    original_roles = libcamera.Camera.generate_configuration
    libcamera.Camera.generate_configuration = lambda camera, roles: (
        original_roles(camera, roles) or original_roles(camera, [libcamera.StreamRole.Viewfinder])
    )
    module.Picamera2._get_raw_modes = _largest_mode
    original_update = module.Picamera2._update_camera_config

    def update(camera: Any, camera_config: dict[str, Any], libcamera_config: Any) -> None:
        asked = camera_config["main"]["format"], camera_config["colour_space"]
        original_update(camera, camera_config, libcamera_config)
        _give_what_was_asked(camera, camera_config, *asked)

    module.Picamera2._update_camera_config = update
    clock.install()


def _largest_mode(camera: Any) -> list[dict[str, Any]]:
    config = camera.camera.generate_configuration([libcamera.StreamRole.Raw]).at(0)
    return [{"format": str(config.pixel_format), "size": (config.size.width, config.size.height)}]


def _give_what_was_asked(camera: Any, config: dict[str, Any], asked: str, space: Any) -> None:
    stream = config["main"]
    colour = {"dst_color_range": "JPEG"}
    if asked in FORMATS:
        width, height = stream["size"]
        unit = ROW_ALIGNMENT * (2 if asked == "YUV420" else 1)
        stride = -(-width * FORMATS[asked][1] // unit) * unit
        size = stride * height * 3 // 2 if asked == "YUV420" else stride * height
        stream.update(format=asked, stride=stride, framesize=size)
        config["colour_space"] = space
    if asked == "YUV420":
        full = space.range == libcamera.ColorSpace.Range.Full
        rec709 = space.ycbcrEncoding == libcamera.ColorSpace.YcbcrEncoding.Rec709
        colour = {
            "dst_colorspace": "ITU709" if rec709 else "ITU601",
            "dst_color_range": "JPEG" if full else "MPEG",
        }
    camera.allocator.asked = [(stream, colour)]
