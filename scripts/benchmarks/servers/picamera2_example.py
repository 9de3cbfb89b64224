"""Picamera2's motion JPEG example, whole: its camera, its JPEG encoder, ``http.server`` with a thread per viewer.

In Eyepiece's size, format and quality, whatever the example's own are: what differs is the program alone.
"""

import io
import threading
from itertools import count
from typing import Any

from picamera2 import Picamera2
from picamera2.encoders import JpegEncoder
from picamera2.outputs import FileOutput

from hw.config import Picamera
from hw.types import CameraSettings
from scripts.benchmarks.payload import stamped
from scripts.benchmarks.servers.control import tell, wait_for_the_end
from scripts.benchmarks.servers.threads import Handler, Latest, Server


class Output(io.BufferedIOBase):
    """What the encoder writes to: one picture a call."""

    def __init__(self, latest: Latest) -> None:
        self._latest = latest
        self._numbers = count(1)

    def write(self, jpeg: Any) -> int:
        """Hand the picture to the viewers' threads."""
        self._latest.put(stamped(jpeg, next(self._numbers)))
        return len(jpeg)


def main() -> None:
    """Serve until the bench has no more commands; frames are the camera's, not commanded."""
    asked = Picamera(driver="picamera2")
    period_us = round(1e6 / asked.fps)
    Handler.latest = Latest()
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, name="server", daemon=True).start()
    with Picamera2() as camera:
        camera.configure(
            camera.create_video_configuration(
                main={"size": (asked.width, asked.height), "format": "YUV420"},
                controls={"FrameDurationLimits": (period_us, period_us)},
            )
        )
        camera.start_recording(JpegEncoder(q=CameraSettings().jpeg_quality), FileOutput(Output(Handler.latest)))
        tell(port=server.server_address[1])
        wait_for_the_end()
        camera.stop_recording()


if __name__ == "__main__":
    main()
