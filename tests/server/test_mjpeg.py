"""Frames over plain HTTP, with the programs that use them."""

import io
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from PIL import Image

from tests.conftest import PATIENCE_S, wait_until
from tests.serving import Served, serving

NO_CAMERA = """
[light]
driver = "simulated"
"""


def parts(answer: httpx.Response) -> Iterator[tuple[float, bytes]]:
    """Timestamp and JPEG of each part."""
    assert answer.headers["content-type"] == "multipart/x-mixed-replace; boundary=frame"
    buffer = b""
    for chunk in answer.iter_bytes():
        buffer += chunk
        while b"\r\n\r\n" in buffer:
            head, rest = buffer.split(b"\r\n\r\n", 1)
            fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n") if b": " in line)
            length = int(fields[b"Content-Length"])
            if len(rest) < length + 2:
                break
            yield float(fields[b"X-Timestamp"]), rest[:length]
            buffer = rest[length + 2 :]


@contextmanager
def watching(url: str) -> Iterator[Iterator[tuple[float, bytes]]]:
    with httpx.stream("GET", f"{url}/stream.mjpg", timeout=PATIENCE_S) as answer:
        yield parts(answer)


def test_ffmpeg_decodes_a_hundred_frames(served: Served) -> None:
    command = [
        "ffmpeg",
        "-nostdin",
        "-v",
        "error",
        "-xerror",
        "-stats_period",
        "1000",
        "-i",
        f"{served.url}/stream.mjpg",
    ]
    command += ["-frames:v", "100", "-progress", "-", "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=4 * PATIENCE_S, check=False)
    assert done.returncode == 0, done.stderr
    assert "frame=100\n" in done.stdout
    assert done.stderr == ""


def test_each_viewer_gets_the_same_newest_frames(served: Served) -> None:
    with watching(served.url) as one, watching(served.url) as two:
        first, second = zip(*((next(one), next(two)) for _ in range(40)), strict=True)
    times = [at for at, _ in first]
    assert times == sorted(set(times))
    # Two that shared a queue would split the frames between them.
    shared = {at for at, _ in first} & {at for at, _ in second}
    assert len(shared) >= 5
    for _, jpeg in (first[0], second[-1]):
        picture = Image.open(io.BytesIO(jpeg))
        picture.load()
        assert picture.size == (1280, 720)


def test_snapshots_are_fresh(http: httpx.Client) -> None:
    answer = http.get("/snapshot.jpg")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "no-store"
    assert Image.open(io.BytesIO(answer.content)).size == (1280, 720)
    assert http.get("/snapshot.jpg").content != answer.content


def test_many_snapshots_at_once(served: Served) -> None:
    codes: list[int] = []

    def ask() -> None:
        codes.append(httpx.get(f"{served.url}/snapshot.jpg", timeout=PATIENCE_S).status_code)

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 20


@pytest.mark.parametrize("path", ["/snapshot.jpg", "/stream.mjpg", "/api/camera/still"])
def test_absent_camera_is_an_error_and_not_a_silence(tmp_path_factory: pytest.TempPathFactory, path: str) -> None:
    data = tmp_path_factory.mktemp("no_camera")
    (data / "microscope.toml").write_text(NO_CAMERA)
    with serving(data, "--config", str(data / "microscope.toml")) as served:
        answer = httpx.request("POST" if "still" in path else "GET", served.url + path, timeout=PATIENCE_S)
        assert answer.status_code == 409
        assert answer.json()["type"] == "urn:eyepiece:device-absent"
        assert answer.json()["detail"] == "this microscope has no camera; name one in the rig file"
        assert httpx.get(f"{served.url}/api/stage").json()["status"] == "absent"
        assert wait_until(lambda: httpx.get(f"{served.url}/api/light").json()["status"] == "ready")
