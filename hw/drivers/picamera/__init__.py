"""A camera on the CSI connector, through Picamera2: the one package that knows it and libcamera."""
