"""GPIO lines by way of gpiozero's pin factory, which ``GPIOZERO_PIN_FACTORY`` chooses."""

import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

from gpiozero import Device, InputDevice, OutputDevice

from hw.drivers.gpio.chip import header_chip
from hw.errors import DeviceError
from hw.nodes import gpio_trouble

LineT = TypeVar("LineT", bound=Device)


@contextmanager
def device_errors(what: str, **facts: Any) -> Iterator[None]:
    """Raise whatever goes wrong inside as a ``DeviceError`` that begins with ``what``, with these facts.

    Not narrower than ``Exception``: the errors of the pin factories (lgpio's own, say) have no common base.
    """
    try:
        yield
    except Exception as error:
        raise DeviceError(f"{what}: {error}", **{"reason": "gpio", **facts, "cause": str(error)}) from error


class Lines:
    """The lines that one driver holds: taken one by one, given back together.

    A line is named as the rig file has it (``stage.x.step_pin``), so that an error tells what to change.
    """

    def __init__(self) -> None:
        self._held = ExitStack()

    def output(self, name: str, pin: int, *, active_high: bool = True) -> OutputDevice:
        """Take a line as an output, inactive; raises ``DeviceError`` when it cannot be had."""
        device = self._take(name, pin, lambda: OutputDevice(pin, active_high=active_high))
        self._held.callback(_give_back, device)
        return device

    def switch(self, name: str, pin: int, *, active_high: bool) -> InputDevice:
        """Take a line as an input that is pulled to its inactive level; raises ``DeviceError``."""
        device = self._take(name, pin, lambda: InputDevice(pin, pull_up=not active_high))
        self._held.callback(device.close)
        return device

    def close(self) -> None:
        """Give all lines back, outputs inactive first; every one is tried, the last failure is raised."""
        with device_errors("GPIO lines could not be given back"):
            self._held.close()

    @staticmethod
    def _take(name: str, pin: int, make: Callable[[], LineT]) -> LineT:
        try:
            _ensure_pin_factory()
        except Exception as error:  # of the factories, which have no common base
            why = ": ".join(filter(None, (gpio_trouble(), str(error))))
            told = f"the GPIO lines cannot be used ({name} needs GPIO {pin}); {why}"
            raise DeviceError(told, reason="gpio-unusable", key=name, pin=pin, cause=why) from error
        with device_errors(
            f"{name} cannot have GPIO {pin}; end the program or overlay that uses it, or name another pin",
            reason="pin-taken",
            key=name,
            pin=pin,
        ):
            try:
                return make()
            except Exception as error:
                # The traceback keeps the half-made device alive, and that keeps the pin reserved in gpiozero.
                traceback.clear_frames(error.__traceback__)
                raise


def _ensure_pin_factory() -> None:
    """gpiozero's, but for lgpio on the chip that has the header's lines."""
    lgpio_wanted = Device.pin_factory is None and os.environ.get("GPIOZERO_PIN_FACTORY") == "lgpio"
    if lgpio_wanted and (chip := header_chip()) is not None:
        from gpiozero.pins.lgpio import LGPIOFactory  # where there is no lgpio, nothing else shall miss it

        Device.pin_factory = LGPIOFactory(chip=chip)
    Device.ensure_pin_factory()


def _give_back(device: OutputDevice) -> None:
    """Free an output. An unclaimed line floats, so its own pull is set to keep it inactive."""
    try:
        device.off()
        pin = device.pin
        pin.function = "input"
        # GPIO 2 and 3 have resistors of their own, and no other pull can be set there.
        if not pin.info.pull:
            pin.pull = "down" if device.active_high else "up"
    finally:
        device.close()
