"""Answers that are JSON and yet cannot be what they claim to be."""

import json
from typing import Any

import pytest

from syncer.adapterkit.errors import WaitAndRetry
from syncer.model.remote import Op, Result
from tests.adapters.asana.bench import Bench


def answered(bench: Bench, method: str, path: str, data: Any, status: int = 200) -> None:
    """From now on this is what is answered, after the request took effect."""
    fault = {"status": status, "body": json.dumps({"data": data}), "late": True}
    bench.running.fault(fault, times=9, method=method, path=path)


@pytest.mark.parametrize("data", [{}, {"gid": ""}, {"gid": 7}, {"name": "B"}])
def test_a_create_that_names_nothing_may_have_happened(bench: Bench, data: Any) -> None:
    """The task may be there: it is looked for before it is made again."""
    answered(bench, "POST", "/tasks$", data, 201)

    assert bench.push(Op.CREATE, fields={"name": "B"}).result is Result.UNKNOWN


def test_an_answer_about_another_record_is_none(bench: Bench) -> None:
    """Neither a project nor a task takes over what is told of another one."""
    other = {"gid": "999", "name": "Other"}
    answered(bench, "GET", f"/projects/{bench.project()}$", other)

    with pytest.raises(WaitAndRetry, match="another record"):
        bench.pull()


def test_an_update_that_tells_of_another_record_is_repeated(bench: Bench) -> None:
    """What it shows is not taken for what was written."""
    task = bench.make()
    answered(bench, "PUT", f"/tasks/{task}$", {"gid": "999", "name": "Other"})

    outcome = bench.push(Op.UPDATE, id=task, fields={"name": "B"})

    assert (outcome.result, dict(outcome.got)) == (Result.RETRY, {})
