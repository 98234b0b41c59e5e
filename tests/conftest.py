"""For every test: hypothesis judges results, not how busy the machine is, and Ctrl+C works."""

from __future__ import annotations

import signal

from hypothesis import settings

settings.register_profile("coe", deadline=None)
settings.load_profile("coe")

# A shell starts what runs in the background with SIGINT ignored, and tests and the processes they start
# inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)
