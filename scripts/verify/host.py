"""What runs the appliance on the host: Docker, .env, the mDNS name. A container cannot see them."""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.verify.report import Failed, Line, NotAsked

_ROOT = Path(__file__).resolve().parents[2]
_AVAHI = Path("/run/avahi-daemon/socket")
_TIMEOUT_S = 120.0


def in_container() -> bool:
    """Whether this is the appliance's own container and not its host: the image has no compose file."""
    return not (_ROOT / "compose.yaml").exists()


def require_host() -> None:
    """Raise where this runs in the container."""
    if in_container():
        raise NotAsked("a container does not see this: run scripts/verify-pi on the Raspberry Pi itself")


def docker() -> str:
    """The versions of Docker and its compose plugin."""
    require_host()
    engine = _said("docker", "version", "--format", "{{.Server.Version}}")
    return f"Docker {engine}, Compose {_said('docker', 'compose', 'version', '--short')}"


def env() -> str:
    """Whether .env is of this boot: the kernel deals out device numbers anew."""
    require_host()
    file = _ROOT / ".env"
    if not file.exists():
        raise Failed("there is no .env: run scripts/write-env, then docker compose up -d")
    now = _settings(_said(str(_ROOT / "scripts/write-env"), "--dry-run"))
    written = _settings(file.read_text())
    stale = [
        f"{name} is {written.get(name, 'missing')} and not {value}"
        for name, value in now.items()
        if written.get(name) != value
    ]
    if stale:
        raise Failed(f"is not of this boot ({'; '.join(stale)}): run scripts/write-env, then docker compose up -d")
    return ", ".join(f"{name}={value}" for name, value in now.items())


def _settings(text: str) -> dict[str, str]:
    """The settings of a .env; the last of a name counts."""
    lines = [line.partition("=") for line in text.splitlines() if "=" in line and not line.startswith("#")]
    return {name: value for name, _, value in lines}


def mdns(avahi: Path = _AVAHI) -> str:
    """The name that the board has on the LAN, as its own mDNS daemon resolves it."""
    require_host()
    name = f"{socket.gethostname().split('.')[0]}.local"
    try:
        with socket.socket(socket.AF_UNIX) as daemon:
            daemon.settimeout(10)
            daemon.connect(str(avahi))
            daemon.sendall(f"RESOLVE-HOSTNAME-IPV4 {name}\n".encode())
            answer = daemon.recv(1000).decode(errors="replace").strip()
    except OSError as error:
        raise Failed(f"the mDNS daemon (avahi-daemon) does not answer for {name}: {error}") from error
    if not answer.startswith("+"):
        raise Failed(f"{name} is not to be had: {answer}")
    return f"{name} is {answer.split()[-1]}"


def look_inside(names: Sequence[str], options: Sequence[str]) -> list[Line]:
    """What ``scripts.verify.inside`` says where the appliance runs: in its container, else in its virtual environment.

    A line for each of ``names``, whatever happens.
    """
    module = ["-m", "scripts.verify.inside", *options]
    venv = _ROOT / ".venv/bin/python"
    if in_container():
        command = [sys.executable, *module]
    elif _container_runs():
        command = ["docker", "compose", "exec", "-T", "eyepiece", "python", *module]
    elif venv.exists():
        command = [str(venv), *module]
    else:
        reason = "could not be checked: the container does not run (docker compose up -d), and there is no .venv"
        return [Line(name, "FAILED", reason) for name in names]
    try:
        lines = [Line(**item) for item in json.loads(_said(*command).splitlines()[-1])]
    except (Failed, ValueError, TypeError, IndexError) as error:
        lines = [Line(name, "FAILED", f"could not be checked: {error}") for name in names]
    told = {line.name for line in lines}
    return lines + [Line(name, "FAILED", "could not be checked: no answer") for name in names if name not in told]


def _container_runs() -> bool:
    try:
        return bool(_said("docker", "compose", "ps", "--status", "running", "--quiet", "eyepiece"))
    except Failed:
        return False


def _said(*command: str) -> str:
    """What a command says; raises ``Failed`` with its complaint."""
    if shutil.which(command[0]) is None:
        raise Failed(f"{command[0]} is not installed")
    try:
        result = subprocess.run(
            command, cwd=_ROOT, capture_output=True, text=True, timeout=_TIMEOUT_S, check=True, stdin=subprocess.DEVNULL
        )
    except subprocess.CalledProcessError as error:
        complaint = (error.stderr or error.stdout).strip().splitlines() or [f"exit code {error.returncode}"]
        raise Failed(f"{' '.join(command[:3])}: {complaint[-1]}") from error
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{' '.join(command[:3])} did not end within {_TIMEOUT_S:g} s") from error
    return result.stdout.strip()
