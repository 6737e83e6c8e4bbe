"""How long the tests run that could run for ever: NGUON_PROFILE=long makes them long."""

import os
from typing import Final

LONG: Final = os.environ.get("NGUON_PROFILE") == "long"


def at_length(short: int) -> int:
    """So many examples, or thirty times as many in the long profile."""
    return short * 30 if LONG else short
