"""What only the app does to whole records: merging two, and taking one out of the recycle bin."""

from datetime import datetime

from adapters.hubspot.sandbox.records import Source, Stored
from adapters.hubspot.sandbox.store import Store

_OWN = {"hs_object_id", "createdate", "hs_createdate", "hs_lastmodifieddate"}


def merge(store: Store, keep: Stored, gone: Stored, at: datetime) -> Stored:
    """Make one record of two (guide, 9): values of the primary one, gaps filled by the other.

    It gets a new id to which both old ones lead; with ``merge_keeps_id``, a mode that varies
    by account, it keeps the primary one's. Absorbed records never show as archived.
    """
    source = Source(f"MERGE_{keep.type.upper()}")
    record = keep if store.merge_keeps_id else store.create(keep.type, {}, at, source)
    before = [old.values.get("hs_merged_object_ids", "") for old in (keep, gone)]
    for name in keep.values.keys() - _OWN:
        record.values[name] = keep.values[name]
        record.history[name] = list(keep.history.get(name, ()))
    for name in sorted(gone.values.keys() - record.values.keys() - _OWN):
        record.note(name, gone.values[name], at, source)
    absorbed = [old for old in (keep, gone) if old is not record]
    ids = filter(None, [*before, *(old.id for old in absorbed)])
    record.values["hs_merged_object_ids"] = ";".join(ids)
    for old in absorbed:
        store.merged[old.type, old.id] = record.id
        del store.records[old.type][old.id]
        _move_links(store, old, record)
    record.touch(at)
    return record


def _move_links(store: Store, old: Stored, new: Stored) -> None:
    for link in [link for link in store.links if (old.type, old.id) in link]:
        labels = store.links.pop(link)
        others = link - {(old.type, old.id)}
        store.links.setdefault(frozenset({*others, (new.type, new.id)}), set()).update(labels)


def restore(store: Store, record: Stored) -> None:
    """Take a record out of the recycle bin, as only the app can (guide, 9), notes and all.

    Whether that moves its time of change is not told; here it does not.
    """
    at, record.archived = record.archived, None
    for link in store.links:
        for type, id in link:
            note = store.records[type].get(id) if type == "notes" else None
            if (record.type, record.id) in link and note is not None and note.archived == at:
                note.archived = None
