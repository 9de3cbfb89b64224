"""What the card's files will hold, made from the templates in ``firmware-config``."""

import hashlib
import json
import re
from pathlib import Path

from scripts.card.refusal import Refusal
from scripts.card.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "firmware-config"
_BEGIN = "# >>> eyepiece: scripts/prepare-card writes what is between these marks; the rest is yours"
_END = "# <<< eyepiece"
_ASIDE = "# eyepiece: "
"""Before a line that is not ours and contradicts a chosen camera."""
_AUTO = "camera_auto_detect=1"
_OUR_PARAMETERS = ("ds=nocloud", "cfg80211.ieee80211_regdom=")


def cameras() -> tuple[str, ...]:
    """The names of the blocks in ``firmware-config/config.txt``."""
    return tuple(re.findall(r"^# (\w+): ", _template("config.txt"), re.MULTILINE))


def config_txt(text: str, camera: str) -> str:
    """The card's ``config.txt`` with our block at its end, in which one camera is active."""
    lines = text.replace("\r\n", "\n").splitlines()
    if lines.count(_BEGIN) != lines.count(_END) or lines.count(_BEGIN) > 1:
        raise Refusal(
            f"config.txt: the marks {_BEGIN!r} and {_END!r} must be there once each, or not at all; mend it by hand"
        )
    if _BEGIN in lines:
        begin, end = lines.index(_BEGIN), lines.index(_END)
        if end < begin:
            raise Refusal(f"config.txt: {_END!r} stands before {_BEGIN!r}; mend it by hand")
        lines[begin : end + 1] = []
    lines = [line.removeprefix(_ASIDE) for line in lines]
    if camera != "auto":
        lines = [_ASIDE + line if line.strip() == _AUTO else line for line in lines]
    while lines and not lines[-1].strip():
        lines.pop()
    return "\n".join([*lines, "", _BEGIN, *_chosen(camera), _END, ""])


def _chosen(camera: str) -> list[str]:
    """Our block, with the ``#`` taken away from one camera's settings."""
    name, comma, port = camera.partition(",")
    lines, here = [], False
    for line in _template("config.txt").splitlines():
        if not line.strip():
            here = False
        elif line.startswith(f"# {name}: "):
            here = True
        elif here:
            setting = line.removeprefix("#")
            lines.append(setting + comma + port if setting.startswith("dtoverlay=") else setting)
            continue
        lines.append(line)
    return lines


def cmdline_txt(text: str, country: str, instance: str) -> str:
    """The kernel's parameters, one line as before. An ``i=`` there outweighs ``meta-data``, so it has to be ours."""
    words = [word for word in text.split() if not word.startswith(_OUR_PARAMETERS)]
    if not any(word.startswith("root=") for word in words):
        raise Refusal("cmdline.txt names no root=: the card is damaged, or not Raspberry Pi OS; flash it again")
    return " ".join([*words, f"cfg80211.ieee80211_regdom={country}", f"ds=nocloud;i={instance}"]) + "\n"


def user_data(settings: Settings) -> str:
    """cloud-init's own file: name, who may log in, and the way to our own programs."""
    login = "# Nobody may log in: scripts/prepare-card --ssh-key lets somebody in.\n"
    if settings.ssh_keys:
        keys = "".join(f"\n      - {json.dumps(key, ensure_ascii=False)}" for key in settings.ssh_keys)
        login = (
            "users:\n"
            "  - name: eyepiece\n"
            "    groups: [adm, dialout, gpio, netdev, sudo, video]\n"
            "    shell: /bin/bash\n"
            "    lock_passwd: true\n"
            '    sudo: "ALL=(ALL) NOPASSWD:ALL"\n'
            f"    ssh_authorized_keys:{keys}\n"
            "runcmd:\n"
            "  - [systemctl, enable, --now, ssh.service]\n"
        )
    return _fill(_template("user-data"), HOSTNAME=settings.hostname, LOGIN=login)


def network_config(settings: Settings) -> str:
    """Netplan's file: the cable and, if one is named, a Wi-Fi network."""
    wifi = "# No Wi-Fi network is named: without a cable the microscope opens its own.\n"
    if settings.wifi:
        wifi = (
            "  wifis:\n"
            "    wlan0:\n"
            "      dhcp4: true\n"
            "      optional: true\n"
            f'      regulatory-domain: "{settings.country}"\n'
            "      access-points:\n"
            f"        {json.dumps(settings.wifi.ssid, ensure_ascii=False)}:\n"
            f'          password: "{settings.wifi.psk}"\n'
        )
    return _fill(_template("network-config"), WIFI=wifi)


def instance_of(user: str, network: str) -> str:
    """A name for what is set: cloud-init begins anew when it differs from the last one, and not otherwise."""
    return "eyepiece-" + hashlib.sha256(f"{user}\0{network}".encode()).hexdigest()[:12]


def meta_data(instance: str) -> str:
    """cloud-init's file that names the instance."""
    return _fill(_template("meta-data"), INSTANCE=instance)


def masked(text: str) -> str:
    """A file's text without its secrets, to be shown."""
    return re.sub(r"(?m)^(\s*password:).*$", r"\1 (hidden)", text)


def programs() -> dict[str, bytes]:
    """What the Pi runs: everything in ``firmware-config/card``, by its place below ``eyepiece/``."""
    folder = TEMPLATES / "card"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def _template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _fill(template: str, **values: str) -> str:
    for name, value in values.items():
        template = template.replace(f"@{name}@\n" if value.endswith("\n") else f"@{name}@", value)
    return template
