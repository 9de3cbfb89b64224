"""Drivers on the Raspberry Pi's GPIO lines: stepper motors and a lamp, through gpiozero."""
