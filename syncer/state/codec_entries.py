"""What is known of one field of a link, as an entry of the list that ``codec_fields`` tells."""

from typing import Any, Final

from syncer.model.records import LinkField
from syncer.model.values import MISSING
from syncer.state.codec_changes import change_to_json
from syncer.state.codec_common import Common
from syncer.state.columns import alike

_BARE: Final = ()


def entry_of(name: str, field: LinkField, commons: dict[Common, int], agreed: Any) -> Any:
    """The shortest form of it.

    Args:
        commons: what many fields share, by number; what this one has is put there.
        agreed: the field's agreed value, as JSON.
    """
    seen, read = field.seen, field.read
    remote: Any = True if field.remote == name else field.remote
    if seen is MISSING or read is MISSING:
        known = [remote, *(None if value is MISSING else value for value in (seen, read))]
        return [*_before(field, commons), *known]
    before: list[Any] | tuple[()] = _BARE if _is_bare(field) else _before(field, commons)
    same = seen is read or alike(seen, read)
    if len(before) < 2 and (read is agreed or alike(read, agreed)):
        if same and (before or remote is not None):
            return _as_agreed(before, remote)
        if not (same or remote is None):
            told = [seen] if remote is True else {remote: seen}
            return [*before, told] if before else told
    return [*before, remote, seen] if same else [*before, remote, seen, read]


def _as_agreed(before: list[Any] | tuple[()], remote: Any) -> Any:
    if remote is True:
        return before[0] if before else 0
    return [*before, remote] if before else remote


def _is_bare(field: LinkField) -> bool:
    """Whether no more is known than what was seen, and how it was read."""
    return (
        field.asked is MISSING
        and field.got is MISSING
        and field.shown is MISSING
        and field.asked_at is None
        and not field.cut
        and not field.told
    )


def _before(field: LinkField, commons: dict[Common, int]) -> list[Any]:
    """What stands before the values, of a field of which more is known than them."""
    seen, asked, got, shown = field.seen, field.asked, field.got, field.shown
    own: dict[str, Any] = {}
    as_seen = missing = ""
    # Nearly always a field shows what was asked for, and that was answered too.
    if asked is not MISSING:
        if asked is seen or alike(asked, seen):
            as_seen = "a"
        else:
            own["asked"] = asked
    if got is not MISSING:
        if got is seen or alike(got, seen):
            as_seen += "g"
        else:
            own["got"] = got
    if shown is not MISSING:
        if shown is seen or alike(shown, seen):
            as_seen += "s"
        else:
            own["shown"] = shown
    if field.told:
        own["told"] = [change_to_json(change) for change in field.told]
    if seen is MISSING or field.read is MISSING:
        missing = ("s" if seen is MISSING else "") + ("r" if field.read is MISSING else "")
    number = commons.setdefault((as_seen, field.asked_at, field.cut, missing), len(commons) + 1)
    return [number, own] if own else [number]
