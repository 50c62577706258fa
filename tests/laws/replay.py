"""A failed case played again, shortened as far as it still fails, and written down."""

import time
from collections.abc import Sequence
from enum import Enum
from typing import Any

from msgspec.structs import asdict

from adapters.memory.options import Quirks
from tests.laws.machine import Machine
from tests.laws.setting import Setting, Tool

Script = Sequence[tuple[str, dict[str, Any]]]


def play(script: Script) -> str:
    """What a case comes to; empty if all laws hold."""
    machine = Machine()
    try:
        try:
            for name, values in script:
                getattr(machine, name)(**values)
        finally:
            machine.teardown()
    except AssertionError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - a fault of the machine is told like any other
        return f"a fault of the program: {type(error).__name__}: {error}"
    return ""


def law(message: str) -> str:
    """The law that a message names."""
    return message.partition(":")[0]


def shortened(script: Script, message: str, seconds: float) -> tuple[Script, str]:
    """The case without every deed that it does not need, and what it says then."""
    end, at = time.monotonic() + seconds, len(script) - 1
    while at > 0 and time.monotonic() < end:
        shorter = [*script[:at], *script[at + 1 :]]
        said = play(shorter)
        if said and law(said) == law(message):
            script, message = shorter, said
        at -= 1
    return script, message


def written(script: Script) -> str:
    """The case as Python: ``play(SCRIPT)`` plays it again."""
    lines = "".join(f"    ({name!r}, {plain(values)}),\n" for name, values in script)
    return f"SCRIPT = [\n{lines}]"


def plain(value: Any) -> str:
    """A value as Python would write it, without what is usual."""
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{plain(k)}: {plain(v)}' for k, v in value.items())}}}"
    if isinstance(value, tuple):
        return f"({''.join(f'{plain(each)}, ' for each in value)})"
    if isinstance(value, Quirks):
        usual = Quirks()
        told = {k: v for k, v in value.model_dump().items() if v != getattr(usual, k)}
        return f"Quirks({', '.join(f'{k}={plain(v)}' for k, v in told.items())})"
    if isinstance(value, Setting | Tool):
        usual_one = type(value)()
        told = {k: v for k, v in asdict(value).items() if v != getattr(usual_one, k)}
        return f"{type(value).__name__}({', '.join(f'{k}={plain(v)}' for k, v in told.items())})"
    return repr(value)
