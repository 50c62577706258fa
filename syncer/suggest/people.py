"""Who is one person in several tools: by e-mail, which is a proof; by name, which is a guess."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct, field

from syncer.model.remote import RemotePerson
from syncer.suggest.names import MAYBE, alike, folded, key_of

SAME_NAME: Final = 0.95
"""Letter for letter the same name: still two people may have it."""


class Namesake(Struct, frozen=True):
    """An account that may be somebody's, by its name alone."""

    account: RemotePerson
    score: float


class PersonIdea(Struct, frozen=True):
    """A person that there may be.

    Args:
        key: for ``people.yaml``.
        ids: by connection the account that is surely theirs, where no e-mail tells it.
        accounts: by connection every account that is surely theirs.
        unsure: by connection accounts that may be theirs; none is ever chosen.
        known: they stand in ``people.yaml`` already.
    """

    key: str
    name: str
    email: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, RemotePerson] = field(default_factory=dict)
    unsure: Mapping[str, tuple[Namesake, ...]] = field(default_factory=dict)
    known: bool = False


class KnownPerson(Struct, frozen=True):
    """Somebody who stands in ``people.yaml`` already; ``ids`` are in any tool."""

    key: str
    name: str
    email: str | None = None
    ids: frozenset[str] = frozenset()

    def has(self, account: RemotePerson) -> bool:
        """Whether an account is surely theirs."""
        mail = self.email is not None and folded(account.email or "") == folded(self.email)
        return mail or bool({account.id, *account.aliases} & self.ids)


def people(
    found: Mapping[str, Sequence[RemotePerson]], known: Sequence[KnownPerson] = ()
) -> list[PersonIdea]:
    """Everybody who works in these tools, by name. Guests and those who left are not among them.

    Args:
        found: connection to its people, without the service's own account.
        known: who is known already; of them only accounts are told that may be theirs.
    """
    staff = {name: [p for p in each if p.active and not p.guest] for name, each in found.items()}
    circles = [_of_known(person, staff) for person in known]
    theirs = {(n, a.id) for circle in circles for n, a in circle.sure.items()}
    rest = {n: [a for a in each if (n, a.id) not in theirs] for n, each in staff.items()}
    circles += _proven(rest)
    for name, each in rest.items():
        for account in each:
            if not account.email:
                _placed(circles, name, account)
    keys = {person.key for person in known}
    ideas = [_idea(circle, keys) for circle in circles if circle.unsure or not circle.known]
    return sorted(ideas, key=lambda idea: idea.name.casefold())


class _Circle(Struct):
    """Accounts that are one person's, and those that may be."""

    sure: dict[str, RemotePerson]
    unsure: dict[str, list[Namesake]] = field(default_factory=dict)
    known: KnownPerson | None = None

    @property
    def name(self) -> str:
        """The longest name that a tool has for somebody: addresses and nicknames are shorter."""
        names = [self.known.name] if self.known else [each.name for each in self.sure.values()]
        return max(names, key=lambda name: ("@" not in name, len(name)))

    def score(self, connection: str, account: RemotePerson) -> float:
        """How likely an account without an address is theirs: nobody has two in one tool."""
        return 0.0 if connection in self.sure else _score(self.name, account.name)


def _of_known(person: KnownPerson, staff: Mapping[str, Sequence[RemotePerson]]) -> _Circle:
    mine = {n: next((a for a in each if person.has(a)), None) for n, each in staff.items()}
    return _Circle({n: account for n, account in mine.items() if account}, known=person)


def _proven(staff: Mapping[str, Sequence[RemotePerson]]) -> list[_Circle]:
    """Who has one e-mail address is one person, whatever they are called."""
    found: dict[str, dict[str, RemotePerson]] = {}
    for name, each in staff.items():
        for account in each:
            if account.email:
                found.setdefault(folded(account.email), {}).setdefault(name, account)
    return [_Circle(accounts) for accounts in found.values()]


def _placed(circles: list[_Circle], name: str, account: RemotePerson) -> None:
    """With those who may be the same person; somebody new where nobody is called alike."""
    best = max(circles, key=lambda circle: circle.score(name, account), default=None)
    score = best.score(name, account) if best else 0.0
    if best is None or score < MAYBE:
        circles.append(_Circle({name: account}))
    else:
        best.unsure.setdefault(name, []).append(Namesake(account, score))


def _idea(circle: _Circle, keys: set[str]) -> PersonIdea:
    emails = (account.email for account in circle.sure.values() if account.email)
    return PersonIdea(
        key=circle.known.key if circle.known else _key(circle.name, keys),
        name=circle.name,
        email=next(emails, None),
        ids={n: account.id for n, account in circle.sure.items() if not account.email},
        accounts=circle.sure,
        unsure={n: tuple(each) for n, each in circle.unsure.items()},
        known=circle.known is not None,
    )


def _key(name: str, keys: set[str]) -> str:
    """A first name, as long as nobody else has it."""
    first = key_of((name.split() or [name])[0], set(), "person")
    key = first if first not in keys else key_of(name, keys, "person")
    keys.add(key)
    return key


def _score(one: str, other: str) -> float:
    return SAME_NAME if folded(one) == folded(other) else min(alike(one, other), 0.9)
