"""For every test: hypothesis judges results, not how busy the machine is, and Ctrl+C works."""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, settings

settings.register_profile(
    "coe",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    # Developers look for new examples with every run; a change is judged by the same ones each time.
    derandomize="CI" in os.environ,
)
settings.load_profile("coe")

# A shell starts what runs in the background with SIGINT ignored, and tests and the processes they start
# inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)
