"""The command line; ``scripts/verify-pi`` starts it."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from scripts.verify import __doc__ as about
from scripts.verify import board, host, inside
from scripts.verify.appliance import Appliance
from scripts.verify.camera import CameraChecks
from scripts.verify.report import Failed, Line, check, summary
from scripts.verify.stage import StageChecks

_ROOT = Path("/")
_HOT_C = 80.0
"""From here a Raspberry Pi slows itself down."""


def main(arguments: list[str] | None = None) -> int:
    """Print the report; returns 0 where nothing failed, else 1."""
    options = _parse(arguments)
    print(f"Eyepiece, scripts/verify-pi, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC", flush=True)
    lines = []
    for line in _lines(options):
        lines.append(line)
        print(line, flush=True)
    print(summary(lines))
    return int(any(line.outcome == "FAILED" for line in lines))


def _lines(options: argparse.Namespace) -> Iterator[Line]:
    """The report's lines, as they come."""
    appliance = Appliance(options.url, options.token)
    camera = CameraChecks(appliance, options.seconds)
    stage = StageChecks(appliance, options.move)
    yield from _checks(
        {
            "board": partial(board.model, _ROOT),
            "system": partial(board.system, _ROOT),
            "disk": partial(board.disk, Path("/data") if host.in_container() else _ROOT),
            "watchdog": partial(board.watchdog, _ROOT),
            "mDNS name": host.mdns,
            "Docker": host.docker,
            ".env": host.env,
            "server": partial(_server, appliance),
        }
    )
    pins = ["--pins", ",".join(map(str, options.pins))] if options.pins else []
    yield from host.look_inside(inside.NAMES, pins)
    yield from _checks(
        {
            "camera": camera.camera,
            "first frame": camera.first_frame,
            "frame rate": camera.frame_rate,
            "exposure": camera.exposure,
            "still": camera.still,
            "DNG": camera.dng,
            "stage": stage.stage,
            "move": stage.move,
            "lamp": stage.light,
            # Last: after all that work.
            "temperature": partial(_temperature, appliance),
            "throttling": partial(_throttling, appliance),
        }
    )


def _checks(looks: dict[str, Callable[[], str]]) -> Iterator[Line]:
    for name, look in looks.items():
        yield check(name, look)


def _server(appliance: Appliance) -> str:
    state = appliance.get("/api/state")["server"]
    threads = ", ".join(appliance.get("/healthz")["threads"])
    return f"Eyepiece {state['version']} at {appliance.url}; these threads run: {threads}"


def _temperature(appliance: Appliance) -> str:
    celsius = appliance.get("/api/figures")["now"]["board"]["temperature_c"]
    if celsius is None:
        raise Failed("the kernel tells none of a Raspberry Pi's processor")
    if celsius >= _HOT_C:
        raise Failed(f"{celsius:.0f} °C: it slows down from {_HOT_C:g}")
    return f"{celsius:.0f} °C"


def _throttling(appliance: Appliance) -> str:
    told = appliance.get("/api/figures")["now"]["board"]
    if not told["causes"]:
        raise Failed("the firmware tells nothing of it")
    if slowed := told["throttled"] or told["throttled_before"]:
        raise Failed(f"{', '.join(slowed)}: a better power supply, cable or cooling")
    return f"none of {', '.join(told['causes'])} since the appliance started"


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/verify-pi", description=about)
    parser.add_argument(
        "--url", default="http://127.0.0.1:8000", help="where the appliance answers (default: %(default)s)"
    )
    parser.add_argument(
        "--token",
        default=os.environ.get("EYEPIECE_TOKEN", ""),
        help="an operator's token, made under Settings (default: $EYEPIECE_TOKEN)",
    )
    parser.add_argument(
        "--seconds", type=float, default=10.0, help="for how long frames are counted (default: %(default)g)"
    )
    parser.add_argument(
        "--pins", type=inside.pin_list, default=[], metavar="N,N", help="set these lines high and low (BCM numbers)"
    )
    parser.add_argument("--move", type=_way, metavar="AXIS:UM", help="move an axis by so many micrometres and back")
    options = parser.parse_args(arguments)
    if not 0 < options.seconds <= 600:
        parser.error("--seconds must be above 0, and 600 at most")
    return options


def _way(text: str) -> tuple[str, float]:
    axis, _, distance = text.partition(":")
    if axis not in ("x", "y", "z") or not distance:
        raise argparse.ArgumentTypeError("must be like x:100, y:-50 or z:10")
    return axis, float(distance)


if __name__ == "__main__":
    sys.exit(main())
