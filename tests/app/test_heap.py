"""app.heap"""

import subprocess
import sys

_HELD = """
import re, sys
from pathlib import Path
from app.heap import return_what_is_large

def resident_mb():
    return int(re.findall(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[0]) / 1000

if sys.argv[1] == "asked":
    return_what_is_large()
small = []
before_mb = resident_mb()
for _ in range(4):
    pixels = bytearray(b"p") * 24_000_000
    small.append(bytes(1000 * len(small) + 2000))  # lies behind it, where both are on the heap
    del pixels
print(resident_mb() - before_mb)
"""


def held_mb(how: str) -> float:
    """What a process still holds of the pixels of stills that it is done with."""
    done = subprocess.run([sys.executable, "-c", _HELD, how], check=True, capture_output=True, text=True)
    return float(done.stdout)


def test_what_is_large_goes_back_to_the_system() -> None:
    assert held_mb("asked") < 5
    assert held_mb("not asked") > 20, "the C library has lost the habit: app.heap can go"
