"""A made-up agency in neutral words, which each stand-in fills itself from."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from msgspec import Struct

LISTS: Final = {"todo": "To do", "doing": "Doing", "review": "Review", "done": "Done"}
"""What lists and sections are called, by the status of the tasks in them."""

PRIORITIES: Final = {"low": "Low", "medium": "Medium", "high": "High"}
PACES: Final = ("Ahead", "On track", "Behind", "Met", "Missed", "Not begun", "No figures")
"""What tools call how a goal stands."""


class Person(Struct, frozen=True):
    """Somebody at the agency; ``bot`` is the account whose credentials the service uses."""

    key: str
    name: str
    email: str
    bot: bool = False


class Client(Struct, frozen=True):
    """A client of the agency. ``retainer`` is in euros a month; ``goals`` are one a line."""

    key: str
    name: str
    domain: str
    industry: str
    strategy: str
    account_manager: str
    retainer: Decimal | None = None
    goals: str = ""


class Project(Struct, frozen=True):
    """A project. ``systems`` says where it lives; ``price`` is in ``currency``."""

    key: str
    client: str
    name: str
    systems: frozenset[str]
    status: str
    start: date | None
    deadline: date | None
    producer: str
    account_manager: str
    price: Decimal | None
    budget_hours: Decimal | None
    strategy: str
    brief: str
    goals: str
    currency: str = "EUR"


class Task(Struct, frozen=True):
    """A task. ``status`` is a key of :data:`LISTS`, ``priority`` one of :data:`PRIORITIES`."""

    key: str
    project: str
    title: str
    systems: frozenset[str]
    status: str = "todo"
    deadline: date | datetime | None = None
    assignees: tuple[str, ...] = ()
    notes: str = ""
    labels: tuple[str, ...] = ()
    estimate: Decimal | None = None
    priority: str | None = None


class World(Struct, frozen=True):
    """People, clients, projects and tasks."""

    people: tuple[Person, ...] = ()
    clients: tuple[Client, ...] = ()
    projects: tuple[Project, ...] = ()
    tasks: tuple[Task, ...] = ()

    def person(self, key: str) -> Person:
        """The person of this key. Raises ``KeyError``."""
        return {person.key: person for person in self.people}[key]

    def client(self, key: str) -> Client:
        """The client of this key. Raises ``KeyError``."""
        return {client.key: client for client in self.clients}[key]

    def projects_in(self, system: str, client: str | None = None) -> list[Project]:
        """Projects that live in a system, of one client or of all."""
        return [p for p in self.projects if system in p.systems and client in (None, p.client)]

    def tasks_in(self, system: str, project: str | None = None) -> list[Task]:
        """Tasks that live in a system, of one project or of all."""
        return [t for t in self.tasks if system in t.systems and project in (None, t.project)]


PEOPLE: Final = (
    Person("maya", "Maya Okafor", "maya@brightside.example"),
    Person("tom", "Tom Lindqvist", "tom@brightside.example"),
    Person("anna", "Anna Brandt", "anna@brightside.example"),
    Person("ben", "Ben Carvalho", "ben@brightside.example"),
    Person("syncer", "Syncer", "syncer@brightside.example", bot=True),
)
"""The staff: producers maya and tom, account managers anna and ben, and the service."""


def empty_world() -> World:
    """The staff and nothing else."""
    return World(people=PEOPLE)
