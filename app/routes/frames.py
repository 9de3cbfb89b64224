"""Live frames over plain HTTP, for programs that do not speak Socket.IO."""

import asyncio
import time
from collections.abc import AsyncIterator

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from app.stream import FrameStream
from hw.camera import Camera
from hw.errors import DeviceStopped, DeviceTimeout
from hw.types import Frame

_BOUNDARY = "frame"
_NO_STORE = {"Cache-Control": "no-store"}
_FRAME_S = 5.0


def frame_routes(stream: FrameStream, camera: Camera) -> APIRouter:
    """``/snapshot.jpg`` and ``/stream.mjpg``."""
    router = APIRouter(tags=["frames"])

    @router.get("/snapshot.jpg", response_class=Response, responses={200: {"content": {"image/jpeg": {}}}})
    async def snapshot() -> Response:
        """A live frame, captured after the request."""
        frame = await _next_frame(stream, camera, time.time())
        return Response(frame.jpeg, media_type="image/jpeg", headers=_NO_STORE)

    @router.get("/stream.mjpg", response_class=StreamingResponse)
    async def mjpeg() -> StreamingResponse:
        """Live frames as motion JPEG, for OpenCV, VLC, ffmpeg. Each viewer gets every frame that it can take."""
        await _next_frame(stream, camera, 0.0)  # a camera without frames is an error here and not an endless silence
        media_type = f"multipart/x-mixed-replace; boundary={_BOUNDARY}"
        return StreamingResponse(_parts(stream), media_type=media_type, headers=_NO_STORE)

    return router


async def _next_frame(stream: FrameStream, camera: Camera, not_before: float) -> Frame:
    """The next frame that was captured at or after a time (wall clock, seconds)."""
    camera.require_ready()
    timeout_s = _FRAME_S + camera.state.settings.exposure_us / 1e6
    frames = stream.frames()
    try:
        async with asyncio.timeout(timeout_s):
            async for frame in frames:
                if frame.captured_at >= not_before:
                    return frame
    except TimeoutError:
        raise DeviceTimeout(f"the camera gave no frame within {timeout_s:g} s") from None
    finally:
        await frames.aclose()
    raise DeviceStopped("the server is shutting down")


async def _parts(stream: FrameStream) -> AsyncIterator[bytes]:
    async for frame in stream.frames():
        head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(frame.jpeg)}\r\n"
        stamp = f"X-Timestamp: {frame.captured_at:.6f}\r\n\r\n"
        yield b"".join([head.encode(), stamp.encode(), frame.jpeg, b"\r\n"])
