"""Exact zones: the vectors of Doc 9303 and of real layouts, printing, and what check digits cannot see."""

from __future__ import annotations

import itertools
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ryoji.errors import Invalid
from ryoji.evidence.travel_document import dates
from ryoji.evidence.travel_document.check_digits import ALPHABET, FILLER, are_blind, check_digit
from ryoji.evidence.travel_document.document import MrzFields, Zone, format_mrz, parse_mrz
from ryoji.evidence.travel_document.layouts import LAYOUTS, Format, kinds_of
from ryoji.evidence.travel_document.lines import OcrLine
from ryoji.evidence.travel_document.reader import read_mrz
from simulators.specimens.holders import draw_holding

TODAY = date(2026, 11, 23)
VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "data" / "travel_vectors.json").read_text("utf-8")
)
NAMES = {"num": "number", "dob": "birth_date", "exp": "expiry_date", "opt": "optional", "comp": "composite"}


def zone_of(vector: dict[str, Any]) -> Zone:
    return parse_mrz("\n".join(vector["lines"]), TODAY)


@pytest.mark.parametrize(
    "vector", VECTORS["mrz"], ids=lambda vector: f"{vector['format']}-{vector['note'] or vector['source']}"
)
def test_a_vector_is_judged_as_recomputed(vector: dict[str, Any]) -> None:
    zone = zone_of(vector)
    assert zone.format == vector["format"]
    assert zone.valid is vector["valid"]
    found: dict[str, bool] = {check.name: check.ok for check in zone.checks}
    for short, name in NAMES.items():
        # The vectors check a long TD2 number as if it were a short one; the zone as a whole is valid.
        if short in vector["checks"] and vector["note"] != "long document number":
            if "long document number" in vector["source"]:
                continue
            assert found[name] is vector["checks"][short]
    if "docno" in vector["checks"]:
        assert zone.fields.number == vector["checks"]["docno"].rstrip(FILLER)


@pytest.mark.parametrize(
    "vector", [one for one in VECTORS["mrz"] if one["valid"]], ids=lambda vector: vector["lines"][-1]
)
def test_a_valid_vector_is_printed_again_as_it_was(vector: dict[str, Any]) -> None:
    zone = zone_of(vector)
    lines = tuple(vector["lines"])
    digit = "0" if lines[1].endswith("<02") else FILLER
    assert format_mrz(zone.fields, zone.format, empty_optional_digit=digit) == lines


@pytest.mark.parametrize("vector", VECTORS["mrz"], ids=lambda vector: vector["lines"][-1])
def test_a_vector_read_as_it_stands_is_not_touched(vector: dict[str, Any]) -> None:
    reading = read_mrz([OcrLine(text=line) for line in vector["lines"]], TODAY)
    if vector["valid"]:
        assert (reading.valid, reading.lines, reading.corrections) == (True, tuple(vector["lines"]), ())
    elif reading.valid:
        assert reading.corrections


def test_the_erikssons_fields() -> None:
    fields = zone_of(VECTORS["mrz"][0]).fields
    assert fields == MrzFields(
        document_code="P", issuing_state="UTO", surname="ERIKSSON", given_names="ANNA MARIA", number="L898902C3",
        nationality="UTO", birth_date="1974-08-12", sex="F", expiry_date="2012-04-15", optional="ZE184226B",
    )  # fmt: skip


def test_the_ivanova_figure_is_no_vector() -> None:
    with pytest.raises(Invalid):
        parse_mrz(
            "P<UTOIVANOVA<<ANNA<<<<<<<<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F2504155184226<<<<<<<<<18",
            TODAY,
        )


def test_the_blind_pairs_are_those_of_equal_value() -> None:
    found = {one + other for one, other in itertools.combinations(ALPHABET, 2) if are_blind(one, other)}
    assert {frozenset(pair) for pair in found} == {frozenset(pair) for pair in VECTORS["blind_pairs"]}


@given(st.text(ALPHABET, min_size=1, max_size=40), st.data())
def test_any_other_substitution_is_seen(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([char for char in ALPHABET if char != text[place]]))
    changed = text[:place] + other + text[place + 1 :]
    assert (check_digit(changed) == check_digit(text)) is are_blind(text[place], other)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(sorted(LAYOUTS)))
def test_what_is_printed_is_read_again(seed: int, format: Format) -> None:
    holding = draw_holding(random.Random(seed), TODAY, format)
    zone = parse_mrz("\n".join(holding.lines), TODAY)
    assert (zone.format, zone.valid) == (format, True)
    same = (
        "document_code",
        "issuing_state",
        "number",
        "nationality",
        "birth_date",
        "sex",
        "expiry_date",
        "optional",
    )
    assert {name: getattr(zone.fields, name) for name in same} == {
        name: getattr(holding.fields, name) for name in same
    }
    assert read_mrz([OcrLine(text=line) for line in holding.lines], TODAY).lines == holding.lines


@pytest.mark.parametrize("number", ["D23145890734", "AB12345678", "12345678901234"])
def test_long_numbers_run_over_into_the_optional_data(number: str) -> None:
    fields = MrzFields(
        document_code="I", issuing_state="UTO", surname="STEVENSON", given_names="PETER", number=number,
        nationality="UTO", birth_date="1934-07-12", sex="M", expiry_date="2030-07-12",
    )  # fmt: skip
    zone = parse_mrz("\n".join(format_mrz(fields, "TD1")), TODAY)
    assert (zone.fields.number, zone.valid) == (number, True)


def test_a_long_number_does_not_fit_a_passport() -> None:
    fields = MrzFields(
        document_code="P", issuing_state="UTO", surname="A", number="D23145890734", nationality="UTO",
        birth_date="1934-07-12", expiry_date="2030-07-12",
    )  # fmt: skip
    with pytest.raises(Invalid):
        format_mrz(fields, "TD3")


def test_every_place_of_every_format_has_a_kind() -> None:
    for layout in LAYOUTS.values():
        for line in range(1, layout.lines + 1):
            assert len(kinds_of(layout, line)) == layout.length


@pytest.mark.parametrize(
    ("printed", "iso"),
    [("740812", "1974-08-12"), ("261123", "2026-11-23"), ("261124", "1926-11-24"), ("40<<<<", "1940-XX-XX"),
     ("26<<<<", "2026-XX-XX"), ("2611<<", "2026-11-XX"), ("2612<<", "1926-12-XX"), ("<<<<<<", "XXXX-XX-XX")],
)  # fmt: skip
def test_births_are_not_in_the_future(printed: str, iso: str) -> None:
    assert dates.birth_date(printed, TODAY) == iso
    assert dates.printed_date(iso) == printed


@pytest.mark.parametrize(
    ("printed", "iso"), [("360101", "2036-01-01"), ("991231", "1999-12-31"), ("950712", "1995-07-12")]
)
def test_expiries_are_of_the_nearest_century(printed: str, iso: str) -> None:
    assert dates.expiry_date(printed, TODAY) == iso


@pytest.mark.parametrize("text", ["3<1231", "<31231", "A41231", "7<<812", "74O812", "741<<1"])
def test_what_is_no_date_is_shown_as_far_as_it_is_known(text: str) -> None:
    for shown in (dates.birth_date(text, TODAY), dates.expiry_date(text, TODAY)):
        assert len(shown) == 10
        assert set(shown) <= set("0123456789X-")


@pytest.mark.parametrize(
    ("printed", "unknown", "possible"),
    [("740231", True, False), ("240229", True, True), ("250229", True, False), ("74<<<<", True, True),
     ("74<<<<", False, False), ("741312", True, False), ("7408<2", True, False), ("7<0812", True, False)],
)  # fmt: skip
def test_only_days_of_the_calendar_are_possible(printed: str, unknown: bool, possible: bool) -> None:
    assert dates.is_possible(printed, unknown_parts=unknown) is possible
