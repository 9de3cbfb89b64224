"""labthings-fastapi's motion JPEG stream, which OpenFlexure's microscopes have, under uvicorn."""

import socket
import threading

import uvicorn
from labthings_fastapi import Thing, ThingServer  # type: ignore[import-not-found]
from labthings_fastapi.outputs.mjpeg_stream import MJPEGStreamDescriptor  # type: ignore[import-not-found]

from scripts.benchmarks.payload import Payload
from scripts.benchmarks.servers.control import PAYLOAD_BYTES, commands, tell


class Camera(Thing):  # type: ignore[misc]
    """A thing with a stream: ``/camera/stream``."""

    stream = MJPEGStreamDescriptor()


class Server(uvicorn.Server):
    """Tells the bench its port as soon as frames can be given: before, each is an error."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's."""
        await super().startup(sockets)
        for listener in sockets or []:
            tell(port=listener.getsockname()[1])


def main() -> None:
    """Serve until the bench has no more commands."""
    things = ThingServer.from_things({"camera": Camera})
    server = Server(uvicorn.Config(things.app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        thread = threading.Thread(target=make_frames, args=(things, server), name="camera")
        thread.start()
        server.run(sockets=[listener])
        thread.join()


def make_frames(things: ThingServer, server: uvicorn.Server) -> None:
    """The camera's thread."""
    payload = Payload(PAYLOAD_BYTES)
    made = 0
    for command in commands():
        if command == "f":
            made += 1
            things.things["camera"].stream.add_frame(payload.make(made))
    server.should_exit = server.force_exit = True


if __name__ == "__main__":
    main()
