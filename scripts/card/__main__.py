"""The command: what is wanted, what is there, what changes."""

import argparse
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.card import contents, settings
from scripts.card.partition import open_partition
from scripts.card.plan import apply, changes
from scripts.card.refusal import Refusal
from scripts.card.settings import Settings, Wifi


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare a card; returns the exit code: 2 if something was refused, and then nothing was changed."""
    options = _parse(arguments)
    try:
        wanted = _settings(options)
        card = open_partition(options.card)
        todo = changes(card, wanted)
    except Refusal as refusal:
        print(f"prepare-card: {refusal}", file=sys.stderr)
        return 2
    _show(wanted)
    if options.dry_run:
        print("\nnetwork-config:\n" + contents.masked(contents.network_config(wanted)))
        print("user-data:\n" + contents.masked(contents.user_data(wanted)))
    for change in todo:
        print(change)
        if not options.dry_run:
            try:
                apply(card, change)
            except (OSError, Refusal) as error:
                print(f"prepare-card: {change.name}: {error}. Run it again when that is mended.", file=sys.stderr)
                return 1
    if not todo:
        print("The card is as it should be; nothing was changed.")
    elif options.dry_run:
        print("A dry run: nothing was changed.")
    else:
        print("Done. Take the card out in order (eject it), put it into the Pi and switch on.")
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/prepare-card",
        description="Write Eyepiece onto a card that was flashed with Raspberry Pi OS Lite (64-bit, trixie or newer).",
        epilog="A Wi-Fi password is asked for, or comes from --wifi-password-file; the card gets the key made of it.",
    )
    parser.add_argument(
        "card", type=Path, help="the card's boot partition where it is mounted, an image file, or a device"
    )
    parser.add_argument("--hostname", help="name on the network, without .local (default: eyepiece)")
    parser.add_argument("--country", help="where it will stand, such as DE: the radio must know")
    parser.add_argument("--wifi", metavar="SSID", help="a network to join; without one, a cable or its own hotspot")
    parser.add_argument(
        "--wifi-password-file", metavar="FILE", help="its password, on the first line; - is standard input"
    )
    parser.add_argument("--ssh-key", type=Path, metavar="FILE", help="public key of who may log in, as user eyepiece")
    parser.add_argument("--rig", type=Path, metavar="FILE", help="the rig file, microscope.toml")
    parser.add_argument(
        "--camera", default="auto", help=f"one of {', '.join(contents.cameras())} (default: %(default)s)"
    )
    parser.add_argument(
        "--image", type=Path, metavar="FILE", help="image archive (docker save), to start without Internet"
    )
    parser.add_argument("--debs", type=Path, metavar="DIR", help="Debian packages of Docker, to start without Internet")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    options = parser.parse_args(arguments)
    if options.wifi_password_file and not options.wifi:
        parser.error("--wifi-password-file goes with --wifi")
    return options


def _settings(options: argparse.Namespace) -> Settings:
    """The options as settings, each checked; what is missing is asked for, if there is somebody to ask."""
    name = settings.hostname(options.hostname or _ask("Name of the microscope on the network", "eyepiece"))
    country = settings.country(options.country or _ask("Country where it will stand, two letters", None))
    return Settings(
        hostname=name,
        country=country,
        camera=settings.camera(options.camera, contents.cameras()),
        wifi=_wifi(options),
        ssh_keys=settings.ssh_keys(options.ssh_key) if options.ssh_key else (),
        rig=_rig(options.rig) if options.rig else None,
        image=settings.image(options.image) if options.image else None,
        debs=settings.debs(options.debs) if options.debs else (),
    )


def _ask(question: str, default: str | None) -> str:
    if sys.stdin.isatty():
        return input(f"{question}{f' [{default}]' if default else ''}: ").strip() or default or ""
    return default or ""


def _wifi(options: argparse.Namespace) -> Wifi | None:
    if options.wifi is None:
        return None
    file = options.wifi_password_file
    if file == "-":
        password = sys.stdin.readline().rstrip("\r\n")
    elif file:
        password = settings.first_line("--wifi-password-file", Path(file))
    elif sys.stdin.isatty():
        password = getpass.getpass(f"Password of {options.wifi}: ")
    else:
        raise Refusal("--wifi: there is nobody to ask for the password; give it by --wifi-password-file")
    return settings.wifi(options.wifi, password)


def _rig(path: Path) -> Path:
    rig, checked = settings.rig(path)
    if not checked:
        print(
            "The rig file is TOML; whether it is right, the microscope will say (after scripts/setup run: this tool)."
        )
    return rig


def _show(wanted: Settings) -> None:
    wifi = f"{wanted.wifi.ssid} (password hidden)" if wanted.wifi else "none"
    login = f"{len(wanted.ssh_keys)} key(s), as user eyepiece" if wanted.ssh_keys else "nobody"
    print(f"name      http://{wanted.hostname}.local:8000")
    print(f"country   {wanted.country}\nWi-Fi     {wifi}\nlog-in    {login}\ncamera    {wanted.camera}")


if __name__ == "__main__":
    sys.exit(main())
