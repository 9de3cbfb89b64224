"""The child's side of ``wire.py``: a lamp that is called over a pipe."""

import sys
from multiprocessing.connection import Connection

from hw.drivers.gpio.lamp import PwmLamp


def serve(connection: Connection) -> None:
    """Make the lamp that the first message configures and do what the others ask, until the pipe closes."""
    lamp = PwmLamp(connection.recv())
    while True:
        try:
            method, args = connection.recv()
        except EOFError:
            return
        try:
            getattr(lamp, method)(*args)
        except Exception as error:
            connection.send(error)
        else:
            connection.send(None)


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
