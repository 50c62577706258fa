"""People as they will be written, and who holds which role. Nobody is guessed."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct, field

from syncer.model.remote import RemotePerson
from syncer.onboarding.asking import SKIP, Choice, Path, Question
from syncer.onboarding.kept import mark
from syncer.onboarding.look import Seen
from syncer.onboarding.yamltext import remark
from syncer.settings.shapes_answers import AnswersFile
from syncer.suggest.people import SAME_NAME, KnownPerson, PersonIdea, people

SAME: Final = "These accounts have the same or nearly the same name. Which are the same person?"

_ROBOT: Final = re.compile(
    r"\b(bot|sync|syncer|service|integration|automation|api|robot)\b", re.IGNORECASE
)


class NewPerson(Struct):
    """A person to write, or new ids of one that stands there already.

    ``ids`` are by connection: the id and what the account is called; ``hints`` likewise, for
    lines of comment.
    """

    key: str
    name: str
    email: str | None
    ids: dict[str, tuple[str, str]] = field(default_factory=dict)
    hints: list[tuple[str, str, str]] = field(default_factory=list)
    known: bool = False


class PeopleDraft(Struct):
    """All of them; ``owners`` says whose account is whose, by connection and id."""

    people: list[NewPerson] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    owners: dict[tuple[str, str], str] = field(default_factory=dict)
    wrong: list[tuple[Path, str]] = field(default_factory=list)


def draft(
    seen: Mapping[str, Seen],
    known: Sequence[KnownPerson],
    answers: AnswersFile,
    done: set[str],
) -> PeopleDraft:
    """People from what was found and answered; ``done`` are accounts that were left out."""
    made = PeopleDraft()
    staff = {
        name: [
            p
            for p in each.people
            if mark(name, p) not in done and not _is_service(made, name, each, p, answers)
        ]
        for name, each in seen.items()
        if not each.counts
    }
    ideas = people(staff, known)
    for idea in ideas:
        _of_idea(made, idea, answers)
    keys = {idea.key for idea in ideas} | {person.key for person in known}
    made.wrong += [
        (("people", key), f'nobody was proposed as "{key}"')
        for key, said in answers.people.items()
        if key not in keys and said != SKIP
    ]
    for person in known:
        made.owners |= {
            (n, a.id): person.key for n, each in staff.items() for a in each if person.has(a)
        }
    return made


def _is_service(
    made: PeopleDraft, name: str, seen: Seen, person: RemotePerson, answers: AnswersFile
) -> bool:
    """Whether an account is the service's own and nobody's beside; asked where it may be both."""
    if person.id != seen.account.id:
        return False
    said = answers.service.get(name) or ("service" if _ROBOT.search(person.name) else None)
    if said is None:
        text = f"The credentials of {name} are those of {person.name}. Does a person work with it?"
        choices = (
            Choice("person", f"yes, {person.name} works there too"),
            Choice("service", "no, it is the service's own"),
        )
        made.questions.append(Question(("service", name), text, choices))
    return said != "person"


def _of_idea(made: PeopleDraft, idea: PersonIdea, answers: AnswersFile) -> None:
    said = answers.people.get(idea.key)
    if said == SKIP:
        made.done |= {mark(name, account) for name, account in idea.accounts.items()}
        return
    told = said if isinstance(said, Mapping) else {}
    person = NewPerson(idea.key, idea.name, idea.email, known=idea.known)
    for name, id in idea.ids.items() if not idea.known else ():
        person.ids[name] = (id, _called(idea.accounts[name]))
    for name, accounts in idea.unsure.items():
        _unsure(
            made, person, idea, (name, [each.account for each in accounts]), told.get(name), answers
        )
    if person.ids or not idea.known:
        made.people.append(person)
    made.owners |= {(name, account.id): idea.key for name, account in idea.accounts.items()}


def _unsure(
    made: PeopleDraft,
    person: NewPerson,
    idea: PersonIdea,
    there: tuple[str, list[RemotePerson]],
    said: Any,
    answers: AnswersFile,
) -> None:
    name, accounts = there
    scores = [each.score for each in idea.unsure[name]]
    if said is None and answers.same_names and scores == [SAME_NAME]:
        said = accounts[0].id
    if said == SKIP:
        made.done |= {mark(name, account) for account in accounts}
        return
    hit = next((a for a in accounts if said in (a.id, *a.aliases)), None)
    if hit is not None:
        person.ids[name] = (hit.id, _called(hit))
        made.owners[name, hit.id] = idea.key
    elif said is not None:
        made.wrong.append((("people", idea.key, name), f'there is no account "{said}" to choose'))
    else:
        person.hints += [(name, account.id, _called(account)) for account in accounts]
        choices = tuple(
            Choice(account.id, f"{_called(account)} in {name}", score)
            for account, score in zip(accounts, scores, strict=True)
        )
        text = f"{idea.name} ({idea.email or idea.key})"
        group = SAME if len(choices) == 1 else ""
        made.questions.append(Question(("people", idea.key, name), text, choices, group=group))


def _called(account: RemotePerson) -> str:
    names = [account.name, *(alias for alias in account.aliases if alias != account.name)]
    return remark(", ".join(names[:2]))


def roles(
    homes: Mapping[str, str | None],
    held: Mapping[str, Sequence[str]],
    seen: Mapping[str, Seen],
    draft: PeopleDraft,
    answers: AnswersFile,
) -> list[Question]:
    """Roles that nobody holds: likely is who is in charge of places in the role's own tool.

    Args:
        homes: role to the connection where its holders work.
        held: role to the keys of who holds it.
    """
    found = []
    for role, home in homes.items():
        if held.get(role) or role in answers.roles:
            continue
        counts: dict[str, int] = {}
        for spot in seen[home].spots if home is not None and home in seen else ():
            key = draft.owners.get((home or "", spot.owner))
            if key is not None:
                counts[key] = counts.get(key, 0) + 1
        ranked = sorted(counts, key=lambda key: (-counts[key], key))
        choices = tuple(Choice(key, key, counts[key] / sum(counts.values())) for key in ranked)
        text = f"Who holds the role {role.replace('_', ' ')}?"
        found.append(Question(("roles", role), text, choices, several=True))
    return found
