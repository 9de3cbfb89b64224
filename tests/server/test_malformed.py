"""Viewers that send what nothing can be made of: counted, told of once, sent away in the end, never felt by others."""

from collections import deque

import httpx
import pytest
import websocket

from tests.conftest import PATIENCE_S, wait_until
from tests.server.test_flow import metric
from tests.server.viewers import BareViewer, bare_viewing
from tests.serving import Served

MALFORMED = [
    "4",
    "42[",
    "429",
    "42[]",
    '42{"a":1}',
    "42[7]",
    "49junk",
    "44",
    '451-["frame_ack",{"_placeholder":true,"num":0}]',
    "42" + "9" * 5000,
    "42" + "[" * 20_000,
    "43junk",
    "431{}",
]


def is_sent_away(viewer: BareViewer, texts: list[str]) -> bool:
    """Whether the server ends the connection of one who says this; else reading times out."""
    try:
        for text in texts:
            viewer.say(text)
        while True:
            viewer.read()
    except (websocket.WebSocketConnectionClosedException, ConnectionError):
        return True


def test_packets_without_sense_are_counted_and_told_of_once(served: Served, http: httpx.Client) -> None:
    counted, told = metric(http, "eyepiece_packets_malformed_total"), served.log.count("cannot be understood")
    with bare_viewing(served.url) as viewer:
        for text in MALFORMED:
            viewer.say(text)
        viewer.say('425["clock"]')
        viewer.read_until("435")
    assert metric(http, "eyepiece_packets_malformed_total") - counted == len(MALFORMED)
    assert served.log.count("cannot be understood") - told == 1


@pytest.mark.parametrize("text", ["7junk", "x", "9", ""])
def test_what_is_no_packet_ends_its_connection(served: Served, http: httpx.Client, text: str) -> None:
    counted = metric(http, "eyepiece_packets_malformed_total")
    with bare_viewing(served.url) as viewer:
        assert is_sent_away(viewer, [text])
    wait_until(lambda: metric(http, "eyepiece_packets_malformed_total") - counted == 1)


@pytest.mark.parametrize(
    "sent",
    [
        b"\x81\x02hi",  # not masked
        b"\xf1\x82\0\0\0\0hi",  # bits that nothing was agreed on for
        b"\x81\xff" + (1 << 62).to_bytes(8) + bytes(4),
        b"\x81\x82\0\0\0\0\xc3\x28",  # no UTF-8
        b"\x83\x80\0\0\0\0",  # an opcode that there is not
        b"\x81\x81\0\0\0\0" + b"3" + b"\x83\x80\0\0\0\0",  # behind a packet that is in order
    ],
)
def test_what_is_against_the_websocket_protocol_is_counted(served: Served, http: httpx.Client, sent: bytes) -> None:
    counted = metric(http, "eyepiece_packets_malformed_total")
    with bare_viewing(served.url) as viewer:
        assert viewer.socket.sock is not None
        viewer.socket.sock.sendall(sent)
        assert is_sent_away(viewer, [])
    wait_until(lambda: metric(http, "eyepiece_packets_malformed_total") - counted == 1)
    assert served.log.count("breaks the protocol")


def test_who_sends_nothing_else_is_sent_away(served: Served, http: httpx.Client) -> None:
    away = metric(http, "eyepiece_viewers_sent_away_total")
    with bare_viewing(served.url) as viewer:
        assert is_sent_away(viewer, ["42["] * 30)
    wait_until(lambda: metric(http, "eyepiece_viewers_sent_away_total") - away == 1)


def test_who_has_not_connected_may_not_say_nonsense(served: Served) -> None:
    address = served.url.replace("http:", "ws:") + "/socket.io/?EIO=4&transport=websocket"
    stranger = websocket.create_connection(address, timeout=PATIENCE_S)
    assert stranger.recv()
    stranger.send("42[")
    with pytest.raises((websocket.WebSocketConnectionClosedException, ConnectionError)):
        deque(iter(stranger.recv, None))
    stranger.shutdown()


@pytest.mark.parametrize("body", ["7junk", "x", "42[", "4", "\x1e\x1e", "b!!", "42[]\x1e42[]", "1\x1e40"])
def test_nonsense_by_polling_is_refused_or_ignored(served: Served, http: httpx.Client, body: str) -> None:
    opened = http.get("/socket.io/", params={"EIO": 4, "transport": "polling"}).text
    session = opened.split('"sid":"')[1].split('"')[0]
    query = {"EIO": "4", "transport": "polling", "sid": session}
    http.post("/socket.io/", params=query, content="40").raise_for_status()
    assert http.post("/socket.io/", params=query, content=body).status_code in (200, 400)
    assert http.get("/healthz").status_code == 200
    assert "Traceback" not in served.log


def test_refused_subscriptions_and_connections_are_counted(served: Served, http: httpx.Client) -> None:
    refused = metric(http, "eyepiece_subscriptions_refused_total")
    connected = metric(http, "eyepiece_viewers_connected_total")
    with bare_viewing(served.url) as viewer:
        viewer.say('421["subscribe","no such"]')
        assert "no stream 'no such'" in viewer.read_until("431")
    assert metric(http, "eyepiece_subscriptions_refused_total") - refused == 1
    assert metric(http, "eyepiece_viewers_connected_total") - connected == 1


def test_nothing_went_wrong_inside(served: Served) -> None:
    assert "Traceback" not in served.log
    assert "ERROR" not in served.log
