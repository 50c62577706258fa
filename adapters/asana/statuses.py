"""Status updates of projects: a text that the service posts for all members to see.

Asana keeps them as posts: one cannot be changed, only followed by another (guide, "Status
updates"). Ours are those of our own account with our title; what people post is theirs. The
text goes as plain text, which is the form that Asana's document asks for.
"""

from collections.abc import Iterable
from typing import Final

import structlog
from msgspec.structs import replace

from adapters.asana.client import Asana, Row
from adapters.asana.decode import gid_of, moment
from adapters.asana.encode import refuse
from adapters.asana.richtext import plain_to_markdown, to_plain
from adapters.asana.shapes import STATUS
from syncer.adapterkit.errors import AskPerson, SkipRecord
from syncer.model.remote import Raw, RemoteRecord

TITLE: Final = "Results"
"""The title of every one that the service posts. With another one, older ones are not known."""

USUAL: Final = "on_track"
"""The status of a project that has none yet."""

STATUSES: Final = frozenset({"on_track", "at_risk", "off_track", "on_hold", "complete", "dropped"})
"""What a project's status may be (Asana's document, "StatusUpdateBase")."""

_ASK: Final = ("title", "text", "status_type", "created_at", "created_by.name")
_log = structlog.get_logger(__name__)


def told(asana: Asana, record: RemoteRecord, row: Row) -> RemoteRecord:
    """A project's record with the last status update that is ours.

    One request, and none where the project never had any. ``row`` is the project as Asana
    showed it; if it was not asked for a status, nothing is told.
    """
    if "current_status_update" not in row:
        return record
    text: Raw = None
    if row["current_status_update"] is not None:
        try:
            text = _text(_ours(asana, _listed(asana, record.id)))
        except (SkipRecord, AskPerson) as error:
            # All else about the project is told: an app with scopes may not read these.
            _log.warning("asana.statuses_unread", project=record.id, reason=str(error))
            return record
    return replace(record, fields={**record.fields, STATUS: text})


def post(asana: Asana, project: str, text: Raw) -> Raw:
    """Post a text, and give what the last status update that is ours says then.

    One that says the same as our last one is not posted: it is there already, perhaps because
    the answer to it was lost. Without a text nothing is posted, as nothing can be taken back.
    The status is the one that the project has: how it stands is for its people to say.

    Raises:
        SkipRecord: this is no text, or Asana does not take it.
    """
    if text is not None and not isinstance(text, str):
        raise refuse(f"not text: {text!r}")
    rows, words = _listed(asana, project), to_plain(text)
    last = _ours(asana, rows)
    if not words or (last is not None and _words(last) == words):
        return _text(last)
    data = {"parent": project, "title": TITLE, "text": words, "status_type": _status(rows)}
    return _text(asana.post("/status_updates", data, _ASK).data)


def _listed(asana: Asana, project: str) -> list[Row]:
    """All status updates of a project, the newest last."""
    pages = asana.pages("/status_updates", _ASK, parent=project)
    rows = [row for page in pages for row in page.data]
    return sorted(rows, key=lambda row: (str(moment(row.get("created_at")) or ""), row["gid"]))


def _ours(asana: Asana, rows: Iterable[Row]) -> Row | None:
    titled = [row for row in rows if row.get("title") == TITLE]
    mine = [row for row in titled if gid_of(row.get("created_by")) == asana.my_gid()]
    return mine[-1] if mine else None


def _status(rows: list[Row]) -> str:
    status = rows[-1].get("status_type") if rows else USUAL
    return status if isinstance(status, str) and status in STATUSES else USUAL


def _words(row: Row) -> str:
    """The text of a status update, but for blanks that nobody sees."""
    text = row.get("text")
    lines = text.replace("\r\n", "\n").split("\n") if isinstance(text, str) else []
    return "\n".join(line.rstrip() for line in lines).strip()


def _text(row: Row | None) -> Raw:
    return plain_to_markdown(_words(row)) if row else None
