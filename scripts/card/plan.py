"""What has to change on a card so that it is as it should be; and the changing."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.card import contents
from scripts.card.bundle import appliance
from scripts.card.partition import Partition
from scripts.card.refusal import Refusal
from scripts.card.settings import Settings

_SPARE_BYTES = 4 << 20
"""What is left free on the partition for the system's own updates to begin with."""


@dataclass(frozen=True, slots=True)
class Change:
    """One file that becomes another; ``source`` is where its content comes from, or nothing if it goes away."""

    name: str
    source: Path | bytes | None
    is_new: bool

    @property
    def size_bytes(self) -> int:
        """What it takes on the card."""
        if isinstance(self.source, Path):
            return self.source.stat().st_size
        return len(self.source or b"")

    def __str__(self) -> str:
        if self.source is None:
            return f"remove   {self.name}"
        return f"{'write   ' if self.is_new else 'replace '} {self.name} ({self.size_bytes} bytes)"


def changes(card: Partition, settings: Settings) -> list[Change]:
    """What differs between the card and the settings, in an order that may be broken off anywhere.

    Raises ``Refusal`` if it is no card of Raspberry Pi OS with cloud-init, or if it has no room.
    """
    found = list(_changes(card, settings))
    needed = sum(change.size_bytes for change in found if change.source is not None)
    if needed and needed + _SPARE_BYTES > (free := card.free_bytes()):
        raise Refusal(
            f"the boot partition has {free >> 20} MB free and {(needed + _SPARE_BYTES >> 20) + 1} MB are needed"
        )
    return found


def _changes(card: Partition, settings: Settings) -> Iterator[Change]:
    config, cmdline = card.read("config.txt"), card.read("cmdline.txt")
    if config is None or cmdline is None:
        raise Refusal("this is not the boot partition of Raspberry Pi OS: it has no config.txt and cmdline.txt")
    if card.read("user-data") is None and card.read("meta-data") is None:
        raise Refusal(
            "the card has no user-data and meta-data: Raspberry Pi OS trixie (13, October 2025) or newer is needed"
        )
    yield from _archives(card, settings)
    # cloud-init reads these last ones first: without them the card boots as if nothing had been done.
    user, network = contents.user_data(settings), contents.network_config(settings)
    instance = contents.instance_of(user, network)
    texts = {
        # Whatever else is in there, in whatever encoding, stays.
        "config.txt": contents.config_txt(config.decode(errors="surrogateescape"), settings.camera),
        "cmdline.txt": contents.cmdline_txt(cmdline.decode(errors="surrogateescape"), settings.country, instance),
        "network-config": network,
        "user-data": user,
        "meta-data": contents.meta_data(instance),
    }
    for name, text in texts.items():
        yield from _written(card, name, text.encode(errors="surrogateescape"))


def _archives(card: Partition, settings: Settings) -> Iterator[Change]:
    for name, content in contents.programs().items():
        yield from _written(card, f"eyepiece/{name}", content)
    yield from _written(card, "eyepiece/appliance.tar.gz", appliance())
    if settings.image:
        # One image: another's archive makes way first.
        name = "image" + settings.image.name[settings.image.name.index(".tar") :]
        stale = [other for other in card.names("eyepiece") if other.startswith("image.tar") and other != name]
        yield from (Change(f"eyepiece/{other}", None, is_new=False) for other in stale)
        yield from _copied(card, f"eyepiece/{name}", settings.image)
    if settings.debs:
        kept = {path.name for path in settings.debs}
        stale = [other for other in card.names("eyepiece/debs") if other not in kept]
        yield from (Change(f"eyepiece/debs/{other}", None, is_new=False) for other in stale)
        for path in settings.debs:
            yield from _copied(card, f"eyepiece/debs/{path.name}", path)
    if settings.rig:
        yield from _copied(card, "microscope.toml", settings.rig)


def _written(card: Partition, name: str, content: bytes) -> Iterator[Change]:
    there = card.read(name)
    if there != content:
        yield Change(name, content, is_new=there is None)


def _copied(card: Partition, name: str, source: Path) -> Iterator[Change]:
    if not card.holds(name, source):
        folder, _, file = name.rpartition("/")
        yield Change(name, source, is_new=file not in card.names(folder))


def apply(card: Partition, change: Change) -> None:
    """Carry out one change."""
    if change.source is None:
        card.remove(change.name)
    elif isinstance(change.source, Path):
        card.copy(change.source, change.name)
    else:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "content")
            file.write_bytes(change.source)
            card.copy(file, change.name)
