"""Asana: projects and tasks, by way of one token."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from adapters.asana import (
    audience,
    comments,
    describe,
    find,
    looking,
    provision,
    pull,
    push,
    standing,
    statuses,
    stories,
    survey,
)
from adapters.asana.client import Asana, Reply, segment
from adapters.asana.decode import Decoder
from adapters.asana.headsup import HeadsUps
from adapters.asana.names import Names
from adapters.asana.shapes import PROJECT, TASK, asked
from syncer.adapterkit.contract import (
    Capabilities,
    FieldNeed,
    HistoryRequest,
    Opening,
    PullRequest,
    Scope,
)
from syncer.adapterkit.errors import SkipRecord
from syncer.adapterkit.standing import Lack, Standing, Wants
from syncer.model.comments import Audience, Comment, Post, Posted, Thread
from syncer.model.feeds import Page
from syncer.model.remote import Catalogue, Change, Outcome, RemotePerson, RemoteRecord, Write
from syncer.model.surveys import Spot


class AsanaAdapter:
    """One Asana connection. Vendor facts are those of the wire guide, Asana REST 1.0."""

    capabilities = Capabilities(
        in_flight=10,
        history_batch=1,
        # Events are usually there within a minute. State and stories are there at once.
        lag=timedelta(minutes=1),
    )

    def __init__(self, opening: Opening) -> None:
        self._asana = Asana(opening)
        self._names = Names(self._asana)
        self._heads_ups = HeadsUps(self._asana)

    def whoami(self) -> RemotePerson:
        """The user whose token this is."""
        return describe.person(self._asana.me())

    def now(self) -> datetime:
        """The vendor's time, as its answers tell it."""
        return self._asana.now()

    def people(self, scope: Scope) -> list[RemotePerson]:
        """Everybody in the scope's workspace."""
        return describe.people(self._asana, scope)

    def describe(self, scope: Scope, objects: frozenset[str]) -> Catalogue:
        """Projects in scope, and the fields of projects and tasks, live."""
        return describe.catalogue(self._asana, scope, objects)

    def pull(self, request: PullRequest) -> Iterator[Page]:
        """One feed a project: its own record, its tasks, and what events tell."""
        return pull.pull(self._asana, self._heads_ups, request)

    def history(self, requests: Sequence[HistoryRequest], catalogue: Catalogue) -> Iterator[Change]:
        """What the stories of tasks tell. Projects have none: their feed tells all there is."""
        return stories.history(self._asana, requests, catalogue)

    def fetch(
        self, object: str, ids: Sequence[str], request: PullRequest
    ) -> Iterator[RemoteRecord]:
        """These records as they are now, without those that are gone."""
        decoder = Decoder(request.catalogue)
        ask = asked(object, request.fields.get(object, ())) if object in (TASK, PROJECT) else ()
        for gid in ids if ask else ():
            if object == PROJECT:
                yield from self._project(decoder, gid, ask)
                continue
            reply = looking.task_now(self._asana, gid, ask)
            if not isinstance(reply, Reply) or self._heads_ups.knows(reply.data):
                continue
            home = looking.home_above(self._asana, decoder, reply.data)
            if home is not None:
                yield decoder.task(reply.data, reply.at, home)

    def _project(self, decoder: Decoder, gid: str, ask: tuple[str, ...]) -> Iterator[RemoteRecord]:
        try:
            reply = self._asana.get(f"/projects/{segment(gid)}", ask)
        except SkipRecord:
            return
        yield statuses.told(self._asana, decoder.project(reply.data, reply.at), reply.data)

    def push(self, writes: Sequence[Write], catalogue: Catalogue) -> Iterator[Outcome]:
        """Carry out writes, each on its own: Asana's batch spares no quota."""
        return push.push(self._asana, self._names, writes, catalogue)

    def find(self, write: Write, catalogue: Catalogue) -> list[RemoteRecord]:
        """What a create that was not answered may have made."""
        return find.find(self._asana, self._asana.my_gid(), write, catalogue)

    def comment(self, posts: Sequence[Post], catalogue: Catalogue) -> Iterator[Posted]:
        """Write comments on tasks, or ours anew."""
        return comments.comment(self._asana, posts)

    def comments(
        self, threads: Sequence[Thread], since: datetime, catalogue: Catalogue
    ) -> Iterator[Comment]:
        """What was said on these tasks since then."""
        return comments.comments(self._asana, threads, since)

    def audience(self, scope: Scope, threads: Sequence[Thread]) -> dict[Thread, Audience]:
        """Who can read there, beside members of the workspace."""
        return audience.audience(self._asana, threads)

    def heads_up_item(self, container: str, catalogue: Catalogue) -> Thread | None:
        """The task that is kept in a project for what concerns all of it."""
        return self._heads_ups.item(container)

    def provision(self, scope: Scope, needs: Sequence[FieldNeed], *, dry_run: bool) -> list[str]:
        """Make missing custom fields and set them up on the projects in scope."""
        return provision.provision(self._asana, scope, needs, dry_run=dry_run)

    def spots(self) -> Iterator[Spot]:
        """Teams and projects: a request for each hundred teams, and one a team."""
        return survey.spots(self._asana)

    def everybody(self) -> Iterator[RemotePerson]:
        """A request for each hundred users."""
        return survey.everybody(self._asana)

    def standing(self, wants: Wants) -> Standing:
        """Whether the token may do everything, and what seat it has."""
        return standing.standing(self._asana, wants)

    def lacks(self, scope: Scope, catalogue: Catalogue, wants: Wants) -> list[Lack]:
        """Projects that it may only look at, and a plan without custom fields."""
        return standing.lacks(self._asana, scope, catalogue, wants)

    def template(self, object: str, name: str, catalogue: Catalogue) -> str:
        """Why nothing is copied here."""
        return standing.template(object, name, catalogue)

    def close(self) -> None:
        """Close the connections."""
        self._asana.close()
