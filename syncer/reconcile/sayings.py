"""What a comment says: notices in the words of their templates, with what people typed quoted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from syncer.model.comments import Mention, Message, Paragraph, Part, Words
from syncer.model.entities import EXISTENCE
from syncer.model.notices import Notice, NoticeKind
from syncer.model.texts import (
    DIGEST,
    HOW,
    HOW_ELSEWHERE,
    HOW_NUMBERED,
    HOW_WITHDRAW,
    HOW_WITHDRAW_NUMBERED,
    LEFT_WHY,
    MANY,
    MOVED,
    SEVERAL,
    STATUS,
    TO_DO,
    UNCLEAR_ENDED,
    Texts,
)
from syncer.model.values import Json
from syncer.reconcile.lines import Line, fill, in_one

_ASKS: Final = (NoticeKind.ASK, NoticeKind.REMINDER, NoticeKind.AGAIN)
_HELD: Final = (NoticeKind.WAITS,)


class _Speech(Struct, frozen=True):
    """Whose words are used, and how people are called."""

    texts: Texts
    client: str
    name: Callable[[str], str]
    mention: Callable[[str], Mention | None]
    numbered: bool
    answerable: bool = True


def message(
    notices: Sequence[Notice],
    texts: Texts,
    client: str,
    *,
    name: Callable[[str], str],
    mention: Callable[[str], Mention | None],
    digest: bool,
    numbered: bool = False,
    answerable: bool = True,
) -> Message:
    """One comment for all that is told in one place: who it is for, what it is, how to answer.

    Args:
        name: what a person is called.
        mention: how the tool mentions a person; None where it cannot, then by name.
        digest: what had to wait is told together.
        numbered: a number must stand in every answer; it also must where several wait.
        answerable: answers are read there (not in a mail).
    """
    several = len({n.proposal for n in notices if n.kind in (*_ASKS, *_HELD)}) > 1
    with_number = numbered or several or not answerable
    speech = _Speech(texts, client, name, mention, with_number, answerable)
    told = list(dict.fromkeys(lines for each in notices if (lines := _lines(each, speech))))
    to = _addressed(notices, speech)
    how = [Paragraph(line) for line in _how(notices, speech)]
    if len(told) <= 1 and not digest:
        first, *rest = told[0] if told else ((),)
        said = (*to, Words(": "), *first) if to else first
        return Message((Paragraph(said), *(Paragraph(line) for line in rest), *how))
    above = fill(texts.of(DIGEST if digest else SEVERAL, client), {})
    heading = above[0] if above else ()
    head = (*to, Words(" "), *heading) if to else heading
    items = [Paragraph(in_one(lines), item=True) for lines in told]
    return Message((Paragraph(head), *(Paragraph(line) for line in above[1:]), *items, *how))


def subject(notice: Notice, texts: Texts, client: str) -> str:
    """The subject of a task that is assigned to who is asked, as plain text on one line."""
    speech = _Speech(texts, client, str, lambda _: None, numbered=True)
    lines = fill(_template(TO_DO, notice, speech), _facts(notice, speech))
    return " ".join(Paragraph(in_one(tuple(lines))).plain.split())


def _how(notices: Sequence[Notice], speech: _Speech) -> Iterator[Line]:
    """How to answer, and how to take back: each once, with a number as an example."""
    ways = [(_ASKS, HOW, HOW_NUMBERED), (_HELD, HOW_WITHDRAW, HOW_WITHDRAW_NUMBERED)]
    for kinds, plain, numbered in ways if speech.answerable else [(_ASKS, "", HOW_ELSEWHERE)]:
        first = next((notice for notice in notices if notice.kind in kinds), None)
        if first is not None:
            lines = speech.texts.of(numbered if speech.numbered else plain, speech.client)
            yield from fill(lines, _facts(first, speech))


def _addressed(notices: Sequence[Notice], speech: _Speech) -> Line:
    """Everybody it is for, each once."""
    people = dict.fromkeys(notice.to for notice in notices if notice.to is not None)
    found: list[Part] = []
    for key in people:
        between = [Words(" ")] if found else []
        found += [*between, speech.mention(key) or Words(speech.name(key))]
    return tuple(found)


def _lines(notice: Notice, speech: _Speech) -> tuple[Line, ...]:
    """What a notice says, line by line."""
    status = notice.facts.get(STATUS)
    name = str(notice.kind)
    if notice.kind is NoticeKind.ENDED:
        name = f"{name}_{status}"
    elif notice.kind is NoticeKind.LEFT:
        name = f"{name}_{status if status in (*LEFT_WHY, MANY) else MOVED}"
    elif notice.kind is NoticeKind.BACK and status == MANY:
        name = f"{name}_{MANY}"
    elif notice.kind is NoticeKind.UNCLEAR and status:
        name = UNCLEAR_ENDED
    return tuple(fill(_template(name, notice, speech), _facts(notice, speech)))


def _template(name: str, notice: Notice, speech: _Speech) -> tuple[str, ...]:
    """The lines of a template; of the one about making or archiving things, if there is one."""
    verb = notice.facts.get("verb") if notice.field == EXISTENCE else None
    found = f"{name}_{verb}" if verb and f"{name}_{verb}" in speech.texts.lines else name
    return speech.texts.of(found, speech.client, notice.role)


def _facts(notice: Notice, speech: _Speech) -> Mapping[str, Json]:
    """What a notice can say; its number only where one must stand in the answer."""
    left_out = () if speech.numbered else ("number",)
    return {name: fact for name, fact in notice.facts.items() if name not in left_out}
