"""Live frames over plain HTTP, for programs that do not speak Socket.IO."""

import asyncio
import time

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from app.multipart import MultipartResponse
from app.stream import FrameStream
from hw.camera import Camera
from hw.errors import DeviceStopped, DeviceTimeout
from hw.types import Frame

_NO_STORE = {"Cache-Control": "no-store"}
_FRAME_S = 5.0


def frame_routes(stream: FrameStream, camera: Camera) -> APIRouter:
    """``/snapshot.jpg`` and ``/stream.mjpg``."""
    router = APIRouter(tags=["frames"])

    @router.get("/snapshot.jpg", response_class=Response, responses={200: {"content": {"image/jpeg": {}}}})
    async def snapshot() -> Response:
        """A live frame whose exposure began after the request: what moved before has come to rest."""
        frame = await _next_frame(stream, camera, time.monotonic())
        return Response(frame.jpeg, media_type="image/jpeg", headers=_NO_STORE)

    @router.get("/stream.mjpg", response_class=StreamingResponse)
    async def mjpeg() -> MultipartResponse:
        """Live frames as motion JPEG, for OpenCV, VLC, ffmpeg. Each viewer gets every frame that it can take."""
        await _next_frame(stream, camera, 0.0)  # a camera without frames is an error here and not an endless silence
        return MultipartResponse(stream)

    return router


async def _next_frame(stream: FrameStream, camera: Camera, not_before: float) -> Frame:
    """The next frame whose exposure began at or after a moment (``time.monotonic()``)."""
    camera.require_ready()
    timeout_s = _FRAME_S + camera.state.settings.exposure_us / 1e6
    packets = stream.packets()
    try:
        async with asyncio.timeout(timeout_s):
            async for packet in packets:
                if packet.frame.began_s >= not_before:
                    return packet.frame
    except TimeoutError:
        told = f"the camera gave no frame within {timeout_s:g} s"
        raise DeviceTimeout(told, reason="no-picture", seconds=timeout_s) from None
    finally:
        await packets.aclose()
    raise DeviceStopped("the server is shutting down")
