"""Which of the things that a system tells are as they were when they were last decided on.

A fingerprint is made under everything by which a thing is read: the rules and mappings, the live
definitions, and who is who. When any of that changes, nothing counts as seen.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Final

import msgspec
from msgspec.structs import replace
from xxhash import xxh3_64_intdigest

from syncer import __version__
from syncer.adapterkit.registry import UnknownAdapter, adapter_spec
from syncer.adapterkit.seen import packed
from syncer.engine.context import Context
from syncer.engine.sites import Site
from syncer.model.feeds import Page
from syncer.model.remote import RemoteRecord
from syncer.state.codec import catalogue_to_json

_SIGN: Final = 1 << 63
_json: Final = msgspec.json.Encoder(order="deterministic")


class Remembered:
    """The fingerprints of one client in one connection."""

    def __init__(self, ctx: Context, site: Site) -> None:
        self._ctx = ctx
        self._site = site

    @property
    def any(self) -> bool:
        """Whether anything counts as seen: to take something back, everything is looked at."""
        return self._ctx.orders.undo is None

    def mark(self, raw: bytes) -> int:
        """The fingerprint of one row's bytes, as a signed number that databases hold."""
        digest = xxh3_64_intdigest(raw, self._seed)
        return digest - 2 * _SIGN if digest >= _SIGN else digest

    def same(self, object: str, marks: Mapping[str, int]) -> Collection[str]:
        """Ids of what has the fingerprint that it had."""
        if not (marks and self.any):
            return ()
        client, connection = self._ctx.client.key, self._site.connection
        before = self._ctx.store.marks(client, connection, object, marks)
        return [id for id, mark in before.items() if marks[id] == mark]

    def sifted(self, page: Page) -> Page:
        """A page without the records that are as they were, which the adapter did not sift."""
        marks: dict[str, dict[str, int]] = defaultdict(dict)
        for record in page.records:
            if (record.object, record.id) not in page.marks:
                marks[record.object][record.id] = self.mark(_bytes_of(record))
        if not marks:
            return page
        same = {object: tuple(self.same(object, told)) for object, told in marks.items()}
        known = {(object, id) for object, ids in same.items() for id in ids}
        every = ((o, id, mark) for o, found in marks.items() for id, mark in found.items())
        told = {(o, id): mark for o, id, mark in every if (o, id) not in known}
        return replace(
            page,
            records=tuple(r for r in page.records if (r.object, r.id) not in known),
            same=_both(page, same),
            marks={**told, **page.marks},
        )

    @cached_property
    def _seed(self) -> int:
        """Of all by which a thing is read; made when the first thing is told."""
        site = self._site
        told = {
            "decides": self._ctx.decides,
            "reads": (__version__, _decoder(site.system)),
            "definitions": catalogue_to_json(site.catalogue),
            "people": dict(site.directory.to_person),
            "names": dict(site.directory.names) if _asks_by_name(site) else None,
            "me": sorted(site.me),
        }
        return xxh3_64_intdigest(_json.encode(told))


def _asks_by_name(site: Site) -> bool:
    """Whether a condition looks at things as people see them, with the vendor's names of people."""
    return any(mapping.when is not None for mapping in site.mapping.entities.values())


def _both(page: Page, same: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    objects = {*page.same, *same}
    return {name: (*page.same.get(name, ()), *same.get(name, ())) for name in objects}


def _decoder(system: str) -> int:
    try:
        return getattr(adapter_spec(system), "decoder", 0)
    except UnknownAdapter:
        return 0


def _bytes_of(record: RemoteRecord) -> bytes:
    """All that a record says of the thing, without when it was asked."""
    thing = (record.fields, record.container, record.existence, record.modified_at, record.url)
    told = (*thing, record.created_at, record.created_by)
    return packed(told)
