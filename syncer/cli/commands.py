"""How commands are listed: each with its whole first sentence, however narrow the terminal."""

from typing import Any

from typer.core import TyperGroup


class Commands(TyperGroup):
    """Several commands under one name."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write what each does, in as many lines as it takes."""
        told = [(name, _first(self.commands[name].help)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(told)


def _first(help: str | None) -> str:
    """The first paragraph of a help text, in one line."""
    return " ".join((help or "").partition("\n\n")[0].split())
