"""Any program on the virtual camera: ``python -m tests.picamera.virtually MODULE …``."""

import runpy
import sys

from tests.picamera import virtual_picamera

virtual_picamera.install()
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
