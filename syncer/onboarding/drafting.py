"""All files of a configuration, from what was found and answered."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from syncer.model.remote import Catalogue
from syncer.onboarding import clients, mappings, people, taken, writing
from syncer.onboarding.asking import SKIP, Choice, Path, Question
from syncer.onboarding.clients import ClientDraft, NewClient
from syncer.onboarding.examples import examples
from syncer.onboarding.existing import SCHEMAS, Existing, shipped_text
from syncer.onboarding.look import Seen
from syncer.onboarding.mappings import MappingDraft
from syncer.onboarding.people import PeopleDraft
from syncer.onboarding.tools import Line, keys_of, spec_or_none
from syncer.settings.files import EXAMPLES, MAPPINGS, OWNERSHIP, PEOPLE, SYNC, TEXTS
from syncer.settings.shapes_answers import AnswersFile, ClientAnswer
from syncer.settings.yaml import read
from syncer.shipped import shipped
from syncer.suggest.names import SURE


class Draft(Struct):
    """What would be written, and what nobody can tell.

    Args:
        variants: client to connection to the variant of its mapping, where it is not the usual.
        files: file to its content.
        questions: in the order in which they are best asked.
        wrong: answers that cannot be right, with why.
    """

    clients: ClientDraft
    people: PeopleDraft
    mappings: dict[str, MappingDraft] = field(default_factory=dict)
    variants: dict[str, dict[str, str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    wrong: list[tuple[Path, str]] = field(default_factory=list)

    @property
    def done(self) -> set[str]:
        """Marks of what nobody need be asked about again."""
        return self.clients.done | self.people.done


class Material(Struct, frozen=True):
    """What a draft is made of.

    Args:
        lines: connections as they stand, or will stand, in ``sync.yaml``.
        seen: by connection what was found.
        catalogues: by connection and client what the client's place holds.
        done: marks of what was left out earlier.
        only: key and name of the one client that is wanted.
    """

    existing: Existing
    lines: Mapping[str, Line]
    seen: Mapping[str, Seen]
    answers: AnswersFile
    zone: str
    done: frozenset[str] = frozenset()
    catalogues: Mapping[str, Mapping[str, Catalogue]] = field(default_factory=dict)
    only: tuple[str, str] | None = None


def begin(made: Material) -> Draft:
    """Clients and people; what their places hold can be asked for after that."""
    spots = {name: seen.spots for name, seen in made.seen.items()}
    every = taken.free_spots(spots, made.existing.scopes(), set())
    free = taken.free_spots(every, {}, set(made.done))
    known = taken.known_clients(made.existing.clients, spots)
    found = clients.draft(free, known, made.answers, made.zone, every=every, only=made.only)
    staff = people.draft(made.seen, made.existing.known_people(), made.answers, set(made.done))
    draft = Draft(found, PeopleDraft() if made.only else staff)
    draft.questions = [*draft.clients.questions, *draft.people.questions]
    draft.wrong = [*draft.clients.wrong, *draft.people.wrong]
    return draft


def finish(draft: Draft, made: Material) -> None:
    """Mappings, roles and the text of every file."""
    for system, name in _systems(made).items():
        text = made.existing.texts.get(name) or shipped_text(name)
        if text is not None:
            used = _used(draft, made, system, text)
            fitted = mappings.draft(system, text, used, made.answers)
            draft.mappings[system] = fitted
            draft.files[name] = fitted.text
            draft.questions += fitted.questions
            draft.wrong += fitted.wrong
    _roles(draft, made)
    _sync(draft, made)
    _people(draft, made)
    if made.only is None:
        _rest(draft, made)


def _systems(made: Material) -> dict[str, str]:
    """Each connected system, with the name of its mapping file."""
    systems = dict.fromkeys(str(line["adapter"]) for line in made.lines.values())
    return {system: f"{MAPPINGS}/{system}.yaml" for system in systems}


def _used(draft: Draft, made: Material, system: str, text: str) -> dict[str, list[Catalogue]]:
    """Variant to what the places of its clients hold; whatever fits better than usual is noted."""
    used: dict[str, list[Catalogue]] = {}
    variants, usual = mappings.variants_of(text)
    for name, line in made.lines.items():
        for client, catalogue in made.catalogues.get(name, {}).items():
            if line["adapter"] != system:
                continue
            said = _said_variant(made.answers, client, name)
            best, score = mappings.best(variants, usual, catalogue)
            variant = said or (best if score >= SURE else usual)
            if variant is not None:
                used.setdefault(variant, []).append(catalogue)
            if variant not in (None, usual):
                draft.variants.setdefault(client, {})[name] = str(variant)
            elif said is None and best not in (None, usual):
                draft.questions.append(_which_variant(client, name, str(usual), str(best), score))
    return used


def _said_variant(answers: AnswersFile, client: str, name: str) -> str | None:
    said = answers.clients.get(client)
    found = said.variants.get(name) if isinstance(said, ClientAnswer) else None
    return None if found == SKIP else found


def _which_variant(client: str, name: str, usual: str, best: str, score: float) -> Question:
    text = f"{client} in {name}: its place fits the variant {best} better than {usual}. Use it?"
    choice = Choice(best, best, score)
    return Question(("clients", client, "variants", name), text, (choice,))


def _roles(draft: Draft, made: Material) -> None:
    text = made.existing.texts.get(OWNERSHIP) or shipped_text(OWNERSHIP) or ""
    fresh = not made.existing.roles
    homes = _homes(made)
    held = made.existing.held()
    if made.only is None:
        asked = people.roles(homes, held, made.seen, draft.people, made.answers)
        draft.questions += asked
        keys = {p.key for p in draft.people.people} | set(made.existing.people)
        for role, said in made.answers.roles.items():
            for key in said:
                if role not in homes or key not in keys:
                    what = f'"{key}" is nobody in people.yaml' if role in homes else "no such role"
                    draft.wrong.append((("roles", role), what))
    roles = {role: list(said) for role, said in made.answers.roles.items() if role in homes}
    usual: dict[str, list[str]] = {role: [] for role in homes if fresh}
    told = {role: home for role, home in homes.items() if home and fresh}
    draft.files[OWNERSHIP] = writing.with_roles(text, {**usual, **roles}, told)


def _homes(made: Material) -> dict[str, str | None]:
    """Role held by people to the connection where they are told: of its own tool, else any."""
    document, _ = read(shipped() / OWNERSHIP, OWNERSHIP)
    usual = document.data["roles"] if document else {}
    lines = {r: line for r, line in (made.existing.roles or usual).items() if "people" in line}
    tools = [name for name, seen in made.seen.items() if not seen.counts]
    return {role: _home(str(line.get("home") or ""), tools, made) for role, line in lines.items()}


def _home(wanted: str, tools: Sequence[str], made: Material) -> str | None:
    of_system = [name for name in tools if made.lines[name]["adapter"] == wanted]
    return next(iter([*(n for n in tools if n == wanted), *of_system, *tools]), None)


def _sync(draft: Draft, made: Material) -> None:
    unknown = {
        name: [*keys_of(spec.scope)]
        for name, seen in made.seen.items()
        if not seen.told and (spec := spec_or_none(seen.adapter))
    }
    bodies = {
        client.key: [
            *writing.client_lines(client, unknown),
            *writing.variant_lines(draft.variants.get(client.key, {})),
        ]
        for client in draft.clients.clients
    }
    text = made.existing.texts.get(SYNC)
    if text is None or not made.existing.sync:
        lines = [line for body in bodies.values() for line in body]
        connections = [*writing.connection_lines(made.lines)]
        draft.files[SYNC] = writing.new_sync(shipped_text(SYNC) or "", connections, lines)
        return
    known = made.existing.sync.get("connections") or {}
    fresh = {name: line for name, line in made.lines.items() if name not in known}
    text = writing.more_connections(text, fresh)
    draft.files[SYNC] = writing.more_clients(text, draft.clients.clients, bodies)


def _people(draft: Draft, made: Material) -> None:
    text = made.existing.texts.get(PEOPLE)
    if text is None or (not made.existing.people and text == shipped_text(PEOPLE)):
        usual = shipped_text(PEOPLE) or ""
        draft.files[PEOPLE] = writing.new_people(usual, draft.people.people, made.zone)
    else:
        draft.files[PEOPLE] = writing.more_people(text, draft.people.people, made.zone)


def _rest(draft: Draft, made: Material) -> None:
    """What is written as it is shipped, where nothing stands yet; the schemas always."""
    if TEXTS not in made.existing.texts:
        draft.files[TEXTS] = shipped_text(TEXTS) or ""
    draft.files |= {name: shipped_text(name) or "" for name in _schemas()}
    if EXAMPLES not in made.existing.texts and draft.clients.clients:
        client = draft.clients.clients[0]
        held = made.existing.held() | {r: list(said) for r, said in made.answers.roles.items()}
        systems = {name: str(made.lines[name]["adapter"]) for name in client.scopes}
        tools = {n: draft.mappings[s].text for n, s in systems.items() if _is_record(made, n, s)}
        told = examples(client.key, held, tools)
        draft.files |= {EXAMPLES: told} if told else {}


def _is_record(made: Material, name: str, system: str) -> bool:
    return (
        name in made.seen and not made.seen[name].counts and bool(objects_of(made.existing, system))
    )


def _schemas() -> Iterator[str]:
    for path in sorted((shipped() / SCHEMAS).glob("*.json")):
        yield f"{SCHEMAS}/{path.name}"


def objects_of(existing: Existing, system: str) -> frozenset[str]:
    """The objects that a system's mapping names; none where there is no mapping of records."""
    name = f"{MAPPINGS}/{system}.yaml"
    text = existing.texts.get(name) or shipped_text(name)
    variants = mappings.variants_of(text)[0] if text else {}
    told = [entity for variant in variants.values() for entity in variant.values()]
    return frozenset(str(e["object"]) for e in told if isinstance(e, Mapping) and "object" in e)


def new_clients(draft: Draft) -> list[NewClient]:
    """Clients that are not there yet."""
    return [client for client in draft.clients.clients if not client.known]
