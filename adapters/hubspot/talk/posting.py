"""Notes, and tasks for people: one request each, made with their link, or written anew.

Type ids of links are those that several third parties report ("Associations"); if HubSpot
refuses one, it is asked for its own and the post is sent once more.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field

from adapters.hubspot.faults import refusal
from adapters.hubspot.shapes import TYPES, VERSION, mapping, objects, word
from adapters.hubspot.talk.marks import mark_of
from adapters.hubspot.talk.markup import written
from adapters.hubspot.values import moment_or_none
from adapters.hubspot.wire import Wire, labels, listed, records
from syncer.adapterkit.errors import AskPerson, LookFirst, SkipRecord, WaitAndRetry
from syncer.adapterkit.http import Answer
from syncer.model.comments import Post, Posted, ToDo
from syncer.model.remote import Result
from syncer.model.values import instant_text

LINKS: Final = {
    ("note", "company"): 190,
    ("note", "deal"): 214,
    ("task", "company"): 192,
    ("task", "deal"): 216,
}
_DEFINED: Final = "HUBSPOT_DEFINED"
_SUBJECT_MAX: Final = 255
"""Characters of a subject: how many HubSpot takes is not told; the app shows one line."""


class Posting(Struct):
    """Writes posts. Keeps the owners of users and the link types that it had to ask for."""

    wire: Wire
    owners: dict[str, str] = field(default_factory=dict)
    links: dict[tuple[str, str], int] = field(default_factory=dict)

    def __call__(self, posts: Sequence[Post]) -> Iterator[Posted]:
        """An outcome for each post, in their order."""
        for post in posts:
            try:
                yield self._posted(post)
            except LookFirst as error:
                yield Posted(post.ref, Result.UNKNOWN, post.comment, reason=str(error))
            except WaitAndRetry as error:
                yield Posted(post.ref, Result.RETRY, post.comment, reason=str(error))
            except (SkipRecord, AskPerson) as error:
                yield Posted(post.ref, Result.REFUSED, post.comment, reason=str(error))

    def _posted(self, post: Post) -> Posted:
        kind = "task" if post.to_do else "note"
        if post.thread.object not in TYPES:
            raise SkipRecord(f"nothing can be said on a {post.thread.object} in HubSpot")
        properties = self._properties(post)
        if post.comment is None:
            answer = self._made(kind, post, properties)
        else:
            # The same text again does no harm: it may be repeated.
            path = records(kind, _own_id(kind, post.comment))
            answer = self.wire.http.patch(path, json={"properties": properties}, safe=True)
        return _outcome(kind, post, answer)

    def _properties(self, post: Post) -> dict[str, str]:
        body, now = written(post.message, mark_of(post.ref)), self.wire.http.clock.now()
        if post.to_do is None:
            # The time under which it stands on the timeline; it stays when the text changes.
            when = {} if post.comment else {"hs_timestamp": instant_text(now)}
            return {"hs_note_body": body, **when}
        return {"hs_task_body": body, **self._task(post, post.to_do, now)}

    def _task(self, post: Post, to_do: ToDo, now: datetime) -> dict[str, str]:
        """A task that is asked for again is open again; one that is done keeps day and owner."""
        status = "COMPLETED" if to_do.done else "NOT_STARTED"
        told = {"hs_task_subject": _subject(to_do.subject), "hs_task_status": status}
        if to_do.done and post.comment is not None:
            return told
        if to_do.due is not None or post.comment is None:
            told["hs_timestamp"] = instant_text(to_do.due or now)
        return told | {"hubspot_owner_id": self._owner(to_do.assignee)}

    def _owner(self, assignee: str) -> str:
        """Tasks are assigned to owners, whose ids are not those of their users ("Owners")."""
        kind, _, user = assignee.partition(":")
        if kind != "user":
            return assignee
        if user.isdecimal() and user not in self.owners:
            path = f"/crm/owners/{VERSION}/{user}"
            told = mapping(self.wire.get(path, idProperty="userId"))
            self.owners[user] = word(told.get("id"))
        if not self.owners.get(user):
            raise SkipRecord(f"HubSpot has no owner with the user id {user!r}")
        return self.owners[user]

    def _made(self, kind: str, post: Post, properties: dict[str, str]) -> Answer:
        pair = (kind, post.thread.object)
        answer = self._create(pair, post, properties)
        if answer.status == 400 and pair not in self.links and self._learnt(pair):
            answer = self._create(pair, post, properties)
        return answer

    def _create(self, pair: tuple[str, str], post: Post, properties: dict[str, str]) -> Answer:
        id = self.links.get(pair, LINKS[pair])
        types = [{"associationCategory": _DEFINED, "associationTypeId": id}]
        link = {"to": {"id": post.thread.id}, "types": types}
        body: dict[str, Any] = {"properties": properties, "associations": [link]}
        return self.wire.post(records(pair[0]), body)

    def _learnt(self, pair: tuple[str, str]) -> bool:
        """Ask for the type of the plain link; whether it is another one than we thought."""
        told = objects(listed(self.wire.get(labels(*pair))))
        ids = [
            one.get("typeId")
            for one in told
            if one.get("category") == _DEFINED and not one.get("label")
        ]
        known = [id for id in ids if isinstance(id, int) and not isinstance(id, bool)]
        self.links[pair] = known[0] if known and LINKS[pair] not in known else LINKS[pair]
        return self.links[pair] != LINKS[pair]


def _subject(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SUBJECT_MAX else f"{line[: _SUBJECT_MAX - 1]}…"


def _own_id(kind: str, comment: str) -> str:
    told, _, id = comment.partition(":")
    if told != kind or not id.isdecimal():
        raise SkipRecord(f"{comment!r} is not the id of a {kind}")
    return id


def _outcome(kind: str, post: Post, answer: Answer) -> Posted:
    if not answer.ok:
        raise refusal(answer)
    told = mapping(answer.json_or_none())
    id = word(told.get("id"))
    if not id:
        raise LookFirst("an answer without an id")
    stands = moment_or_none(told.get("updatedAt" if post.comment else "createdAt"))
    return Posted(post.ref, Result.DONE, f"{kind}:{id}", stands or answer.at)
