"""What a procedure costs is told to everybody, also to whom another fee is asked of."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.doors.calling import House


def told(house: House, language: str = "en", **query: str) -> Any:
    return house.call("GET", "/fees", language=language, query=query).json


@pytest.mark.parametrize(
    ("procedure", "office", "usual", "indian"),
    [
        ("visa-tourism-through-agency", "mission-india", 3000, 832),
        ("visa-tourism", "mission-united-kingdom", 3000, 832),
        ("visa-tourism-multiple", "mission-united-kingdom", 6000, 832),
        ("visa-transit", "mission-united-kingdom", 700, 76),
    ],
)
def test_whose_fee_is_another_reads_it_too(
    house: House, procedure: str, office: str, usual: int, indian: int
) -> None:
    fee = told(house, procedure=procedure, office=office)
    assert ([line["amount"] for line in fee["items"]], fee["total"]) == ([usual], usual)
    (apart,) = fee["exceptions"]
    assert apart["amount"] == indian
    assert "Indian nationals" in apart["label"]


@pytest.mark.parametrize("language", ["ja", "zh-Hans", "id", "ar"])
def test_it_is_told_in_the_readers_language(house: House, language: str) -> None:
    fee = told(house, language, procedure="visa-transit", office="mission-united-kingdom")
    assert fee["exceptions"][0]["label"] not in ("", "Transit visa, Indian nationals")


def test_there_is_no_exception_where_none_may_apply(house: House) -> None:
    assert told(house, procedure="visa-tourism-china", office="mission-china")["exceptions"] == []
    renewal = {"procedure": "passport-renewal", "office": "prefecture-tokyo", "birth_date": "1990-01-02"}
    assert told(house, **renewal, validity="10")["exceptions"] == []
