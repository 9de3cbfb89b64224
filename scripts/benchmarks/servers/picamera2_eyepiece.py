"""Eyepiece, whole, with its Picamera2 driver: as ``python -m app``, but that each picture is stamped on its way."""

import logging

from app.bridge import Bridge
from app.heap import return_what_is_large
from hw.config import Picamera, RigConfig
from hw.types import Frame
from scripts.benchmarks.payload import stamped
from scripts.benchmarks.servers.control import wait_for_the_end
from scripts.benchmarks.servers.eyepiece import serving


class StampingBridge(Bridge):
    """The bridge, which stamps the pictures that it is given."""

    def emit_frame(self, stream: str, frame: Frame) -> None:
        """As the bridge's."""
        super().emit_frame(stream, frame._replace(jpeg=stamped(frame.jpeg, frame.frame_id)))


def main() -> None:
    """Serve until the bench has no more commands; frames are the camera's, not commanded."""
    logging.basicConfig(level=logging.ERROR)
    return_what_is_large()
    with serving(StampingBridge(), RigConfig(camera=Picamera(driver="picamera2"))):
        wait_for_the_end()


if __name__ == "__main__":
    main()
