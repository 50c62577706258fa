"""Options that several commands share."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Client = Annotated[
    str | None, typer.Option("--client", "-c", metavar="CLIENT", help="This client only.")
]
Full = Annotated[
    bool, typer.Option("--full", help="Compare everything, not only what the tools report changed.")
]
As = Annotated[
    str, typer.Option("--as", metavar="PERSON", help="Who decides: a key of people.yaml.")
]
