"""The figures' file: one flat list that a program can read, with every promise, its direction, and none broken."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import benchmarks.__main__ as bench
from benchmarks.figures import at_least, at_most, counted

KEYS = {"name", "part", "value", "unit", "budget", "at", "met"}


@pytest.fixture(scope="module")
def latest() -> dict[str, Any]:
    """The file that was measured last."""
    read: dict[str, Any] = json.loads(bench.LATEST.read_text(encoding="utf-8"))
    return read


def keeps(figure: dict[str, Any]) -> bool:
    """Whether a figure with a budget is within it."""
    if figure["at"] == "least":
        return bool(figure["value"] >= figure["budget"])
    return bool(figure["value"] <= figure["budget"])


def test_every_part_is_there_with_when_and_where(latest: dict[str, Any]) -> None:
    assert set(latest) == {"parts", "figures"}
    assert list(latest["parts"]) == list(bench.BENCHMARKS)
    for about in latest["parts"].values():
        assert datetime.fromisoformat(about["measured"]).tzinfo is not None
        assert about["python"].startswith("3.")
        assert about["processors"] >= 1


def test_every_figure_has_all_its_words_and_a_name_of_its_own(latest: dict[str, Any]) -> None:
    names = [figure["name"] for figure in latest["figures"]]
    assert len(names) == len(set(names)) > 100
    for figure in latest["figures"]:
        assert set(figure) == KEYS
        assert figure["part"] in latest["parts"]
        assert isinstance(figure["value"], int | float)
        assert figure["unit"]
    assert {figure["part"] for figure in latest["figures"]} == set(latest["parts"])


def test_a_promise_has_a_direction_and_none_is_broken(latest: dict[str, Any]) -> None:
    promised = [figure for figure in latest["figures"] if figure["budget"] is not None]
    assert len(promised) > 20
    assert {figure["at"] for figure in promised} == {"most", "least"}
    assert [figure["name"] for figure in promised if not figure["met"] or not keeps(figure)] == []
    others = [figure for figure in latest["figures"] if figure["budget"] is None]
    assert {(figure["at"], figure["met"]) for figure in others} == {(None, None)}


@pytest.mark.parametrize(
    "name",
    [
        "size.together",
        "renewal.dollars",
        "pages.first.javascript",
        "mrz.ryoji.legible.exact",
        "mrz.passporteye.seconds_over_ryoji",
        "authorization.granted",
    ],
)
def test_what_was_promised_by_name_is_held(latest: dict[str, Any], name: str) -> None:
    (figure,) = (each for each in latest["figures"] if each["name"] == name)
    assert figure["met"] is True


def test_a_part_that_is_measured_anew_replaces_its_own_figures_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "LATEST", tmp_path / "latest.json")
    bench._keep("sizes", [at_most("size.a", 2, "kB", 1), counted("size.b", 3, "kB")])
    bench._keep("pages", [at_least("pages.a", 2, "files", 1)])
    bench._keep("sizes", [at_most("size.a", 1, "kB", 1)])
    read = json.loads(bench.LATEST.read_text())
    assert [(each["name"], each["part"], each["at"], each["met"]) for each in read["figures"]] == [
        ("pages.a", "pages", "least", True),
        ("size.a", "sizes", "most", True),
    ]
    assert list(read["parts"]) == ["pages", "sizes"]


@pytest.mark.parametrize(
    ("value", "most", "least"), [(0.9, True, False), (1.0, True, True), (1.1, False, True)]
)
def test_a_budget_is_kept_in_its_direction(value: float, most: bool, least: bool) -> None:
    assert at_most("x", value, "s", 1.0)["met"] is most
    assert at_least("x", value, "s", 1.0)["met"] is least
    assert counted("x", value, "s")["met"] is None
