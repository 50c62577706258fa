"""How a Trello token stands: what it may do, until when, what is left, and where it only looks."""

from collections.abc import Iterator, Mapping
from typing import Final

from adapters.trello import templates
from adapters.trello.batch import read
from adapters.trello.client import Trello, segment
from adapters.trello.fields import BOARD, CARD
from adapters.trello.shapes import mapping, moment, the_object, word
from syncer.adapterkit.answer import Answer
from syncer.adapterkit.errors import AskPerson, SkipRecord
from syncer.adapterkit.standing import Lack, Quota, Standing, Wants
from syncer.model.remote import Catalogue

ACCOUNT: Final = "a member's; Trello has no accounts for services"
_LIMITS: Final = {
    "api-token": "requests of the token in {} s",
    "api-key": "requests of the API key in {} s",
}
"""Headers of answers ("Rate limits"; older documents, so optional)."""

_ASK: Final = "memberships=all&fields=name&actions=none&cards=none&lists=none"


def standing(trello: Trello, wants: Wants) -> Standing:
    """One request: the token's own record ("Introspection")."""
    answer = trello.token()
    token = the_object(answer)
    rights = [mapping(each) for each in token.get("permissions") or () if isinstance(each, dict)]
    return Standing(
        ACCOUNT,
        tuple(filter(None, map(_right, rights))),
        (*_forbidden(rights, wants), *_ending(token)),
        tuple(_quotas(answer)),
    )


def _right(one: Mapping[str, object]) -> str:
    verbs = [verb for verb in ("read", "write") if one.get(verb) is True]
    kind = word(one.get("modelType")).lower()
    return f"{' and '.join(verbs)} {kind}s" if verbs and kind else ""


def _forbidden(rights: list[dict[str, object]], wants: Wants) -> Iterator[Lack]:
    verb = "write" if wants.writes else "read"
    boards = [one for one in rights if word(one.get("modelType")).lower() == BOARD]
    if boards and not any(one.get(verb) is True for one in boards):
        way = "make a token with the scopes read and write, and put it in the place of this one"
        yield Lack("permissions", f"the token may not {verb} boards", way)


def _ending(token: Mapping[str, object]) -> Iterator[Lack]:
    ends = moment(token.get("dateExpires"))
    if ends is not None:
        way = "make one that expires never, or put a new one in its place in time"
        yield Lack("permissions", f"the token ends on {ends:%Y-%m-%d}", way, fault=False)


def _quotas(answer: Answer) -> Iterator[Quota]:
    for name, words in _LIMITS.items():
        told = [answer.headers.get(f"x-rate-limit-{name}-{part}", "") for part in _PARTS]
        if all(text.isdecimal() for text in told):
            interval, most, left = map(int, told)
            yield Quota(words.format(interval // 1000), left, most)


_PARTS: Final = ("interval-ms", "max", "remaining")


def lacks(trello: Trello, catalogue: Catalogue, wants: Wants) -> list[Lack]:
    """A batch for each ten boards: is our member there, and more than an observer?"""
    boards = sorted(catalogue.containers)
    me = trello.my_id()
    found: list[Lack] = []
    parts = read(trello, [f"/boards/{segment(id)}?{_ASK}" for id in boards])
    for id, part in zip(boards, parts, strict=True):
        told = mapping(part.body).get("memberships")
        if isinstance(told, list) and wants.writes:
            found += _seat(catalogue.containers[id], me, [mapping(entry) for entry in told])
    return [*found, *_plan(catalogue, wants)]


def _seat(board: str, me: str, members: list[dict[str, object]]) -> Iterator[Lack]:
    mine = [word(entry.get("memberType")) for entry in members if entry.get("idMember") == me]
    if "observer" in mine:
        way = f"let an admin of the board make it a normal member of {board!r}"
        yield Lack("seat", f"it only watches the board {board!r}: nothing can be written", way)
    elif not mine:
        way = f"add it to {board!r}; as an admin of the workspace it can write without"
        yield Lack("seat", f"it is not a member of the board {board!r}", way, fault=False)


def _plan(catalogue: Catalogue, wants: Wants) -> Iterator[Lack]:
    """Boards of a plan without custom fields show none, and refuse them with 403 ("Custom Fields")."""
    info = catalogue.objects.get(CARD)
    if info is None or CARD not in wants.customs:
        return
    having = {field.container for field in info.fields if field.custom}
    without = [name for id, name in sorted(catalogue.containers.items()) if id not in having]
    if without:
        names = ", ".join(map(repr, without[:3])) + (", ..." if len(without) > 3 else "")
        boards = "1 board" if len(without) == 1 else f"{len(without)} boards"
        cause = f"no custom field is set up on {boards} ({names})"
        way = "`syncer provision --yes` makes them; where that is refused, the plan has none"
        yield Lack("plan", cause, way, fault=False)


def template(trello: Trello, object: str, name: str, catalogue: Catalogue) -> str:
    """As it would be looked for: a board in the workspace, a card on each board."""
    try:
        if object == BOARD:
            home = (catalogue.objects[BOARD].home or "") if BOARD in catalogue.objects else ""
            templates.board(trello, home, name)
        for board in catalogue.containers if object == CARD else ():
            templates.card(trello, board, name)
    except (SkipRecord, AskPerson) as error:
        return error.reason
    return ""
