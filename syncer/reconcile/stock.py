"""Which old stock takes part at first contact, and what may be made of it."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from syncer.model.contact import ContactRule
from syncer.reconcile.names import fits


class Look(Struct, frozen=True):
    """What is known of a thing that was there before we came.

    Args:
        lists: names of the lists or sections it is in; None where it can be in none.
        touched: when somebody last touched it; None if that is not told.
    """

    lists: Collection[str] | None
    touched: datetime | None


def takes_part(rule: ContactRule, look: Look, met_at: datetime, zone: ZoneInfo) -> bool:
    """Whether old stock takes part by the filter: by its list and its age, or touched since.

    Args:
        met_at: when its system was first met; what was touched later is no old matter any more.
        zone: in which the days of the rule begin.
    """
    if look.touched is not None and look.touched > met_at:
        return True
    if rule.lists and look.lists is not None and not _chosen(rule, look.lists):
        return False
    if rule.active_since is None:
        return True
    return look.touched is not None and look.touched.astimezone(zone).date() >= rule.active_since


def _chosen(rule: ContactRule, lists: Collection[str]) -> bool:
    return any(fits(pattern, name) for pattern in rule.lists for name in lists)
