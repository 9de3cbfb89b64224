"""What the page keeps of what it has shown; ``scripts/page-soak`` looks for minutes."""

from scripts.benchmarks.page import memory
from tests.page.visit import Visit

_FRAMES = 150


def test_frames_leave_nothing_behind(eyepiece: Visit) -> None:
    devtools = eyepiece.page.context.new_cdp_session(eyepiece.page)
    eyepiece.wait_for_frames(_FRAMES)  # what is kept for good, is there by then
    heap_mb, nodes, listeners = memory(devtools)
    eyepiece.wait_for_frames(_FRAMES)
    later_mb, later_nodes, later_listeners = memory(devtools)
    # Pictures that stayed would be 15 MB, a node for each 150.
    assert later_mb - heap_mb < 2
    assert later_nodes - nodes < _FRAMES / 2
    assert later_listeners - listeners < _FRAMES / 2
