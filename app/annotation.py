"""The copy of a still that has scale and measurements drawn in."""

from dataclasses import dataclass, replace

from app.overlay import Overlay, annotated
from hw.types import StillFormat, StillImage


@dataclass(frozen=True, slots=True)
class Annotated:
    """What is stored beside a still."""

    still: StillImage
    image_format: StillFormat
    um_per_px: float | None


def annotated_copy(
    still: StillImage, image_format: StillFormat, um_per_px: float | None, overlay: Overlay
) -> Annotated:
    """A still's copy with the overlay drawn in; ``um_per_px`` is the side of the still's pixel. Takes some 0.1 s.

    What the sensor measured cannot be drawn into: beside a raw still the copy is of its small picture, as PNG.
    """
    if still.raw is not None:
        image_format = "png"
        if um_per_px is not None:
            um_per_px *= still.raw.mosaic.shape[1] / still.rgb.shape[1]
    drawn = annotated(still.rgb, overlay, um_per_px, still.position)
    return Annotated(replace(still, rgb=drawn, raw=None), image_format, um_per_px)
