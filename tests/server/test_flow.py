"""Flow control and priority on a real server: slow, silent, flooding and fleeting viewers beside ordinary ones."""

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from statistics import median
from typing import Any

import httpx
import psutil
import pytest
import websocket

from scripts.benchmarks.proxy import SlowLink
from tests.conftest import PATIENCE_S, wait_until
from tests.server.viewers import BareViewer, bare_viewing, viewing
from tests.serving import Served

LINK_BYTES_PER_S = 1_000_000.0


@contextmanager
def slow_link(served: Served) -> Iterator[str]:
    """The address of the server behind a slow link."""
    link = SlowLink(httpx.URL(served.url).port or 0, LINK_BYTES_PER_S)
    link.start()
    try:
        yield f"http://127.0.0.1:{link.port}"
    finally:
        link.close()


def viewers(http: httpx.Client) -> list[dict[str, Any]]:
    """What the server tells of its viewers."""
    told: list[dict[str, Any]] = http.get("/api/figures").json()["now"]["viewers"]
    return told


def metric(http: httpx.Client, name: str) -> float:
    """One of the server's metrics, without labels or with the labels in its name."""
    line = next(line for line in http.get("/metrics").text.splitlines() if line.startswith(f"{name} "))
    return float(line.split()[-1])


def test_slow_link_sees_motion_while_a_fast_viewer_keeps_its_rate(served: Served, http: httpx.Client) -> None:
    superseded = "eyepiece_frames_superseded_total"
    with slow_link(served) as url, viewing(served) as fast, bare_viewing(url) as slow:
        fast.wait_for(10)
        before = len(fast.frames)
        late_loop = metric(http, superseded)
        seen: list[dict[str, Any]] = []
        while not _moves_after_ten_seconds(seen):
            seen.append(slow.read_frame())
            slow.say('42["frame_ack"]')
        late_loop = metric(http, superseded) - late_loop
        taken, made = len(fast.frames) - before, seen[-1]["frame_id"] - seen[0]["frame_id"]
    ids = [metadata["frame_id"] for metadata in seen]
    assert all(later > earlier for earlier, later in pairwise(ids))
    # The picture is more than twice what the link carries; so it is reduced, which brings most of the frames.
    assert seen[0]["size"] == "full"
    assert seen[-1]["size"] == "reduced"
    assert (seen[-1]["width"], seen[-1]["height"]) == (640, 360)
    steps = [later - earlier for earlier, later in pairwise(ids)]
    assert median(steps[:6]) > 2
    # All that it missed was told, but for a frame or so as the size changed and what the loop itself came late for.
    missed = sum(step - 1 for step in steps)
    assert 0.9 * missed - late_loop <= seen[-1]["dropped"] - seen[0]["dropped"] <= missed
    assert taken >= 0.7 * made


def _moves_after_ten_seconds(seen: list[dict[str, Any]]) -> bool:
    """Whether the latest frames are reduced, and most of those that the camera makes."""
    if len(seen) < 5 or seen[-1]["captured_at"] - seen[0]["captured_at"] < 10.0 or seen[-1]["size"] != "reduced":
        return False
    ids = [metadata["frame_id"] for metadata in seen[-31:]]
    return bool(median(later - earlier for earlier, later in pairwise(ids)) <= 2)


def test_wanted_size_is_kept(served: Served) -> None:
    with viewing(served) as viewer:
        for size, width in (("reduced", 640), ("full", 1280)):
            assert viewer.client.call("subscribe", ("live", {"size": size}), timeout=int(PATIENCE_S)) == {"ok": True}
            viewer.wait_for(1)
            while viewer.frames[-1]["width"] != width:
                viewer.wait_for(1)
        answer = viewer.client.call("subscribe", ("live", {"size": "huge"}), timeout=int(PATIENCE_S))
        assert answer == {"ok": False, "error": "no size 'huge'", "allowed": ["auto", "full", "reduced"]}
        for options in (7, {"size": ["full"]}, {"size": None}, ["full"]):
            assert not viewer.client.call("subscribe", ("live", options), timeout=int(PATIENCE_S))["ok"]
        viewer.wait_for(10)
        assert viewer.frames[-1]["width"] == 1280


def test_signal_overtakes_the_frames_that_wait_for_a_full_link(served: Served, http: httpx.Client) -> None:
    with slow_link(served) as url, bare_viewing(url) as slow:
        slow.say('42["subscribe","live",{"size":"full"}]')
        for _ in range(10):
            slow.read_frame()
            slow.say('42["frame_ack"]')
        for brightness in (0.31, 0.32, 0.33):
            http.put("/api/light", json={"brightness": brightness}).raise_for_status()
            frames = 0
            while f'\\"brightness\\":{brightness}' not in str(message := slow.read()):
                if str(message).startswith("451-"):
                    frames += 1
                    slow.say('42["frame_ack"]')
            # No more than were on their way: the window of two, and one whose text was read before it was set.
            assert frames <= 3


def test_viewer_that_never_acknowledges_gets_its_window_and_no_more(served: Served) -> None:
    with bare_viewing(served.url) as silent, viewing(served) as other:
        other.wait_for(60)
        silent.say('421["no_such_event"]')
        silent.say('422["clock"]')
        frames = 0
        while not str(message := silent.read()).startswith("432"):
            frames += str(message).startswith("451-")
        assert frames == 2


def test_nothing_is_encoded_for_one_who_never_acknowledges_until_it_asks(served: Served, http: httpx.Client) -> None:
    captured, encoded = "eyepiece_frames_captured_total", 'eyepiece_frames_encoded_total{size="full"}'
    with bare_viewing(served.url) as silent:
        wait_until(lambda: [viewer["deaf"] for viewer in viewers(http)] == [True], "a viewer that is deaf")
        before, until = metric(http, encoded), metric(http, captured) + 20
        wait_until(lambda: metric(http, captured) > until, "twenty pictures")
        assert metric(http, encoded) - before <= 1, "one may have been under way"
        # One who begins to listen late asks again.
        silent.say('421["subscribe"]')
        frames = [silent.read_frame() for _ in range(4)]
        silent.say('42["frame_ack"]')
        frames.append(silent.read_frame())
        assert frames[2]["frame_id"] - frames[1]["frame_id"] > 20, "it is a new one"


@pytest.mark.parametrize(
    "acks", [['42["frame_ack",{"frame_id":1}]'], ['42["frame_ack"]', '42["frame_ack",{"frame_id":-7}]']]
)
def test_flood_of_acks_is_counted_and_not_felt(served: Served, http: httpx.Client, acks: list[str]) -> None:
    junk = metric(http, "eyepiece_acks_junk_total")
    with bare_viewing(served.url) as flooding, viewing(served) as other:
        other.wait_for(5)
        first = other.frames[-1]["frame_id"]
        before = len(other.frames)
        stop = threading.Event()
        reading = threading.Thread(target=_read_until, args=(flooding, stop))
        reading.start()
        for _ in range(10_000 // len(acks)):
            for ack in acks:
                flooding.say(ack)
        wait_until(lambda: metric(http, "eyepiece_acks_junk_total") - junk >= 10_000 // len(acks) - 1)
        other.wait_for(30)
        made = other.frames[-1]["frame_id"] - first
        taken = len(other.frames) - before
        stop.set()
        flooding.say('42["frame_ack"]')
        reading.join(PATIENCE_S)
        # Still served: it has to acknowledge what it was sent.
        assert http.get("/healthz").status_code == 200
    assert taken >= 0.5 * made


def _read_until(viewer: BareViewer, stop: threading.Event) -> None:
    while not stop.is_set():
        viewer.read()


def test_a_thousand_comers_and_goers_leave_nothing(served: Served, http: httpx.Client) -> None:
    server = psutil.Process(served.process.pid)
    with viewing(served) as other:
        for _ in range(50):
            BareViewer(served.url).end()
        wait_until(lambda: len(viewers(http)) == 1)
        files, threads, memory = server.num_fds(), server.num_threads(), server.memory_info().rss
        for n in range(1000):
            fleeting = BareViewer(served.url)
            if n % 3 == 0:
                fleeting.read_frame()
            if n % 5 == 0:
                fleeting.say("1")
            fleeting.end()
        wait_until(lambda: len(viewers(http)) == 1)
        wait_until(lambda: server.num_fds() <= files)
        assert server.num_threads() <= threads + 3  # workers that the pools had not needed yet
        assert server.memory_info().rss - memory < 12e6
        other.wait_for(20)


def test_nothing_is_encoded_for_nobody(served: Served, http: httpx.Client) -> None:
    wait_until(lambda: viewers(http) == [])
    sizes = [f'eyepiece_frames_encoded_total{{size="{size}"}}' for size in ("full", "reduced")]

    def encoded() -> list[float]:
        return [metric(http, size) for size in sizes]

    def captured() -> float:
        return metric(http, "eyepiece_frames_captured_total")

    def encoded_while(frames: int) -> list[float]:
        before, begun = encoded(), captured()
        wait_until(lambda: captured() > begun + frames)
        return [now - then for now, then in zip(encoded(), before, strict=True)]

    wait_until(lambda: encoded_while(2) == [0, 0], "the end of the last frame for the last viewer")
    assert encoded_while(20) == [0, 0]
    begun, before = captured(), encoded()
    with viewing(served) as one, viewing(served) as two:
        for viewer in (one, two):
            viewer.want_full_size()
        both, both_encoded = captured(), encoded()
        for viewer in (one, two):
            viewer.wait_for(30)
        ids = {metadata["frame_id"] for viewer in (one, two) for metadata in viewer.frames}
        full, reduced = encoded()
        made = captured()
    # A frame that was under way at the first look is counted at the second.
    assert full - both_encoded[0] <= made - both + 1
    assert len(ids) <= full - before[0] <= made - begun + 1
    assert reduced == before[1]


def test_clock_and_stop_by_the_socket(served: Served, http: httpx.Client) -> None:
    with viewing(served) as viewer:
        told = viewer.client.call("clock", timeout=int(PATIENCE_S))
        assert abs(told - http.get("/api/figures").json()["now"]["at"]) < PATIENCE_S
        moving = threading.Thread(target=lambda: http.post("/api/stage/move", json={"x_um": 9000}))
        moving.start()
        wait_until(lambda: httpx.get(f"{served.url}/api/stage").json()["status"] == "busy")
        assert viewer.client.call("stop", timeout=int(PATIENCE_S)) == {"ok": True}
        moving.join(PATIENCE_S)
        assert not moving.is_alive()
        assert httpx.get(f"{served.url}/api/stage").json()["status"] == "ready"


def test_viewer_that_began_by_polling_is_heard_on_its_websocket(served: Served, http: httpx.Client) -> None:
    with viewing(served, transports=["polling", "websocket"]) as viewer:
        viewer.wait_for(10)
        assert viewer.client.transport() == "websocket"
        wait_until(lambda: [told["kind"] for told in viewers(http) if told["acked"] >= 10] == ["websocket"])


def test_stream_that_is_left_with_requests_waiting_behind_it_is_forgotten(served: Served, http: httpx.Client) -> None:
    port = httpx.URL(served.url).port
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as connection:
            connection.sendall(
                b"GET /stream.mjpg HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
            )
            assert connection.recv(4096).startswith(b"HTTP/1.1 200")
            assert connection.recv(4096)
    wait_until(lambda: viewers(http) == [])


def test_streams_reset_at_once_are_no_error(served: Served, http: httpx.Client) -> None:
    port = httpx.URL(served.url).port
    for _ in range(30):
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(b"GET /stream.mjpg HTTP/1.1\r\nHost: localhost\r\n\r\n")
    wait_until(lambda: viewers(http) == [])


def test_unsubscribed_at_once_means_no_frame_at_all(served: Served) -> None:
    address = served.url.replace("http:", "ws:") + "/socket.io/?EIO=4&transport=websocket"
    connection = websocket.create_connection(address, timeout=PATIENCE_S)
    # In one piece: a client that is kept from running between the two is subscribed for as long.
    said = [websocket.ABNF.create_frame(text, websocket.ABNF.OPCODE_TEXT) for text in ("40", '420["unsubscribe"]')]
    assert connection.sock is not None
    connection.sock.sendall(b"".join(frame.format() for frame in said))
    heard = []
    with viewing(served) as other:
        other.wait_for(30)
        connection.send('421["clock"]')
        while not str(message := connection.recv()).startswith("431"):
            heard.append(str(message)[:3])
    connection.shutdown()
    assert "430" in heard
    assert "451" not in heard


def test_second_socket_of_a_session_takes_nothing_from_the_first(served: Served, http: httpx.Client) -> None:
    """Two WebSockets try to take over one polling session; one of them does, the other goes away."""
    opened = json.loads(http.get("/socket.io/", params={"EIO": 4, "transport": "polling"}).text[1:])
    query = {"EIO": 4, "transport": "polling", "sid": opened["sid"]}
    http.post("/socket.io/", params=query, content="40").raise_for_status()
    address = served.url.replace("http:", "ws:") + f"/socket.io/?EIO=4&transport=websocket&sid={opened['sid']}"
    winner, loser = (websocket.create_connection(address, timeout=PATIENCE_S) for _ in range(2))
    for probing in (winner, loser):
        probing.send("2probe")
        assert probing.recv() == "3probe"
    winner.send("5")
    frames = 0
    while frames < 5:
        if str(winner.recv()).startswith("451-"):
            frames += 1
            winner.send('42["frame_ack"]')
            if frames == 2:
                loser.shutdown()
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(address, timeout=PATIENCE_S)
    while frames < 10:
        if str(winner.recv()).startswith("451-"):
            frames += 1
            winner.send('42["frame_ack"]')
    winner.shutdown()


def test_who_asks_and_takes_no_answers_is_sent_away(served: Served, http: httpx.Client) -> None:
    with viewing(served) as other:
        deaf = BareViewer(served.url)
        assert deaf.socket.sock is not None
        wait_until(lambda: len(viewers(http)) == 2)
        with suppress(OSError, websocket.WebSocketException):
            for _ in range(500):
                deaf.socket.sock.sendall(_masked('421["subscribe","live",{"size":"x"}]') * 200)
        wait_until(lambda: len(viewers(http)) == 1)
        deaf.end()
        other.wait_for(10)


def _masked(text: str) -> bytes:
    return bytes([0x81, 0x80 | len(text)]) + bytes(4) + text.encode()


def test_nothing_went_wrong_inside(served: Served) -> None:
    assert "Traceback" not in served.log
    assert "ERROR   app" not in served.log
