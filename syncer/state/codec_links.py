"""Links to rows and back."""

from datetime import datetime
from typing import Final

from syncer.model.records import Link, LinkStatus
from syncer.state.beside import Beside, beside_from
from syncer.state.bulk import Values
from syncer.state.codec_fields import fields_from_text, fields_text
from syncer.state.columns import (
    escape,
    from_text,
    moment_text,
    parse_moment,
    readable,
    to_text,
    unescape,
)

READ: Final = (
    *("id", "record", "connection", "object", "remote_id", "container", "status", "existence"),
    *("linked_at", "as_of", "url", "fields", "verify", "stock", "let_in", "mark"),
)
"""The columns that a link is read from."""


def link_values(client: str, link: Link, beside: Beside) -> Values:
    """A row of ``links``, in the order of its columns.

    ``client`` is that of its record, and ``beside`` what will be agreed of that.
    """
    return (
        escape(link.id),
        escape(client),
        escape(link.record),
        escape(link.connection),
        escape(link.object),
        escape(link.remote_id),
        link.container and escape(link.container),
        str(link.status),
        escape(link.existence),
        link.linked_at and _moment(link.linked_at),
        link.as_of and _moment(link.as_of),
        link.url and escape(link.url),
        fields_text(link.fields, beside),
        to_text(sorted(link.verify)) if link.verify else "[]",
        bool(link.verify),
        link.stock,
        link.let_in,
        link.mark,
    )


def _moment(moment: datetime) -> str:
    """Nothing is sorted by these: vendors' clocks tell seconds, and no more is written."""
    return moment_text(moment).replace(".000000Z", "Z")


def link_from_values(row: Values, where: str) -> Link:
    """The inverse of :func:`link_values`, of the columns :data:`READ`; ``where`` they stand.

    What is agreed of its record comes last.
    """
    (id, record, connection, object_name, remote_id, container, status, existence,
     linked_at, as_of, url, text, verify, stock, let_in, mark, *agreed) = row  # fmt: skip
    return Link(
        unescape(id),
        unescape(record),
        unescape(connection),
        unescape(object_name),
        unescape(remote_id),
        container and unescape(container),
        LinkStatus(status),
        unescape(existence),
        linked_at and readable(parse_moment, linked_at),
        as_of and readable(parse_moment, as_of),
        url and unescape(url),
        fields_from_text(text, where, beside_from(*agreed)),
        frozenset(readable(from_text, verify)) if verify != "[]" else frozenset(),
        bool(stock),
        bool(let_in),
        mark,
    )
