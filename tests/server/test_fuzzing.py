"""Requests, events and acknowledgements that nobody thought of: all are answered, none by an error of the server."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from app.inbound import MalformedPacket, ViewerPacket, is_engine_packet, is_engine_payload
from tests.conftest import PATIENCE_S
from tests.server.viewers import BareViewer
from tests.serving import Served, serving

_LEFT_OUT = {"/api/restart", "/stream.mjpg", "/api/restore"}
"""What ends the process, what never ends, and what takes a zip, of which test_web_attacks.py has some."""
_SLOW = {"/api/camera/still", "/api/camera/white-balance", "/api/camera/autofocus", "/api/backup"}
_MOTIONS = {"/api/stage/move", "/api/stage/home"}
_MOTION_S = 1.0
"""How long a motion is waited for: a long one is as good as a short one."""
_EVENTS = (
    *("stop", "emergency_stop", "jog", "ask_control", "release_control", "give_control"),
    *("subscribe", "unsubscribe", "clock", "frame_ack", "connect", "disconnect"),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("fuzzed") / "data") as served:
        yield served


def fuzzing(examples: int) -> settings:
    """The same examples each time, however long each takes."""
    return settings(
        max_examples=examples, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_request_makes_an_error_of_the_server(served: Served, mode: GenerationMode) -> None:
    """All that the interface says of itself is taken at its word, or on purpose not."""
    schema = schemathesis.openapi.from_url(f"{served.url}/openapi.json")
    tried = set()
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        if operation.path in _LEFT_OUT:
            continue

        @fuzzing(2 if operation.path in _SLOW else 12)
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: Any) -> None:
            try:
                answer = case.call(timeout=_MOTION_S if case.path in _MOTIONS else PATIENCE_S)
            except requests.ReadTimeout:
                assert case.path in _MOTIONS
                httpx.post(f"{served.url}/api/stage/stop").raise_for_status()
                return
            assert answer.status_code < 500, f"{case.as_curl_command()}\n{answer.status_code} {answer.text[:500]}"
            if answer.status_code >= 400 and answer.status_code != 413:
                assert answer.headers["content-type"] == ["application/problem+json"], answer.text[:500]
            tried.add((case.method, case.path))

        with suppress(Unsatisfiable):  # nothing that it takes can be wrong
            check()
    assert len(tried) > 10, tried
    assert httpx.get(f"{served.url}/healthz").json()["status"] == "ok"
    assert "Traceback" not in served.log


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_likely = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("x_um", "y_um", "z_um", "frame_id", "received_at", "painted_at", "size"), _json),
    },
)


def test_no_event_or_acknowledgement_harms_the_connection_or_the_others(served: Served) -> None:
    """Each is answered or ignored: afterwards the same viewer is still served, by a stage that still obeys."""
    viewer = BareViewer(served.url)
    number = 0

    @fuzzing(250)
    @given(event=st.sampled_from(_EVENTS) | st.text(max_size=12), arguments=st.lists(_likely | _json, max_size=3))
    def check(event: str, arguments: list[Any]) -> None:
        nonlocal number
        number += 1
        viewer.say(f"42{number}{json.dumps([event, *arguments])}")
        number += 1
        viewer.say(f'42{number}["clock"]')
        float(json.loads(viewer.read_until(f"43{number}")[len(f"43{number}") :])[0])

    check()
    viewer.end()
    assert httpx.post(f"{served.url}/api/stage/stop").status_code == 200
    assert httpx.get(f"{served.url}/healthz").json()["status"] == "ok"
    assert "Traceback" not in served.log
    assert "are sent away" not in served.log


@fuzzing(200)
@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda data: data.decode("latin-1")))
def test_what_is_no_packet_harms_only_its_own_connection(text: str) -> None:
    is_engine_packet({"text": text})
    is_engine_payload(text.encode(errors="replace"))
    packet = ViewerPacket()
    try:
        packet.decode(text)
    except MalformedPacket:
        return
    assert packet.packet_type in range(7)
