"""The child's side of ``wire.py``: a driver that is called over a pipe."""

import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from hw.config import CoilStage, PwmLight, StepDirStage
from hw.drivers.gpio.lamp import PwmLamp
from hw.drivers.gpio.stepdir import StepDirMotors
from hw.drivers.gpio.uln2003 import CoilMotors

_DRIVERS: dict[type, Callable[[Any], Any]] = {
    StepDirStage: StepDirMotors,
    CoilStage: CoilMotors,
    PwmLight: PwmLamp,
}


class _CallbackFailed(Exception):
    """A callback raised on the test's side, which raises its error there again."""


def serve(connection: Connection) -> None:
    """Make the driver that the first message configures and do what the others ask, until the pipe closes."""
    config = connection.recv()
    driver = _DRIVERS[type(config)](config)

    def callback(name: str) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            connection.send(("call", name, args))
            good, answer = connection.recv()
            if not good:
                raise _CallbackFailed(name)
            return answer

        return call

    while True:
        try:
            method, args, callbacks = connection.recv()
        except EOFError:
            return
        try:
            answer = getattr(driver, method)(*args, *(callback(name) for name in callbacks))
        except _CallbackFailed:
            connection.send(("callback raised",))
        except Exception as error:
            connection.send(("raised", error))
        else:
            connection.send(("returned", answer))


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
