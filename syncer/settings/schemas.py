"""JSON Schemas of the files, so that editors complete and check them.

``python -m syncer.settings.schemas config/schema`` writes them anew after a model has changed.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from syncer.adapterkit.measuring import SourceSpec
from syncer.adapterkit.registry import UnknownAdapter, adapter_spec
from syncer.settings.options import with_adapters
from syncer.settings.shapes_answers import AnswersFile
from syncer.settings.shapes_examples import ExamplesFile
from syncer.settings.shapes_mapping import MappingFile
from syncer.settings.shapes_measuring import MeasuringFile
from syncer.settings.shapes_ownership import OwnershipFile
from syncer.settings.shapes_people import PeopleFile
from syncer.settings.shapes_sync import SyncFile
from syncer.settings.shapes_texts import TextsFile

MODELS: Final[dict[str, type[BaseModel]]] = {
    "sync": SyncFile,
    "ownership": OwnershipFile,
    "people": PeopleFile,
    "texts": TextsFile,
    "mapping": MappingFile,
    "measuring": MeasuringFile,
    "examples": ExamplesFile,
    "answers": AnswersFile,
}
"""Name of the schema file to the model of what it describes."""

_POINTER: Final = "# yaml-language-server: $schema="
"""What editors look for: the YAML language server, which most of them use, and its kin."""


class _Schema(GenerateJsonSchema):
    """Without defaults: they would be shown in our form and not as people write them."""

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        """The inner schema alone."""
        return self.generate_inner(schema["schema"])


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one kind of file."""
    found = MODELS[name].model_json_schema(by_alias=True, schema_generator=_Schema)
    found = with_adapters(found) if name in ("sync", "answers") else found
    return {"$schema": _Schema.schema_dialect, **found}


def text(name: str) -> str:
    """The schema as it stands in its file."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


def first_line(file: str) -> str:
    """The comment by which an editor finds the schema of a file, without a line break.

    Args:
        file: its path in a configuration folder, like ``config/sync.yaml`` or
            ``mappings/trello.yaml``; the schemas lie in ``config/schema``.
    """
    folder, _, stem = file.removesuffix(".yaml").partition("/")
    if folder == "config":
        return f"{_POINTER}schema/{stem}.json"
    return f"{_POINTER}../config/schema/{'measuring' if _counts(stem) else 'mapping'}.json"


def _counts(system: str) -> bool:
    try:
        return isinstance(adapter_spec(system), SourceSpec)
    except UnknownAdapter:
        return False


def write(folder: Path) -> None:
    """Write all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in MODELS:
        (folder / f"{name}.json").write_text(text(name), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
