"""What only the appliance's own process may see: run in its container, prints its lines as JSON.

docker compose exec eyepiece python -m scripts.verify.inside
"""

import argparse
import fcntl
import importlib
import json
import os
import re
import resource
import struct
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scripts.verify.report import Failed, Line, NotAsked, check

NAMES = ("libraries", "cameras", "gpiochip", "lgpio", "pins", "real time")
_DEV = Path("/dev")
_CHIP_INFO = struct.Struct("32s32sI")
_GET_CHIP_INFO = 0x8044B401
"""GPIO_GET_CHIPINFO_IOCTL of linux/gpio.h: read, 68 bytes, type 0xB4, number 1."""
_HEADER = re.compile(r"pinctrl-(bcm2\d+|rp1)")
"""The labels of the chips on the 40-pin header: bcm2835 (Pi 0 to 3), bcm2711 (Pi 4), rp1 (Pi 5)."""
_PRIORITY = 50


def libraries() -> str:
    """The versions that drive the hardware, each really imported."""
    from hw.drivers.picamera.library import import_picamera2

    import_picamera2()
    lgpio = _lgpio()
    libcamera: Any = importlib.import_module("libcamera")
    names = ("picamera2", "gpiozero", "lgpio")
    if not hasattr(lgpio, "gpiochip_open"):
        raise Failed("lgpio is an empty module")
    return ", ".join([f"libcamera {libcamera.CameraManager.version}", *(f"{name} {version(name)}" for name in names)])


def cameras() -> str:
    """What libcamera finds; another process, the appliance, may have a camera open meanwhile."""
    from hw.nodes import camera_trouble

    libcamera: Any = importlib.import_module("libcamera")
    found = list(libcamera.CameraManager.singleton().cameras)
    if not found:
        raise Failed(f"libcamera finds none: {camera_trouble()}")
    return "; ".join(f"{number}: {_describe(libcamera, camera)}" for number, camera in enumerate(found))


def gpiochip(dev: Path = _DEV) -> str:
    """The chips by their labels, among them that of the header."""
    chips = _chips(dev)
    said = ", ".join(f"{path.name} {label} ({lines} lines)" for path, label, lines in chips)
    if not any(_HEADER.fullmatch(label) for _, label, _ in chips):
        raise Failed(f"none is a Raspberry Pi's header: {said}")
    return said


def lgpio_opens(dev: Path = _DEV) -> str:
    """Whether lgpio opens the header's chip."""
    number, label = _header(dev)
    lgpio = _lgpio()
    lgpio.gpiochip_close(lgpio.gpiochip_open(number))
    return f"chip {number}, {label}"


def pins(asked: Sequence[int], dev: Path = _DEV) -> str:
    """Set the lines of the header that were asked for high and low, and read them back; they are inputs afterwards."""
    if not asked:
        raise NotAsked("--pins 17,27 sets these lines (BCM numbers) high and low: unplug what must not be driven")
    number, _ = _header(dev)
    lgpio = _lgpio()
    chip = lgpio.gpiochip_open(number)
    try:
        for pin in asked:
            _toggle(lgpio, chip, pin)
    finally:
        lgpio.gpiochip_close(chip)
    return f"GPIO {', '.join(map(str, asked))}: high and low read back"


def real_time() -> str:
    """Whether a thread may be scheduled before all others, as the motors' timing needs it."""
    limit, _ = resource.getrlimit(resource.RLIMIT_RTPRIO)
    locked, _ = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    limits = f"limits: priority {limit}, locked memory {locked if locked >= 0 else 'any'} bytes, user {os.getuid()}"
    try:
        # A thread of its own, for the policy ends with it.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(_PRIORITY)).result()
    except OSError as error:
        raise Failed(
            f"SCHED_FIFO at priority {_PRIORITY} is refused ({error.strerror}); {limits}: see ulimits in compose.yaml"
        ) from error
    return f"SCHED_FIFO at priority {_PRIORITY} is granted; {limits}"


def look(asked: Sequence[int]) -> list[Line]:
    """All checks, in the order of ``NAMES``."""
    looks: tuple[Callable[[], str], ...] = (
        libraries, cameras, gpiochip, lgpio_opens, lambda: pins(asked), real_time
    )  # fmt: skip
    return [check(name, each) for name, each in zip(NAMES, looks, strict=True)]


def pin_list(text: str) -> list[int]:
    """The pins of a command line: ``17,27``."""
    numbers = [int(part) for part in text.split(",")]
    if any(not 0 <= number <= 27 for number in numbers):
        raise argparse.ArgumentTypeError("a pin is a BCM number from 0 to 27")
    return numbers


def _describe(libcamera: Any, camera: Any) -> str:
    properties = {each.name: value for each, value in camera.properties.items()}
    modes = []
    configuration = camera.generate_configuration([libcamera.StreamRole.Raw])
    if configuration is not None and configuration.size:
        formats = configuration.at(0).formats
        modes = [f"{size} {each}" for each in formats.pixel_formats for size in formats.sizes(each)]
    controls = sorted(each.name for each in camera.controls)
    return (
        f"{properties.get('Model', 'unknown')} ({camera.id}), modes {', '.join(modes) or 'not told'}, "
        f"controls {', '.join(controls) or 'none'}"
    )


def _chips(dev: Path) -> list[tuple[Path, str, int]]:
    """Path, label and number of lines of each chip; raises ``Failed`` where there is none, or one cannot be opened."""
    from hw.nodes import gpio_trouble

    if trouble := gpio_trouble(dev):
        raise Failed(trouble)
    chips = []
    # Links are older names of the same chips.
    for path in sorted(path for path in dev.glob("gpiochip*") if not path.is_symlink()):
        with path.open("rb", buffering=0) as chip:
            _, label, lines = _CHIP_INFO.unpack(fcntl.ioctl(chip, _GET_CHIP_INFO, bytes(_CHIP_INFO.size)))
        chips.append((path, label.rstrip(b"\0").decode(), lines))
    return chips


def _header(dev: Path) -> tuple[int, str]:
    for path, label, _ in _chips(dev):
        if _HEADER.fullmatch(label):
            return int(path.name.removeprefix("gpiochip")), label
    raise Failed("no chip is a Raspberry Pi's header")


def _lgpio() -> Any:
    return importlib.import_module("lgpio")


def _toggle(lgpio: Any, chip: int, pin: int) -> None:
    try:
        lgpio.gpio_claim_output(chip, pin, 0)
    except lgpio.error as error:
        raise Failed(f"GPIO {pin} cannot be had (does the appliance use it?): {error}") from error
    try:
        for level in (1, 0):
            lgpio.gpio_write(chip, pin, level)
            if lgpio.gpio_read(chip, pin) != level:
                raise Failed(f"GPIO {pin} was set to {level} and reads {1 - level}: something outside drives it")
    finally:
        lgpio.gpio_free(chip, pin)
        lgpio.gpio_claim_input(chip, pin)
        lgpio.gpio_free(chip, pin)


def main() -> None:
    """Print the lines on one line of JSON; what libraries print comes before it."""
    parser = argparse.ArgumentParser(prog="scripts.verify.inside", description=__doc__)
    parser.add_argument("--pins", type=pin_list, default=[], metavar="N,N")
    lines = look(parser.parse_args().pins)
    sys.stdout.flush()
    print(f"\n{json.dumps([asdict(line) for line in lines])}")


if __name__ == "__main__":
    main()
