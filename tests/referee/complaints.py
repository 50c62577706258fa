"""What a document has against an exchange."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Complaint:
    """What a document has against an exchange.

    Args:
        operation: ``document: METHOD /path``.
        place: a pointer into the document, or ``query NAME``, ``status``, ``body``, ``answer``.
        rule: the word of the schema that is broken (``type``, ``enum``, ...), or ``unnamed``.
        value: what was there.
        text: for people.
    """

    operation: str
    place: str
    rule: str
    value: Any
    text: str
