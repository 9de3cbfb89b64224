"""Check on a Raspberry Pi what only a Raspberry Pi can show, and print a report to paste.

Runs on Python's standard library alone: through the appliance's own interface, small local readings, and
``scripts.verify.inside``, which runs where the appliance does. Never says ok for what it could not check.
"""
