"""The smoke test: ``python -m`` this module with the address of a running application.

The application does one piece of its real work itself (``/readyz``), so that what it runs as, its model,
its data and its settings are all tried, also where people must sign in.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Sequence

from .asking import ask, report
from .users import PRINCIPAL_HEADER

_SIGN_IN = (301, 302, 303, 307, 401, 403)
_FORGED = {"claims": [{"typ": "oid", "val": "00000000-0000-0000-0000-000000000000"}]}


def problems(address: str) -> Sequence[str]:
    """Return everything that is wrong with an application; raise AddressError for no address."""
    try:
        ready = ask(address, "GET", "/readyz")
        if ready.status in _SIGN_IN:
            return ["sign-in hides /readyz: exclude /healthz and /readyz from it"]
        facts = ready.body if isinstance(ready.body, dict) else {}
        trials = facts.get("trials")
        if not isinstance(trials, dict) or not trials:
            return [f"/readyz answers {ready.status} and names no trial"]
        found = [f"{name}: {said}" for name, said in trials.items() if said != "works"]
        if not found and ready.status != 200:
            found.append(f"/readyz answers {ready.status}")
        return found + (_forgery(address) if facts.get("provider") != "local" else [])
    except OSError as error:
        return [f"does not answer: {error}"]


def _forgery(address: str) -> list[str]:
    """Say who we are ourselves: where the platform does not check sign-ins, that is believed."""
    header = base64.b64encode(json.dumps(_FORGED).encode("utf-8")).decode("ascii")
    reply = ask(address, "GET", "/api/user", headers={PRINCIPAL_HEADER: header})
    if reply.status in _SIGN_IN:
        return []
    return ["sign-in: anybody can say who he is; turn on built-in authentication"]


if __name__ == "__main__":
    sys.exit(report(problems))
