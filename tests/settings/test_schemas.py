"""JSON Schemas and the reference are those of the models."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from syncer.adapterkit.registry import adapter_spec
from syncer.model.entities import BUILTIN
from syncer.settings.anatomy import extras, models, parts
from syncer.settings.reference import FILES, adapter_reference, reference
from syncer.settings.schemas import MODELS, schema, text, write
from syncer.settings.shapes_ownership import OwnershipFile
from syncer.settings.variables import Environment
from syncer.settings.yaml import read
from tests.settings.agency import ROOT

SHIPPED = {
    **{f"config/{name}.yaml": name for name in ("sync", "ownership", "people", "examples")},
    **{
        path.relative_to(ROOT).as_posix(): "mapping"
        for path in sorted((ROOT / "mappings").glob("*.yaml"))
    },
    "mappings/google_analytics.yaml": "measuring",
}

COMMENTS = "config/texts.yaml"
"""Shipped with nothing in it but comments."""


def data(file: str) -> Any:
    """The plain content of a shipped file."""
    document, problems = read(ROOT / file, file)
    assert document is not None
    assert not problems
    return document.data


@pytest.mark.parametrize("name", MODELS)
def test_the_shipped_schemas_are_current(name: str) -> None:
    """After a change of a model: `python -m syncer.settings.schemas config/schema`."""
    assert text(name) == (ROOT / f"config/schema/{name}.json").read_text("utf-8")


@pytest.mark.parametrize("file", SHIPPED)
def test_a_schema_accepts_the_shipped_file(file: str) -> None:
    """What loads is not marked as wrong by an editor."""
    Draft202012Validator.check_schema(schema(SHIPPED[file]))
    errors = Draft202012Validator(schema(SHIPPED[file])).iter_errors(data(file))

    assert [] == [error.message for error in errors]


@pytest.mark.parametrize("name", ["sync", "ownership", "mapping", "measuring", "examples"])
def test_a_schema_refuses_an_unknown_key(name: str) -> None:
    """An editor marks a misspelt key too."""
    file = next(file for file, kind in SHIPPED.items() if kind == name)

    assert not Draft202012Validator(schema(name)).is_valid({**data(file), "nope": 1})


@pytest.mark.parametrize("file", [*SHIPPED, COMMENTS])
def test_a_shipped_file_names_its_schema(file: str) -> None:
    """The first line tells editors which schema to use, by a path that exists."""
    first = (ROOT / file).read_text("utf-8").splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")

    assert (ROOT / file).parent.joinpath(named).resolve() == (
        ROOT / f"config/schema/{SHIPPED.get(file, 'texts')}.json"
    )


def test_the_schema_of_texts_names_every_template() -> None:
    """An editor offers their names, marks a misspelt one, and accepts the shipped texts."""
    file = "syncer/settings/texts.yaml"
    validator = Draft202012Validator(schema("texts"))

    assert validator.is_valid(data(file))
    for part in ({"texts": {"akk": "x"}}, {"clients": {"bakery": {"akk": "x"}}}, {"answer": {}}):
        assert not validator.is_valid(part)


def test_the_schemas_can_be_written(tmp_path: Path) -> None:
    """All of them, into a folder that need not exist."""
    write(tmp_path / "schema")

    assert {f"{name}.json" for name in MODELS} == {p.name for p in (tmp_path / "schema").iterdir()}


def every_model(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """A model and those inside it."""
    if model not in seen:
        seen.add(model)
        for info in model.model_fields.values():
            for inside in _inside(info.annotation):
                every_model(inside, seen)
    return seen


def _inside(annotation: Any) -> list[type[BaseModel]]:
    found = models(annotation)
    for part in parts(annotation):
        for argument in getattr(part, "__args__", ()):
            if isinstance(argument, type) or hasattr(argument, "__args__"):
                found += _inside(argument)
    return found


@pytest.mark.parametrize("name", MODELS)
def test_every_key_is_in_the_reference_with_its_meaning(name: str) -> None:
    """No key is without a description, and each has its row."""
    rows = [line for line in reference().splitlines() if line.startswith("| `")]
    found = every_model(MODELS[name], set())
    keys = {
        info.alias or key
        for model in found
        for key, info in model.model_fields.items()
        if key != "root" and model.__name__ != "EntityChange"
    }
    bare = [
        key
        for model in found
        for key, info in model.model_fields.items()
        if key != "root" and not info.description
    ]

    assert f"### `{FILES[name]}`" in reference()
    assert [] == bare
    assert set() == {key for key in keys if not any(f"{key}`" in row for row in rows)}
    assert all(row.count("|") - row.count("\\|") == 5 for row in rows)


def test_the_environment_is_in_the_reference() -> None:
    """Every variable has its row."""
    rows = reference().split("### Environment")[1]

    assert set() == {
        name for name in Environment.model_fields if f"`SYNCER_{name.upper()}`" not in rows
    }


def test_an_adapters_options_have_a_reference_too() -> None:
    """Options and scope of an adapter, with what is secret."""
    text = adapter_reference(adapter_spec("trello"))

    assert "| `token` | `env:NAME` or `file:PATH` | must be said |" in text
    assert "| `workspace` | text |" in text


def test_every_entity_can_have_rules() -> None:
    """A new entity of the model is a section of ownership.yaml at once."""
    assert BUILTIN.keys() <= OwnershipFile.model_fields.keys()
    assert extras(OwnershipFile) is None
