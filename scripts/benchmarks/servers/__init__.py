"""The servers that are measured: each is a process that the bench starts, and ends by closing its standard input.

As it serves, a server prints one line of JSON with its ``port``. Then it obeys the bytes of its standard input: ``f``
makes a frame, ``s`` sends a signal, ``p`` measures the lag of its event loop from now on (the last two where it can).
At the end of the input it prints what it has measured, as JSON, and exits.
"""
