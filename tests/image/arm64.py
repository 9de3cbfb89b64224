"""Import all of the appliance, compress a picture: arm64.py WHEELS REPOSITORY. Run by scripts/test-arm64, emulated."""

import importlib
import pkgutil
import platform
import sys

sys.path[:0] = sys.argv[1:]


def main() -> None:
    """Say what was done; raises whatever a module raises."""
    assert platform.machine() == "aarch64", platform.machine()
    packages = [importlib.import_module(name) for name in ("app", "hw")]
    names = [
        found.name for package in packages for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    for name in names:
        importlib.import_module(name)

    import numpy as np
    import simplejpeg

    y = np.tile(np.arange(64, dtype=np.uint8), (64, 1))
    u = v = np.full((32, 32), 128, np.uint8)
    jpeg = simplejpeg.encode_jpeg_yuv_planes(y, u, v, quality=90)
    grey = simplejpeg.decode_jpeg(jpeg, colorspace="GRAY")[:, :, 0]
    assert np.abs(grey.astype(int) - y).max() < 8, grey
    sys.stdout.write(f"imported {len(packages) + len(names)} modules, compressed a picture to {len(jpeg)} bytes\n")


main()
