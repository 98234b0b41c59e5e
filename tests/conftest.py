"""For every test: results, not how busy the machine is; nobody's own git configuration; and Ctrl+C works."""

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

# What whoever runs the tests has configured (signing, hooks, line ends) is not under test; test_git.py has
# its own.
for name in [name for name in os.environ if name.startswith("GIT_")]:
    del os.environ[name]
os.environ["GIT_CONFIG_GLOBAL"] = os.devnull
os.environ["GIT_CONFIG_NOSYSTEM"] = "1"

# A shell starts what runs in the background with SIGINT ignored, and tests and the processes they start
# inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)
