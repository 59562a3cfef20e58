"""Names across transliterations, and dates known in part or wrong in one place."""

from __future__ import annotations

import pytest

from benchmarks.screening import rules
from ryoji.evidence.screening.dates import date_likeness
from ryoji.evidence.screening.keys import SCHEME, keys_of_document, keys_of_person
from ryoji.evidence.screening.names import compare_names, name_of

NAMES = rules().names

SAME = [
    ("ZHANG", "WEI", "张伟", ""),
    ("ZHANG", "WEI", "張偉", ""),
    ("CHANG", "WEI", "张伟", ""),
    ("WEI", "ZHANG", "張偉", ""),
    ("ZHANG", "XIAOMING", "CHANG", "HSIAO MING"),
    ("MOHAMMED", "AHMAD", "محمد", "أحمد"),
    ("MXHMD", "XAEXHMD", "MUHAMMAD", "AHMED"),
    ("KHALID", "ABDULRAHMAN", "KHALED", "ABDUL RAHMAN"),
    ("SHEVCHENKO", "OLHA", "Шевченко", "Ольга"),
    ("SHEVCHENKO", "OLGA", "Шевченко", "Ольга"),
    ("ZHUKOV", "YEVGENY", "Жуков", "Евгений"),
    ("MULLER", "JURGEN", "Müller", "Jürgen"),
    ("MUELLER", "JUERGEN", "Müller", "Jürgen"),
    ("SORENSEN", "AASE", "Sørensen", "Åse"),
    ("DELACRUZ", "JUAN", "DE LA CRUZ", "JUAN"),
    ("PAPANDROPO", "CHRIST", "PAPANDROPOULOS", "CHRISTOS"),
    ("SMITH", "J", "SMITH", "JOHN"),
    ("SMIHT", "JOHN", "SMITH", "JOHN"),
    ("ROSSI", "ANNA", "ROSI", "ANA"),
    ("GARCIA LOPEZ", "MARIA", "GARCIA", "MARIA"),
]
OTHERS = [
    ("WANG", "WEI", "WANG", "FANG"),
    ("LI", "WEI", "LIU", "WEI"),
    ("ZHANG", "XIAOMING", "ZHANG", "XIAOMEI"),
    ("SMITH", "JOHN", "SMITH", "JANE"),
    ("IVANOV", "SERGEI", "IVANOV", "ALEKSEI"),
    ("GARCIA LOPEZ", "MARIA", "GARCIA PEREZ", "MARIA"),
    ("ALI", "AHMED", "ALI", "MOHAMMED"),
]


@pytest.mark.parametrize(("surname", "given", "listed", "listed_given"), SAME)
def test_other_writings_of_a_name_are_near(surname: str, given: str, listed: str, listed_given: str) -> None:
    asked, other = name_of(surname, given), name_of(listed, listed_given)
    assert compare_names(asked, other, NAMES).score >= 0.8
    assert keys_of_person(asked, ()) & keys_of_person(other, ()), "what shares no key is never compared"


@pytest.mark.parametrize(("surname", "given", "listed", "listed_given"), OTHERS)
def test_other_names_are_far(surname: str, given: str, listed: str, listed_given: str) -> None:
    assert compare_names(name_of(surname, given), name_of(listed, listed_given), NAMES).score < NAMES.at_least


def test_a_score_says_which_part_stands_for_which_and_how() -> None:
    found = compare_names(name_of("ANNA", "MUELLER"), name_of("Müller", "Anna Maria"), NAMES)
    assert [(pair.asked, pair.listed, pair.how) for pair in found.pairs] == [
        ("ANNA", "ANNA", "same"),
        ("MUELLER", "MÜLLER", "transliteration"),
    ]
    assert found.reordered
    assert found.only_listed == ("MARIA",)
    assert found.only_asked == ()


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("1974-08-12", "1974-08-12", "same"),
        ("1974-08-12", "1974-XX-XX", "partial"),
        ("1974-XX-12", "1974-08-XX", "partial"),
        ("1974-08-12", "1974-01-01", "conventional_day"),
        ("1974-08-12", "1974-12-08", "swapped"),
        ("1974-08-12", "1974-08-13", "one_digit"),
        ("1974-08-12", "1947-08-12", "neighbours"),
        ("1974-08-12", "1974-03-25", "same_year"),
        ("1974-08-12", "1975-XX-XX", "different"),
        ("1974-08-12", "XXXX-08-12", "unknown"),
        ("1974-08-12", "XXXX-09-12", "different"),
        ("1974-08-12", "1961-03-25", "different"),
        ("1974-08-12", None, "unknown"),
    ],
)
def test_dates_known_in_part_or_wrong_in_one_place(one: str, other: str | None, likeness: str) -> None:
    assert date_likeness(one, other) == likeness
    assert date_likeness(other, one) == likeness


def test_the_keys_of_this_scheme() -> None:
    """Versions in the field were made with these: whoever changes a key changes SCHEME."""
    assert SCHEME == 1
    assert keys_of_document("UTO", "L898902O3") == ("NUTO|L898902O3", "n189890203")
    assert keys_of_person(name_of("ERIKSSON", ""), ("1974-08-12",)) == {
        "B1974-08-12", "DARKSN|08-12", "MARKSN", "YARKSN|1974",
    }  # fmt: skip
