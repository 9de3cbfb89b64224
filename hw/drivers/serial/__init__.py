"""Stages on a motor board at a serial line."""
