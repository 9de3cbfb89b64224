"""Being scheduled in time, as far as the system allows it."""

import ctypes
import gc
import os
import resource

PRIORITY = 40
"""Above all ordinary threads, below the kernel's interrupt threads (50)."""
_MCL_CURRENT, _MCL_FUTURE, _MCL_ONFAULT = 1, 2, 4
_PR_SET_TIMERSLACK = 29


def be_punctual() -> list[str]:
    """Make the calling thread a real-time one, keep the process in memory, collect no garbage.

    Returns what the system does not allow, in words.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_TIMERSLACK, ctypes.c_ulong(1), 0, 0, 0)  # for where SCHED_FIFO, which has no slack, is refused
    refused = []
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    except OSError as error:
        refused.append(f"SCHED_FIFO ({error.strerror}; allow it: ulimit rtprio {PRIORITY})")
    # With a limit, what is yet to come must not be locked: it would be refused once the limit is reached.
    unlimited = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY
    if libc.mlockall(_MCL_CURRENT | _MCL_ONFAULT | (_MCL_FUTURE if unlimited else 0)):
        refused.append(f"mlockall ({os.strerror(ctypes.get_errno())}; allow it: ulimit memlock unlimited)")
    return refused
