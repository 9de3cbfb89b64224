"""Ramps, lines and limit switches step by step, for whatever makes the steps: pins in real time, or a simulation."""
