"""Find adapters by name; one is imported only when it is asked for."""

import importlib
import re
import sys
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from syncer.adapterkit.contract import AdapterSpec
from syncer.adapterkit.measuring import SourceSpec, Spec

if TYPE_CHECKING:
    from syncer.adapterkit.sandbox.core import Sandbox

GROUP: Final = "syncer.adapters"
_PACKAGE: Final = "adapters"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


class UnknownAdapter(LookupError):
    """No adapter has this name, or what has it is not an adapter. The text is for people."""


def adapter_names() -> list[str]:
    """The names that :func:`adapter_spec` knows, sorted: our folders and entry points."""
    return sorted({*_folders(), *_registered()})


def built_in_names() -> list[str]:
    """The names of the adapters that come with this package, sorted."""
    return sorted(_folders())


def adapter_spec(name: str) -> Spec:
    """The adapter of this name: a folder of ours first, then an entry point.

    Raises:
        UnknownAdapter: there is none (the text lists those that are), or it cannot be imported.
    """
    if name in _folders():
        return _checked(name, f"{_PACKAGE}.{name}", "ADAPTER")
    point = _registered().get(name)
    if point is None:
        known = ", ".join(adapter_names()) or "none"
        raise UnknownAdapter(f"no adapter is called {name!r}; there are: {known}")
    return _checked(name, point.module, point.attr or "ADAPTER")


def sandbox_class(name: str) -> "type[Sandbox]":
    """The stand-in of an adapter: ``SANDBOX`` in the module ``sandbox`` beside it.

    Raises:
        UnknownAdapter: there is no such adapter, or it has no stand-in.
    """
    # A web server is loaded only where a stand-in is asked for.
    from syncer.adapterkit.sandbox.core import Sandbox

    adapter_spec(name)
    place = f"{_PACKAGE}.{name}" if name in _folders() else _registered()[name].module
    if not _exists(f"{place}.sandbox"):
        raise UnknownAdapter(f"the adapter {name} has no sandbox")
    found = getattr(importlib.import_module(f"{place}.sandbox"), "SANDBOX", None)
    if not (isinstance(found, type) and issubclass(found, Sandbox)):
        raise UnknownAdapter(f"{place}.sandbox.SANDBOX is not a class of sandbox")
    return found


def _folders() -> frozenset[str]:
    return _folders_on(tuple(sys.path))


def _registered() -> Mapping[str, EntryPoint]:
    return _registered_on(tuple(sys.path))


# What is installed is read once, and again only where Python looks in other places: it takes
# a file of every distribution, and a cycle asks several times.


@lru_cache(maxsize=1)
def _folders_on(_path: tuple[str, ...]) -> frozenset[str]:
    spec = find_spec(_PACKAGE)
    places = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    found = [init.parent.name for place in places for init in place.glob("*/__init__.py")]
    return frozenset(name for name in found if _NAME.fullmatch(name))


@lru_cache(maxsize=1)
def _registered_on(_path: tuple[str, ...]) -> Mapping[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _checked(name: str, module: str, attribute: str) -> Spec:
    try:
        found = getattr(importlib.import_module(module), attribute, None)
    except ImportError as error:
        raise UnknownAdapter(f"the adapter {name} cannot be imported: {error}") from error
    if not isinstance(found, AdapterSpec | SourceSpec):
        raise UnknownAdapter(f"{module}.{attribute} is not an AdapterSpec")
    if found.name != name:
        raise UnknownAdapter(f"{module}.{attribute} calls itself {found.name}, not {name}")
    return found
