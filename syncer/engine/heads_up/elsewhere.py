"""Mail and chat: the same words to the addresses of ``people.yaml``, and where no tool can tell."""

from collections.abc import Iterable, Mapping, Sequence

import structlog
from msgspec.structs import replace

from syncer.engine.channels import ChannelError, send
from syncer.engine.context import Context
from syncer.engine.heads_up.posts import Parcel, landed, new_ref
from syncer.engine.heads_up.scenes import name_of
from syncer.model.comments import Message, Post, Thread
from syncer.model.notices import Notice, Posting, PostStatus
from syncer.reconcile.sayings import message

log = structlog.get_logger()

NO_THREAD = Thread("", "")


class Elsewhere:
    """Sends what is told in a tool to people's addresses as well, and what can be told nowhere."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self._only: list[Notice] = []

    def takes(self, person: str | None) -> bool:
        """Whether this person has an address."""
        known = self.ctx.config.people.get(person or "")
        return known is not None and bool(known.addresses)

    def only(self, notices: Iterable[Notice]) -> None:
        """Nothing else can tell this: it counts as told once it is sent."""
        self._only += notices

    def send(self, told: Sequence[Parcel]) -> None:
        """Send what was told in tools just now, and what could be told nowhere.

        A mail cannot be looked up: what is also told in a tool is sent at most once, and what
        nothing else can tell is sent again where it is not known whether it went out.
        """
        for person, notices in _by_person(n for parcel in told for n in parcel.notices).items():
            if self.takes(person):
                self._send(person, notices)
        for person, notices in _by_person(self._only).items():
            self._counting(person, notices)

    def _counting(self, person: str, notices: Sequence[Notice]) -> None:
        posting = Posting(
            ref=new_ref(self.ctx),
            client=self.ctx.client.key,
            cycle=self.ctx.cycle,
            connection="",
            thread=NO_THREAD,
            created_at=self.ctx.clock(),
            to=(person,),
            notices=tuple(notice.id for notice in notices),
        )
        with self.ctx.store.transaction() as tx:
            tx.put_postings([posting])
        sent = self._send(person, notices)
        with self.ctx.store.transaction() as tx:
            if sent:
                post = Post(posting.ref, NO_THREAD, Message(()))
                landed(self.ctx, tx, Parcel(post, posting, tuple(notices)), None, self.ctx.clock())
            else:
                tx.put_postings([replace(posting, status=PostStatus.FAILED)])

    def _send(self, person: str, notices: Sequence[Notice]) -> bool:
        known = self.ctx.config.people[person]
        texts, client = self.ctx.config.texts, self.ctx.client
        whole = message(
            notices,
            texts,
            client.key,
            name=lambda person: name_of(self.ctx, person),
            mention=lambda _: None,
            digest=len(notices) > 1,
            numbered=True,
            answerable=False,
        )
        title = f"{client.name}: {len(notices)} heads-up" + ("s" if len(notices) > 1 else "")
        try:
            send(known.addresses, title, whole.plain)
        except ChannelError as error:
            log.warning("channel.failed", person=person, reason=str(error))
            return False
        return True


def _by_person(notices: Iterable[Notice]) -> Mapping[str, list[Notice]]:
    found: dict[str, list[Notice]] = {}
    for notice in notices:
        if notice.to is not None:
            found.setdefault(notice.to, []).append(notice)
    return found
