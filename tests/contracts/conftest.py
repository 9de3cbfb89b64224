"""What the contract suites run on: every driver of each kind of device."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.contracts import benches, serial_benches
from tests.wire.wire import Wire, compile_gpiochip

_BOARDS = ["sangaboard", "uc2"]
_MOTORS = ["simulated", "stepdir-mock", "uln2003-mock", *_BOARDS]
_REAL_MOTORS = ["stepdir-lgpio", "uln2003-lgpio"]
_LAMPS = ["simulated", "high-mock", "low-mock"]
_REAL_LAMPS = ["high-lgpio", "low-lgpio"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--real``: the real libraries too, beside simulated devices and mock pins."""
    parser.addoption("--real", action="store_true", help="run the contracts on the real libraries too")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test on every driver of its kind."""
    real = metafunc.config.getoption("--real", default=False)
    if "motor_bench" in metafunc.fixturenames:
        metafunc.parametrize("motor_bench", _MOTORS + _REAL_MOTORS * real, indirect=True)
    if "lamp_bench" in metafunc.fixturenames:
        metafunc.parametrize("lamp_bench", _LAMPS + _REAL_LAMPS * real, indirect=True)


# Motors and lamps


@pytest.fixture(scope="session")
def gpiochip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled made-up GPIO chip."""
    return compile_gpiochip(tmp_path_factory.mktemp("gpiochip"))


@pytest.fixture
def motor_bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[benches.MotorBench]:
    """Motors of the kind that the test runs on, not yet open."""
    kind = request.param
    with ExitStack() as stack:
        if kind == "simulated":
            bench = benches.simulated_motors()
        elif kind in _BOARDS:
            bench = serial_benches.board_motors(kind, tmp_path, stack)
        elif kind in _REAL_MOTORS:
            bench = benches.lgpio_motors(kind, Wire(tmp_path, request.getfixturevalue("gpiochip")), stack)
        else:
            bench = benches.mock_motors(kind, stack)
        yield bench
        bench.motors.close()


@pytest.fixture
def lamp_bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[benches.LampBench]:
    """A lamp of the kind that the test runs on, not yet open."""
    kind = request.param
    with ExitStack() as stack:
        if kind == "simulated":
            bench = benches.simulated_lamp()
        elif kind in _REAL_LAMPS:
            bench = benches.lgpio_lamp(kind, Wire(tmp_path, request.getfixturevalue("gpiochip")), stack)
        else:
            bench = benches.mock_lamp(kind, stack)
        yield bench
        bench.lamp.close()
        if bench.beside is not None:
            bench.beside.lamp.close()
