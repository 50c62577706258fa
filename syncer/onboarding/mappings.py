"""Mapping files as they will be written: the shipped ones, fitted to what the tools have."""

import io
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from msgspec import Struct, field
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from syncer.model.entities import BUILTIN
from syncer.model.remote import Catalogue
from syncer.onboarding.asking import SKIP, Choice, Path, Question, percent
from syncer.onboarding.yamltext import remark
from syncer.settings.shapes_answers import AnswersFile, MappingAnswer
from syncer.suggest.mappings import (
    FieldIdea,
    Line,
    OptionIdea,
    fields,
    fit,
    lacking,
    lines,
    options,
)

WIDTH: Final = 100
PROVISION: Final = "`syncer provision` makes it"


class Row(Struct, frozen=True):
    """What became of one field or option, for people: where, what is there, meaning, score."""

    system: str
    what: str
    there: str
    means: str
    score: float | None
    sure: bool


class MappingDraft(Struct):
    """One mapping file."""

    text: str
    rows: list[Row] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    wrong: list[tuple[Path, str]] = field(default_factory=list)


@cache
def variants_of(text: str) -> tuple[Mapping[str, Any], str | None]:
    """The variants of a mapping file that is right, and the one that is used unless said."""
    data = _yaml().load(text)
    found = dict(data["variants"])
    return found, data.get("default") or next(iter(found))


def best(
    variants: Mapping[str, Any], usual: str | None, catalogue: Catalogue
) -> tuple[str | None, float]:
    """The variant that fits a client's place, and how well; the usual one where it is as good."""
    scored = {name: fit(variant, BUILTIN, catalogue) for name, variant in variants.items()}
    top = max(scored.values(), default=0.0)
    name = usual if scored.get(usual or "") == top else max(scored, key=lambda n: scored[n])
    return name, top


def draft(
    system: str, text: str, used: Mapping[str, Sequence[Catalogue]], answers: AnswersFile
) -> MappingDraft:
    """A mapping file, fitted.

    Args:
        system: whose.
        text: the file as it stands, or as it is shipped.
        used: variant to what its clients' places hold.
        answers: what was said.
    """
    data, made = _yaml().load(text), MappingDraft(text)
    said = answers.mappings.get(system, MappingAnswer())
    changed = False
    for name, catalogues in used.items():
        if name in data["variants"]:
            fitting = _Fitting(system, data["variants"][name], catalogues, said, made)
            changed = fitting.done() or changed
    if changed:
        stream = io.StringIO()
        _yaml().dump(data, stream)
        made.text = stream.getvalue()
    return made


def _yaml() -> YAML:
    """Writes the shipped files exactly as they stand."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


class _Fitting:
    """One variant."""

    def __init__(
        self,
        system: str,
        variant: CommentedMap,
        catalogues: Sequence[Catalogue],
        said: MappingAnswer,
        made: MappingDraft,
    ) -> None:
        self._system, self._variant, self._said, self._made = system, variant, said, made
        self._catalogues = catalogues
        self._changed = False

    def done(self) -> bool:
        """Fit it; whether anything was changed."""
        for idea in fields(lines(self._variant, BUILTIN), self._catalogues):
            if idea.missing:
                self._field(idea)
            elif lacking(idea.line, self._catalogues):
                what = f"{idea.line.entity}.{idea.line.field}"
                self._row(what, idea.line.remote, PROVISION, None, sure=True)
        # Once more, for a field that was found under another name has options of its own.
        for choice in options(lines(self._variant, BUILTIN), self._catalogues):
            self._option(choice)
        return self._changed

    def _field(self, idea: FieldIdea) -> None:
        what = f"{idea.line.entity}.{idea.line.field}"
        said = self._said.fields.get(what)
        found = said if said not in (None, SKIP) else idea.found if idea.sure else None
        if found is not None and found != idea.line.remote and said != SKIP:
            self._renamed(idea.line, str(found), None if said else idea.score)
        elif said is None and idea.found is not None:
            choice = Choice(idea.found, f"{idea.found} is {what}", idea.score)
            text = f"{self._system} has no {idea.line.remote} for {what}"
            path = ("mappings", self._system, "fields", what)
            self._made.questions.append(Question(path, text, (choice,)))
            self._comment(idea.line, f'unsure: "{remark(idea.found)}", {percent(idea.score)}')
        means = f"as {found}" if found else PROVISION
        sure = idea.found is None or idea.sure or said is not None
        self._row(what, idea.line.remote, means, idea.score if idea.found else None, sure)

    def _renamed(self, line: Line, found: str, score: float | None) -> None:
        told = self._variant[line.entity]["fields"]
        key = "custom_field" if line.custom else "field"
        if isinstance(told[line.field], str):
            told[line.field] = found
        else:
            told[line.field][key] = found
        note = f"found by `syncer init`, {percent(score)}" if score is not None else "as you said"
        self._comment(line, note)

    def _option(self, idea: OptionIdea) -> None:
        what = f"{idea.line.entity}.{idea.line.field}"
        said = self._said.options.get(what, {}).get(idea.name)
        value = idea.value if said is None and idea.sure else said
        if said not in (None, SKIP) and said not in (idea.line.values or {}):
            path = ("mappings", self._system, "options", what, idea.name)
            self._made.wrong.append((path, f'"{said}" is no value of {what}'))
        elif value is not None and value != SKIP:
            self._added(idea.line, value, idea.name)
        elif said is None:
            self._ask(idea, what)
        shown = (
            str(value)
            if value not in (None, SKIP)
            else f"unsure ({idea.value})"
            if idea.value
            else "unsure"
        )
        sure = value is not None
        self._row(what, idea.name, "left out" if value == SKIP else shown, idea.score or None, sure)

    def _ask(self, idea: OptionIdea, what: str) -> None:
        values = sorted(idea.line.values or {}, key=lambda value: value != idea.value)
        choices = tuple(
            Choice(value, value, idea.score if value == idea.value else None) for value in values
        )
        path = ("mappings", self._system, "options", what, idea.name)
        text = f'What does "{idea.name}" mean in {self._system}, as {what}?'
        self._made.questions.append(Question(path, text, choices))
        guess = f": {idea.value}, {percent(idea.score)}" if idea.value else ""
        self._comment(idea.line, f'unsure: "{remark(idea.name)}"{guess}')

    def _added(self, line: Line, value: str, name: str) -> None:
        values = self._variant[line.entity]["fields"][line.field]["values"]
        names = values[value]
        if not isinstance(names, CommentedSeq):
            names = CommentedSeq([names])
            names.fa.set_flow_style()
            values[value] = names
        names.append(name)
        self._changed = True

    def _comment(self, line: Line, text: str) -> None:
        if f"# {text}\n" in self._made.text:
            return  # it stands there since the last time
        told = self._variant[line.entity]["fields"]
        told.yaml_set_comment_before_after_key(line.field, before=text, indent=told.lc.col)
        self._changed = True

    def _row(self, what: str, there: str, means: str, score: float | None, sure: bool) -> None:
        self._made.rows.append(Row(self._system, what, there, means, score, sure))
