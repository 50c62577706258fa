"""Defects in what people are told and answer, and the law that each of them breaks."""

from typing import Final

from tests.laws.defects import Defect

IN_TALK: Final = (
    Defect(
        "an answer counts for a newer version",
        "syncer/reconcile/replies.py",
        '    problem = "" if one.heard(reply.at) >= one.proposal.version else AGAIN\n',
        '    problem = ""\n',
        "Owned",
    ),
    Defect(
        "anybody may answer",
        "syncer/reconcile/replies.py",
        "    role = entitled(reply.person, one.proposal) if reply.person else None\n",
        '    role = "producer" if reply.person else None\n',
        "Owned",
    ),
    Defect(
        "a comment before its intent",
        "syncer/engine/heads_up/posts.py",
        "            tx.put_postings([parcel.posting])\n",
        "            tx.put_postings([])\n",
        "Exactly once",
    ),
    Defect(
        "a lost comment is written again",
        "syncer/engine/heads_up/lost.py",
        "        _settle(ctx, posting, found.get(posting.ref))\n",
        "        _settle(ctx, posting, None)\n",
        "Exactly once",
    ),
    Defect(
        "a digest is told twice",
        "syncer/engine/heads_up/posts.py",
        "    tx.put_notices(told)\n",
        "    tx.put_notices(n for n in told if n.not_before is None)\n",
        "Exactly once",
    ),
    Defect(
        "guests are not looked at",
        "syncer/engine/heads_up/readers.py",
        "        return self._why[(connection, thread)]\n",
        '        return ""\n',
        "Guests",
    ),
)
