"""A Debian 13 with a prepared card in it: programs run there as on the Pi, but for kernel, init and Docker's engine."""

import os
import shutil
import subprocess
from pathlib import Path

WORK = Path(os.environ["EYEPIECE_BOOT"])
"""What scripts/test-boot keeps between runs: system/, debs/."""

_ENTER = """
mount -t proc proc "$1/proc"
mount -t tmpfs tmpfs "$1/dev"
for name in null zero random urandom; do : > "$1/dev/$name"; mount --bind "/dev/$name" "$1/dev/$name"; done
ln -s /proc/self/fd "$1/dev/fd"
: > "$1/dev/console"
root=$1
shift
chroot "$root" "$@"
code=$?
cat "$root/dev/console" > "$root/console"
exit $code
"""

# Each call is recorded; what is answered is below /stand-in. What a call of systemctl can do without an init it does.
_STAND_IN = """#!/bin/bash
echo "${0##*/} $*" >> /stand-in/calls
"""
_SYSTEMCTL = (
    _STAND_IN
    + """
case $1 in
    is-enabled | mask) exec /usr/bin/systemctl "$@" ;;
    enable) exec /usr/bin/systemctl --quiet "${@/--now/--quiet}" ;;
esac
"""
)
_DOCKER = (
    _STAND_IN
    + """
volume=/var/lib/docker/volumes/eyepiece_data/_data
if [ -e "/stand-in/cut-off-at-$1" ]; then
    rm "/stand-in/cut-off-at-$1"
    kill -KILL "$PPID"
    exit 1
fi
case "$*" in
    "compose config --images") echo eyepiece ;;
    "image inspect eyepiece") [ -e /stand-in/image ] ;;
    "load "*) touch /stand-in/image ;;
    "compose build"*) [ -e /stand-in/internet ] && touch /stand-in/image ;;
    "compose up --no-start"*) install -d -o 10001 -g 10001 "$volume" ;;
    "volume inspect"*) echo "$volume" ;;
    "compose ps --quiet eyepiece") cat /stand-in/container ;;
    "inspect --format {{.State.Health.Status}}"*) cat /stand-in/health ;;
esac
"""
)
_NMCLI = (
    _STAND_IN
    + """
case "$*" in
    "-t -f TYPE,STATE,CONNECTION device") cat /stand-in/devices ;;
    "-t -f TYPE device") cut -d: -f1 /stand-in/devices ;;
    "-t -f NAME connection show --active") cut -d: -f3 /stand-in/devices ;;
    "connection up eyepiece-hotspot")
        [ ! -e /stand-in/no-country ] || exit 4
        echo wifi:connected:eyepiece-hotspot > /stand-in/devices
        ;;
    "connection down eyepiece-hotspot") echo wifi:disconnected: > /stand-in/devices ;;
esac
"""
)
_BUSCTL = _STAND_IN + """cat /stand-in/avahi"""
_IW = _STAND_IN + """cat /stand-in/stations"""
_IP = """#!/bin/bash
cat /stand-in/addresses
"""
STAND_INS = {
    "systemctl": _SYSTEMCTL,
    "docker": _DOCKER,
    "nmcli": _NMCLI,
    "busctl": _BUSCTL,
    "iw": _IW,
    "ip": _IP,
    "rfkill": _STAND_IN,
    "agetty": _STAND_IN,
}


class System:
    """One such Debian, at ``folder/root``; what is changed in it is its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.root = root = folder / "root"
        for name in ("root", "changed", "work"):
            (folder / name).mkdir()
        layers = f"lowerdir={WORK / 'system'},upperdir={folder / 'changed'},workdir={folder / 'work'}"
        subprocess.run(["mount", "-t", "overlay", "-o", layers, "overlay", root], check=True)
        (root / "stand-in").mkdir()
        for name in ("calls", "devices", "avahi", "stations", "addresses"):
            (root / "stand-in" / name).touch()
        for name, script in STAND_INS.items():
            path = root / "usr" / "local" / "bin" / name
            path.write_text(script)
            path.chmod(0o755)
        # No package starts a service here.
        policy = root / "usr" / "sbin" / "policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
        # Raspberry Pi OS has it.
        self.run("groupadd", "--system", "gpio").check_returncode()

    def remove(self) -> None:
        """Leave nothing of it."""
        subprocess.run(["umount", self.root], check=True)
        for name in ("changed", "work"):
            shutil.rmtree(self._folder / name)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command inside, in a mount namespace of its own that ends with it."""
        enter = ["unshare", "--mount", "bash", "-c", _ENTER, "enter", str(self.root), *command]
        environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "HOME": "/root"}
        # systemctl as in an image that is being built: it changes files and asks nobody.
        environment["SYSTEMD_OFFLINE"] = "1"
        return subprocess.run(enter, capture_output=True, text=True, check=False, env=environment)

    def boot(self) -> subprocess.CompletedProcess[str]:
        """What happens at each boot until the microscope would start: cloud-init's bootcmd, then our service."""
        self.run("bash", "/boot/firmware/eyepiece/install").check_returncode()
        return self.run("/usr/local/lib/eyepiece/first-boot")

    def take_card(self, folder: Path) -> None:
        """Put a card's files where Raspberry Pi OS mounts them."""
        shutil.copytree(folder, self.path("boot/firmware"), dirs_exist_ok=True)

    def forget_the_network(self) -> None:
        """As without Internet: apt knows nothing but what is installed."""
        for pattern in ("etc/apt/sources.list*", "etc/apt/sources.list.d/*", "var/lib/apt/lists/*_*"):
            for path in self.root.glob(pattern):
                if path.is_file():
                    path.unlink()

    def path(self, name: str) -> Path:
        """A path inside, from outside."""
        return self.root / name

    def answer(self, name: str, text: str = "") -> None:
        """What a stand-in says, or a fact that it asks about."""
        self.path(f"stand-in/{name}").write_text(text)

    def calls(self) -> list[str]:
        """What the stand-ins were asked since the last time."""
        path = self.path("stand-in/calls")
        found = path.read_text().splitlines()
        path.write_text("")
        return found

    def console(self) -> str:
        """What the last command put on the console."""
        return self.path("console").read_text()


def in_order(calls: list[str], *expected: str) -> bool:
    """Whether calls that begin so were made, in this order."""
    waiting = iter(calls)
    return all(any(call.startswith(wanted) for call in waiting) for wanted in expected)
