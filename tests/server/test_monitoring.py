"""What ships for Prometheus and Grafana, against the metrics that a real server serves."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import yaml

from tests.serving import ROOT

_DASHBOARD = json.loads((ROOT / "scripts" / "grafana-dashboard.json").read_text())
_ALERTS = yaml.safe_load((ROOT / "scripts" / "prometheus-alerts.yml").read_text())
_METRIC = re.compile(r"\b(?:eyepiece|process|python)_\w+")
_ON_A_RASPBERRY_PI = {"eyepiece_board_temperature_celsius", "eyepiece_board_throttled"}
"""Only such a board tells."""


def _served(http: httpx.Client) -> set[str]:
    """The names under which samples are served, or would be as soon as there are any."""
    text = http.get("/metrics").raise_for_status().text
    names = set[str]()
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE):
        names |= {f"{name}_bucket", f"{name}_sum", f"{name}_count"} if kind == "histogram" else {name}
    return names | _ON_A_RASPBERRY_PI


def _panels() -> Iterator[dict[str, Any]]:
    return (panel for panel in _DASHBOARD["panels"] if panel["type"] != "row")


def _rules() -> list[dict[str, Any]]:
    return [rule for group in _ALERTS["groups"] for rule in group["rules"]]


def _named(expressions: Iterator[str]) -> set[str]:
    return {name for expression in expressions for name in _METRIC.findall(expression)}


def test_the_dashboard_shows_all_metrics_and_no_others(http: httpx.Client) -> None:
    served = _served(http)
    shown = _named(target["expr"] for panel in _panels() for target in panel["targets"])
    assert shown <= served
    own = {re.sub("_(bucket|sum|count)$", "", name) for name in served if name.startswith("eyepiece_")}
    assert own == {re.sub("_(bucket|sum|count)$", "", name) for name in shown if name.startswith("eyepiece_")}


def test_alerts_rest_on_metrics_that_there_are(http: httpx.Client) -> None:
    named = _named(rule["expr"] for rule in _rules())
    assert named <= _served(http)
    assert len(named) > 10


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    names = [rule["alert"] for rule in _rules()]
    assert len(set(names)) == len(names)
    for rule in _rules():
        assert rule["labels"]["severity"] in ("critical", "warning", "info"), rule["alert"]
        assert "$labels.instance" in rule["annotations"]["summary"], rule["alert"]
        assert rule["annotations"]["description"].endswith("."), rule["alert"]


def test_the_dashboard_can_be_imported_anywhere() -> None:
    variables = {variable["name"]: variable["type"] for variable in _DASHBOARD["templating"]["list"]}
    assert variables == {"datasource": "datasource", "instance": "query"}
    assert _DASHBOARD["id"] is None
    ids = [panel["id"] for panel in _DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    for panel in _panels():
        for source in (panel["datasource"], *(target["datasource"] for target in panel["targets"])):
            assert source == {"type": "prometheus", "uid": "${datasource}"}, panel["title"]


def test_panels_lie_side_by_side() -> None:
    taken = set[tuple[int, int]]()
    for panel in _DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
