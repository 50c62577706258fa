"""What the stand-in holds: records with their histories, links, definitions, owners.

Rules of the wire guide kept here: closing a deal sets its close date, a domain fills the website,
a link does not move the time of change, a merge makes a new record to which both old ids lead.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from msgspec.structs import replace

from adapters.hubspot.sandbox.answers import Fault, Problem, invalid_values, stamp
from adapters.hubspot.sandbox.checks import BadValueError, Rules, misplaced_stage
from adapters.hubspot.sandbox.records import (
    CALCULATED,
    CREATED,
    SINGULAR,
    TYPE_IDS,
    Source,
    Stored,
)
from adapters.hubspot.sandbox.standard import Definition, pipelines, properties
from syncer.adapterkit.sandbox import Refusal

FIRST_ID: Final = 21_000_000_001

Link = frozenset[tuple[str, str]]


@dataclass  # a struct would be made anew, and emptied, when a picture of it is recalled
class Store:
    """All state of one account.

    ``most``: rules that admins made about numbers, by type and property ("MAX_NUMBER").
    """

    begun: datetime
    records: dict[str, dict[str, Stored]] = field(default_factory=dict)
    links: dict[Link, set[int]] = field(default_factory=dict)
    merged: dict[tuple[str, str], str] = field(default_factory=dict)
    definitions: dict[str, dict[str, Definition]] = field(default_factory=properties)
    groups: dict[str, dict[str, Definition]] = field(default_factory=dict)
    lines: dict[str, dict[str, Definition]] = field(default_factory=dict)
    owners: dict[str, Definition] = field(default_factory=dict)
    made: dict[tuple[str, str], datetime] = field(default_factory=dict)
    property_lag: timedelta = timedelta(0)
    merge_keeps_id: bool = False
    most: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    next_id: int = FIRST_ID

    def __post_init__(self) -> None:
        self.records = {type: {} for type in TYPE_IDS}
        self.lines = pipelines(stamp(self.begun))
        self.groups = {
            type: {name: _group(name) for name in {d["groupName"] for d in told.values()}}
            for type, told in self.definitions.items()
        }

    # Reading

    def find(self, type: str, id: str, *, archived: bool = False, by: str = "") -> Stored | None:
        """A record by its id, by one that was merged into it, or by a unique property."""
        if by and by != "hs_object_id":
            hits = [r for r in self.records[type].values() if r.values.get(by) == id]
            return next((r for r in hits if bool(r.archived) == archived), None)
        record = self.records[type].get(id) or self.records[type].get(self._survivor(type, id))
        return record if record is not None and bool(record.archived) == archived else None

    def _survivor(self, type: str, id: str) -> str:
        while (type, id) in self.merged:
            id = self.merged[type, id]
        return id

    def linked(self, type: str, id: str, other: str) -> list[str]:
        """Ids of the live records of another type that a record is linked to."""
        found = []
        for link in self.links:
            if (type, id) in link:
                found += [end[1] for end in link if end[0] == other and end != (type, id)]
        here = self.records[other]
        return sorted({end for end in found if end in here and not here[end].archived}, key=int)

    def calculated(self, record: Stored) -> dict[str, str]:
        """Values that are worked out when they are read and have no history."""
        if record.type == "companies":
            return {"num_associated_deals": str(len(self.linked("companies", record.id, "deals")))}
        if record.type != "deals":
            return {}
        stage = self.stage(record.values.get("pipeline", ""), record.values.get("dealstage", ""))
        told = stage["metadata"] if stage else {"isClosed": "false", "probability": ""}
        closed, chance = told["isClosed"] == "true", told["probability"]
        values = {
            "hs_is_closed": closed,
            "hs_is_closed_won": closed and chance == "1.0",
            "hs_is_closed_lost": closed and chance == "0.0",
        }
        texts = {name: "true" if value else "false" for name, value in values.items()}
        return texts | ({"hs_deal_stage_probability": chance} if chance else {})

    def stage(self, pipeline: str, id: str) -> Definition | None:
        """A stage of a pipeline of deals."""
        stages = self.lines["deals"].get(pipeline, {}).get("stages", [])
        return next((stage for stage in stages if stage["id"] == id), None)

    def stages(self) -> dict[str, set[str]]:
        """Ids of stages by pipeline."""
        lines = self.lines["deals"].items()
        return {id: {stage["id"] for stage in line["stages"]} for id, line in lines}

    def unique(self, type: str, name: str) -> bool:
        """Whether a property may stand for a record's id."""
        told = self.definitions[type].get(name)
        return told is not None and bool(told["hasUniqueValue"])

    # Writing

    def checked(
        self, record: Stored | None, type: str, sent: Mapping[str, Any], at: datetime, lenient: bool
    ) -> tuple[dict[str, str], list[dict[str, Any]]]:
        """What to store for the properties sent, and warnings. Raises :class:`Unfit`."""
        most = {name: limit for (of, name), limit in self.most.items() if of == type}
        rules = Rules(self.owners.keys(), self.stages(), lenient, most)
        now = record.values if record else {}
        values, problems, warnings = {}, [], []
        for name, value in sent.items():
            told = self.definitions[type].get(name)
            if told is None or told["archived"] or not self._usable(type, name, at):
                problems.append(
                    Problem(name, "PROPERTY_DOESNT_EXIST", f'Property "{name}" does not exist')
                )
                continue
            try:
                values[name] = rules.stored(told, value, now.get(name, ""))
                warnings += _normalised(rules, told, value, values[name])
            except BadValueError as error:
                problems.append(Problem(name, error.code, str(error)))
        if type == "deals" and not problems:
            problems += misplaced_stage({**now, **values}, rules.stages)
        if problems:
            raise Unfit(invalid_values(problems))
        self._unique_or_unfit(record, type, values)
        return values, warnings

    def _usable(self, type: str, name: str, at: datetime) -> bool:
        made = self.made.get((type, name))
        return made is None or at - made >= self.property_lag

    def _unique_or_unfit(self, record: Stored | None, type: str, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            if not value or not self.unique(type, name):
                continue
            other = self.find(type, value, by=name) or self.find(
                type, value, by=name, archived=True
            )
            if other is not None and other is not record:
                message = f"{SINGULAR[type]} already exists. Existing ID: {other.id}"
                raise Unfit(Fault("CONFLICT", message, 409))

    def create(self, type: str, values: Mapping[str, str], at: datetime, source: Source) -> Stored:
        """Make a record of values that were checked."""
        id = str(self.next_id)
        self.next_id += 1
        record = Stored(type, id, at, at)
        record.values |= {"hs_object_id": id, CREATED[type]: stamp(at)}
        record.values["hs_object_source"] = source.type
        if source.id is not None:
            record.values["hs_object_source_id"] = source.id
        if source.user is not None:
            record.values["hs_created_by_user_id"] = str(source.user)
        self.records[type][id] = record
        self.write(record, values, at, source)
        record.touch(at)
        return record

    def write(
        self, record: Stored, values: Mapping[str, str], at: datetime, source: Source
    ) -> None:
        """Set values that were checked, and what follows from them."""
        staged = values.get("dealstage", "") != record.values.get("dealstage", "")
        changed = [name for name, value in values.items() if record.note(name, value, at, source)]
        if (
            record.type == "deals"
            and "dealstage" in values
            and staged
            and "closedate" not in values
        ):
            stage = self.stage(record.values.get("pipeline", ""), values["dealstage"])
            if stage and stage["metadata"]["isClosed"] == "true":
                changed += ["closedate"] * record.note("closedate", stamp(at), at, CALCULATED)
        if record.type == "companies" and "domain" in changed and "website" not in record.values:
            record.note("website", record.values.get("domain", ""), at, CALCULATED)
        if changed:
            if source.user is not None:
                record.values["hs_updated_by_user_id"] = str(source.user)
            record.touch(at)

    def archive(self, record: Stored, at: datetime) -> None:
        """Put a record into the recycle bin, and the notes that stand on no other one.

        Tasks stay, with those to whom they are assigned (knowledge base, "Understand
        restorable and permanent contact deletions"; here it is so of companies and deals).
        """
        record.archived = at
        for id in self.linked(record.type, record.id, "notes"):
            if not any(self.linked("notes", id, type) for type in ("companies", "deals")):
                self.records["notes"][id].archived = at

    def link(self, one: tuple[str, str], other: tuple[str, str], types: Iterable[int]) -> None:
        """Link two records; a new primary company demotes the one before."""
        labels = set(types)
        if labels & {5, 6}:
            deal = one if one[0] == "deals" else other
            for link, had in self.links.items():
                if deal in link:
                    had -= {5, 6}
        self.links.setdefault(frozenset({one, other}), set()).update(labels)

    def unlink(self, one: tuple[str, str], other: tuple[str, str]) -> None:
        """Take every label of a link away."""
        self.links.pop(frozenset({one, other}), None)


class Unfit(Refusal):
    """Values that cannot be stored; holds HubSpot's complaint."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.response())
        self.fault = fault


def _group(name: str) -> Definition:
    return {"name": name, "label": name.capitalize(), "displayOrder": -1, "archived": False}


def _normalised(rules: Rules, told: Definition, sent: Any, stored: str) -> list[dict[str, Any]]:
    """A warning for a date that older versions refuse."""
    if told["type"] not in ("date", "datetime"):
        return []
    try:
        replace(rules, lenient=False).stored(told, sent, "")
    except BadValueError as error:
        context = {"propertyName": told["name"], "rawValue": str(sent), "normalizedValue": stored}
        return [
            {"category": "PROPERTY_VALUE_NORMALIZED", "message": str(error), "context": context}
        ]
    return []
