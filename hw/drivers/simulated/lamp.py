"""The simulated lamp."""

from hw.drivers.simulated.world import World
from hw.errors import DeviceError, InvalidRequest


class SimulatedLamp:
    """A lamp that shines into the simulated world."""

    simulated = True

    def __init__(self, world: World) -> None:
        self._world = world
        self._open = False

    def open(self) -> None:
        """Take the lamp; it stays dark. Raises ``DeviceError`` when it is unplugged."""
        self._check_plugged()
        self._world.brightness = 0.0
        self._open = True

    def close(self) -> None:
        """Put the lamp out."""
        self._open = False
        self._world.brightness = 0.0

    def set_brightness(self, brightness: float) -> None:
        """Shine with 0 (dark) to 1 (full). Raises ``DeviceError`` when the lamp is closed or unplugged."""
        if not self._open:
            raise DeviceError("the lamp is closed")
        self._check_plugged()
        if not 0.0 <= brightness <= 1.0:
            raise InvalidRequest(f"brightness must be 0 to 1, not {brightness:g}", minimum=0.0, maximum=1.0)
        self._world.brightness = brightness

    def _check_plugged(self) -> None:
        if self._world.faults.thread_dies == "light":
            raise RuntimeError("simulated fault: something that nobody foresaw")
        if self._world.faults.light_unplugged:
            raise DeviceError("simulated fault: the lamp is unplugged")
