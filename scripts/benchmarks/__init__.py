"""What it costs to bring frames to viewers, measured so that anyone can repeat it: ``scripts/bench``.

Server and viewers are processes of their own; where there are two cores, the server has one to itself and the viewers
share the other. All viewers of a measurement live in one process (the package's ``clients``), which also conducts: a
server makes one frame for each byte ``f`` that comes down its standard input. So every server gets its frames in the
same way, and what is measured needs no look into any of them:

paced
    a frame every 1/30 s.
unpaced
    a frame as soon as every viewer has received all the earlier ones but the last, and one of them that as well. Two
    frames are thus on their way at most, which is the window of every acknowledging server here, and the speed is
    that of the slowest part. Motion JPEG has no acknowledgements: there a frame is made as soon as every connection
    has taken all the earlier ones. 1/30 s after the last a frame is made in any case, for viewers that missed one.

A frame is one JPEG-sized payload, made (copied, once) as its command arrives. The moment of its making, on the
machine's monotonic clock, travels inside (``payload``), so that latency is measured alike for every
protocol: from made to wholly received. The server's CPU is that of all its threads, user and system, read from the
kernel's clock of the process at both ends of the measured time. Only ratios within one run mean anything.

A run has these parts, all of them unless ``--only`` names some (``--quick`` leaves out the last three):

throughput
    every server, 1, 8 and 32 viewers, paced and unpaced, in rounds: each configuration runs through all servers
    before the next begins.
neighbours
    eight fast viewers of Eyepiece beside one on a slow link, one that stalls and one that never acknowledges.
priority
    signals on a link that frames saturate, and stops of the stage while 32 viewers watch.
loop-health
    the lag of Eyepiece's event loop beside compression and a scan's arithmetic, by switch interval and niceness.
whole
    Picamera2's MJPEG example and Eyepiece, each with a camera, 30 frames/s to 1, 8 and 32 viewers, by turns. Both take
    the same size, format and quality, and stamp what they have compressed; no frame is commanded.
motion
    a million motor steps at 1000/s, seen at the lines of a made-up GPIO chip (``tests/wire/gpiochip.c``) that the real
    gpiozero and lgpio drive, with every core busy and a JPEG encoder in the process that asks for them; beside it the
    same by on and off in a thread of that process. It takes 20 minutes; ``--steps`` makes it shorter.

The viewers shake hands, mask and acknowledge as real ones do. They read the head of a frame and have the kernel throw
the rest away unread (``MSG_TRUNC``), so that they keep ahead of the servers; their own CPU is in the results.
"""
