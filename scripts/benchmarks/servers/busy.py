"""The appliance at its busiest: the camera's thread compresses large pictures, another does a scan's arithmetic.

``--switch-interval S`` and ``--nice N`` (of these two threads) are what the bench compares; ``--scan`` says what the
second does.
"""

import argparse
import logging
import os
import sys
import threading
import time
from collections.abc import Callable

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from app.stream import STREAM
from hw.types import Size
from scripts.benchmarks.payload import stamped
from scripts.benchmarks.servers.control import LagProbe, commands, tell
from scripts.benchmarks.servers.eyepiece import LoopBridge, frame_of, serving

WIDTH, HEIGHT = 1640, 1232
SCANS = ("none", "numpy", "numpy+python")
_QUALITY = 80
_TILES = 200


def scene(seed: int) -> NDArray[np.uint8]:
    """Something with the detail of a slide, shape (height, width): noise at a few scales."""
    random = np.random.default_rng(seed)
    total = np.zeros((HEIGHT, WIDTH))
    for scale in (1, 4, 16, 64):
        coarse = random.normal(size=(HEIGHT // scale + 1, WIDTH // scale + 1))
        total += np.kron(coarse, np.ones((scale, scale)))[:HEIGHT, :WIDTH] * (scale + 2)
    total -= total.min()
    picture: NDArray[np.uint8] = (total * (255 / total.max())).astype(np.uint8)
    return picture


class Encoder:
    """Makes live frames as the camera does: a JPEG from YUV planes, each time anew."""

    def __init__(self, bridge: LoopBridge) -> None:
        self._bridge = bridge
        self._luma = [scene(seed) for seed in range(3)]
        self._chroma = np.full((HEIGHT // 2, WIDTH // 2), 128, dtype=np.uint8)
        self._made = 0
        self.encode_s: list[float] = []

    def make(self) -> None:
        """One frame, from nothing to the bridge."""
        self._made += 1
        began = time.perf_counter()
        luma = self._luma[self._made % len(self._luma)]
        jpeg = simplejpeg.encode_jpeg_yuv_planes(luma, self._chroma, self._chroma, quality=_QUALITY, fastdct=True)
        self.encode_s.append(time.perf_counter() - began)
        self._bridge.emit_frame(STREAM, frame_of(self._made, stamped(jpeg, self._made), Size.FULL))


def scan(ending: threading.Event, plans: bool) -> None:
    """What a scan computes, without a pause: focus measures, the shift between two pictures, and a route."""
    pictures = [scene(seed) for seed in range(2)]
    while not ending.is_set():
        for picture in pictures:
            focus_measure(picture)
        shift(*pictures)
        if plans:
            route([(float(n % 20), float(n // 20)) for n in range(_TILES)])


def focus_measure(picture: NDArray[np.uint8]) -> float:
    """The variance of the Laplacian."""
    grey = picture.astype(np.float32)
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * grey[1:-1, 1:-1]
    return float(laplacian.var())


def shift(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> tuple[int, int]:
    """By how many pixels (down, right) the second is displaced, by phase correlation."""
    product = np.fft.rfft2(one.astype(np.float32)) * np.conj(np.fft.rfft2(other.astype(np.float32)))
    correlation = np.fft.irfft2(product / (np.abs(product) + 1e-9), s=one.shape)
    down, right = np.unravel_index(int(correlation.argmax()), correlation.shape)
    return int(down), int(right)


def route(tiles: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The tiles in an order with short ways, each the nearest to the one before: plain Python, some 10 ms of it."""
    left = list(tiles)
    way = [left.pop(0)]
    while left:
        x, y = way[-1]
        nearest = min(left, key=lambda tile: (tile[0] - x) ** 2 + (tile[1] - y) ** 2)
        left.remove(nearest)
        way.append(nearest)
    return way


def main() -> None:
    """Serve until the bench has no more commands."""
    options = _parse()
    logging.basicConfig(level=logging.ERROR)
    bridge = LoopBridge()
    ending = threading.Event()
    with serving(bridge, watch=lambda sizes: None):
        sys.setswitchinterval(options.switch_interval)
        probe, encoder = LagProbe(bridge.loop), Encoder(bridge)
        threads = [threading.Thread(target=_nicely, args=(options.nice, obey, encoder, probe, ending), name="camera")]
        if options.scan != SCANS[0]:
            arguments = (options.nice, scan, ending, options.scan == SCANS[2])
            threads.append(threading.Thread(target=_nicely, args=arguments, name="scan"))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lags_s = probe.stop()
    tell(loop_lags_s=lags_s, encode_s=encoder.encode_s)


def obey(encoder: Encoder, probe: LagProbe, ending: threading.Event) -> None:
    """The camera's thread: carry out the bench's commands."""
    for command in commands():
        if command == "f":
            encoder.make()
        elif command == "p":
            probe.start()
    ending.set()


def _nicely(nice: int, work: Callable[..., None], *arguments: object) -> None:
    """Work at the thread's own niceness: on Linux each has one."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)
    work(*arguments)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--switch-interval", type=float, default=sys.getswitchinterval(), metavar="SECONDS")
    parser.add_argument("--nice", type=int, default=0)
    parser.add_argument("--scan", choices=SCANS, default=SCANS[2], help="what is computed beside the camera")
    return parser.parse_args()


if __name__ == "__main__":
    main()
