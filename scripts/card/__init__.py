"""``scripts/prepare-card``: a flashed card becomes a microscope's. It needs Python alone."""
