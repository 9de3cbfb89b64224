"""The virtual camera for the tests of this folder. They need libcamera: ``scripts/test-image`` runs them."""

from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from hw.config import Picamera
from hw.drivers.picamera.driver import Picamera2Driver

MakeDriver = Callable[..., Picamera2Driver]


@pytest.fixture(scope="session")
def virtual() -> ModuleType:
    """The module that stands in for a Raspberry Pi's hardware, installed."""
    pytest.importorskip("libcamera", reason="libcamera is not installed here: scripts/test-image has it")
    from tests.picamera import virtual_picamera

    virtual_picamera.install()
    return virtual_picamera


@pytest.fixture(scope="session")
def sensor(virtual: ModuleType) -> ModuleType:
    """The module that gives that camera a sensor's registers."""
    from tests.picamera import registers

    return registers


@pytest.fixture
def make_driver(virtual: ModuleType) -> Iterator[MakeDriver]:
    """Makes drivers for the virtual camera from ``Picamera``'s fields; they are closed after the test."""
    made = []

    def make(**fields: float) -> Picamera2Driver:
        made.append(Picamera2Driver(Picamera(driver="picamera2", **fields)))
        return made[-1]

    yield make
    for driver in made:
        driver.close()


@pytest.fixture
def driver(make_driver: MakeDriver) -> Picamera2Driver:
    """A driver whose camera is open, 1280 x 720 at 30 frames a second."""
    driver = make_driver()
    driver.open()
    return driver
