"""Tuning: the file that tells libcamera how to process a sensor's pictures, and its lens shading."""

import copy
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hw.errors import ConfigError, Mistake

Tuning = dict[str, Any]
Table = Sequence[float]
"""Gains of a grid over the field, row by row from its top left."""

FOLDER = Path("/usr/share/libcamera/ipa/rpi")
VC4, PISP = "vc4", "pisp"
"""The image processors of Raspberry Pis up to 4, and of 5; also libcamera's folders for them."""
GRIDS = {VC4: (16, 12), PISP: (32, 32)}
"""Columns and rows of the lens-shading tables that each takes."""
_TARGETS = {VC4: "bcm2835", PISP: "pisp"}
_SHADING = "rpi.alsc"
_ANY_KELVIN = 4000


def tuning_path(name: str, board: str, rig_folder: Path) -> Path:
    """Where a tuning file of that name is: beside the rig's data, else among libcamera's own for this board.

    Raises ``ConfigError`` that names both places.
    """
    places = [rig_folder / name, FOLDER / board / name]
    for path in places:
        if path.is_file():
            return path
    raise ConfigError(
        [Mistake(name, None, f"there is no such tuning file: looked for {' and '.join(map(str, places))}")]
    )


def load_tuning(path: Path, board: str) -> Tuning:
    """Read a tuning file; raises ``ConfigError`` where it is none, or one for another board."""
    try:
        # As libcamera does, which reads it as YAML: a comma may follow the last of a row.
        tuning: Tuning = json.loads(re.sub(r",(\s*[}\]])", r"\1", path.read_text(encoding="utf-8")))
        target = tuning["target"]
        list(map(dict, tuning["algorithms"]))
    except OSError as error:
        raise ConfigError([Mistake(str(path), None, f"cannot be read: {error}")]) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError([Mistake(str(path), None, f"this is no tuning file of libcamera's: {error!r}")]) from error
    if target != _TARGETS[board]:
        wrong = f"made for {target!r}, and this board needs one for {_TARGETS[board]!r}"
        raise ConfigError([Mistake(str(path), None, wrong)])
    check_shading(tuning, board, str(path))
    return tuning


def check_shading(tuning: Tuning, board: str, where: str = "tuning") -> None:
    """Refuse lens-shading tables that are not of this board's size: libcamera would, or would read beyond them.

    Raises ``ConfigError``.
    """
    shading = _shading(tuning) or {}
    tables = {"luminance_lut": shading.get("luminance_lut")}
    for name in ("calibrations_Cr", "calibrations_Cb"):
        tables |= {f"{name} at {entry['ct']:g} K": entry["table"] for entry in shading.get(name, [])}
    for name, table in tables.items():
        if table is not None:
            _check_table(table, board, f"{where}: {_SHADING}: {name}")


def with_shading(tuning: Tuning, board: str, luminance: Table, red: Table, blue: Table) -> Tuning:
    """The same tuning with these gains against lens shading, exactly as they are.

    ``luminance`` multiplies all colours, ``red`` and ``blue`` theirs beside; measured on a blank field, each is the
    brightest cell's value over the cell's own. Raises ``ConfigError`` for a table that is not of this board's size.
    """
    for name, table in (("luminance", luminance), ("red", red), ("blue", blue)):
        _check_table(table, board, f"the lens-shading table for {name}")
    changed = copy.deepcopy(tuning)
    shading = _shading(changed)
    if shading is None:
        shading = {"omega": 1.3, "sigma": 0.005, "sigma_Cb": 0.005}
        changed["algorithms"].append({_SHADING: shading})
    shading |= {
        # No iterations: else the processor adapts the colours to each picture, and a specimen is no flat field.
        "n_iter": 0,
        "luminance_strength": 1.0,
        "luminance_lut": list(luminance),
        "calibrations_Cr": [{"ct": _ANY_KELVIN, "table": list(red)}],
        "calibrations_Cb": [{"ct": _ANY_KELVIN, "table": list(blue)}],
    }
    return changed


def flat_table(board: str) -> Table:
    """Gains that change nothing: a sensor whose own lens was taken off has no shading of that lens."""
    columns, rows = GRIDS[board]
    return [1.0] * (columns * rows)


def _shading(tuning: Tuning) -> dict[str, Any] | None:
    found = (algorithm[_SHADING] for algorithm in tuning["algorithms"] if _SHADING in algorithm)
    return next(found, None)


def _check_table(table: Table, board: str, where: str) -> None:
    columns, rows = GRIDS[board]
    if len(table) != columns * rows:
        allowed = f"{columns} x {rows} = {columns * rows} values on this board ({board})"
        raise ConfigError([Mistake(where, None, f"has {len(table)} values; it must have {allowed}")])
    if not all(isinstance(gain, int | float) and 0 < gain < 100 for gain in table):
        raise ConfigError([Mistake(where, None, "every value must be a gain above 0 and below 100")])
