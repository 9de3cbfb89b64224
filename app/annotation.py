"""A still and, where that is asked for, its copy with scale and measurements drawn in."""

from dataclasses import replace

from app.overlay import Overlay, annotated
from app.storage import Gallery, ImageRecord
from hw.types import StillFormat, StillImage


def keep_still(
    gallery: Gallery,
    still: StillImage,
    image_format: StillFormat,
    um_per_px: float,
    objective: str,
    overlay: Overlay | None,
) -> ImageRecord:
    """Store a still as it was taken and, with ``overlay``, a copy that has it drawn in and names the original.

    Returns the facts of the original. Blocks on the disk.
    ``um_per_px`` is the side of the still's pixel. Raises ``OSError`` when the disk will not take them; where only
    the copy has no room, the message says that the still is safe.
    """
    record = gallery.save(still, image_format, um_per_px, objective)
    if overlay is None:
        return record
    try:
        _keep_copy(gallery, still, image_format, um_per_px, objective, overlay, record.id)
    except OSError as error:
        told = f"the picture is stored as {record.id}, its annotated copy is not: {error.strerror or error}"
        raise OSError(error.errno, told) from error
    return record


def _keep_copy(
    gallery: Gallery,
    still: StillImage,
    image_format: StillFormat,
    um_per_px: float,
    objective: str,
    overlay: Overlay,
    original: str,
) -> None:
    """What the sensor measured cannot be drawn into: beside a raw still the copy is of its small picture, as PNG."""
    if still.raw is not None:
        um_per_px *= still.raw.mosaic.shape[1] / still.rgb.shape[1]
        image_format = "png"
    drawn = replace(still, rgb=annotated(still.rgb, overlay, um_per_px, still.position), raw=None)
    gallery.save(drawn, image_format, um_per_px, objective, annotates=original)
