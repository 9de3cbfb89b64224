"""app.pairing: what an offer is good for, and when it is used up."""

import asyncio
import re
from pathlib import Path

import pytest

from app.pairing import Pairing, WrongPin
from app.roles import ANYBODY, Role
from hw.errors import Refused


def console_pin(pairing: Pairing) -> str:
    """A PIN that makes an owner."""
    return pairing.offer_on_console(lambda told: told.pin)


async def full(role: Role) -> Role:
    raise Refused("no room")


async def let_in(role: Role) -> Role:
    return role


def test_an_offer_is_used_up_only_once_somebody_is_in(tmp_path: Path) -> None:
    async def use() -> None:
        pairing = Pairing(tmp_path / "console.json")
        pin = console_pin(pairing)
        _, told = await pairing.invite(Role.VIEWER, 15, 1, ANYBODY)
        for secret, role in ((pin, Role.OWNER), (told.pin, Role.VIEWER)):
            for _ in range(5):
                with pytest.raises(Refused, match="no room"):
                    await pairing.redeem(secret, "10.0.0.1", full)
            assert await pairing.redeem(secret, "10.0.0.1", let_in) is role
            with pytest.raises(WrongPin):
                await pairing.redeem(secret, "10.0.0.1", let_in)

    asyncio.run(use())


def test_a_newer_pin_of_the_console_is_not_used_up_with_the_older(tmp_path: Path) -> None:
    async def use() -> None:
        pairing = Pairing(tmp_path / "console.json")
        older = console_pin(pairing)
        newer = ""

        async def draw_another(role: Role) -> None:
            nonlocal newer
            newer = console_pin(Pairing(tmp_path / "console.json"))

        await pairing.redeem(older, "10.0.0.1", draw_another)
        assert re.fullmatch(r"\d{8}", newer)
        assert await pairing.redeem(newer, "10.0.0.1", let_in) is Role.OWNER

    asyncio.run(use())
