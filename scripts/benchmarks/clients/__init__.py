"""The viewers of a measurement, all in one process on one ``epoll`` loop."""
