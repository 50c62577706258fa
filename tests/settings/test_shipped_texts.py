"""The texts that come with the package: each there, each with placeholders that are filled in."""

from pathlib import Path
from string import Formatter

from ruamel.yaml import YAML

import syncer.settings
from syncer.model.texts import ANSWERS, TEMPLATES
from syncer.reconcile.names import folded

SHIPPED = YAML(typ="safe").load(Path(syncer.settings.__file__).with_name("texts.yaml"))


def test_every_template_is_there() -> None:
    """Whatever is to be told has its words, and there are none that nothing uses."""
    assert set(TEMPLATES) == set(SHIPPED["texts"])
    assert all(lines for lines in SHIPPED["texts"].values())


def test_placeholders_are_those_that_are_filled_in() -> None:
    """A line with a wrong placeholder would never be said."""
    wrong = {
        (name, placeholder)
        for name, lines in SHIPPED["texts"].items()
        for line in lines
        for _, placeholder, _, _ in Formatter().parse(line)
        if placeholder is not None and placeholder not in TEMPLATES[name]
    }

    assert not wrong


def test_a_word_means_one_answer() -> None:
    """In no language does a word approve what it declines in another."""
    words = [folded(word) for verb in ANSWERS for word in SHIPPED["answers"][verb]]

    assert set(ANSWERS) == set(SHIPPED["answers"])
    assert len(words) == len(set(words))


def test_words_that_begin_other_comments_are_no_answers() -> None:
    """Nobody decides by beginning a remark with "ok" or "no"."""
    words = {folded(word) for verb in ANSWERS for word in SHIPPED["answers"][verb]}

    assert not words & {"ok", "okay", "yes", "no", "ja", "nein", "oui", "non", "si", "sí", "sim"}
