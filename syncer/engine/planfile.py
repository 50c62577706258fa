"""The file of a saved plan: written for one owner's eyes, and read with distrust."""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final
from uuid import uuid4

from syncer.model.saved import SavedClient, SavedItem, SavedPlan
from syncer.model.structs import as_dict
from syncer.state import Store

VERSION: Final = 1
"""Of the form of the file; another one is not read."""

_MARK: Final = "syncer_plan"
_IDENTITY: Final = "identity"
_LARGEST: Final = 512 * 1024 * 1024


class PlanFileError(Exception):
    """A file that cannot be written or carried out: which, why, and what to do."""

    def __init__(self, file: Path, problem: str, way_out: str) -> None:
        super().__init__(f"{file}: {problem}. {way_out}")


def identity(store: Store) -> str:
    """Which state this is, by a name that it keeps; given to it when it is first asked for."""
    known = store.meta(_IDENTITY)
    if known is None:
        known = uuid4().hex
        with store.transaction() as tx:
            tx.put_meta(_IDENTITY, known)
    return str(known)


def write_plan(file: Path, plan: SavedPlan) -> None:
    """Write a plan so that only its owner can read it (mode 0600): whole, or not at all.

    A plan that is there is replaced; anything else is left. Raises :class:`PlanFileError`.
    """
    if file.exists() and not _is_plan(file):
        raise PlanFileError(file, "this is there, and it is no saved plan", "Name another file")
    told = {_MARK: VERSION, **_json(plan)}
    text = json.dumps({**told, "digest": _digest(told)}, indent=1)
    try:
        with NamedTemporaryFile("w", dir=file.parent, prefix=".plan-", delete=False) as draft:
            # Such a file is made with mode 0600 from the first byte on.
            draft.write(f"{text}\n")
        try:
            os.replace(draft.name, file)
        except OSError:
            with suppress(OSError):
                os.unlink(draft.name)
            raise
    except OSError as error:
        raise PlanFileError(file, _why(error), "Name a file in a folder that you own") from None


def read_plan(file: Path) -> SavedPlan:
    """Read what :func:`write_plan` wrote. Raises :class:`PlanFileError` for anything else."""
    found = _loaded(file)
    if not isinstance(found, dict) or _MARK not in found:
        raise PlanFileError(
            file, "this is no saved plan", "Make one with `syncer plan --save FILE`"
        )
    if found[_MARK] != VERSION:
        problem = f"it was saved in form {found[_MARK]!r}, and this version reads form {VERSION}"
        raise PlanFileError(file, problem, "Save it anew")
    told = {key: value for key, value in found.items() if key != "digest"}
    if found.get("digest") != _digest(told):
        problem = "it was changed or damaged since it was saved"
        raise PlanFileError(file, problem, "Save it anew; a plan is carried out as it was shown")
    try:
        return _plan(told)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise PlanFileError(file, "something in it is missing", "Save it anew") from None


def _loaded(file: Path) -> Any:
    try:
        if file.stat().st_size > _LARGEST:
            raise PlanFileError(file, "this is too large for a saved plan", "Name the right file")
        return json.loads(file.read_bytes())
    except OSError as error:
        raise PlanFileError(file, _why(error), "Name a file of `syncer plan --save`") from None
    except (ValueError, RecursionError):
        problem = "this is no saved plan, or it is damaged"
        raise PlanFileError(file, problem, "Save it anew with `syncer plan --save FILE`") from None


def _is_plan(file: Path) -> bool:
    try:
        found = _loaded(file)
    except PlanFileError:
        return False
    return isinstance(found, dict) and _MARK in found


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _digest(told: Mapping[str, Any]) -> str:
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _json(plan: SavedPlan) -> dict[str, Any]:
    made: dict[str, Any] = as_dict(plan)
    return made


def _plan(told: Mapping[str, Any]) -> SavedPlan:
    clients = tuple(_client(each) for each in told["clients"])
    return SavedPlan(str(told["state"]), str(told["made_at"]), str(told["version"]), clients)


def _client(told: Mapping[str, Any]) -> SavedClient:
    given = {**told, "compared": tuple(told["compared"]), "full": bool(told["full"])}
    return SavedClient(**given | {"items": tuple(_item(each) for each in told["items"])})


def _item(told: Mapping[str, Any]) -> SavedItem:
    return SavedItem(**{**told, "key": tuple(told["key"]), "said": dict(told["said"])})
