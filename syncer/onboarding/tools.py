"""Which tools there are credentials for, and what is still missing to use the others."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct
from pydantic import BaseModel

from syncer.adapterkit.measuring import Spec
from syncer.adapterkit.registry import UnknownAdapter, adapter_spec
from syncer.settings.connections import Opened, connections, secret_keys
from syncer.settings.files import SYNC
from syncer.settings.options import meanings
from syncer.settings.places import Place
from syncer.settings.problems import Problem
from syncer.settings.secrets import Secrets
from syncer.settings.shapes_sync import ConnectionLine
from syncer.settings.yaml import read
from syncer.shipped import shipped

Line = Mapping[str, Any]
"""A connection as it stands in ``sync.yaml``."""


class Lack(Struct, frozen=True):
    """A secret that a tool needs and nobody has given.

    ``variable`` is where it belongs, ``about`` what it is.
    """

    connection: str
    option: str
    variable: str
    about: str


@cache
def templates() -> dict[str, Line]:
    """The connections of the shipped ``sync.yaml``: the tools that are offered, by their names."""
    document, _ = read(shipped() / SYNC, SYNC)
    assert document is not None
    found: dict[str, Line] = document.data["connections"]
    return found


def variable(adapter: str, option: str) -> str:
    """The environment variable that holds an option, like ``TRELLO_KEY``."""
    return f"{adapter}_{option}".upper()


def line_of(template: Line, environ: Mapping[str, str]) -> Line:
    """A tool's connection as the environment completes it.

    Secrets are named, never copied. Any other option may be set by its variable, like the address
    of a sandbox: ``TRELLO_BASE_URL``.
    """
    adapter = str(template["adapter"])
    spec, made = adapter_spec(adapter), dict(template)
    hidden = secret_keys(spec.options)
    for option in spec.options.model_fields:
        name = variable(adapter, option)
        if environ.get(name):
            made[option] = f"env:{name}" if option in hidden else _typed(environ[name])
    signs = hidden & made.keys() - template.keys()
    if signs:  # another way to sign in than the shipped one, where nothing is given for that
        made = {k: v for k, v in made.items() if k not in hidden or _given(v, environ)}
    return made


def _typed(text: str) -> str | bool:
    """Yes and no as such; all else as it is written."""
    return {"true": True, "false": False}.get(text.lower(), text)


def _given(value: object, environ: Mapping[str, str]) -> bool:
    named = str(value)
    return not named.startswith("env:") or bool(environ.get(named.removeprefix("env:").strip()))


def lacks(name: str, line: Line, environ: Mapping[str, str]) -> list[Lack]:
    """The secrets of a connection that the environment does not hold."""
    spec = adapter_spec(str(line["adapter"]))
    about = meanings(spec.options)
    return [
        Lack(name, option, value.removeprefix("env:").strip(), about.get(option, ""))
        for option, value in line.items()
        if option in secret_keys(spec.options) and not _given(value, environ)
    ]


def begun(name: str, line: Line, environ: Mapping[str, str]) -> bool:
    """Whether somebody has given any secret of it."""
    hidden = secret_keys(adapter_spec(str(line["adapter"])).options)
    return len(lacks(name, line, environ)) < sum(option in hidden for option in line)


def opened(
    lines: Mapping[str, Line], root: Path, environ: Mapping[str, str]
) -> tuple[dict[str, Opened], list[Problem]]:
    """Connections as they would be read from ``sync.yaml``, and what is wrong with others."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sync.yaml"
        file.write_text(json.dumps({"connections": dict(lines)}), "utf-8")  # JSON is YAML
        document, problems = read(file, SYNC)
    if document is None:
        return {}, problems
    found, wrong = _connected(Place(document), lines, Secrets(root, environ))
    return found, [*problems, *wrong]


def faults(answers: Place, root: Path, environ: Mapping[str, str]) -> list[Problem]:
    """What is wrong with the connections in a file of answers, where they stand."""
    told = answers.data.get("connections") or {}
    lines = {name: line for name, line in told.items() if isinstance(line, Mapping)}
    return _connected(answers, lines, Secrets(root, environ))[1]


def _connected(
    top: Place, lines: Mapping[str, Line], secrets: Secrets
) -> tuple[dict[str, Opened], list[Problem]]:
    shapes = {name: ConnectionLine.model_validate(dict(line)) for name, line in lines.items()}
    return connections(top / "connections", shapes, adapter_spec, secrets)


def spec_or_none(adapter: str) -> Spec | None:
    """The description of an adapter that is installed."""
    try:
        return adapter_spec(adapter)
    except UnknownAdapter:
        return None


def keys_of(model: type[BaseModel]) -> Iterator[str]:
    """What may be written for a client's place."""
    yield from model.model_fields
