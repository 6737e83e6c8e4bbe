"""Failures that an operator can mend: one sentence says how, and no stack trace helps."""


class Mendable(Exception):
    """The command line prints the message and exits with code 1."""
