"""Finding the chip that has the header's lines."""

import pytest

from hw.drivers.gpio import chip


@pytest.mark.parametrize(
    ("labels", "number"),
    [
        ({0: "pinctrl-bcm2711", 1: "raspberrypi-exp-gpio"}, 0),
        ({0: "gpio-brcmstb@107d508500", 1: "gpio-brcmstb@107d517c00", 4: "pinctrl-rp1"}, 4),
        ({0: "pinctrl-rp1", 10: "gpio-brcmstb@107d508500"}, 0),
        ({0: "mcp2221_gpio", 1: "pinctrl-bcm2835"}, 1),
        ({0: "INT3450:00"}, None),
        ({}, None),
    ],
)
def test_the_chip_is_known_by_its_label(
    monkeypatch: pytest.MonkeyPatch, labels: dict[int, str], number: int | None
) -> None:
    def label(chip_number: int) -> str:
        if chip_number not in labels:
            raise FileNotFoundError
        return labels[chip_number]

    monkeypatch.setattr(chip, "_label", label)
    assert chip.header_chip() == number
