"""Defects of one line, and the law that each of them breaks: what the machine must find."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True)
class Defect:
    """One line (or a few) as they are, and as the defect has them.

    Args:
        law: the law that must be named among those that failed.
        swarm: the rules that these cases use, to find it soon; all of them find it later.
        seed: where that is quick.
    """

    name: str
    file: str
    line: str
    instead: str
    law: str
    swarm: str = ""
    seed: int = 1

    def plant(self, root: Path) -> None:
        """Put it into a copy of the house. Raises ``LookupError`` if the table is out of date."""
        path = root / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.line) != 1:
            times = text.count(self.line)
            raise LookupError(f"{self.name}: {times} times in {self.file}: {self.line!r}")
        path.write_text(text.replace(self.line, self.instead), encoding="utf-8")


DEFECTS: Final = (
    Defect(
        "echo own write",
        "syncer/engine/attribute.py",
        "        strange = _foreign(twin, told, unique.values())\n",
        "        strange = tuple(unique.values())\n",
        "Quiet",
        "edit run",
    ),
    Defect(
        "cursor before commit",
        "syncer/engine/cycle.py",
        "    record_verdicts(ctx, thought.planned, thought.matcher, thought.down)\n",
        "    record_cursors(ctx, thought.gathered, thought.pulls)\n"
        "    record_verdicts(ctx, thought.planned, thought.matcher, thought.down)\n",
        "Nothing lost",
        "kill run",
    ),
    Defect(
        "intent after send",
        "syncer/engine/push.py",
        "            with self.ctx.store.transaction() as tx:\n"
        "                tx.put_intents([sending.intent for sending in ahead])\n"
        "            yield from self._answered(site, list(_batches(ahead, size)), most)\n",
        "            for landed in self._answered(site, list(_batches(ahead, size)), most):\n"
        "                with self.ctx.store.transaction() as tx:\n"
        "                    tx.put_intents([sending.intent for sending in landed[0]])\n"
        "                yield landed\n",
        "Quiet",
        "kill run",
    ),
    Defect(
        "non-owner latest wins",
        "syncer/reconcile/deeds.py",
        "        return owned[-1]\n",
        "        return told[-1]\n",
        "Owned",
        "edit_the_same edit run",
    ),
    Defect(
        "partial listing deletes",
        "adapters/memory/feed.py",
        "    listed: Listed = frozenset()\n",
        "    listed: Listed = _complete(world, team, request)\n",
        "Absence is not deletion",
        "edit run",
    ),
    Defect(
        "put-back only if the verdict moved",
        "syncer/engine/planning.py",
        "    targets = places.targets(case, found)\n",
        "    targets = places.targets(case, found)\n"
        "    moved = found.record.pending or any(v.changed for v in found.verdicts)\n"
        "    targets = targets if moved or case.new else {}\n",
        "Converges",
        "edit run",
    ),
    Defect(
        "last editor only",
        "syncer/engine/fields.py",
        "        entries = entries_of(told, shown)\n        agreed =",
        "        entries = entries_of(told, shown)[-1:]\n        agreed =",
        "Nothing lost",
        "edit_the_same run",
    ),
    Defect(
        "echo hides a raced edit",
        "syncer/reconcile/history.py",
        "        claims = _first(entry, ours, used) if entry.by is None or entry.by in me else None\n",
        "        claims = _first(entry, ours, used)\n",
        "Nothing lost",
        "race_for_the_same run",
    ),
    Defect(
        "mapping change is an edit",
        "syncer/reconcile/merge.py",
        "        return Change.SAME if settled else Change.REMAPPED\n",
        "        return Change.SAME if settled else Change.EDITED\n",
        "Owned",
        "read_otherwise edit run",
    ),
    Defect(
        "empty home wins",
        "syncer/reconcile/contact.py",
        "sorted(shown.items()) if v is not MISSING and v is not None}\n",
        "sorted(shown.items()) if v is not MISSING}\n",
        "Owned",
        "create_twice run",
    ),
    Defect(
        "late owner edit kills a proposal",
        "syncer/reconcile/proposing.py",
        "    return told is not None and step.at is not None and step.at > told\n",
        "    return told is not None\n",
        "Heard",
        "hear_late",
        2,
    ),
    Defect(
        "what a vendor made of a value is asked for again",
        "syncer/reconcile/needs.py",
        "    return same_raw(memory.asked, wanted.raw) and same_raw(memory.got, shown.raw)\n",
        "    return False\n",
        "Quiet",
        "edit run",
    ),
    Defect(
        "a new day loses the time of day",
        "syncer/reconcile/merge.py",
        "    return after if after is MISSING else absorb(now.bound, whole, was, after, lookup)\n",
        "    return after\n",
        "Finer survives coarser",
        "move_the_day edit",
        5,
    ),
    Defect(
        "every field is sent",
        "syncer/reconcile/needs.py",
        "    if not _differs(wanted, shown, lookup) or _answered(wanted, shown, memory):\n",
        "    if _answered(wanted, shown, memory):\n",
        "Least writing",
        "edit run",
    ),
    Defect(
        "one system down stops all",
        "syncer/engine/cycle.py",
        "    recovered = recover(ctx, sites) + recover_posts(ctx, sites)\n",
        "    sites = {} if down else sites\n"
        "    recovered = recover(ctx, sites) + recover_posts(ctx, sites)\n",
        "Isolation",
        "outage",
    ),
    Defect(
        "the first system in the alphabet wins",
        "syncer/reconcile/sharing.py",
        "    return rivals[-1]\n",
        "    return min(rivals, key=lambda step: step.connection)\n",
        "Order free",
        "edit_the_same run",
        5,
    ),
    Defect(
        "a wrong token is quoted",
        "adapters/memory/adapter.py",
        '            told = Redactor([given])(f"token {given} is not valid")\n',
        '            told = f"token {given} is not valid"\n',
        "Secret",
        "outage edit",
    ),
    Defect(
        "a lost create is made again",
        "syncer/engine/recover.py",
        "    found = site.adapter.find(write_of(intent), site.catalogue)\n",
        "    found: list[RemoteRecord] = []\n",
        "Exactly once",
        "lose_a_create",
    ),
    Defect(
        "what is only proposed is made everywhere",
        "syncer/engine/existence.py",
        "    notebook.agree(EXISTENCE, verdict.value, verdict.winner, rule)\n\n\ndef _begun_anew",
        "    notebook.agree(EXISTENCE, PRESENT, verdict.winner, rule)\n\n\ndef _begun_anew",
        "Owned",
        "create run",
        3,
    ),
)
