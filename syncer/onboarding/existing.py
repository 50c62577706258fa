"""What stands in a folder already: the files of somebody's own, as plain data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, field

from syncer.onboarding.kept import Kept
from syncer.settings.files import EXAMPLES, MAPPINGS, OWNERSHIP, PEOPLE, SYNC, TEXTS
from syncer.settings.problems import ConfigurationError, Problem
from syncer.settings.shapes_people import PersonLine
from syncer.settings.yaml import read
from syncer.shipped import shipped
from syncer.suggest.people import KnownPerson

SCHEMAS: Final = "config/schema"


class Existing(Struct, frozen=True):
    """What is there. A file that is just as it is shipped counts as none: it is nobody's own.

    Args:
        texts: file to its content.
        sync: the data of ``sync.yaml``; empty if there is none.
        people: of ``people.yaml``; ``roles`` those of ``ownership.yaml``.
    """

    texts: Mapping[str, str]
    sync: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[str, Any] = field(default_factory=dict)
    roles: Mapping[str, Any] = field(default_factory=dict)

    @property
    def clients(self) -> Mapping[str, Mapping[str, Any]]:
        """The clients of ``sync.yaml``."""
        found: Mapping[str, Mapping[str, Any]] = self.sync.get("clients") or {}
        return found

    def scopes(self) -> dict[str, list[Mapping[str, Any]]]:
        """By connection, every place that some client has."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for line in self.clients.values():
            for name, scope in (line.get("scopes") or {}).items():
                found.setdefault(name, []).append(scope or {})
        return found

    def known_people(self) -> list[KnownPerson]:
        """Who stands in ``people.yaml``."""
        own = set(PersonLine.model_fields)
        return [
            KnownPerson(
                key,
                str(line.get("name") or key),
                line.get("email"),
                frozenset(str(value) for name, value in line.items() if name not in own),
            )
            for key, line in self.people.items()
            if isinstance(line, Mapping)
        ]

    def held(self) -> dict[str, list[str]]:
        """Role to who holds it."""
        held = {role: line.get("people") for role, line in self.roles.items()}
        return {r: [p] if isinstance(p, str) else list(p) for r, p in held.items() if p}


def existing(root: Path, kept: Kept) -> Existing:
    """Read what is there. Raises :class:`ConfigurationError` for a file that cannot be read.

    ``kept`` tells a file that was written here from a copy of the shipped one.
    """
    names = [SYNC, OWNERSHIP, PEOPLE, TEXTS, EXAMPLES]
    names += [f"{MAPPINGS}/{path.name}" for path in sorted((root / MAPPINGS).glob("*.yaml"))]
    names += [f"{SCHEMAS}/{path.name}" for path in sorted((root / SCHEMAS).glob("*.json"))]
    texts: dict[str, str] = {}
    for name in names:
        text = _text(root / name, name)
        if text is not None:
            texts[name] = text
    problems: list[Problem] = []
    copies = {n for n, text in texts.items() if text == shipped_text(n) and n not in kept.written}
    own = {name: text for name, text in texts.items() if name not in copies}
    data = [_data(root, name, own, problems) for name in (SYNC, PEOPLE, OWNERSHIP)]
    if problems:
        raise ConfigurationError(problems)
    return Existing(texts, data[0], data[1], data[2].get("roles") or {})


def _text(path: Path, shown: str) -> str | None:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise ConfigurationError([Problem(shown, 1, 1, "the file cannot be read")]) from None


def _data(root: Path, name: str, texts: Mapping[str, str], problems: list[Problem]) -> Any:
    if name not in texts:
        return {}
    document, wrong = read(root / name, name, optional=True)
    problems += wrong
    data = document.data if document else {}
    return data if isinstance(data, Mapping) else {}


def shipped_text(name: str) -> str | None:
    """A shipped file; None if there is none of this name."""
    path = shipped() / name
    return path.read_text("utf-8") if path.is_file() else None
