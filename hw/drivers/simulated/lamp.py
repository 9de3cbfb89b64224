"""The simulated lamps."""

from hw.drivers.simulated.world import GAMMA, World
from hw.errors import DeviceError, InvalidRequest


class SimulatedLamp:
    """A lamp of one colour that shines into the simulated world, beside the others there."""

    simulated = True

    def __init__(self, world: World, name: str = "lamp", colour: str = "#ffffff") -> None:
        """``colour`` is ``#rrggbb``: the light that a screen would give for it."""
        self._world = world
        self._name = name
        levels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        self._red, self._green, self._blue = (level**GAMMA for level in levels)
        self._open = False

    def open(self) -> None:
        """Take the lamp; it stays dark. Raises ``DeviceError`` when it is unplugged."""
        self._check_plugged()
        self._shine(0.0)
        self._open = True

    def close(self) -> None:
        """Put the lamp out."""
        self._open = False
        self._shine(0.0)

    def set_brightness(self, brightness: float) -> None:
        """Shine with 0 (dark) to 1 (full). Raises ``DeviceError`` when the lamp is closed or unplugged."""
        if not self._open:
            raise DeviceError("the lamp is closed", reason="not-open")
        self._check_plugged()
        if not 0.0 <= brightness <= 1.0:
            raise InvalidRequest(f"brightness must be 0 to 1, not {brightness:g}", minimum=0.0, maximum=1.0)
        self._shine(brightness)

    def _shine(self, brightness: float) -> None:
        self._world.shine(self._name, (brightness * self._red, brightness * self._green, brightness * self._blue))

    def _check_plugged(self) -> None:
        if self._world.faults.thread_dies == "light":
            raise RuntimeError("simulated fault: something that nobody foresaw")
        if self._world.faults.light_unplugged:
            raise DeviceError("simulated fault: the lamp is unplugged", reason="unplugged")
