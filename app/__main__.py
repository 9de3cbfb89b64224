"""The composition root: settings, rig, server; signals and an orderly shutdown."""

import argparse
import faulthandler
import fcntl
import logging
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import IO

from app import __version__
from app.access import FOLDER
from app.appliance import assemble
from app.backup import RIG, Backups
from app.doors import ANY_HOST, Doors, open_doors
from app.framework import shared_bridge, shared_sockets
from app.heap import return_what_is_large
from app.hosts import as_sent
from app.server import ServerThread
from app.storage import Gallery
from hw.config import SIMULATED_RIG, RigConfig
from hw.errors import ConfigError
from hw.files import sweep
from hw.rig import Rig, build_rig, refused_rig
from hw.rig_file import load_rig

log = logging.getLogger("eyepiece")

_ENVIRONMENT = "EYEPIECE_"
_DATA = Path(__file__).resolve().parents[1] / "data"
_ENDINGS = {signal.SIGINT, signal.SIGTERM}
_START_S = 30.0
_SHUTDOWN_S = 2.5
_WATCH_S = 1.0
"""How often the device threads are looked at."""
_FROZEN_S = 60.0
"""Nothing in Python takes turns of this length, on the slowest of boards."""


def main(arguments: list[str] | None = None) -> int:
    """Serve the microscope until Ctrl-C or SIGTERM; returns the exit code."""
    faulthandler.enable()
    return_what_is_large()
    options = _parse(arguments)
    logging.basicConfig(
        level=options.log_level.upper(), format="%(asctime)s %(levelname)-7s %(name)s: %(message)s", stream=sys.stderr
    )
    if options.log_level != "debug":
        for library in ("uvicorn", "picamera2"):
            logging.getLogger(library).setLevel(logging.WARNING)
    if options.check:
        return _check(options)
    if options.new_pin:
        return _new_pin(options)
    backups = Backups(options.data, _rig_file(options))
    try:
        lock = _take(options.data)
        doors = _doors(options)
        gallery = Gallery(options.data / "images")
        sweep(options.data)
        sweep(options.data / FOLDER)
        backups.carry_out()
        rig = _rig(options)
        listener = _listen(options.host, options.port)
    except OSError as error:
        log.critical("%s", error)
        return 2
    with lock, listener:
        code = _serve(rig, options.data, gallery, backups, listener, doors)
    if code is None:
        log.info("Starting anew")
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)  # else the new one could not be ended as it starts
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - the same command again
    return code


def _take(data: Path) -> IO[bytes]:
    """Have the data folder for this process alone, as long as the file that is returned is open. Raises ``OSError``.

    Another process would sweep away what this one is writing, and restore a backup under its feet.
    """
    data.mkdir(parents=True, exist_ok=True)
    lock = (data / ".lock").open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise OSError(f"another microscope runs on {data}: end that first") from error
    return lock


def _new_pin(options: argparse.Namespace) -> int:
    try:
        text = _doors(options).new_pin(options.host, options.port)
    except OSError as error:
        log.critical("%s", error)
        return 2
    print(text)  # noqa: T201 - what it is asked for
    return 0


def _doors(options: argparse.Namespace) -> Doors:
    options.data.mkdir(parents=True, exist_ok=True)
    return open_doors(options.data, required=not options.no_auth, names=options.allow_host, https=options.https)


def _check(options: argparse.Namespace) -> int:
    try:
        _rig_config(options)
    except ConfigError as error:
        log.critical("%s", error)
        return 2
    return 0


def _rig(options: argparse.Namespace) -> Rig:
    """The rig as configured; where its file is wrong, one without devices that says so."""
    try:
        return build_rig(_rig_config(options), options.data)
    except ConfigError as error:
        for mistake in error.mistakes:
            log.critical("%s", mistake)
        log.critical("The rig file is wrong: NOTHING IS DRIVEN. Correct the file and start again.")
        return refused_rig(error.mistakes, options.data)


def _serve(
    rig: Rig, data: Path, gallery: Gallery, backups: Backups, listener: socket.socket, doors: Doors
) -> int | None:
    """Run until the end; returns the exit code, ``None`` where it shall start anew."""
    # Before the threads are there, so that they leave these signals to the waiting below. Those that a library started
    # as it was imported (OpenBLAS) do not: what they take is caught.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
    caught: list[int] = []
    for number in _ENDINGS:
        signal.signal(number, lambda number, frame: caught.append(number))
    deaths: list[str] = []

    def die(name: str) -> None:
        deaths.append(name)
        os.kill(os.getpid(), signal.SIGTERM)

    wishes: list[str] = []

    def restart() -> None:
        if not wishes:
            wishes.append("a restart is wished for")
            os.kill(os.getpid(), signal.SIGTERM)

    for worker in rig.workers:
        worker.died.connect(die)
    server = assemble(
        rig,
        data,
        gallery,
        backups,
        shared_bridge(),
        shared_sockets(),
        listener,
        doors.access,
        lambda: die("server"),
        restart,
        doors.hosts,
        doors.certificate,
    )
    server.start()
    if not server.wait_until_serving(_START_S):
        log.critical("The server did not start")
        return 70
    rig.start()
    if rig.simulated:
        log.warning("SIMULATED: %s. No hardware is driven.", ", ".join(rig.simulated))
    doors.announce(listener)

    ending, stuck = _wait_for_the_end(rig, caught)
    reasons = [*(f"the {name} thread died" for name in deaths), *wishes]
    if stuck:
        reasons.insert(0, f"the {stuck} thread is stuck")
    elif ending:
        reasons.append(signal.Signals(ending).name)
    log.info("Shutting down: %s", reasons[0])
    code = _shut_down(rig, server) or (70 if stuck or deaths else 0)
    return None if wishes and not code else code


def _wait_for_the_end(rig: Rig, caught: list[int]) -> tuple[int | None, str | None]:
    """The signal that came, waited for or caught by a handler; and the name of a thread that is stuck, if one is."""
    ending = stuck = None
    while ending is None and stuck is None:
        # Wound up anew each time. It needs no interpreter: where a library keeps that to itself, it ends the process.
        faulthandler.dump_traceback_later(_FROZEN_S, exit=True)
        waited = signal.sigtimedwait(_ENDINGS, _WATCH_S)
        ending = waited.si_signo if waited else next(iter(caught), None)
        stuck = _stuck(rig)
    faulthandler.cancel_dump_traceback_later()
    return ending, stuck


def _stuck(rig: Rig) -> str | None:
    """The name of a device's thread that does not come back from its driver, if there is one."""
    for worker in rig.workers:
        if worker.stuck:
            log.critical("The %s thread has not come back from its driver for %g s:", worker.name, worker.patience_s)
            faulthandler.dump_traceback(sys.stderr, all_threads=True)
            return worker.name
    return None


def _shut_down(rig: Rig, server: ServerThread) -> int:
    """End all threads; returns the exit code that this alone makes."""
    deadline = time.monotonic() + _SHUTDOWN_S
    # The devices first: a motion ends at once, and the requests that wait for it are answered.
    rig.close()
    server.close()
    still_running = rig.join(_SHUTDOWN_S)
    server.join(max(0.0, deadline - time.monotonic()))
    if server.is_alive():
        still_running.append("server")
    if still_running:
        log.critical("These threads do not end: %s", ", ".join(still_running))
        # Python would wait for what such a thread holds: a library's clean-up at the interpreter's end, for one.
        logging.shutdown()
        os._exit(70)
    log.info("Every thread has ended. Goodbye.")
    return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="eyepiece", description="Serve the microscope to browsers on the LAN.")
    parser.add_argument(
        "--simulate", action="store_true", help="serve the simulated microscope, whatever is configured"
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="rig file (default: microscope.toml in the data folder)"
    )
    parser.add_argument(
        "--data", type=Path, metavar="DIR", default=_DATA, help="pictures and state (default: %(default)s)"
    )
    parser.add_argument("--host", default=ANY_HOST[0], help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8000, help="port to listen on (default: %(default)s)")
    parser.add_argument(
        "--log-level", choices=("debug", "info", "warning", "error"), default="info", help="default: %(default)s"
    )
    parser.add_argument(
        "--check", action="store_true", help="only check the rig file: exit code 2, and each line that is wrong"
    )
    parser.add_argument(
        "--no-auth", action="store_true", default=_is_set("NO_AUTH"), help="let everybody do everything: for a bench"
    )
    parser.add_argument("--new-pin", action="store_true", help="only show a new PIN that pairs an owner, once")
    parser.add_argument(
        "--https", action="store_true", default=_is_set("HTTPS"), help="serve HTTPS, with a certificate of its own"
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        metavar="NAME",
        default=[name for name in os.environ.get(f"{_ENVIRONMENT}HOSTS", "").split(",") if name],
        help="a name beside the machine's own that the microscope is asked for by; may be repeated",
    )
    parser.add_argument("--version", action="version", version=__version__)
    options = parser.parse_args(arguments)
    for name in options.allow_host:
        try:
            as_sent(name)
        except UnicodeError as error:
            parser.error(f"--allow-host: {name[:80]!r} is no name of a host: {error}")
    if options.simulate and options.config:
        parser.error("--simulate and --config exclude each other")
    return options


def _is_set(name: str) -> bool:
    """Whether a flag is given by the environment, as compose.yaml does."""
    return os.environ.get(f"{_ENVIRONMENT}{name}", "") not in ("", "0")


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 (any free one) to 65535")
    return port


def _rig_file(options: argparse.Namespace) -> Path:
    path: Path = options.config or options.data / RIG
    return path


def _rig_config(options: argparse.Namespace) -> RigConfig:
    path = _rig_file(options)
    if options.config or (path.exists() and not options.simulate):
        return load_rig(path)
    if not options.simulate:
        log.warning("No rig is configured (%s does not exist): serving the simulated microscope", path)
    return SIMULATED_RIG


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        raise OSError(f"cannot listen on {host} port {port}: {error}") from error


if __name__ == "__main__":
    sys.exit(main())
