"""A source without a wire: figures in this process, for tests and as an example."""

from adapters.tally.book import Book, book_of, drop_book, put_book
from adapters.tally.tally import Options, ScopeOptions, Tally
from syncer.adapterkit.measuring import SourceSpec

ADAPTER = SourceSpec("tally", Tally, Options, ScopeOptions)

__all__ = ["ADAPTER", "Book", "book_of", "drop_book", "put_book"]
