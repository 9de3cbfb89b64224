"""What pydantic finds wrong, for programs: a stable name of it and its values."""

from typing import Any


def facts_of(finding: Any, key: str) -> dict[str, Any]:
    """The ``reason`` of one of a ``ValidationError``'s findings, the ``key`` that it is about, and what is allowed."""
    context = finding.get("ctx", {})
    allowed = {name: value for name, value in context.items() if isinstance(value, str | int | float)}
    return {**allowed, "reason": finding["type"], "key": key}
