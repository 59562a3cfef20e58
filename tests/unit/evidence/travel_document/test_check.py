"""The finding on a travel document: reasons by field, and words for every one of them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from ryoji.evidence.travel_document import check
from ryoji.evidence.travel_document.check import TypedPassport, check_travel_document
from ryoji.evidence.travel_document.document import format_mrz, parse_mrz
from ryoji.evidence.travel_document.lines import OcrLine
from ryoji.evidence.travel_document.reader import Reading, read_mrz

TODAY = date(2026, 11, 23)
JAPANESE = parse_mrz(
    "P<JPNGAIMU<<SAKURA<<<<<<<<<<<<<<<<<<<<<<<<<<\nXS12345673JPN7902206F1603202<<<<<<<<<<<<<<<2", TODAY
).fields.model_copy(update={"expiry_date": "2030-03-20"})
TYPED = TypedPassport(
    surname="Gaimu", given_names="Sakura", number="xs 1234567", birth_date="1979-02-20", expiry_date="2030-03-20",
    nationality="JPN", sex="F",
)  # fmt: skip


def read(*lines: str) -> Reading:
    return read_mrz([OcrLine(text=line) for line in lines], TODAY)


def printed(**changes: str) -> tuple[str, ...]:
    return format_mrz(JAPANESE.model_copy(update=changes), "TD3")


def codes(reading: Reading, typed: TypedPassport | None = TYPED, **options: Any) -> dict[str, str]:
    finding = check_travel_document(reading, typed, TODAY, **options)
    assert finding.check == "travel_document"
    found: dict[str, str] = {reason.code: reason.outcome for reason in finding.reasons}
    return found | {"": finding.outcome}


def test_a_good_passport_passes_with_its_facts() -> None:
    finding = check_travel_document(read(*printed()), TYPED, TODAY, lambda *_: False, expected_issuer="JPN")
    assert (finding.outcome, finding.reasons) == ("pass", ())
    assert finding.facts["fields"]["number"] == "XS1234567"
    assert finding.facts["corrections"] == []


def test_without_a_zone_there_is_nothing_to_judge() -> None:
    assert codes(read("PASSPORT")) == {"": "fail", "no_mrz": "fail"}


def test_two_documents_are_not_judged() -> None:
    # Four lines without places: each pair stands by itself.
    other = format_mrz(JAPANESE.model_copy(update={"number": "TK7654321", "surname": "OHNO"}), "TD3")
    assert codes(read(*printed(), "a", "b", "c", *other)) == {"": "fail", "two_documents": "fail"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"surname": "Ono"}, {"": "review", "name_differs": "review"}),
        ({"surname": "Sakura", "given_names": "Gaimu"}, {"": "review", "name_differs": "review"}),
        ({"number": "XS1234568"}, {"": "fail", "number_differs": "fail"}),
        ({"number": "X81234567"}, {"": "review", "number_differs": "review"}),
        ({"number": "XS123456"}, {"": "fail", "number_differs": "fail"}),
        ({"birth_date": "1979-02-21"}, {"": "fail", "birth_date_differs": "fail"}),
        ({"expiry_date": "2030-03-21"}, {"": "fail", "expiry_differs": "fail"}),
        ({"nationality": "UTO"}, {"": "review", "nationality_differs": "review"}),
        ({"sex": "M"}, {"": "review", "sex_differs": "review"}),
        (
            {"surname": "Eriksson", "given_names": "Anna", "birth_date": "1974-08-12"},
            {"": "fail", "somebody_else": "fail", "name_differs": "review", "birth_date_differs": "fail"},
        ),
    ],
)
def test_typed_values_are_held_against_the_zone(typed: dict[str, str], expected: dict[str, str]) -> None:
    assert codes(read(*printed()), TYPED.model_copy(update=typed)) == expected


def test_only_what_was_typed_is_compared() -> None:
    assert codes(read(*printed()), TypedPassport()) == {"": "pass"}
    assert codes(read(*printed()), None) == {"": "pass"}


def test_unknown_parts_of_a_birth_date_agree_with_any() -> None:
    assert codes(read(*printed(birth_date="1979-XX-XX"))) == {"": "pass"}


def test_a_passport_is_good_through_its_last_day() -> None:
    last = {"expiry_date": TODAY.isoformat()}
    assert codes(read(*printed(**last)), TYPED.model_copy(update=last)) == {"": "pass"}
    over = {"expiry_date": "2026-11-22"}
    assert codes(read(*printed(**over)), TYPED.model_copy(update=over)) == {"": "fail", "expired": "fail"}


def test_the_issuer_may_be_prescribed() -> None:
    german = read(*printed(issuing_state="D", nationality="D"))
    typed = TYPED.model_copy(update={"nationality": "D"})
    assert codes(german, typed, expected_issuer="JPN") == {"": "fail", "not_japanese_passport": "fail"}
    assert codes(german, typed, expected_issuer="UTO") == {"": "fail", "other_issuer": "fail"}
    assert codes(german, typed) == {"": "pass"}
    # A form has three letters where these passports print one.
    form = TYPED.model_copy(update={"nationality": "DEU"})
    assert codes(german, form, expected_issuer="DEU") == {"": "pass"}
    assert codes(german, TYPED, expected_issuer="DEU") == {"": "review", "nationality_differs": "review"}


def test_a_visa_is_no_passport() -> None:
    visa = read(*format_mrz(JAPANESE.model_copy(update={"document_code": "V"}), "MRVA"))
    assert codes(visa) == {"": "fail", "other_document": "fail"}
    assert codes(visa, formats=("MRVA", "MRVB")) == {"": "pass"}


def test_a_guess_needs_a_witness() -> None:
    first, second = printed(number="XS1034567")
    guessed = read(first, second.replace("XS103", "XS1O3"))
    assert guessed.valid
    typed = TYPED.model_copy(update={"number": "XS1034567"})
    assert codes(guessed, None) == {"": "review", "corrected": "review"}
    assert codes(guessed, typed) == {"": "pass", "corrected": "pass"}
    # A correction is not held against the applicant: a person compares.
    assert codes(guessed, TYPED.model_copy(update={"number": "XS1134567"})) == {
        "": "review", "corrected": "review", "number_differs": "review",
    }  # fmt: skip


def test_what_does_not_add_up_goes_to_a_person() -> None:
    first, second = printed()
    broken = read(first, second.replace("790220", "941220"))
    found = codes(broken)
    assert found[""] == "review"
    assert found["check_digit_wrong"] == "review"
    assert "fail" not in found.values()


def test_the_list_of_lost_passports_is_asked() -> None:
    asked: list[tuple[str, str]] = []

    def lost(state: str, number: str) -> bool:
        asked.append((state, number))
        return True

    assert codes(read(*printed()), lost_or_stolen=lost) == {"": "fail", "lost_or_stolen": "fail"}
    assert asked == [("JPN", "XS1234567")]
    silent = codes(read(*printed()), lost_or_stolen=lambda *_: None)
    assert silent == {"": "unavailable", "lost_or_stolen_unavailable": "unavailable"}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_reason_has_words(language: str) -> None:
    parts = Path(__file__).parents[4] / "procedures" / "messages" / "parts"
    words = yaml.safe_load((parts / f"travel_document.{language}.yaml").read_text("utf-8"))["finding"][
        check.CHECK
    ]
    listed = re.findall(r"`([a-z_]+)`", (check.check_travel_document.__doc__ or "").partition("codes")[2])
    assert set(words) == set(listed)
    for code, texts in words.items():
        assert set(texts) == {"text", "mend"}, code
        assert set(re.findall(r"\{(\w+)\}", texts["text"] + texts["mend"])) <= {"measured", "required"}
