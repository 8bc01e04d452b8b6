"""Logs: one line of JSON for each request, on standard error."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

__all__ = ["log"]


def log(event: str, **told: Any) -> None:
    """Write a line.

    Args:
        event: what happened: `request`, `worker` …
        told: what else is to be known; nothing that is empty is written.
    """
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    kept = {name: value for name, value in told.items() if value not in ("", None, [])}
    sys.stderr.write(json.dumps({"time": moment, "event": event, **kept}) + "\n")
    sys.stderr.flush()
