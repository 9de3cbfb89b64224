"""A lamp on one line, dimmed by pulse width."""

from gpiozero import OutputDevice

from hw.config import PwmPin
from hw.drivers.gpio.lines import Lines, device_errors
from hw.errors import DeviceError, InvalidRequest


class PwmLamp:
    """A ``LightDriver`` with steps of one percent, which is what gpiozero's pins resolve.

    Dark and full are steady levels: only what lies between is pulsed.
    """

    simulated = False

    def __init__(self, config: PwmPin, where: str = "light") -> None:
        """``where`` is the rig file's table that has it."""
        self._config = config
        self._where = where
        self._lines = Lines()
        self._lamp: OutputDevice | None = None

    def open(self) -> None:
        """Take the line, dark; that of an earlier ``open`` is given back first."""
        self.close()
        self._lamp = self._lines.output(f"{self._where}.pin", self._config.pin, active_high=self._config.active_high)

    def close(self) -> None:
        """Put the lamp out and give the line back."""
        try:
            if self._lamp is not None:
                self.set_brightness(0.0)
        finally:
            self._lamp = None
            self._lines.close()

    def set_brightness(self, brightness: float) -> None:
        """Shine with 0 (dark) to 1 (full); raises ``InvalidRequest`` for anything else."""
        if self._lamp is None:
            raise DeviceError("the lamp is not open", reason="not-open")
        if not 0 <= brightness <= 1:
            raise InvalidRequest(f"brightness must be from 0 to 1, not {brightness:g}", minimum=0, maximum=1)
        with device_errors("the lamp could not be set"):
            percent = round(100 * brightness)
            if percent in (0, 100):
                self._lamp.pin.frequency = None
                self._lamp.value = percent == 100
            else:
                self._pulse(self._lamp, percent)

    def _pulse(self, lamp: OutputDevice, percent: int) -> None:
        high = percent if self._config.active_high else 100 - percent
        if lamp.pin.frequency is None:
            lamp.pin.frequency = self._config.frequency_hz
        # Half a percent more: lgpio's pins cut the duty cycle down to whole percents (0.29 would give 28).
        lamp.pin.state = (high + 0.5) / 100
