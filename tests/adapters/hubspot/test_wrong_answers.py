"""Answers that are JSON and yet cannot be what they claim to be."""

import json

from syncer.adapterkit.contract import FieldNeed
from syncer.model.remote import Result
from tests.adapters.hubspot.bench import Bench

CHANNELS = FieldNeed("deal", "channels", "enumeration", ("Print", "Radio"), many=True)


def test_a_set_that_cannot_be_read_is_not_written_anew(b: Bench) -> None:
    """What others have added to it would be lost; the other fields are written."""
    b.adapter.provision(b.scope, [CHANNELS], dry_run=False)
    b.look()
    id = b.deal("Spring campaign")
    row = {"id": id, "properties": {"channels": ["Print"]}}
    body = {"status": "COMPLETE", "results": [row]}
    b.running.fault({"status": 200, "body": json.dumps(body)}, path="/deals/batch/read")
    write = b.update(id, base={"channels": ["Print", "Radio"]}, channels=["Radio"], dealname="New")

    [outcome] = b.push(write)

    assert (outcome.result, dict(outcome.got)) == (Result.DONE, {"dealname": "New"})
    assert "cannot be read" in outcome.refused["channels"]
