"""Names: truncation as Doc 9303 prints it, transliteration with all alternatives, comparison by components."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ryoji.evidence.travel_document.names import likeness, print_name, read_name
from ryoji.evidence.travel_document.transliteration import alternatives, components, latin, matches

TRANSLITERATION: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "data" / "travel_vectors.json").read_text("utf-8")
)["translit"]


@pytest.mark.parametrize(
    ("surname", "given", "width", "printed"),
    [
        ("Nilavadhanananda", "Chayapa Dejthamrong Krasuang", 39, "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K"),
        ("Nilavadhanananda", "Chayapa Dejthamrong Krasuang", 31, "NILAVADHANANANDA<<CHAYAPA<DEJ<K"),
        ("Nilavadhanananda", "Chayapa Dejthamrong Krasuang", 30, "NILAVADHANANANDA<<CHAYAPA<DE<K"),
        ("Papandropoulous", "Jonathon Warren Trevor", 39, "PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR"),
        ("O’Connor", "Enya-Siobhan", 39, "OCONNOR<<ENYA<SIOBHAN".ljust(39, "<")),
        ("Arkfreith", "", 39, "ARKFREITH".ljust(39, "<")),
        ("Müller, ", "Jürgen", 39, "MUELLER<<JUERGEN".ljust(39, "<")),
    ],
)
def test_a_name_is_printed(surname: str, given: str, width: int, printed: str) -> None:
    assert print_name(surname, given, width) == printed


def test_a_shortened_name_ends_in_a_letter_and_keeps_its_secondary_identifier() -> None:
    printed = print_name("Bennelong Wooloomooloo Warrandyte Warnambool", "Dingo Potoroo", 39)
    name = read_name(printed)
    assert len(printed) == 39
    assert name.possibly_truncated
    assert name.given_names
    assert likeness("Bennelong Wooloomooloo Warrandyte Warnambool", "Dingo Potoroo", name) == "truncated"


@pytest.mark.parametrize(
    ("surname", "given", "field", "expected"),
    [
        ("Eriksson", "Anna Maria", "ERIKSSON<<ANNA<MARIA<<<", "same"),
        ("Müller", "Jürgen", "MUELLER<<JUERGEN<<", "same"),
        ("Müller", "Jürgen", "MULLER<<JURGEN<<", "same"),
        ("Müller", "Jürgen", "MULLER<<JUERGEN<<", "same"),
        ("Ñandú", "Ana", "NXXANDU<<ANA<", "same"),
        ("Щербаков", "Юлия", "SHCHERBAKOV<<IULIIA<<", "same"),
        ("Щербаков", "Юлия", "SHTERBAKOV<<YULIYA<<", "same"),
        ("Гончар", "Ірина", "HONCHAR<<IRYNA<<", "same"),
        ("Bennelong Wooloomooloo Warrandyte Warnambool", "Dingo Potoroo",
         "BENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<DI", "truncated"),
        ("Papandropoulous", "Jonathon Warren Trevor Xavier", "PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR", "truncated"),
        ("Vandermuellen", "Anna", "VAN<DER<MUELLEN<<ANNA<<", "joined"),
        ("Sakura", "Gaimu", "GAIMU<<SAKURA<<", "reordered"),
        ("Ono", "Ken", "OHNO<<KEN<<", "different"),
        ("Eriksson", "Anna", "ERIKSSON<<ANNA<MARIA<<<", "different"),
        ("Stevenson", "Peter", "ERIKSSON<<ANNA<MARIA<<<", "different"),
        ("Papandropoulous", "Jonathon Quentin", "PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR", "different"),
        ("Sukarno", "", "SUKARNO<<<<", "same"),
    ],
)  # fmt: skip
def test_typed_names_are_held_against_printed_ones(
    surname: str, given: str, field: str, expected: str
) -> None:
    assert likeness(surname, given, read_name(field)) == expected


def test_every_latin_and_arabic_form_of_the_tables_counts() -> None:
    for code, forms in TRANSLITERATION["latin"].items():
        assert alternatives(chr(int(code, 16))) == tuple(forms)
    for code, form in TRANSLITERATION["arabic"].items():
        if isinstance(form, str) and not form.startswith("["):
            assert alternatives(chr(int(code, 16))) == (form,)


def test_every_cyrillic_default_and_exception_counts() -> None:
    for code, forms in TRANSLITERATION["cyrillic"].items():
        listed = alternatives(chr(int(code, 16)))
        assert listed[0] == forms["default"]
        if forms["exception"]:
            exceptional = forms["exception"].rpartition("=")[2].strip(" )")
            assert exceptional in listed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("ﾐｭｰﾗ", False), ("Ｍｕｌｌｅｒ", True), ("Mu\u0308ller", True), ("M’uller", True)],
)
def test_widths_and_accents_of_typing_do_not_matter(typed: str, printed: bool) -> None:
    parts = components(typed)
    assert (bool(parts) and matches(parts[0], "MULLER")) is printed


def test_an_arabic_doubling_repeats_the_letter_before() -> None:
    assert matches("محمّد", "MXHMMD")
    assert not matches("محمّد", "MXHMD")
    assert latin("Ghraîbé") == "GHRAIBE"


def test_matching_long_names_is_quick() -> None:
    assert not matches("Ü" * 60, "UE" * 59 + "X")
