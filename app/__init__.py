"""Eyepiece: the server of a microscope appliance."""

__version__ = "0.1.0"
