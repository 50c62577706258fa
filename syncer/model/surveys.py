"""What an account of a tool holds, before anybody has said what of it belongs to whom."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field

from syncer.model.values import Json


class Spot(Struct, frozen=True):
    """A place in a tool that can be where a client lives, or a part of it.

    Args:
        kind: the vendor's word for it: ``workspace``, ``board``, ``team``, ``company``, ...
        id: the vendor's; no two spots of a kind have the same.
        name: as people see it there.
        aliases: what else ``scopes:`` may call it: a short name, a short link.
        scope: the keys of ``scopes:`` in ``sync.yaml`` that mean exactly this place.
        whole: whether a client of an agency usually has a place of this kind to itself;
            otherwise (a board, a project) several of them together may be one client's.
        inside: the id of the spot that it is in, which means it as well; empty if there is none.
        size: how much is in it, counted in ``unit`` (a plural: ``boards``, ``deals``).
        active: when something last happened there, as far as the vendor tells it (UTC).
        domain: the web domain that belongs to it, where the vendor knows one.
        owner: who is in charge of it, as the id of a
            :class:`~syncer.model.remote.RemotePerson`.
    """

    kind: str
    id: str
    name: str
    scope: Mapping[str, Json] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    whole: bool = True
    inside: str = ""
    size: int | None = None
    unit: str = ""
    active: datetime | None = None
    domain: str = ""
    owner: str = ""
