"""scripts/prepare-card on a mounted boot partition."""

import hashlib
import io
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

from tests.card.conftest import CMDLINE, CONFIG, KEY, PASSWORD, ROOT, contents, flash, prepare

RIG = ROOT / "firmware-config" / "microscope.toml"
PSK = hashlib.pbkdf2_hmac("sha1", PASSWORD.encode(), b"Room 7", 4096, 32).hex()


def test_the_files_say_what_was_asked_for(card: Path, key: Path) -> None:
    done = prepare(
        card, "--hostname", "scope-3", "--country", "de", "--wifi", "Room 7", "--wifi-password-file", "-",
        "--ssh-key", key, "--rig", RIG, "--camera", "imx477", stdin=PASSWORD + "\n",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    user = yaml.safe_load((card / "user-data").read_text())
    assert user["hostname"] == "scope-3"
    assert user["ssh_pwauth"] is False
    assert user["users"][0]["ssh_authorized_keys"] == [KEY]
    wlan = yaml.safe_load((card / "network-config").read_text())["network"]["wifis"]["wlan0"]
    assert wlan["access-points"] == {"Room 7": {"password": PSK}}
    assert wlan["regulatory-domain"] == "DE"
    instance = yaml.safe_load((card / "meta-data").read_text())["instance-id"]
    cmdline = (card / "cmdline.txt").read_text()
    assert cmdline == f"{CMDLINE.strip()} cfg80211.ieee80211_regdom=DE ds=nocloud;i={instance}\n"
    assert (card / "microscope.toml").read_bytes() == RIG.read_bytes()


def test_the_known_answer_of_the_key_derivation(card: Path) -> None:
    """IEEE 802.11-2020, J.4.2: password "password", SSID "IEEE"."""
    done = prepare(card, "--country", "US", "--wifi", "IEEE", "--wifi-password-file", "-", stdin="password")
    assert done.returncode == 0, done.stderr
    assert "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e" in (card / "network-config").read_text()


def test_a_second_run_changes_nothing(card: Path, key: Path) -> None:
    arguments = (card, "--country", "FR", "--ssh-key", key, "--rig", RIG, "--camera", "imx219,cam0")
    assert prepare(*arguments).returncode == 0
    before = contents(card)
    done = prepare(*arguments)
    assert "nothing was changed" in done.stdout
    assert contents(card) == before


def test_a_dry_run_changes_nothing_and_says_what_would(card: Path) -> None:
    before = contents(card)
    done = prepare(card, "--country", "FR", "--rig", RIG, "--dry-run")
    assert done.returncode == 0
    assert "write    microscope.toml" in done.stdout
    assert "replace  user-data" in done.stdout
    assert contents(card) == before


@pytest.mark.parametrize("dry_run", [[], ["--dry-run"]])
def test_no_secret_is_printed(card: Path, dry_run: list[str]) -> None:
    done = prepare(
        card, "--country", "FR", "--wifi", "Room 7", "--wifi-password-file", "-", *dry_run, stdin=PASSWORD
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Room 7" in done.stdout
    for secret in (PASSWORD, PSK):
        assert secret not in done.stdout + done.stderr
    assert all(PASSWORD.encode() not in content for content, _ in contents(card).values())


def test_other_values_replace_ours_and_nothing_else(card: Path) -> None:
    assert prepare(card, "--country", "FR", "--camera", "imx708").returncode == 0
    first = yaml.safe_load((card / "meta-data").read_text())["instance-id"]
    config = (card / "config.txt").read_text()
    assert "# eyepiece: camera_auto_detect=1\n" in config, "the system's own choice contradicts a named camera"
    (card / "config.txt").write_text("dtparam=spi=on\n" + config + "dtparam=i2c_arm=on\n")

    assert prepare(card, "--country", "DE", "--hostname", "other").returncode == 0
    config = (card / "config.txt").read_text()
    own, _, ours = config.partition("# >>> eyepiece")
    assert own == "dtparam=spi=on\n" + CONFIG + "\ndtparam=i2c_arm=on\n\n"
    active = [line for line in ours.splitlines() if line and not line.startswith("#")]
    assert active[1:] == ["[all]", "dtparam=watchdog=on", "camera_auto_detect=1"]
    cmdline = (card / "cmdline.txt").read_text()
    assert cmdline.count("ds=nocloud") == cmdline.count("regdom=") == 1
    assert first not in cmdline, "cloud-init would not look at the new values"


def test_one_camera_is_active(card: Path) -> None:
    assert prepare(card, "--country", "FR", "--camera", "imx296,cam0").returncode == 0
    ours = (card / "config.txt").read_text().partition("# >>> eyepiece")[2].splitlines()[1:]
    active = [line for line in ours if line and not line.startswith("#")]
    assert active == ["[all]", "dtparam=watchdog=on", "camera_auto_detect=0", "dtoverlay=imx296,cam0"]
    assert not any("gpu_mem=" in line for line in ours)


def test_an_instance_named_by_the_imager_is_ours_now(card: Path) -> None:
    (card / "cmdline.txt").write_text(CMDLINE.strip() + " cfg80211.ieee80211_regdom=GB ds=nocloud;i=rpi-imager-17\n")
    assert prepare(card, "--country", "FR").returncode == 0
    cmdline = (card / "cmdline.txt").read_text()
    assert "rpi-imager" not in cmdline
    assert "=GB" not in cmdline
    assert cmdline.count("\n") == 1


def test_the_owners_rig_file_stays_without_rig(card: Path) -> None:
    (card / "microscope.toml").write_text("# mine\n")
    assert prepare(card, "--country", "FR").returncode == 0
    assert (card / "microscope.toml").read_text() == "# mine\n"


def test_another_image_takes_the_place_of_the_last(card: Path, tmp_path: Path) -> None:
    for name in ("a.tar.gz", "b.tar.zst"):
        (tmp_path / name).write_bytes(name.encode())
        assert prepare(card, "--country", "FR", "--image", tmp_path / name).returncode == 0
    images = {path.name: path.read_text() for path in (card / "eyepiece").glob("image*")}
    assert images == {"image.tar.zst": "b.tar.zst"}


def test_packages_go_to_their_folder(card: Path, tmp_path: Path) -> None:
    folder = tmp_path / "debs"
    folder.mkdir()
    for name in ("docker.io_26.1.5+dfsg1-9_arm64.deb", "tini_1%3a0.19_all.deb"):
        (folder / name).write_bytes(b"!<arch>")
    assert prepare(card, "--country", "FR", "--debs", folder).returncode == 0
    names = {path.name for path in (card / "eyepiece" / "debs").iterdir()}
    assert names == {path.name for path in folder.iterdir()}


def test_the_archive_holds_what_the_image_is_built_from(card: Path) -> None:
    assert prepare(card, "--country", "FR").returncode == 0
    with tarfile.open(fileobj=io.BytesIO((card / "eyepiece" / "appliance.tar.gz").read_bytes())) as archive:
        names = set(archive.getnames())
        assert {"compose.yaml", "Dockerfile", "requirements/pi.lock", "app/__main__.py", "hw/config.py"} <= names
        assert not any("__pycache__" in name or name.startswith(".") for name in names - {".dockerignore"})
        compose = archive.extractfile("compose.yaml")
        assert compose is not None
        assert compose.read() == (ROOT / "compose.yaml").read_bytes()


def test_at_a_terminal_it_asks_and_does_not_show_the_password(card: Path) -> None:
    command = f"{sys.executable} -m scripts.card {card} --wifi 'Room 7'"
    terminal = ["script", "--quiet", "--return", "--command", command, "/dev/null"]
    with subprocess.Popen(terminal, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as asked:
        assert asked.stdin is not None
        assert asked.stdout is not None
        shown = ""
        for question, answer in (
            ("[eyepiece]: ", "scope"),
            ("two letters: ", "at"),
            ("Password of Room 7: ", PASSWORD),
        ):
            while not shown.endswith(question):
                shown += (character := asked.stdout.read(1))
                assert character, shown
            asked.stdin.write(answer + "\n")
            asked.stdin.flush()
        asked.stdin.close()
        shown += asked.stdout.read()
    assert asked.returncode == 0, shown
    assert PASSWORD not in shown
    assert "http://scope.local:8000" in shown
    assert PSK in (card / "network-config").read_text()


BAD = {
    "hostname": (["--hostname", "Eye_piece"], "--hostname 'Eye_piece': 1 to 60 of a-z"),
    "hyphen": (["--hostname", "eye-"], "none at the ends"),
    "country": (["--country", "XX"], "--country 'XX': the two letters"),
    "no country": (["--country", ""], "--country ''"),
    "camera": (["--camera", "imx999"], "--camera 'imx999': one of auto, imx219"),
    "connector": (["--camera", "imx219,cam7"], ",cam0 or ,cam1"),
    "short password": (["--wifi", "x", "--wifi-password-file", "-"], "8 to 63 printable ASCII"),
    "long network": (["--wifi", "ü" * 17, "--wifi-password-file", "-"], "1 to 32 bytes"),
    "nobody to ask": (["--wifi", "x"], "--wifi-password-file"),
    "missing image": (["--image", "/nowhere/image.tar"], "--image /nowhere/image.tar"),
    "missing packages": (["--debs", "/nowhere"], "a folder with Debian packages"),
    "missing key": (["--ssh-key", "/nowhere/id.pub"], "cannot be read"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_and_nothing_changed(card: Path, name: str) -> None:
    arguments, message = BAD[name]
    before = contents(card)
    done = prepare(card, "--country", "FR", *arguments, stdin="short\n")
    assert done.returncode == 2
    assert message in done.stderr
    assert contents(card) == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-----BEGIN OPENSSH PRIVATE KEY-----\n", "private key"),
        ("ssh-ed25519 AAAAB3NzaC1yc2E=\n", "key 1 is none of"),
        (f"{KEY}\nhello\n", "key 2 is none of"),
        ("# nothing\n", "there is no key"),
    ],
)
def test_a_wrong_key_is_refused(card: Path, tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "key"
    path.write_text(text)
    done = prepare(card, "--country", "FR", "--ssh-key", path)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_wrong_rig_file_is_refused_with_its_line(card: Path, tmp_path: Path) -> None:
    path = tmp_path / "rig.toml"
    path.write_text('[camera]\ndriver = "picamera2"\nwidht = 1280\n')
    before = contents(card)
    done = prepare(card, "--country", "FR", "--rig", path)
    assert done.returncode == 2
    assert f"{path}:3: camera.widht: unknown key" in done.stderr
    assert contents(card) == before


@pytest.mark.parametrize(
    ("missing", "message"),
    [("config.txt", "not the boot partition"), ("cmdline.txt", "not the boot partition"), ("cloud-init", "trixie")],
)
def test_a_folder_that_is_no_such_card_is_refused(card: Path, missing: str, message: str) -> None:
    for name in ["user-data", "meta-data"] if missing == "cloud-init" else [missing]:
        (card / name).unlink()
    done = prepare(card, "--country", "FR")
    assert done.returncode == 2
    assert message in done.stderr


def test_marks_that_somebody_broke_are_refused(card: Path) -> None:
    assert prepare(card, "--country", "FR").returncode == 0
    config = card / "config.txt"
    config.write_text(config.read_text().replace("# <<< eyepiece\n", ""))
    done = prepare(card, "--country", "FR")
    assert done.returncode == 2
    assert "mend it by hand" in done.stderr


def test_line_ends_of_windows_are_understood(card: Path) -> None:
    (card / "config.txt").write_bytes(CONFIG.replace("\n", "\r\n").encode() + b"# M\xfcller\r\n")
    assert prepare(card, "--country", "FR", "--camera", "imx219").returncode == 0
    config = (card / "config.txt").read_bytes()
    assert b"\r" not in config
    assert b"\n# M\xfcller\n" in config


def test_a_card_that_is_not_there(tmp_path: Path) -> None:
    done = prepare(tmp_path / "nowhere", "--country", "FR")
    assert done.returncode == 2
    assert "cannot be read" in done.stderr


def test_a_file_that_is_no_image(tmp_path: Path) -> None:
    path = tmp_path / "image.img"
    path.write_bytes(b"\0" * 4096)
    done = prepare(path, "--country", "FR")
    assert done.returncode == 2
    assert "neither a mounted boot partition nor an image" in done.stderr


def test_without_the_projects_set_up_the_rig_file_is_still_read(card: Path, tmp_path: Path) -> None:
    """As on a computer with Python alone, without pydantic."""
    code = "import sys; sys.modules['pydantic'] = None; from scripts.card.__main__ import main; sys.exit(main())"
    bad = tmp_path / "bad.toml"
    bad.write_text("[camera\n")
    for path, expected in ((RIG, 0), (bad, 2)):
        flash(card)
        command = [sys.executable, "-c", code, str(card), "--country", "FR", "--rig", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
        assert done.returncode == expected, done.stderr
        assert ("the microscope will say" in done.stdout) == (expected == 0)
