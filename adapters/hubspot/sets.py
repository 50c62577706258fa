"""Fields of several choices or people: only the difference is written.

So what somebody else added meanwhile stays. Additions to choices are sent as such (";" in
front); HubSpot takes nothing away singly, so for the rest the present set is read right before
it is written anew.
"""

from collections.abc import Sequence

from adapters.hubspot.rows import Pending
from adapters.hubspot.schema import names_to_read
from adapters.hubspot.shapes import mapping
from adapters.hubspot.values import decode
from adapters.hubspot.wire import Wire
from syncer.model.values import Kind


def apply_differences(wire: Wire, object: str, rows: Sequence[Pending]) -> None:
    """Turn whole sets into what is to be written; one request if some must be read first."""
    unread = {
        row.write.id or "": row for row in rows if not all(_added(row, id) for id in row.sets)
    }
    if not unread:
        return
    fields = {id for row in unread.values() for id in row.sets}
    found = wire.read(object, list(unread), names_to_read(object, fields)).rows
    for id, row in unread.items():
        told = mapping(found.get(id, {}).get("properties"))
        for name in row.sets if id in found else ():
            _rewrite(row, name, told)


def _added(row: Pending, id: str) -> bool:
    """Write a set as an addition to what is there, if that is all it is."""
    had, wanted = _sides(row, id)
    info = row.infos[id]
    if info.type.kind is not Kind.ENUMERATION or not wanted > had:
        return False
    row.properties[id] = {id: ";" + ";".join(sorted(wanted - had))}
    return True


def _rewrite(row: Pending, id: str, told: dict[str, object]) -> None:
    had, wanted = _sides(row, id)
    try:
        now = decode(row.infos[id], told)
    except ValueError as error:
        # Written anew without them, what others have added would be lost.
        row.refused[id] = f"what {id} holds now cannot be read: {error}"
        del row.properties[id]
        return
    present = set(map(str, now)) if isinstance(now, list) else set()
    row.properties[id] = {id: ";".join(sorted(present - (had - wanted) | (wanted - had)))}


def _sides(row: Pending, id: str) -> tuple[set[str], set[str]]:
    base = row.write.base.get(id)
    return set(map(str, base)) if isinstance(base, list) else set(), set(row.sets[id])
