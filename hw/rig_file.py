"""The rig file as text: from its lines to a ``RigConfig``, or to the lines that are wrong."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from hw.config import PwmChannels, RigConfig, SangaboardStage, Uc2Stage, axis_tables
from hw.errors import ConfigError, Mistake
from hw.findings import facts_of


def load_rig(path: Path) -> RigConfig:
    """Read a rig file; raises ``ConfigError`` with all that is wrong, each with file, line and what is allowed."""
    try:
        data = path.read_bytes()
    except OSError as error:
        cause = str(error.strerror or error)
        facts = {"reason": "unreadable", "cause": cause}
        raise ConfigError([Mistake(str(path), None, f"cannot be read: {cause}", facts)]) from error
    return parse_rig(data, str(path))


def parse_rig(data: bytes, file: str) -> RigConfig:
    """The rig that a file's content describes; ``file`` names it in the ``ConfigError`` that may be raised."""
    try:
        text = data.decode("utf-8-sig")  # with the mark that Windows' editors begin a file with, or without
        rig = RigConfig.model_validate(tomllib.loads(text))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        facts = {"reason": "not-utf-8"}
        raise ConfigError([Mistake(file, line, "not UTF-8 text; save it as UTF-8", facts)]) from error
    except tomllib.TOMLDecodeError as error:
        facts = {"reason": "not-toml", "cause": str(error)}
        mistake = Mistake(file, _toml_line(text, str(error)), f"not valid TOML: {error}", facts)
        raise ConfigError([mistake]) from error
    except ValidationError as error:
        raise ConfigError(_by_line(_explain(file, text, item) for item in error.errors())) from error
    if mistakes := _by_line(_used_twice(rig, file, text)):
        raise ConfigError(mistakes)
    return rig


def _by_line(mistakes: Iterable[Mistake]) -> list[Mistake]:
    return sorted(mistakes, key=lambda mistake: mistake.line or 0)


def _toml_line(text: str, message: str) -> int:
    """The line that the parser's message names; it says "end of document" where something is left open."""
    found = re.search(r"at line (\d+)", message)
    return int(found[1]) if found else max(1, len(text.splitlines()))


def _used_twice(rig: RigConfig, file: str, text: str) -> Iterator[Mistake]:
    owner: dict[str, str] = {}
    for where, thing in [*((where, f"GPIO {pin}") for where, pin in _pins(rig)), *_board_parts(rig)]:
        if thing in owner:
            told = f"{where}: {thing} is used already, by {owner[thing]}"
            facts = {"reason": "used-twice", "key": where, "thing": thing, "owner": owner[thing]}
            yield Mistake(file, _line_of(text, where.split(".")), told, facts)
        owner.setdefault(thing, where)


def _pins(rig: RigConfig) -> list[tuple[str, int]]:
    """Every GPIO line that the rig uses, with the key that names it."""
    tables: list[tuple[str, BaseModel]] = [("light", rig.light)]
    tables += [(f"stage.{axis}", table) for axis, table in axis_tables(rig.stage).items()]
    if isinstance(rig.light, PwmChannels):
        tables += [(f"light.channels.{name}", table) for name, table in rig.light.channels.items()]
    found = []
    for where, table in tables:
        for name, value in table:
            if name.endswith(("pin", "pins")) and value is not None:
                pins = value if isinstance(value, tuple) else (value,)
                found += [(f"{where}.{name}", pin) for pin in pins]
    return found


def _board_parts(rig: RigConfig) -> list[tuple[str, str]]:
    """Every motor and input of a serial board that the rig uses, with the key that names it."""
    found = []
    if isinstance(rig.stage, SangaboardStage | Uc2Stage):
        found = [
            (f"stage.{axis}.motor", f"the board's motor {table.motor or axis}")
            for axis, table in rig.stage.axes.items()
        ]
    if isinstance(rig.stage, Uc2Stage):
        inputs = {axis: table.switch_input for axis, table in rig.stage.axes.items()}
        found += [
            (f"stage.{axis}.switch_input", f"the board's input {n}") for axis, n in inputs.items() if n is not None
        ]
    return found


def _explain(file: str, text: str, item: Any) -> Mistake:
    """One of pydantic's findings: file, line, key, what is wrong, what is allowed."""
    keys, tables = _follow(item["loc"])
    message = item["msg"].removeprefix("Value error, ")
    choices = ""
    if item["type"] == "extra_forbidden":
        choices = ", ".join(sorted({key for t in tables for key in t.model_fields}))
        message = f"unknown key; allowed are {choices}"
    elif item["type"].startswith("union_tag"):
        keys.append("driver")
        choices = ", ".join(map(repr, map(_driver, tables)))
        message = f"must be one of {choices}"
    where = ".".join(keys)
    facts = {"choices": choices, **facts_of(item, where)}
    return Mistake(file, _line_of(text, keys), f"{where + ': ' if where else ''}{message}", facts)


def _follow(location: tuple[str | int, ...]) -> tuple[list[str], list[type[BaseModel]]]:
    """The keys of a finding as the file has them, and the kinds of table that the last of them can be in.

    Beside the file's keys, pydantic names the driver that it chose a table by, and says where a key itself is wrong.
    """
    keys: list[str] = []
    named = False
    """Whether the next key is a name that the file gives to one of several tables."""
    inner: list[type[BaseModel]] = [RigConfig]
    outer = inner
    for part in location:
        chosen = [table for table in inner if _driver(table) == part]
        if chosen:
            inner = chosen
        if chosen or part == "[key]":
            continue
        keys.append(str(part))
        if named:
            named = False
            continue
        outer = inner
        named = any(_holds_names(known, str(part)) for known in outer)
        inner = [table for known in outer if part in known.model_fields for table in _tables_of(known, str(part))]
    return keys, inner or outer


def _tables_of(table: type[BaseModel], key: str) -> list[type[BaseModel]]:
    annotation = table.model_fields[key].annotation
    choices = get_args(annotation) or (annotation,)
    return [choice for choice in choices if isinstance(choice, type) and issubclass(choice, BaseModel)]


def _holds_names(table: type[BaseModel], key: str) -> bool:
    field = table.model_fields.get(key)
    return field is not None and get_origin(field.annotation) is dict


def _driver(table: type[BaseModel]) -> str | None:
    field = table.model_fields.get("driver")
    return None if field is None else str(get_args(field.annotation)[0])


def _line_of(text: str, keys: list[str]) -> int:
    """The line that sets ``keys``, else that of the nearest table around them, else 1."""
    table: list[str] = []
    best, best_depth = 1, 0
    for number, line in enumerate(text.splitlines(), start=1):
        if match := re.match(r"\s*\[([^\]]+)\]", line):
            table = [part.strip(" \"'") for part in match[1].split(".")]
            path = table
        elif match := re.match(r"\s*([\w.-]+)\s*=", line):
            path = [*table, *match[1].split(".")]
        else:
            continue
        if path == keys[: len(path)] and len(path) > best_depth:
            best, best_depth = number, len(path)
    return best
