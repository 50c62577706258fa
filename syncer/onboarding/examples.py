"""The first examples of the rules, with the agency's own people; they add theirs below."""

from collections.abc import Mapping, Sequence

from syncer.model.entities import BUILTIN
from syncer.onboarding.existing import shipped_text
from syncer.onboarding.mappings import variants_of
from syncer.onboarding.yamltext import sections
from syncer.settings.files import EXAMPLES
from syncer.suggest.mappings import lines

PRODUCER, MANAGER = "producer", "account_manager"
"""Roles of the shipped rules that the examples tell of."""

_TEXT = """\
# Holds in every example: whose record it is, and who is named for it.
given:
  client: {client}
  values:
    project.producer: {producer}
    project.account_manager: {manager}

examples:
  - example: The producer moves a project's deadline
    given: {{entity: project, values: {{deadline: 2026-06-12}}}}
    when: {{person: {producer}, sets: deadline, to: 2026-06-19, in: {tool}}}
    then: applied
    agreed: 2026-06-19

  - example: An account manager moves a project's deadline
    given: {{entity: project, values: {{deadline: 2026-06-12}}}}
    when: {{person: {manager}, sets: deadline, to: 2026-06-30, in: {tool}}}
    then: held
    tells: [{producer}]
    agreed: 2026-06-12
"""


def examples(
    client: str, held: Mapping[str, Sequence[str]], tools: Mapping[str, str]
) -> str | None:
    """Examples that hold under the shipped rules; None where nobody holds the roles yet.

    Args:
        client: the key of a client.
        held: role to the keys of who holds it.
        tools: connections that the client has, each to the text of its mapping.
    """
    producers = [key for key in held.get(PRODUCER, ()) if key not in held.get(MANAGER, ())]
    managers = [key for key in held.get(MANAGER, ()) if key not in held.get(PRODUCER, ())]
    tool = next((name for name, text in tools.items() if _has_deadlines(text)), None)
    if not producers or not managers or tool is None:
        return None
    head = next(each for key, each in sections(shipped_text(EXAMPLES) or "") if not key)
    told = _TEXT.format(client=client, producer=producers[0], manager=managers[0], tool=tool)
    return "\n".join(head).rstrip() + "\n\n" + told


def _has_deadlines(text: str) -> bool:
    variants, usual = variants_of(text)
    found = lines(variants[usual or ""], BUILTIN)
    return any((line.entity, line.field) == ("project", "deadline") for line in found)
