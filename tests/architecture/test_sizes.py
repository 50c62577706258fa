"""Small files, small functions. Whatever is larger is named here with its reason."""

from tests.architecture.source import functions, length, listing, modules

FILE = 250
DECIDING_FILE = 150  # reconcile/: what decides must be read at one sitting
FUNCTION = 30

LONG_FILES: dict[str, tuple[int, str]] = {}
"""Path -> (lines, why)."""

LONG_FUNCTIONS: dict[str, tuple[int, str]] = {}
"""Path:qualified name -> (lines without the docstring, why)."""


def file_limit(path: str) -> int:
    """How many lines a file may have."""
    usual = DECIDING_FILE if path.startswith("syncer/reconcile/") else FILE
    return LONG_FILES.get(path, (usual, ""))[0]


def file_sizes() -> dict[str, int]:
    """Lines of every file, blank ones and comments included."""
    return {m.path: len(m.text.splitlines()) for m in modules("syncer", "adapters")}


def function_sizes() -> dict[str, int]:
    """Lines of every function without its docstring."""
    return {
        f"{module.path}:{name}": length(function)
        for module in modules("syncer", "adapters")
        for name, function in functions(module)
    }


def test_files_are_short() -> None:
    """A file has at most 250 lines, one that decides at most 150."""
    found = [f"{path}: {n}" for path, n in file_sizes().items() if n > file_limit(path)]

    assert not found, listing(found)


def test_functions_are_short() -> None:
    """A function has at most 30 lines beside its docstring."""
    found = [
        f"{name}: {lines}"
        for name, lines in function_sizes().items()
        if lines > LONG_FUNCTIONS.get(name, (FUNCTION, ""))[0]
    ]

    assert not found, listing(found)


def test_exemptions_are_needed_and_explained() -> None:
    """Whoever shortens a long one takes it off the table, and each has its reason."""
    sizes = {**file_sizes(), **function_sizes()}
    usual = {path: DECIDING_FILE if "/reconcile/" in path else FILE for path in LONG_FILES}
    usual |= dict.fromkeys(LONG_FUNCTIONS, FUNCTION)

    idle = [name for name, limit in usual.items() if sizes.get(name, 0) <= limit]
    silent = [name for name, (_, why) in {**LONG_FILES, **LONG_FUNCTIONS}.items() if not why]

    assert not (idle + silent), listing(idle + silent)
