"""What people are to be told: notices, the comments that carry them, and where they stand."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec import field as factory

from syncer.model.comments import Thread
from syncer.model.values import Json


class NoticeKind(StrEnum):
    """What a notice tells, and whom.

    To the owner: ``ASK`` a proposal waits (one for each version), ``REMINDER`` it still does,
    ``CHANGED`` somebody else's edit counts, ``CONFIRM`` somebody else gave the first value,
    ``AGAIN`` an answer was to an older version. To who edited: ``WAITS``, ``PUT_BACK``,
    ``OVERTAKEN`` (another owner's value stands), ``RIVALS`` (nobody's counts yet), ``ENDED`` what
    became of the proposal. To who answered: ``NOT_YOURS``, ``UNCLEAR``. To a role at once:
    ``SUMMARY`` of a first contact. On twins, for whoever reads there: ``LEFT``, one of them left
    the scope; ``BACK``, it returned.
    """

    ASK = "ask"
    REMINDER = "reminder"
    CHANGED = "changed"
    CONFIRM = "confirm"
    AGAIN = "again"
    WAITS = "waits"
    PUT_BACK = "put_back"
    OVERTAKEN = "overtaken"
    RIVALS = "rivals"
    ENDED = "ended"
    NOT_YOURS = "not_yours"
    UNCLEAR = "unclear"
    SUMMARY = "summary"
    LEFT = "left"
    BACK = "back"


class NoticeStatus(StrEnum):
    """``WAITING`` to be told; ``TOLD``; ``DROPPED``: what it says is over, nobody need hear it."""

    WAITING = "waiting"
    TOLD = "told"
    DROPPED = "dropped"


class Notice(Struct, frozen=True):
    """One thing that one person is to hear, once.

    Args:
        id: made of what it tells, so that the same thing is never told twice.
        to: key of a person; None for an editor whom nobody in ``people.yaml`` is.
        at: the connection of the edit, for notes to an editor; None: the person's home.
        facts: what its text can say, as readable text by name (``who``, ``old``, ``new``, ...).
        urgent: digest, cap and quiet hours do not hold it back.
        not_before: it waits for a digest until then.
        why: why it could not be told yet, for people.
        ref: the post that told it.
    """

    id: str
    client: str
    record: str | None
    entity: str | None
    field: str | None
    kind: NoticeKind
    created_at: datetime
    to: str | None = None
    role: str | None = None
    at: str | None = None
    proposal: str | None = None
    version: int = 0
    facts: Mapping[str, Json] = factory(default_factory=dict)
    urgent: bool = False
    status: NoticeStatus = NoticeStatus.WAITING
    told_at: datetime | None = None
    not_before: datetime | None = None
    why: str = ""
    ref: str | None = None


class PostStatus(StrEnum):
    """``SENT`` posts may stand there: they are looked up before anything is repeated."""

    SENT = "sent"
    DONE = "done"
    FAILED = "failed"


class Posting(Struct, frozen=True):
    """A comment that is about to be written, recorded before it is; then what became of it.

    Args:
        notices: ids of what it tells; ``proposals`` the (id, version) pairs that it asks about.
        to: whom it addresses; ``connection`` is empty for other channels (mail, chat).
        to_do: it is an assigned task, not a comment; ``closed``: that task was ticked off.
        comment: the vendor's id of it. ``told_at`` is when it stood there, by the vendor's clock.
    """

    ref: str
    client: str
    cycle: str
    connection: str
    thread: Thread
    created_at: datetime
    to: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    proposals: tuple[tuple[str, int], ...] = ()
    to_do: bool = False
    closed: bool = False
    comment: str | None = None
    status: PostStatus = PostStatus.SENT
    told_at: datetime | None = None
    done_at: datetime | None = None
    reason: str = ""
