"""What a user does with the microscope, for the loop: each waits for a device's thread without blocking."""

import asyncio
import time
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

from app import __version__
from app.album import Album
from app.annotation import annotated_copy
from app.assets import page_assets
from app.bridge import Bridge
from app.control import Control
from app.disk import Disk
from app.optics import Nosepiece
from app.overlay import Overlay, check_drawable
from app.places import Places, Spot
from app.storage import ImageRecord
from app.stream import STREAM
from hw.axes import Target
from hw.errors import DeviceTimeout, StorageFull
from hw.light import ChannelChange
from hw.rig import Rig
from hw.stage import Landmark
from hw.types import AxisName, CameraState, LightState, Position, StillFormat

T = TypeVar("T")

_ANSWER_S = 15.0
_EXPOSURES = 14
"""So many pictures a camera may need until one shows what was asked for."""
_MOTION_S = 900.0
_SEARCH_S = 40.0


class Microscope:
    """The rig, its pictures, objectives and places, as the routes and sockets see them."""

    def __init__(
        self, rig: Rig, album: Album, nosepiece: Nosepiece, places: Places, control: Control, disk: Disk
    ) -> None:
        self.rig = rig
        self.album = album
        self.nosepiece = nosepiece
        self.places = places
        self.control = control
        self.disk = disk
        self._started_at = time.time()

    def state(self) -> dict[str, Any]:
        """All that a viewer is told when it connects; afterwards it gets the changes as signals."""
        return {
            "server": {
                "version": __version__,
                "page": page_assets().version,
                "started_at": self._started_at,
                "simulated": self.rig.simulated,
                "rig_errors": self.rig.mistakes,
            },
            "camera": self.rig.camera.state,
            "stage": self.rig.stage.state,
            "light": self.rig.light.state,
            "optics": self.nosepiece.state,
            "places": self.places.all,
            "control": self.control.state,
            "storage": self.disk.state,
        }

    def announce(self, bridge: Bridge) -> None:
        """Let the bridge carry what the devices say: it is the one subscriber of their signals."""
        rig = self.rig
        rig.camera.frame_ready.connect(lambda frame: bridge.emit_frame(STREAM, frame))
        rig.stage.position_changed.connect(lambda p: bridge.emit_signal("position_changed", p, key="position"))
        for worker in rig.workers:
            _announce_worker(worker, bridge)
        self.album.on_change = bridge.emit_signal
        self.nosepiece.changed = lambda optics: bridge.emit_signal("optics_changed", optics, key="optics")
        self.places.changed = lambda places: bridge.emit_signal("places_changed", places, key="places")
        rig.camera.changed.connect(lambda _: self.nosepiece.tell())

    async def move(self, target: Target, relative: bool) -> Position:
        """Go there; returns when the stage has come to rest, with the final position."""
        return await _result(self.rig.stage.move(target, relative), _MOTION_S)

    def jog(self, distance: Target, pusher: str | None = None) -> Position:
        """Push the stage along; returns its new target at once."""
        return self.rig.stage.jog(distance, pusher)

    def here(self) -> Spot:
        """Where the stage is, along the axes that it has. Raises what keeps it from working."""
        stage = self.rig.stage
        stage.require_ready()
        return Spot(**{f"{axis}_um": stage.position.along(axis) for axis in stage.state.axes})

    async def home(self, axes: tuple[AxisName, ...] | None) -> Position:
        """Home the axes (``None``: all that can); returns when the stage has come to rest."""
        return await _result(self.rig.stage.home(axes), _MOTION_S)

    async def set_position(self, landmarks: Mapping[AxisName, Landmark]) -> Position:
        """Let the place where the stage stands have these coordinates."""
        return await _result(self.rig.stage.set_position(landmarks), _ANSWER_S)

    def stop(self) -> Position:
        """Stop the stage as soon as that loses no step; returns where it is."""
        self.rig.stage.stop()
        return self.rig.stage.position

    def emergency_stop(self) -> Position:
        """Let no step follow; returns where the stage is."""
        self.rig.stage.emergency_stop()
        return self.rig.stage.position

    async def set_light(self, on: bool, brightness: float) -> LightState:
        """Switch the light and dim the main lamp."""
        return await _result(self.rig.light.set(on, brightness), _ANSWER_S)

    async def change_light(self, on: bool | None, channels: Mapping[str, ChannelChange]) -> LightState:
        """Switch the light, then switch and dim single channels; returns what is in force."""
        return await _result(self.rig.light.change(on, channels), _ANSWER_S)

    async def change_camera(self, changes: dict[str, Any]) -> CameraState:
        """Change the camera's settings; returns those in force."""
        return await self._kept(self.rig.camera.change(**changes), self._exposures_s(changes.get("exposure_us", 0)))

    async def reset_camera(self) -> CameraState:
        """Set the camera as it was before anyone changed anything."""
        return await self._kept(self.rig.camera.reset(), self._exposures_s())

    async def white_balance(self) -> CameraState:
        """Make the field that is seen grey, and keep the gains for that."""
        return await self._kept(self.rig.camera.white_balance(), _SEARCH_S)

    async def autofocus(self) -> CameraState:
        """Focus the camera's own lens, and keep it there."""
        return await self._kept(self.rig.camera.autofocus(), _SEARCH_S)

    async def still(self, image_format: StillFormat, overlay: Overlay | None = None) -> ImageRecord:
        """Take a full-resolution picture, of the scene as it is from now on, and store it, where there is room.

        With ``overlay`` a copy that has it drawn in is stored too. Raises ``InvalidRequest`` where it cannot be drawn.
        """
        objective = self.nosepiece.in_place
        if overlay is not None:
            check_drawable(overlay, objective.um_per_px)
        await self._require_room()
        image = await _result(self.rig.camera.still(raw=image_format == "dng"), self._exposures_s())
        save = self.album.save
        record = await save(image, image_format, objective.um_per_px, objective.name)
        self.disk.stored(record.size_bytes)
        if overlay is not None:
            copy = await asyncio.to_thread(annotated_copy, image, image_format, objective.um_per_px, overlay)
            try:
                await save(copy.still, copy.image_format, copy.um_per_px, objective.name, annotates=record.id)
            except OSError as error:
                told = f"the picture is stored as {record.id}, its annotated copy is not: {error.strerror or error}"
                raise OSError(error.errno, told) from error
        return record

    def _exposures_s(self, next_us: int = 0) -> float:
        """How long the camera may take to answer: some exposures, the next ones too, and what all else takes."""
        exposure_us = max(self.rig.camera.state.settings.exposure_us, next_us)
        return _ANSWER_S + _EXPOSURES * exposure_us / 1e6

    async def _require_room(self) -> None:
        """Raise ``StorageFull`` where no picture fits, even if those that were deleted give way to it; ``OSError``."""
        try:
            await asyncio.to_thread(self.disk.require_room)
        except StorageFull as full:
            if not await self.album.make_room(full.extra["needed_bytes"] - full.extra["free_bytes"]):
                raise
            await asyncio.to_thread(self.disk.require_room)

    async def _kept(self, change: Future[CameraState], timeout_s: float) -> CameraState:
        """A change of the camera's settings, answered once it would outlive a power cut; else raises ``NotStored``."""
        state = await _result(change, timeout_s)
        await asyncio.to_thread(self.rig.camera.keep)
        return state


def _announce_worker(worker: Any, bridge: Bridge) -> None:
    name = worker.name
    worker.changed.connect(lambda state: bridge.emit_signal(f"{name}_changed", state, key=name))
    worker.failed.connect(lambda fault: bridge.emit_signal("device_failed", name, fault))


async def _result(future: Future[T], timeout_s: float) -> T:
    """A device's answer. The device goes on with what it does when the asker gives up."""
    try:
        async with asyncio.timeout(timeout_s):
            return await asyncio.shield(asyncio.wrap_future(future))
    except TimeoutError as error:
        if isinstance(error, DeviceTimeout):
            raise
        told = f"the device did not answer within {timeout_s:g} s"
        raise DeviceTimeout(told, reason="no-answer", seconds=timeout_s) from None
