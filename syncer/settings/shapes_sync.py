"""The model of ``config/sync.yaml``."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from syncer.model.client_parts import Part
from syncer.model.configuration import ALERT_AFTER, HeadsUp, Intervals, Keep, Limits, Mode
from syncer.model.contact import FirstContact
from syncer.settings.anatomy import Instead
from syncer.settings.shapes import Duration, EntityName, FieldName, Name, Shape, Text, Texts, Zone
from syncer.settings.shapes_contact import FirstContactLine
from syncer.settings.shapes_mapping import EntityChange
from syncer.settings.shapes_notices import NoticesLine

_LIMITS = Limits()
_INTERVALS = Intervals()
_KEEP = Keep()
_LEAST_KEPT = timedelta(days=400)

FieldKind = Literal[
    "text", "rich_text", "date", "instant", "when", "number", "money", "enumeration", "person",
    "boolean",
]  # fmt: skip


class ConnectionLine(Shape):
    """An adapter with one set of credentials. All other keys are the adapter's own options."""

    model_config = ConfigDict(extra="allow")

    adapter: Name = Field(description="Which system: a folder in `adapters/`.")
    share: float = Field(
        0.9, gt=0, le=1, description="How much of the vendor's rate limits may be used here."
    )
    timeout: float = Field(
        60, gt=0, le=600, description="Seconds that the vendor may keep a request waiting."
    )


class ClientLine(Shape):
    """One client of the agency."""

    name: Annotated[Text, Instead("?")] = Field(
        description="The name as it stands in the tools; conditions can use it."
    )
    zone: Annotated[Zone, Instead("UTC")] = Field(
        description="The time zone in which this client's days begin and end."
    )
    mode: Mode = Field(
        Mode.SYNC, description="`observe` decides and reports, and writes nothing to any tool."
    )
    siblings: bool = Field(
        True,
        description="Twins name each other's addresses, where a mapping has a place: `siblings`.",
    )
    first_contact: FirstContactLine | None = Field(
        None, description="What becomes of this client's old stock, where it differs."
    )
    scopes: dict[Name, dict[str, Any]] = Field(
        min_length=1,
        description="Connection name to where the client lives there (the adapter's own keys).",
    )
    variants: dict[Name, Name] = Field(
        default_factory=dict,
        description="System (or connection) to the variant of its mapping file.",
    )
    overrides: dict[Name, dict[EntityName, EntityChange]] = Field(
        default_factory=dict,
        description="System (or connection), then entity: what differs from the variant. A system"
        " that only counts has no entities: give it a variant of its own.",
    )


class LimitsLine(Shape):
    """What one plan may do before a person must agree with `run --allow` or `run --plan`."""

    archives: int = Field(_LIMITS.archives, ge=0, description="Records archived.")
    archive_share: float = Field(
        _LIMITS.archive_share, ge=0, le=1, description="Share of the linked records archived."
    )
    update_share: float = Field(
        _LIMITS.update_share, ge=0, le=1, description="Share of the linked records changed."
    )
    remaps: int = Field(
        _LIMITS.remaps, ge=0, description="Records that merely read differently (a new mapping)."
    )
    after_change: int = Field(
        _LIMITS.after_change,
        ge=0,
        description="Writes of the first run after what decides was changed in the configuration;"
        " more waits for `run --plan`.",
    )
    after_change_share: float = Field(
        _LIMITS.after_change_share, ge=0, le=1, description="The same as a share of what is linked."
    )
    floor: int = Field(
        _LIMITS.floor, ge=0, description="With fewer linked records than this, shares do not count."
    )


class IntervalsLine(Shape):
    """How old cached knowledge may get. Time spans like `15m`, `24h`."""

    definitions: Duration = Field(
        _INTERVALS.definitions, description="Fields, options and lists of a tool."
    )
    people: Duration = Field(_INTERVALS.people, description="Users of a tool.")
    scopes: Duration = Field(_INTERVALS.scopes, description="Boards and projects of a client.")
    full_compare: Duration = Field(
        _INTERVALS.full_compare, description="How often everything is listed and compared."
    )
    first_retry: Duration = Field(
        _INTERVALS.first_retry,
        gt=timedelta(0),
        description="Pause before what failed is tried again; each further failure doubles it.",
    )
    longest_retry: Duration = Field(
        _INTERVALS.longest_retry,
        gt=timedelta(0),
        description="No such pause gets longer than this.",
    )


def _with_last_year(value: timedelta) -> timedelta:
    if value < _LEAST_KEPT:
        least = f'write at least "{_LEAST_KEPT.days}d"'
        raise ValueError(f"too short for goals that compare with last year; {least}")
    return value


class KeepLine(Shape):
    """How long what was measured and written is kept. Time spans like `1100d`."""

    metrics: Annotated[Duration, AfterValidator(_with_last_year)] = Field(
        _KEEP.metrics, description="Figures of the past; at least `400d`, for last year's."
    )
    journal: Duration = Field(
        _KEEP.journal,
        ge=timedelta(days=7),
        description="The journal's lines about the service's own writes, by which a cycle is"
        " undone; at least `7d`. What people did, and what was decided, stays for good.",
    )


class PageLine(Shape):
    """What `syncer report` tells."""

    for_client: tuple[Part, ...] = Field(
        tuple(Part),
        description="What stands on a page for a client (`--for client`), and nothing else does.",
    )


class AddedField(Shape):
    """A field of your own on an entity. Its owner stands in `ownership.yaml`."""

    type: FieldKind = Field(description="What it holds.")
    many: bool = Field(False, description="Whether it holds a set of them.")
    values: Texts = Field((), description="Of an `enumeration`: all its canonical values.")

    @model_validator(mode="after")
    def _values_of_an_enumeration(self) -> "AddedField":
        if self.values and self.type != "enumeration":
            raise ValueError('"values" belongs to type enumeration; remove it or change the type')
        if len(set(self.values)) < len(self.values):
            raise ValueError("the same value stands twice; remove one")
        return self


class SyncFile(Shape):
    """Connections, clients and how carefully to go about it."""

    state: Text = Field(
        "data/syncer.db",
        description="Where the service remembers: a file, a database URL, or `env:NAME`.",
    )
    heads_up: HeadsUp = Field(
        HeadsUp.IN_TOOLS,
        description="`in-tools` puts held edits back and tells people where they work; `cli-only`"
        " puts them back and tells nobody; `keep` leaves them in their tool, listed.",
    )
    first_contact: FirstContactLine = Field(
        FirstContact.MATCH_ONLY,
        description="What becomes of old stock: what a tool held when a client first met it there."
        " `match only` links it to what it matches and makes no twin of it; `match then create`"
        " makes twins of what has no match; `create only` matches nothing (the other tools are"
        " empty). One of them, or keys: `default`, one of our entities, a connection or system.",
    )
    connections: dict[Name, ConnectionLine] = Field(
        min_length=1, description="Accounts in tools, each under a name of your choice."
    )
    clients: dict[Name, ClientLine] = Field(
        min_length=1, description="Clients of the agency, each under a short key."
    )
    limits: LimitsLine = Field(LimitsLine(), description="When a plan must be agreed to.")
    intervals: IntervalsLine = Field(IntervalsLine(), description="How often to look again.")
    keep: KeepLine = Field(
        KeepLine(), description="How long what was measured, and what was written, is kept."
    )
    notices: NoticesLine = Field(NoticesLine(), description="When people are told, how much.")
    alerts: Texts = Field(
        (),
        description="Where ops hear of trouble: `env:NAME` or `file:PATH` of apprise addresses.",
    )
    alert_after: Duration = Field(
        ALERT_AFTER,
        gt=timedelta(0),
        description="A client that was not in step for so long is trouble, whatever kept it.",
    )
    report: PageLine = Field(PageLine(), description="The page that can be shown to a client.")
    entities: dict[EntityName, dict[FieldName, AddedField]] = Field(
        default_factory=dict, description="Fields of your own, by entity and name."
    )
