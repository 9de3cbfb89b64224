"""What the owner wants, checked: nothing that is wrong gets as far as the card."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from scripts.card.countries import COUNTRIES
from scripts.card.refusal import Refusal

_HOSTNAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?")
_KEY_KINDS = (
    "ssh-ed25519",
    "ssh-rsa",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
)
_ARCHIVES = (".tar", ".tar.gz", ".tar.zst", ".tar.xz", ".tar.bz2")
"""What ``docker load`` reads."""


@dataclass(frozen=True, slots=True)
class Wifi:
    """A network to join; ``psk`` is the key that WPA2 derives from the password, 64 hexadecimal digits."""

    ssid: str
    psk: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that goes onto the card."""

    hostname: str
    country: str
    camera: str
    wifi: Wifi | None = None
    ssh_keys: tuple[str, ...] = ()
    rig: Path | None = None
    image: Path | None = None
    debs: tuple[Path, ...] = ()


def hostname(text: str) -> str:
    """A name for the network, to which ``.local`` and, where it is taken, ``-2`` will be put."""
    if not _HOSTNAME.fullmatch(text) or text.isdigit() or text == "localhost":
        raise Refusal(
            f"--hostname {text!r}: 1 to 60 of a-z, 0-9 and hyphens, none at the ends, not digits alone, not localhost"
        )
    return text


def country(text: str) -> str:
    """Two letters of ISO 3166, in capitals."""
    if text.upper() not in COUNTRIES:
        raise Refusal(f"--country {text!r}: the two letters of a country by ISO 3166, such as DE, FR, GB, IN or US")
    return text.upper()


def wifi(ssid: str, password: str) -> Wifi:
    """A network by name and password; the password itself is not kept."""
    if not 1 <= len(ssid.encode()) <= 32 or not ssid.isprintable():
        raise Refusal("--wifi: a network's name has 1 to 32 bytes, all of them printable")
    if not (8 <= len(password) <= 63 and password.isascii() and password.isprintable()):
        raise Refusal(f"the password of {ssid!r}: 8 to 63 printable ASCII characters")
    return Wifi(ssid, hashlib.pbkdf2_hmac("sha1", password.encode(), ssid.encode(), 4096, 32).hex())


def first_line(option: str, path: Path) -> str:
    """A file's first line."""
    return _text(option, path).split("\n", 1)[0].rstrip("\r")


def ssh_keys(path: Path) -> tuple[str, ...]:
    """The public keys in a file, one a line."""
    text = _text("--ssh-key", path)
    if "PRIVATE KEY" in text:
        raise Refusal(
            f"--ssh-key {path}: that is a private key, which never leaves its computer; the public one ends in .pub"
        )
    keys = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for number, key in enumerate(keys, start=1):
        if not _is_public_key(key):
            raise Refusal(f"--ssh-key {path}: key {number} is none of {', '.join(_KEY_KINDS)}, followed by its base64")
    if not keys:
        raise Refusal(f"--ssh-key {path}: there is no key in it")
    return tuple(keys)


def _is_public_key(line: str) -> bool:
    kind, _, rest = line.partition(" ")
    try:
        blob = base64.b64decode(rest.split(" ")[0], validate=True)
    except (binascii.Error, ValueError):
        return False
    name = kind.encode()
    # The key itself begins with its kind.
    return kind in _KEY_KINDS and line.isprintable() and blob.startswith(len(name).to_bytes(4, "big") + name)


def camera(text: str, known: tuple[str, ...]) -> str:
    """A camera of ``firmware-config/config.txt``, by name; ``,cam0`` or ``,cam1`` behind it chooses the connector."""
    name, _, port = text.partition(",")
    if name not in known or (port and (name == "auto" or port not in ("cam0", "cam1"))):
        raise Refusal(
            f"--camera {text!r}: one of {', '.join(known)}; all but auto may have ,cam0 or ,cam1 behind them (Pi 5)"
        )
    return text


def rig(path: Path) -> tuple[Path, bool]:
    """A rig file, and whether the microscope's own rules were there to check it by (they need the project's set-up)."""
    text = _text("--rig", path)
    try:
        from hw.errors import ConfigError
        from hw.rig_file import load_rig
    except ModuleNotFoundError:
        _parse_toml(path, text)
        return path, False
    try:
        load_rig(path)
    except ConfigError as error:
        raise Refusal(f"--rig: {error}") from error
    return path, True


def _parse_toml(path: Path, text: str) -> None:
    import tomllib  # here, so that an older Python can say what it lacks

    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"--rig {path}: not valid TOML: {error}") from error


def image(path: Path) -> Path:
    """An image archive as ``docker save`` makes it, compressed or not."""
    if not path.name.endswith(_ARCHIVES) or not path.is_file():
        raise Refusal(f"--image {path}: a file that ends in {', '.join(_ARCHIVES)}, as docker save makes it")
    return path


def debs(folder: Path) -> tuple[Path, ...]:
    """The Debian packages in a folder, for 64-bit Raspberry Pi OS."""
    found = tuple(sorted(folder.glob("*.deb"))) if folder.is_dir() else ()
    if not found:
        raise Refusal(f"--debs {folder}: a folder with Debian packages (*.deb)")
    for path in found:
        if not path.name.endswith(("_arm64.deb", "_all.deb")):
            raise Refusal(
                f"--debs: {path.name} is not for a 64-bit Raspberry Pi: packages end in _arm64.deb or _all.deb"
            )
    return found


def _text(option: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"{option} {path}: cannot be read: {error}") from error
