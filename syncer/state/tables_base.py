"""What all tables are made of."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData

from syncer.state.columns import PlainText

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key_column(name: str) -> Column[str]:
    """A text that is (part of) the primary key."""
    return Column(name, PlainText, primary_key=True)


def number_column(name: str) -> Column[int]:
    """A primary key that counts up; the order of the rows."""
    return Column(name, BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def text_column(name: str, *, null: bool = False) -> Column[str]:
    """Any text."""
    return Column(name, PlainText, nullable=null)


def record_column() -> Column[str]:
    """The record that a row is about, by its id."""
    # Checked at commit, so that the order of writes within a transaction is free.
    reference = ForeignKey("records.id", deferrable=True, initially="DEFERRED")
    return Column("record", PlainText, reference, nullable=False, index=True)


def record_number_column() -> Column[int]:
    """The record that a row is about, by its number: there are many such rows of each."""
    reference = ForeignKey("records.number", deferrable=True, initially="DEFERRED")
    return Column("record", reference, nullable=False, index=True)
