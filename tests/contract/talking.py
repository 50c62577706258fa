"""Drives what an adapter says and hears, and reads it as people would."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from unicodedata import category
from weakref import WeakKeyDictionary

import pytest

from syncer.adapterkit.commenting import Commenter
from syncer.adapterkit.contract import Adapter
from syncer.adapterkit.errors import AdapterError
from syncer.model.comments import (
    Audience,
    Comment,
    Mention,
    Message,
    Paragraph,
    Part,
    Post,
    Posted,
    Thread,
    Words,
)
from syncer.model.remote import Catalogue, Op, RemotePerson, Result
from tests.contract.driving import catalogue
from tests.contract.driving import write as edit
from tests.contract.harness import Harness, Talk

_refs = count(1)
_BULLET = re.compile(r"^[-*•] +")

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def talk_of(h: Harness) -> Talk:
    """How comments are seen there; the tests of an adapter that writes none are skipped.

    Whether it may lack this is asked in ``test_whoever_takes_comments_answers_for_them``.
    """
    if h.talk is None:
        pytest.skip(f"{h.name} writes no comments")
    return h.talk


def commenter(h: Harness, adapter: Adapter | None = None) -> Commenter:
    """The adapter, as the one that comments."""
    adapter = adapter or h.adapter
    assert isinstance(adapter, Commenter)
    return adapter


def paragraphs(*lines: Paragraph | Part) -> Message:
    """A message; a part alone is a line of its own."""
    return Message(tuple(x if isinstance(x, Paragraph) else Paragraph((x,)) for x in lines))


def post(h: Harness, *lines: Paragraph | Part, **more: Any) -> Post:
    """A post as the engine makes it, with a ref of its own, under the harness's thread."""
    options: dict[str, Any] = {
        "ref": f"k{next(_refs):05}",
        "thread": talk_of(h).thread,
        "since": datetime.now(UTC) - timedelta(seconds=1),
    }
    lines = lines or (Words("Something waits for you."),)
    return Post(message=paragraphs(*lines), **(options | more))


_known: WeakKeyDictionary[Adapter, Catalogue] = WeakKeyDictionary()


def known(h: Harness) -> Catalogue:
    """What the harness's adapter once described."""
    if h.adapter not in _known:
        _known[h.adapter] = catalogue(h)
    return _known[h.adapter]


def write(h: Harness, one: Post, adapter: Adapter | None = None) -> Posted:
    """Its outcome, whatever it is."""
    outcomes = list(commenter(h, adapter).comment([one], known(h)))
    assert [outcome.ref for outcome in outcomes] == [one.ref]
    return outcomes[0]


def written(h: Harness, one: Post) -> str:
    """The id of a comment that stands there now."""
    outcome = write(h, one)
    assert outcome.result is Result.DONE, outcome
    assert outcome.comment
    assert outcome.at is not None
    assert outcome.at.utcoffset() == timedelta(0)
    return outcome.comment


def read(h: Harness, *threads: Thread, since: datetime = LONG_AGO) -> list[Comment]:
    """What stands under threads, or under the harness's own, as the adapter reads it."""
    h.settle()
    wanted = threads or (talk_of(h).thread,)
    return list(commenter(h).comments(wanted, since, known(h)))


def found(h: Harness, ref: str, *threads: Thread) -> list[Comment]:
    """Our comments with this ref."""
    return [comment for comment in read(h, *threads) if comment.ref == ref]


def thread(h: Harness, title: str = "Spoken of") -> Thread:
    """A new item to speak about, in the harness's container."""
    if not h.creatable:
        pytest.skip(f"{h.name} makes no items")
    one = edit(h, Op.CREATE, fields={h.item.title: title})
    [outcome] = h.adapter.push([one], known(h))
    assert outcome.result is Result.DONE, outcome
    return Thread(h.item_object, outcome.id or "", outcome.container or h.container)


def audience(h: Harness, *threads: Thread) -> dict[Thread, Audience]:
    """Who can read there, as an adapter with nothing in mind finds it."""
    fresh = h.as_user("syncer")
    return commenter(h, fresh).audience(h.scope, threads)


def person(h: Harness, user: str) -> RemotePerson:
    """A user as the adapter tells of them."""
    id = h.person(user)
    return next(p for p in h.adapter.people(h.scope) if id in (p.id, *p.aliases))


def lost(h: Harness, moment: str, call: str = "comment") -> None:
    """The answer to the next such call is lost, ``before`` or ``after`` it took effect."""
    match = h.comment_fault if call == "comment" else h.write_fault
    if h.lose is not None:
        h.lose(call, moment)
    elif h.running is not None:
        assert match, f"the harness of {h.name} names no request for {call}"
        h.running.fault({"drop": moment}, **match)


def tried(call: Any) -> Any:
    """What it gives, or the named error; any other exception is a failure."""
    try:
        return call()
    except AdapterError as error:
        return error


def reads(text: str) -> str:
    """A text as the eye reads it: no signs that cannot be seen, no white space to speak of."""
    lines = (_BULLET.sub("- ", " ".join(line.split())) for line in _seen(text).split("\n"))
    return "\n".join(line for line in lines if line)


def same_signs(text: str, message: Message) -> bool:
    """Whether a text has all the signs of a message in order.

    White space may differ, and an item that was typed in several lines need not be one of a list.
    """
    lines = (("[-*•]?" if p.item else "") + re.escape(_signs(p.plain)) for p in message.paragraphs)
    return re.fullmatch("".join(lines), _signs(text)) is not None


def reads_like(text: str, message: Message) -> bool:
    """Whether a text is what a message says; a person may be called as the vendor calls them."""
    pattern, names = re.escape(reads(message.plain)), [m.name for m in message.mentions()]
    for name in dict.fromkeys(names):
        pattern = pattern.replace(re.escape(f"@{name}"), "@?[^\\n]{1,60}?")
    return re.fullmatch(pattern, reads(text)) is not None


def mention(h: Harness, user: str) -> Mention:
    """One of a user, as the engine knows them."""
    who = person(h, user)
    return Mention(who.id, who.name)


def ids(comments: Iterable[Comment]) -> set[str]:
    return {comment.id for comment in comments}


def _seen(text: str) -> str:
    return "".join(" " if c in "\t\r" else c for c in text if c in "\t\r\n" or _visible(c))


def _signs(text: str) -> str:
    return "".join(_seen(text).split())


def _visible(sign: str) -> bool:
    return category(sign) not in ("Cc", "Cf", "Cn", "Cs")
