"""Poll projects: a feed each, of the project's own record and of its tasks.

An idle poll is two requests: what happened (``/events``), then the state of what changed
(``/tasks?modified_since``). Events are taken first, so that the state is never older than
what they tell. A feed that lost its place lists everything again.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from msgspec.structs import replace

from adapters.asana import statuses
from adapters.asana.client import NO_PLACE, Asana, Events, Reply, Row, segment
from adapters.asana.decode import Decoder, moment
from adapters.asana.events import Told, project_changes, read_events
from adapters.asana.headsup import HeadsUps, Kept
from adapters.asana.hearing import Hearing
from adapters.asana.looking import DEEPEST, home_above, task_now
from adapters.asana.shapes import PROJECT, TASK, asked
from syncer.adapterkit.contract import PullRequest
from syncer.adapterkit.errors import AskPerson, SkipRecord
from syncer.adapterkit.seen import Seen, sift
from syncer.model.feeds import Page
from syncer.model.remote import Change, Gone, RemoteRecord
from syncer.model.values import instant_text

OVERLAP: Final = timedelta(minutes=2)
"""How far ``modified_since`` reaches back (guide, "modified_since")."""

_BIRTH: Final = timedelta(seconds=10)
"""How long after a task was made the story may come that it was put into its project."""

_log = structlog.get_logger(__name__)


def pull(asana: Asana, heads_ups: HeadsUps, request: PullRequest) -> Iterator[Page]:
    """Every project of the catalogue, one after the other."""
    decoder, hearing = Decoder(request.catalogue), Hearing(asana, request)
    wanted = {name: asked(name, ids) for name, ids in request.fields.items()}
    projects = sorted(request.catalogue.containers)
    complete = PROJECT in wanted
    for project in projects:
        cursor = request.cursors.get(project)
        kept = heads_ups.kept(project, cursor)
        feed = _Feed(asana, decoder, hearing, kept, wanted, project, cursor, request.seen)
        last: Page | None = None
        for page in feed.pages(whole=request.full):
            if page.done:
                last = page
            else:
                yield page
        complete = complete and feed.whole and last is not None
        if last is not None:
            every = {(PROJECT, None)} if complete and project == projects[-1] else set()
            yield replace(last, listed=last.listed | every)


class _Feed:
    """One poll of one project."""

    def __init__(
        self,
        asana: Asana,
        decoder: Decoder,
        hearing: Hearing,
        kept: Kept,
        wanted: Mapping[str, tuple[str, ...]],
        project: str,
        cursor: dict[str, Any] | None,
        before: Seen,
    ) -> None:
        self._asana = asana
        self._decoder = decoder
        self._hearing = hearing
        self._kept = kept
        self._wanted = wanted
        self._project = project
        self._before = before
        token, since = (cursor or {}).get("sync"), moment((cursor or {}).get("since"))
        known = isinstance(token, str) and since is not None
        self._token, self._since = (token, since) if known else (None, None)
        self._homes: dict[str, str | None] = {}
        self._seen: set[str] = set()
        self._made: dict[str, datetime] = {}
        self.whole = False

    def pages(self, *, whole: bool) -> Iterator[Page]:
        """The pages of this feed; the last is done."""
        try:
            events = self._asana.events(self._project, self._token)
        except (SkipRecord, AskPerson) as error:
            yield from self._no_stream(error)
            return
        self.whole = whole or events.lost or self._since is None
        if events.lost and self._token is not None:
            _log.info("feed.lost", system="asana", feed=self._project)
        told = read_events(events.rows, self._project)
        if told.project_gone is not None:
            yield Page(self._project, gone=(told.project_gone,), done=True)
            return
        yield from self._read(events, told)

    def _no_stream(self, error: SkipRecord | AskPerson) -> Iterator[Page]:
        """Nothing is told of this project: it was deleted, or is hidden from us."""
        if error.status not in NO_PLACE:
            raise error
        try:
            self._asana.get(f"/projects/{segment(self._project)}", ("name",))
        except SkipRecord:
            yield Page(self._project, gone=(Gone(PROJECT, self._project),), done=True)
        except AskPerson as hidden:
            # One project that we may not see must not stop the others.
            _log.warning("feed.skipped", system="asana", feed=self._project, reason=str(hidden))
        else:
            raise error

    def _read(self, events: Events, told: Told) -> Iterator[Page]:
        project = self._project_record(told)
        gone: dict[str, Gone] = {}
        late: list[RemoteRecord] = [project] if project else []
        if TASK in self._wanted:
            yield from self._listed(None if self.whole else self._since, told.arrived)
            found, gone = self._looked_at(told)
            late += found
        kept = self._kept.gids
        hints = [hint for hint in told.hints if not self._of_birth(hint)]
        changes: list[Change] = [*hints, *project_changes(told, project)]
        cursor = {"sync": events.token, "since": instant_text(events.at), **self._kept.cursor()}
        yield Page(
            self._project,
            records=tuple(late),
            gone=tuple(gone.values()),
            changes=tuple(c for c in changes if c.object in self._wanted and c.id not in kept),
            comments=self._hearing.heard(self._project, told.comments, whole=self.whole),
            done=True,
            cursor=cursor,
            listed=frozenset(
                {(TASK, self._project)} if self.whole and TASK in self._wanted else ()
            ),
        )

    def _project_record(self, told: Told) -> RemoteRecord | None:
        if PROJECT not in self._wanted or not (self.whole or told.project):
            return None
        path = f"/projects/{segment(self._project)}"
        reply = self._asana.get(path, self._wanted[PROJECT])
        return statuses.told(self._asana, self._decoder.project(reply.data, reply.at), reply.data)

    def _listed(self, since: datetime | None, new: set[str]) -> Iterator[Page]:
        """Tasks of the project: all, or those that were modified since.

        With them comes what is under them: under all, or under those that are new here. Where a
        task is as it was, and has nothing under it, only that is told.
        """
        start = instant_text(since - OVERLAP) if since else None
        params = {"project": self._project, "modified_since": start}
        for page in self._asana.pages("/tasks", self._wanted[TASK], **params):
            rows = ((row["gid"], row) for row in page.data if not row.get("num_subtasks"))
            sifted = sift(self._before, TASK, rows)
            self._seen |= sifted.same
            records = list(self._records(page.data, page.at))
            parents = [row for row in page.data if since is None or row["gid"] in new]
            records += [record for row in parents for record in self._under(row, 0)]
            same = {TASK: tuple(sifted.same)} if sifted.same else {}
            yield Page(self._project, records=tuple(records), same=same, marks=sifted.marks)

    def _records(self, rows: Iterable[Row], at: datetime) -> Iterator[RemoteRecord]:
        for row in rows:
            if row.get("is_rendered_as_separator") is True or row["gid"] in self._seen:
                continue
            if self._kept.holds(row):
                self._seen.add(row["gid"])
                continue
            yield self._keep(row, at, self._decoder.home_of(row) or self._project)

    def _keep(self, row: Row, at: datetime, home: str) -> RemoteRecord:
        self._seen.add(row["gid"])
        self._homes[row["gid"]] = home
        record = self._decoder.task(row, at, home)
        if record.created_at is not None:
            self._made[record.id] = record.created_at
        return record

    def _of_birth(self, hint: Change) -> bool:
        """Whether a task got its project because it was made in it: that is no change."""
        made = self._made.get(hint.id)
        if made is None or hint.at is None or hint.field != "project":
            return False
        return abs(hint.at - made) < _BIRTH

    def _under(self, row: Row, depth: int) -> Iterator[RemoteRecord]:
        """Subtasks, which no listing of a project shows, level by level."""
        count = row.get("num_subtasks")
        if not isinstance(count, int) or count < 1 or depth > DEEPEST:
            return
        path = f"/tasks/{segment(row['gid'])}/subtasks"
        for page in self._asana.pages(path, self._wanted[TASK]):
            new = [sub for sub in page.data if sub["gid"] not in self._seen]
            yield from self._records(new, page.at)
            for sub in new:
                yield from self._under(sub, depth + 1)

    def _looked_at(self, told: Told) -> tuple[list[RemoteRecord], dict[str, Gone]]:
        """Tasks that events name and the listing did not show, and those that are gone."""
        found: list[RemoteRecord] = []
        gone = {gid: one for gid, one in told.gone.items() if gid not in self._seen}
        for gid in sorted(told.touched - self._seen - gone.keys()):
            reply = task_now(self._asana, gid, self._wanted[TASK])
            if not isinstance(reply, Reply):
                gone[gid] = reply
                continue
            if self._kept.holds(reply.data):
                continue
            home = home_above(self._asana, self._decoder, reply.data, self._homes)
            if home is None:
                gone[gid] = Gone(TASK, gid, moved=True)
                continue
            found.append(self._keep(reply.data, reply.at, home))
            if gid in told.arrived:
                found += self._under(reply.data, 0)
        return found, {gid: one for gid, one in gone.items() if gid not in self._kept.gids}
