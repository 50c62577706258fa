"""Every edit with who made it and what it counts for, before anything is decided."""

from collections.abc import Sequence

from msgspec import Struct

from syncer.model.decisions import Step
from syncer.model.rules import Ownership, Policy, Rule
from syncer.model.values import MISSING, Seen
from syncer.reconcile.roles import Place, acting, policy, roles_of, verb_of


class Deed(Struct, frozen=True):
    """One edit.

    Args:
        owner: as what the editor decides here; None for a non-owner.
        role: in which the editor acted, for the journal.
        policy: what meets a non-owner with this edit.
        standing: nobody wrote over it in its tool.
    """

    step: Step
    owner: str | None
    role: str
    policy: Policy
    standing: bool

    @property
    def told(self) -> bool:
        """Whether the vendor told the value."""
        return self.step.value is not MISSING


def deeds_of(
    chain: Sequence[Step], rule: Rule, ownership: Ownership, place: Place
) -> tuple[Deed, ...]:
    """The deeds of a chain of steps, oldest first."""
    last = {step.connection: index for index, step in enumerate(chain)}
    found: list[Deed] = []
    for index, step in enumerate(chain):
        roles = roles_of(step.editor, step.connection, ownership, place)
        owner = acting(rule, roles, step.editor)
        met = policy(rule, roles, verb_of(rule, step.value))
        role = owner or min(roles)
        found.append(Deed(step, owner, role, met, last[step.connection] == index))
    return tuple(found)


def winner(deeds: Sequence[Deed], agreed: Seen) -> Deed | None:
    """The deed whose value is agreed from now on; None if what was agreed stands.

    The latest of the owners'; without one the latest that a policy lets pass, which for a
    first value is any but ``revert``.
    """
    told = [deed for deed in deeds if deed.told]
    owned = [deed for deed in told if deed.owner]
    if owned:
        return owned[-1]
    free = {Policy.ALLOW, Policy.NOTIFY} | ({Policy.PROPOSE} if agreed is MISSING else set())
    passed = [d for d in told if d.standing and d.policy in free and d.step.value != agreed]
    return passed[-1] if passed else None
