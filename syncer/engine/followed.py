"""Twins that were merged into others: their links follow to the id that they have now."""

from collections import defaultdict
from collections.abc import Mapping

from syncer.engine.context import Context
from syncer.engine.pull import Pulled, RemoteKey
from syncer.engine.sites import Site
from syncer.model.records import Link, LinkStatus
from syncer.model.remote import RemoteRecord
from syncer.model.values import MISSING, same_raw


def follow(ctx: Context, sites: Mapping[str, Site], pulls: Mapping[str, Pulled]) -> None:
    """Note in ``followed`` where the links of merged things lead now.

    Of several linked things that became one, the one that it looks like is followed; the others
    have left, like a thing that went into one that was linked before.
    """
    for name, pulled in pulls.items():
        merged = {
            key: (gone.object, gone.into)
            for key, gone in pulled.gone.items()
            if gone.into is not None and (gone.object, gone.into) in pulled.records
        }
        if not merged:
            continue
        known = ctx.store.links(
            ctx.client.key, {(name, *key) for pair in merged.items() for key in pair}
        )
        rivals: dict[RemoteKey, list[Link]] = defaultdict(list)
        for old, new in merged.items():
            link = known.get((name, *old))
            linked = link is not None and link.status is LinkStatus.LINKED
            if link is not None and linked and (name, *new) not in known:
                rivals[new].append(link)
        for new, links in rivals.items():
            record = pulled.records[new]
            best = max(links, key=lambda one: (_alike(ctx, sites[name], one, record), one.id))
            key = (best.object, best.remote_id)
            pulled.followed[key] = new[1]
            pulled.gone.pop(key)


def _alike(ctx: Context, site: Site, link: Link, record: RemoteRecord) -> int:
    """How many fields of a link were seen to have the values that a record shows."""
    mapping = site.mapping.by_object(record.object)
    if mapping is None:
        return 0
    count = 0
    for name, bound in site.bindings(ctx, mapping.entity, record.container).items():
        memory, id = link.fields.get(name), bound.info.id
        if memory is not None and memory.seen is not MISSING and id in record.fields:
            count += record.fields[id] is not None and same_raw(memory.seen, record.fields[id])
    return count
