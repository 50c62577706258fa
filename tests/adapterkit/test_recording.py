"""What goes over a stand-in's wire is kept for a judge."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from syncer.adapterkit.sandbox import Running, agency_world, serve
from syncer.adapterkit.sandbox.recording import VARIABLE
from tests.adapterkit.notes import NotesSandbox


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "kept"))
    return tmp_path / "kept"


def served() -> Running:
    sandbox = NotesSandbox()
    sandbox.start_with(agency_world())
    return serve(sandbox)


def client(running: Running, **headers: str) -> httpx.Client:
    token = running.sandbox.users["maya"].token
    told = {"authorization": f"Bearer {token}", **headers}
    return httpx.Client(base_url=running.url, headers=told, trust_env=False)


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in folder.iterdir() for line in path.read_text().splitlines()]


def test_an_exchange_is_kept_whole(folder: Path) -> None:
    """Who asked what, by which route, and what was answered."""
    with served() as running, client(running, **{"user-agent": "a client/1"}) as http:
        http.post("/notes?draft=yes", json={"text": "hi"})

    (told,) = lines(folder)
    assert ("notes", "a client/1", "maya") == (told["system"], told["agent"], told["user"])
    assert ("POST", "/notes", "/notes") == (told["method"], told["path"], told["route"])
    assert ([["draft", "yes"]], {"text": "hi"}) == (told["query"], told["body"])
    assert (201, "u-maya") == (told["status"], told["answer"]["by"])
    assert "application/json" == told["type"] == told["headers"]["content-type"]


def test_alike_exchanges_are_kept_once_and_counted(folder: Path) -> None:
    """Another id or number is nothing new; another word is."""
    with served() as running, client(running) as http:
        for text in ("1 loaf", "2 loaf", "2 loaves"):
            http.post("/notes", json={"text": text})

    first, again, other = lines(folder)
    assert {"hash": first["hash"]} == again
    assert "2 loaves" == other["body"]["text"]


def test_what_a_fault_answers_is_marked(folder: Path) -> None:
    """An answer that was played in, or never given, is no word of the stand-in."""
    with served() as running, client(running) as http:
        running.fault({"status": 503, "body": "<html>"})
        http.get("/notes")
        running.fault({"drop": "before"})
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            http.get("/notes")
        http.get("/notes")

    played, dropped, whole = lines(folder)
    assert (True, "<html>", "status 503") == tuple(
        played[key] for key in ("injected", "answer", "fault")
    )
    assert (False, None, None) == tuple(dropped[key] for key in ("injected", "status", "answer"))
    assert (False, 200, None) == tuple(whole[key] for key in ("injected", "status", "fault"))


def test_no_token_is_kept(folder: Path) -> None:
    """However a client carries its token: in the query, or in a body that is echoed."""
    with served() as running, client(running) as http:
        token = running.sandbox.users["maya"].token
        http.get("/notes", params={"token": token})
        made = http.post("/notes", json={"text": token}).json()["id"]
        http.get(f"/notes/{made}")

    (kept,) = folder.iterdir()
    assert token not in kept.read_text()
    assert "[secret]" in kept.read_text()


def test_nothing_is_kept_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the variable no file is written."""
    monkeypatch.delenv(VARIABLE)
    monkeypatch.chdir(tmp_path)
    with served() as running, client(running) as http:
        assert 200 == http.get("/notes").status_code
    assert [] == list(tmp_path.iterdir())
