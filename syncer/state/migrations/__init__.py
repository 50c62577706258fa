"""Alembic's steps from an empty database to the tables of today, for both databases."""

from typing import Final

VERSION_TABLE: Final = "syncer_version"
REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
"""All versions this program knows, oldest first."""

HEAD: Final = REVISIONS[-1]
