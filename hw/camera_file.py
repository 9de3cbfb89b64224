"""A camera's settings across restarts: one small JSON file for each model of camera."""

import json
import logging
import math
import re
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter

from hw.errors import NotStored
from hw.files import keep_aside, write_whole
from hw.types import CameraSettings

log = logging.getLogger(__name__)

_SETTINGS = TypeAdapter(CameraSettings)


class CameraFile:
    """Keeps settings in ``camera-MODEL.json`` in one folder.

    A file that cannot be understood is kept aside as ``….broken`` and named in the log.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, model: str) -> CameraSettings | None:
        """What was stored for this model; ``None`` where nothing was, or nothing that makes sense."""
        path = self._path(model)
        try:
            settings = _SETTINGS.validate_python(json.loads(path.read_bytes(), parse_constant=_refuse))
            _check_finite(settings)
        except FileNotFoundError:
            return None
        except OSError as error:
            log.error("the camera's settings cannot be read, it begins with its defaults: %s", error)
            return None
        except ValueError as error:
            aside = keep_aside(path)
            kept = f": kept as {aside.name}" if aside else ""
            log.error("%s holds no settings of a camera (%s)%s; the defaults serve", path, error, kept)
            return None
        return settings

    def store(self, model: str, settings: CameraSettings) -> None:
        """Keep settings, whole or not at all; raises ``NotStored``."""
        try:
            write_whole(self._path(model), json.dumps(asdict(settings), indent=1).encode())
        except OSError as error:
            raise NotStored(
                "the camera's settings are in force, but could not be stored and will not outlive a restart: "
                f"{error.strerror or error}"
            ) from error

    def _path(self, model: str) -> Path:
        return self._folder / f"camera-{re.sub(r'[^A-Za-z0-9_-]+', '-', model)}.json"


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number")


def _check_finite(settings: CameraSettings) -> None:
    values = {**asdict(settings), **asdict(settings.zoom)}
    for name, value in values.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{name} is not finite")
