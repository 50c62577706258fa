"""What was found and answered, kept beside the configuration so that it can go on. No secrets."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, field

from syncer.model.remote import RemotePerson
from syncer.model.structs import as_dict
from syncer.model.surveys import Spot
from syncer.onboarding.look import Seen
from syncer.settings.shapes_answers import AnswersFile

FILE: Final = "init.json"
_ABOUT: Final = "Kept by `syncer init`, so that it can go on and ask only what is new. No secrets."


class Kept(Struct):
    """The memory of ``syncer init``.

    Args:
        answers: as in a file of answers, by section.
        seen: by connection what was found, until everything is written.
        done: places and accounts that were taken or left out: nobody is asked about them again.
        written: file to the digest of what was last written to it.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    written: dict[str, str] = field(default_factory=dict)

    def dump(self) -> str:
        """As it stands in the file."""
        told = {
            "about": _ABOUT,
            "answers": self.answers,
            "seen": {name: as_dict(seen) for name, seen in self.seen.items()},
            "done": sorted(self.done),
            "written": self.written,
        }
        return json.dumps(told, ensure_ascii=False, indent=1, default=_plain) + "\n"

    def is_ours(self, name: str, text: str) -> bool:
        """Whether a file is as it was last written here: nobody has changed it by hand."""
        return self.written.get(name) == digest(text)


def digest(text: str) -> str:
    """What tells one content of a file from another."""
    return hashlib.sha256(text.encode()).hexdigest()


def load(root: Path) -> Kept:
    """What was kept in a folder; nothing where there is no file, or none that can be read."""
    try:
        told = json.loads((root / FILE).read_text("utf-8"))
        AnswersFile.model_validate(told["answers"])
        return Kept(
            answers=dict(told["answers"]),
            seen={name: _seen(each) for name, each in told["seen"].items()},
            done=set(map(str, told["done"])),
            written={str(name): str(of) for name, of in told["written"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Kept()  # it only spares questions


def mark(connection: str, what: Spot | RemotePerson) -> str:
    """How a place or an account is remembered."""
    kind = what.kind if isinstance(what, Spot) else "person"
    return f"{connection} {kind} {what.id}"


def _seen(told: Mapping[str, Any]) -> Seen:
    return Seen(
        adapter=told["adapter"],
        account=_person(told["account"]),
        counts=told["counts"],
        told=told["told"],
        spots=tuple(map(_spot, told["spots"])),
        people=tuple(map(_person, told["people"])),
    )


def _spot(told: Mapping[str, Any]) -> Spot:
    active = told["active"]
    at = datetime.fromisoformat(active) if active else None
    return Spot(**{**told, "active": at, "aliases": tuple(told["aliases"])})


def _person(told: Mapping[str, Any]) -> RemotePerson:
    return RemotePerson(**{**told, "aliases": tuple(told["aliases"])})


def _plain(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat()
