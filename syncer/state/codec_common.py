"""What many fields of a link share, to JSON and back: that a write was asked for, and when."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from syncer.state.columns import moment_text, parse_moment, readable

Json = dict[str, Any]
Common = tuple[str, datetime | None, bool, str]
"""Which values are as the seen one, when it was asked for, whether cut, which values miss."""


@lru_cache(maxsize=64)
def common_json(common: Common) -> Json:
    """Without what is not said; not to be changed, for the next one is the same as a rule."""
    as_seen, asked_at, cut, missing = common
    at = moment_text(asked_at) if asked_at else None
    told = {"same": as_seen, "at": at, "cut": cut, "no": missing}
    return {name: value for name, value in told.items() if value}


def common_from_json(json: Json) -> Common:
    """The inverse of :func:`common_json`."""
    at = json.get("at")
    asked_at = readable(parse_moment, at) if at else None
    return json.get("same", ""), asked_at, json.get("cut", False), json.get("no", "")
