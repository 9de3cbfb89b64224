"""A simulated microscope: camera, motors and lamp around one procedural slide, with a known truth."""
