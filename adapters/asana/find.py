"""Has this create landed? Looked up by what we know of it, for a plain token.

Asana's ``external`` keys need an OAuth app. So a task is looked for where it would be, among
what changed since the intent: one that we made, of that name, made since then. There is no
search index in between that could be late (guide, "Idempotency").
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from adapters.asana.client import Asana, Reply, Row, segment
from adapters.asana.decode import Decoder, gid_of, moment
from adapters.asana.headsup import marked
from adapters.asana.shapes import PROJECT, TASK, asked
from syncer.adapterkit.errors import SkipRecord
from syncer.model.remote import Catalogue, RemoteRecord, Write
from syncer.model.values import instant_text, normalise_text, same_raw

REACH: Final = timedelta(minutes=2)
"""How much the vendor's clock may be behind ours."""


def find(asana: Asana, me: str, write: Write, catalogue: Catalogue) -> list[RemoteRecord]:
    """Records that this create may have made; of several with its name the best match."""
    since = write.since - REACH if write.since else None
    decoder = Decoder(catalogue)
    if write.object == TASK:
        records = _tasks(asana, me, write, decoder, since)
    elif write.object == PROJECT:
        records = _projects(asana, write, decoder, catalogue, since)
    else:
        return []
    found = [record for record in records if _named(record, write)]
    whole = [record for record in found if _whole(record, write)]
    return whole or found


def _named(record: RemoteRecord, write: Write) -> bool:
    names = [
        normalise_text(str(name or ""))
        for name in (record.fields.get("name"), write.fields.get("name"))
    ]
    return names[0].strip() == names[1].strip()


def _whole(record: RemoteRecord, write: Write) -> bool:
    """Whether everything that was sent is there; people may have edited it since."""
    shown = record.fields
    sent = {id: raw for id, raw in write.fields.items() if id in shown}
    return all(same_raw(shown[id], raw) for id, raw in sent.items())


def _tasks(
    asana: Asana, me: str, write: Write, decoder: Decoder, since: datetime | None
) -> Iterator[RemoteRecord]:
    home, parent = write.fields.get("project") or write.container, write.fields.get("parent")
    ask = asked(TASK, write.fields)
    if isinstance(parent, str):
        pages = asana.pages(f"/tasks/{segment(parent)}/subtasks", ask)
    else:
        start = instant_text(since) if since else None
        pages = asana.pages("/tasks", ask, project=home, modified_since=start)
    for page in _there(pages):
        for row in page.data:
            if marked(row):
                continue
            if _made_since(row, since) and gid_of(row.get("created_by")) == me:
                place = decoder.home_of(row) or (home if isinstance(home, str) else None)
                yield decoder.task(row, page.at, place)


def _projects(
    asana: Asana, write: Write, decoder: Decoder, catalogue: Catalogue, since: datetime | None
) -> Iterator[RemoteRecord]:
    """Projects made since in the place where this one would be. Who made one is not told."""
    info = catalogue.objects.get(PROJECT)
    home = write.container or (info.home if info else None)
    teams = {o.id for f in (info.fields if info else ()) if f.id == "team" for o in f.options}
    place = "teams" if home in teams else "workspaces"
    path = f"/{place}/{segment(home)}/projects"
    for page in _there(asana.pages(path, asked(PROJECT, write.fields), archived="false")):
        for row in page.data:
            if _made_since(row, since):
                yield decoder.project(row, page.at)


def _there(pages: Iterator[Reply]) -> Iterator[Reply]:
    """The pages, or none if the place itself is gone: then nothing was made in it."""
    try:
        yield from pages
    except SkipRecord as error:
        if error.status not in (400, 404):
            raise


def _made_since(row: Row, since: datetime | None) -> bool:
    made = moment(row.get("created_at"))
    return made is not None and (since is None or made >= since)
