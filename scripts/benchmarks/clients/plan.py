"""What the viewers' process is told to do."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

Protocol = Literal["bare", "websocket", "socketio", "mjpeg"]
Conduct = Literal["takes", "never-acks", "stalls", "comes-and-goes"]


@dataclass(frozen=True, slots=True)
class Group:
    """Viewers of one kind."""

    name: str
    protocol: Protocol
    port: int
    count: int
    conduct: Conduct = "takes"
    """``takes`` reads and acknowledges, ``stalls`` never reads once it is in; who ``comes-and-goes`` leaves after some
    frames and comes again."""
    path: str = ""
    """Of the HTTP request: where the stream is."""
    full_size: bool = False
    """Whether a Socket.IO viewer asks for the full size, whatever its link takes."""
    page_acks: bool = False
    """Whether a Socket.IO viewer acknowledges in the long form of Eyepiece's page and not with the bare event."""
    in_step: bool = True
    """Whether an unpaced measurement waits for these viewers."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One measurement."""

    groups: tuple[Group, ...]
    server_pid: int
    commands_fd: int
    """The pipe to the server's standard input."""
    fps: float | None
    """``None``: unpaced."""
    warmup_s: float
    window_s: float
    hasty_warmup: bool = False
    """Whether frames are unpaced in the warm-up, so that just-in-time compilers have something to go by."""
    lag_s: float = 0.0
    """Extra time in which the server measures its loop's lag."""
    signals: bool = False
    """Whether the server is told to send a signal every now and then."""

    @property
    def window(self) -> int:
        """Frames that may be on their way when none is paced.

        Of two frames at once, a server without acknowledgements drops one as it should, and the pace would stay so.
        """
        return 1 if self.groups[0].protocol == "mjpeg" else 2

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Self:
        """What ``as_dict`` made."""
        return cls(**{**fields, "groups": tuple(Group(**group) for group in fields["groups"])})
