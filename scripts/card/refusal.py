"""The one error of this tool."""


class Refusal(Exception):
    """Something is not as it must be; the message says what, and what is allowed. Nothing was changed."""
