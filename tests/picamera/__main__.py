"""The whole microscope on the virtual camera: ``python -m tests.picamera`` is ``python -m app`` with it."""

import runpy

from tests.picamera import virtual_picamera

virtual_picamera.install()
runpy.run_module("app", run_name="__main__", alter_sys=True)
