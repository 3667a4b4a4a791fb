"""The language of a template: kept in its file when it has one, taken from old files as none, refused when it is none."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from models.kernel.problems import Refused
from services.platform.messages import sentence
from services.printing.templates.model import Paper, Template
from services.printing.templates.reading import read, written

PLAIN = Template("sales_order", "出口", "销售订单", Paper(210, 297, 10, 10, 8, 8))


@pytest.mark.parametrize("language", ["", "zh", "en"])
def test_the_language_survives_the_file(language: str) -> None:
    template = replace(PLAIN, language=language)
    assert read(written(template)) == template


def test_a_template_in_the_language_of_its_reader_is_written_as_it_always_was() -> None:
    """So that a program that knows no languages reads it too."""
    assert "language" not in json.loads(written(PLAIN))


def test_a_file_from_before_there_were_languages_is_read() -> None:
    old = {key: value for key, value in json.loads(written(replace(PLAIN, language="en"))).items() if key != "language"}
    assert read(json.dumps(old)).language == ""


@pytest.mark.parametrize("language", ["fr", "EN", 1, None, ["en"]])
def test_another_language_is_refused_with_those_there_are(language: object) -> None:
    with pytest.raises(Refused) as caught:
        read(json.dumps({**json.loads(written(PLAIN)), "language": language}))
    (problem,) = caught.value.problems
    assert problem.code == "form.value_language"
    assert "zh、en" in sentence(problem)
    assert "one of the languages" in sentence(problem, "en")
