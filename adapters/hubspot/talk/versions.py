"""How the text of a note or task came to be: who wrote which version of it, and when."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from adapters.hubspot.history import Entry, entries_of
from adapters.hubspot.shapes import mapping, word
from adapters.hubspot.talk.marks import added, below, marked
from adapters.hubspot.talk.markup import lines_of
from adapters.hubspot.values import moment_or_none
from adapters.hubspot.wire import Row
from syncer.model.comments import Comment, Thread

BODIES: Final = {"note": "hs_note_body", "task": "hs_task_body"}
SOURCE: Final = "hs_object_source"
SOURCE_ID: Final = "hs_object_source_id"
MAKER: Final = "hs_created_by_user_id"
LAST: Final = "hs_updated_by_user_id"

TYPING: Final = timedelta(minutes=1)
"""Versions of one person that follow each other faster are one: the app saves while they type."""

Editor = tuple[str | None, str | None]
"""(person, program), of which one or none is known."""


class Version(Struct, frozen=True):
    """What a body said from ``at`` on, as people read it."""

    at: datetime
    editor: Editor
    lines: Sequence[str]

    @property
    def ref(self) -> str | None:
        """The mark in it; what a person has written is never ours, whatever it holds."""
        return marked(self.lines)[1] if self.editor[1] is not None else None


def names(kind: str) -> list[str]:
    """The properties that tell what a note or task says, and whose words these are."""
    return [BODIES[kind], SOURCE, SOURCE_ID, MAKER, LAST]


def was_changed(row: Row) -> bool:
    """Whether anything about it was changed after it was made: perhaps its text."""
    return moment_or_none(row.get("createdAt")) != moment_or_none(row.get("updatedAt"))


def versions_of(kind: str, row: Row) -> list[Version]:
    """The versions of a body, oldest first: all that its history tells, else the one that is."""
    told = mapping(row.get("propertiesWithHistory")).get(BODIES[kind])
    found = [
        Version(entry.at, entry.editor, _lines(entry.value)) for entry in reversed(entries_of(told))
    ]
    made = moment_or_none(row.get("createdAt"))
    if found or made is None:
        return found
    told = mapping(row.get("properties"))
    source, maker = word(told.get(SOURCE)).upper(), word(told.get(MAKER))
    entry = Entry(made, source, word(told.get(SOURCE_ID)), maker, None, "")
    text = _lines(told.get(BODIES[kind]))
    return [Version(made, entry.editor, text)]


def _lines(html: Any) -> list[str]:
    return lines_of(html) if isinstance(html, str) else []


def comments_of(kind: str, row: Row, thread: Thread) -> Iterator[Comment]:
    """What a note or task says: our own words with their ref, and those that people added.

    A task that is not ours says nothing, for it asks somebody else for something else.
    """
    id, versions = word(row.get("id")), versions_of(kind, row)
    ours = [version for version in versions if version.ref]
    if not id or not versions:
        return
    if ours:
        first, last = versions[0], ours[-1]
        text, ref = marked(last.lines)
        yield _comment(thread, f"{kind}:{id}", "\n".join(text), first, last, ref)
        yield from _additions(f"{kind}:{id}", thread, versions)
        if "propertiesWithHistory" not in row:
            yield from _below(f"{kind}:{id}", thread, row, last)
    elif kind == "note":
        first, last = versions[0], versions[-1]
        yield _comment(thread, f"{kind}:{id}", "\n".join(last.lines), first, last)


def _comment(
    thread: Thread, id: str, text: str, first: Version, last: Version, ref: str | None = None
) -> Comment:
    """Whose words it holds is who wrote them last, not who began."""
    by, automation = last.editor
    changed = last.at if last is not first else None
    return Comment(thread, id, text, first.at, by, automation, ref, changed)


def _additions(id: str, thread: Thread, versions: Sequence[Version]) -> Iterator[Comment]:
    """A comment for whatever somebody else has written into our text, as soon as it rests."""
    ours: Sequence[str] | None = None
    known: set[str] = set()
    for version, following in zip(versions, [*versions[1:], None], strict=True):
        if version.ref:
            ours, known = version.lines, set()
        elif ours is not None and not _goes_on(version, following):
            lines = added(ours, version.lines).split("\n")
            news = [line for line in lines if line and line not in known]
            known |= set(lines)
            if news:
                by, automation = version.editor
                text, key = "\n".join(news), int(version.at.timestamp() * 1000)
                yield Comment(thread, f"{id}:{key}", text, version.at, by, automation)


def _goes_on(version: Version, following: Version | None) -> bool:
    """Whether the same person was still typing."""
    if following is None or following.editor != version.editor or following.ref:
        return False
    return following.at - version.at < TYPING


def _below(id: str, thread: Thread, row: Row, ours: Version) -> Iterator[Comment]:
    """Without a history only what stands below our mark is known not to be ours."""
    at, text = moment_or_none(row.get("updatedAt")), below(ours.lines)
    user = word(mapping(row.get("properties")).get(LAST))
    if text and at is not None:
        key = int(at.timestamp() * 1000)
        yield Comment(thread, f"{id}:{key}", text, at, f"user:{user}" if user else None)
