"""What the feeds tell: one per object, of one client, and one of what people say."""

from collections.abc import Iterator

from adapters.hubspot.company import company_page
from adapters.hubspot.cursor import cursor_of
from adapters.hubspot.deals import Deals
from adapters.hubspot.shapes import TYPES
from adapters.hubspot.talk.feed import said_since
from adapters.hubspot.wire import Wire
from syncer.adapterkit.contract import PullRequest
from syncer.adapterkit.errors import SkipRecord
from syncer.model.feeds import Page


def pull(wire: Wire, request: PullRequest) -> Iterator[Page]:
    """The pages of every feed; the company goes first, for it may have been merged."""
    scope = request.scope.options
    merged: str | None = None
    for object in sorted(request.fields):
        if object not in TYPES:
            raise SkipRecord(f"HubSpot has no object {object!r}")
        cursor = cursor_of(request.cursors.get(object), scope.company)
        if object == "company":
            page = company_page(wire, request, cursor)
            merged = cursor_of(page.cursor, scope.company).company
            yield page
        else:
            yield from Deals(wire, request, cursor.of(merged)).pages()
    yield from said_since(wire, request)
