"""scripts.verify.board and scripts.verify.host, on a board made of files."""

import platform
import socket
import threading
from pathlib import Path

import pytest

from scripts.verify import board, host
from scripts.verify.report import Failed, NotAsked

PI = "Raspberry Pi 4 Model B Rev 1.4"


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize(
    "file", [{"proc/device-tree/model": f"{PI}\0"}, {"proc/cpuinfo": f"Revision\t: c03114\nModel\t\t: {PI}\n"}]
)
def test_a_raspberry_pi_is_known_by_its_tree_or_its_processor(tmp_path: Path, file: dict[str, str]) -> None:
    write(tmp_path, file | {"proc/meminfo": "MemTotal:        3885396 kB\n"})
    assert board.model(tmp_path) == f"{PI}, {platform.machine()}, 3885396 kB of memory"


def test_any_other_board_is_none(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="no Raspberry Pi: unknown"):
        board.model(tmp_path)
    write(tmp_path, {"proc/cpuinfo": "model name\t: Some CPU\n"})
    with pytest.raises(Failed, match="no Raspberry Pi: Some CPU"):
        board.model(tmp_path)


def test_the_system_has_to_be_a_64_bit_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"etc/os-release": 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\n'})
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    assert board.system(tmp_path).startswith("Debian GNU/Linux 13 (trixie), kernel ")
    monkeypatch.setattr(platform, "machine", lambda: "armv7l")
    with pytest.raises(Failed, match="armv7l: the image is for aarch64"):
        board.system(tmp_path)


def test_the_watchdog_has_to_be_fed(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="dtparam=watchdog"):
        board.watchdog(tmp_path)
    folder = "sys/class/watchdog/watchdog0"
    facts = {f"{folder}/identity": "Broadcom BCM2835 Watchdog timer\n", f"{folder}/timeout": "15\n"}
    write(tmp_path, facts | {f"{folder}/state": "inactive\n"})
    with pytest.raises(Failed, match=r"inactive, 15 s: nobody feeds it"):
        board.watchdog(tmp_path)
    write(tmp_path, {f"{folder}/state": "active\n"})
    assert board.watchdog(tmp_path) == "watchdog0 (Broadcom BCM2835 Watchdog timer): active, 15 s"


def test_a_full_disk_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "GB free at" in board.disk(tmp_path)
    monkeypatch.setattr(board, "_LEAST_FREE_BYTES", 10**18)
    with pytest.raises(Failed, match="too little"):
        board.disk(tmp_path)


class Avahi:
    """An mDNS daemon's socket that gives one answer."""

    def __init__(self, folder: Path, answer: str) -> None:
        self.path = folder / "socket"
        self.asked = b""
        self._answer = answer
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            self.asked = connection.recv(1000)
            connection.sendall(self._answer.encode())

    def close(self) -> None:
        self._thread.join()
        self._listener.close()


def test_the_mdns_name_is_asked_of_the_boards_own_daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "in_container", lambda: False)
    monkeypatch.setattr(socket, "gethostname", lambda: "eyepiece")
    avahi = Avahi(tmp_path, "+ 2 0 eyepiece.local 192.168.1.7\n")
    assert host.mdns(avahi.path) == "eyepiece.local is 192.168.1.7"
    avahi.close()
    assert avahi.asked == b"RESOLVE-HOSTNAME-IPV4 eyepiece.local\n"
    avahi.path.unlink()
    avahi = Avahi(tmp_path, "-15 Timeout reached\n")
    with pytest.raises(Failed, match=r"eyepiece.local is not to be had: -15"):
        host.mdns(avahi.path)
    avahi.close()
    with pytest.raises(Failed, match="does not answer"):
        host.mdns(tmp_path / "nothing")


def test_a_container_does_not_check_its_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "in_container", lambda: True)
    for look in (host.docker, host.env, host.mdns):
        with pytest.raises(NotAsked, match="on the Raspberry Pi itself"):
            look()


def test_an_env_of_another_boot_is_named_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "in_container", lambda: False)
    monkeypatch.setattr(host, "_ROOT", tmp_path)
    with pytest.raises(Failed, match=r"there is no \.env"):
        host.env()
    script = tmp_path / "scripts/write-env"
    write(tmp_path, {"scripts/write-env": "#!/bin/sh\necho '# Written'\necho MEDIA_MAJOR=236\necho GPIO_GID=986\n"})
    script.chmod(0o755)
    write(tmp_path, {".env": "GPIO_GID=986\n# Written\nMEDIA_MAJOR=236\nMINE=1\n"})
    assert host.env() == "MEDIA_MAJOR=236, GPIO_GID=986"
    write(tmp_path, {".env": "MEDIA_MAJOR=236\nMEDIA_MAJOR=240\n"})
    with pytest.raises(Failed, match=r"MEDIA_MAJOR is 240 and not 236; GPIO_GID is missing and not 986"):
        host.env()


def test_each_check_inside_gets_a_line_whatever_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "in_container", lambda: False)
    monkeypatch.setattr(host, "_container_runs", lambda: False)
    monkeypatch.setattr(host, "_ROOT", tmp_path)
    names = ["cameras", "pins"]

    def outcomes() -> list[tuple[str, str]]:
        return [(line.name, line.outcome) for line in host.look_inside(names, [])]

    assert outcomes() == [("cameras", "FAILED"), ("pins", "FAILED")]
    python = tmp_path / ".venv/bin/python"
    for said in ("", "echo nonsense", 'echo "[1]"', "exit 3"):
        write(tmp_path, {".venv/bin/python": f"#!/bin/sh\n{said}\n"})
        python.chmod(0o755)
        assert outcomes() == [("cameras", "FAILED"), ("pins", "FAILED")]
    line = '[{"name": "cameras", "outcome": "ok", "text": "one"}]'
    write(tmp_path, {".venv/bin/python": f"#!/bin/sh\necho a library speaks\necho '{line}'\n"})
    assert outcomes() == [("cameras", "ok"), ("pins", "FAILED")]
