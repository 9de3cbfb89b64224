"""The light thread: owns the lamp."""

from concurrent.futures import Future

from hw.errors import InvalidRequest
from hw.protocols import LightDriver
from hw.types import LightState
from hw.worker import Worker


class Light(Worker):
    """The lamp, lit at ``initial`` brightness (0 to 1) as soon as it opens, dark once it is closed."""

    def __init__(self, driver: LightDriver, initial: float) -> None:
        self._driver = driver
        self._on = initial > 0
        self._brightness = initial
        super().__init__("light", driver)

    @property
    def state(self) -> LightState:
        return LightState(
            status=self._status,
            on=self._on,
            brightness=self._brightness,
            simulated=self._driver.simulated,
            fault=self._fault_text,
        )

    def set(self, on: bool, brightness: float) -> Future[LightState]:
        """Switch the lamp and set its brightness (0 to 1), which it keeps while it is off.

        Raises ``InvalidRequest`` for a brightness outside 0 to 1.
        """
        if not 0 <= brightness <= 1:
            raise InvalidRequest(f"brightness must be from 0 to 1, not {brightness:g}", minimum=0, maximum=1)
        return self._submit(lambda: self._set(on, brightness))

    def _open(self) -> None:
        self._driver.open()
        self._shine(self._on, self._brightness)

    def _turn(self) -> None:
        self._run_job(timeout_s=1.0)

    def _set(self, on: bool, brightness: float) -> LightState:
        self._shine(on, brightness)
        self.changed.emit(self.state)
        return self.state

    def _shine(self, on: bool, brightness: float) -> None:
        self._driver.set_brightness(brightness if on else 0.0)
        self._on, self._brightness = on, brightness
