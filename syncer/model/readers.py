"""Who reads what is written about a client."""

from enum import StrEnum


class Audience(StrEnum):
    """Whom a page is for."""

    AGENCY = "agency"
    CLIENT = "client"
