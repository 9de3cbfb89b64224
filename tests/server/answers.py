"""What a server answers, looked into."""

import io
from typing import Any

import httpx
import numpy as np
from PIL import Image


def problem(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """The problem details of a refusal."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    details: dict[str, Any] = answer.json()
    assert details["type"] == f"urn:eyepiece:{kind}"
    assert details["status"] == status
    assert details["detail"]
    return details


def brightness(http: httpx.Client) -> float:
    """Mean grey of the next frame."""
    return float(np.asarray(Image.open(io.BytesIO(http.get("/snapshot.jpg").content)).convert("L")).mean())
