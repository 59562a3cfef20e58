"""Names across transliterations, and dates known in part or wrong in one place."""

from __future__ import annotations

import json
import unicodedata
from importlib.resources import files

import pytest

from benchmarks.screening import rules
from ryoji.evidence import travel_document
from ryoji.evidence.screening.dates import date_likeness
from ryoji.evidence.screening.keys import SCHEME, keys_of_document, keys_of_earlier, keys_of_person
from ryoji.evidence.screening.names import compare_names, name_of
from ryoji.evidence.screening.parts import part
from ryoji.evidence.screening.sound import plain

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
    ("LEILA", "HASSAN", "ليلى", "حسن"),
    ("ABDOUL RAHMAN", "MOHAMED", "عبد الرحمن", "محمد"),
    ("ABDOEL AZIZ", "MOHAMED", "عبد العزيز", "محمد"),
    ("ABDOUR RAHMAN", "MOHAMED", "عبد الرحمن", "محمد"),
    ("SISI", "ABDELFATTAH", "السيسي", "عبد الفتاح"),
    ("SISI", "", "السيسي", ""),
    ("ALI", "HASSAN", "علی", "حسن"),
    ("KARIMI", "LEILA", "لیلا", "کریمی"),
    ("ALAA", "BAHAA", "علاء", "بهاء"),
    ("TAHA", "HANAA", "طه", "هناء"),
    ("DIAA", "MAI", "ضياء", "مي"),
    ("DARWISH", "DIAA AISHA", "درويش", "ضياء عائشة"),
    ("OSMAN", "", "عثمان", ""),
    ("WAEL", "", "وائل", ""),
    ("OUAEL", "", "وائل", ""),
    ("GAMAL", "SUHAIL", "جمال", "سهيل"),
    ("MOUSAVI", "ZAHRA", "موسوی", "زهراء"),
    ("MAMDOUH", "WAFAA", "ممدوح", "وفاء"),
    ("BHUTTO", "ZULFIKAR ALI", "بھٹو", "ذوالفقار علی"),
    ("LXYALA", "XKKRXYAMXYA", "LEILA", "KARIMI"),
    ("HOXHA", "ENVER", "HODZHA", "ENVER"),
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
    # The article at the part before it, at a part of its own, at the part it belongs to, and said as what follows it.
    ("ABDUL RAHMAN", "MOHAMED", "عبد الرحمن", "محمد"),
    ("ABDEL RAHMAN", "MOHAMED", "عبد الرحمن", "محمد"),
    ("ABD AL RAHMAN", "MOHAMED", "عبد الرحمن", "محمد"),
    ("ABDELRAHMAN", "MOHAMED", "عبد الرحمن", "محمد"),
    ("ABDUR RAHMAN", "MOHAMED", "عبد الرحمن", "محمد"),
    ("ABD ERRAHMANE", "MOHAMED", "عبد الرحمن", "محمد"),
    ("ABDERRAHMANE", "MOHAMED", "عبد الرحمن", "محمد"),
    ("ABDURRAHMAN", "MOHAMED", "عبدالرحمن", "محمد"),
    ("ABDUR RAHMAN", "MOHAMED", "عبدالرحمن", "محمد"),
    ("ABDERRAHMANE", "MOHAMED", "ABD AL RAHMAN", "MOHAMED"),
    ("RAHMAN", "MOHAMED ABDUL", "عبد الرحمن", "محمد"),
    ("RAHMAN", "MOHAMED", "عبد الرحمن", "محمد"),
    ("NASSER", "GAMAL ABDEL", "جمال", "عبد الناصر"),
    ("ABDEL HADY", "OMAR", "عبد الهادي", "عمر"),
    ("AHMED", "ABDUS SALAM", "احمد", "عبد السلام"),
    ("AHMED", "ABDESSALAM", "احمد", "عبد السلام"),
    ("RASHID", "ABDUSH SHAKUR", "رشيد", "عبد الشكور"),
    ("NOUREDDINE", "KHALED", "نور الدين", "خالد"),
    ("NOOR UDDIN", "KHALID", "نور الدین", "خالد"),
    ("NUR AL DIN", "KHALID", "نور الدين", "خالد"),
    ("NOUREDDINE", "KHALED", "NUR AL DIN", "KHALID"),
    ("SALAHUDDIN", "KHALID", "صلاح الدين", "خالد"),
    ("SALAH EL DIN", "KHALID", "صلاح الدين", "خالد"),
    ("ESSAYED", "MOHAMED", "السيد", "محمد"),
    ("ERRACHIDI", "MOHAMED", "الرشيدي", "محمد"),
    ("EBD ALNAXSSR", "LEILA", "ABDENNASSER", "LEILA"),
]
OTHERS = [
    ("WANG", "WEI", "WANG", "FANG"),
    ("LI", "WEI", "LIU", "WEI"),
    ("ZHANG", "XIAOMING", "ZHANG", "XIAOMEI"),
    ("SMITH", "JOHN", "SMITH", "JANE"),
    ("IVANOV", "SERGEI", "IVANOV", "ALEKSEI"),
    ("GARCIA LOPEZ", "MARIA", "GARCIA PEREZ", "MARIA"),
    ("ALI", "AHMED", "ALI", "MOHAMMED"),
    ("ALI", "SERGEI", "ALEXEI", "SERGEI"),
    ("TAHA", "HASSAN", "ضياء", "حسن"),
    ("LEILA", "HASSAN", "ليلى", "محمد"),
    ("ABDUL AZIZ", "MOHAMED", "عبد الرحمن", "محمد"),
    ("ABDELAZIZ", "MOHAMED", "ABDUL RAHMAN", "MOHAMED"),
    ("NOUREDDINE", "KHALID", "صلاح الدين", "خالد"),
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
        ("1974-08-XX", "1975-08-12", "one_digit"),
        ("1974-08-XX", "1974-11-12", "same_year"),
        ("1974-XX-XX", "1947-08-12", "neighbours"),
        ("1974-08-XX", "1974-01-01", "conventional_day"),
        ("1974-12-XX", "1974-08-12", "swapped"),
        ("1974-08-XX", "1986-09-12", "different"),
        ("1974-12-08", "XXXX-08-12", "unknown"),
        ("1974-08-12", "XXXX-08-12", "unknown"),
        ("1974-08-12", "XXXX-09-12", "different"),
        ("1974-08-12", "1961-03-25", "different"),
        ("1974-08-12", None, "unknown"),
    ],
)
def test_dates_known_in_part_or_wrong_in_one_place(one: str, other: str | None, likeness: str) -> None:
    assert date_likeness(one, other) == likeness
    assert date_likeness(other, one) == likeness


def test_every_arabic_letter_of_doc_9303_is_said_in_one_way_at_least() -> None:
    table = json.loads(files(travel_document).joinpath("transliteration.json").read_text("utf-8"))
    forms = {
        form
        for letter, latin in table["alternatives"].items()
        if unicodedata.name(letter).startswith("ARABIC")
        for form in latin
        if "X" in form
    }
    assert len(forms) > 40
    assert {form for form in forms if "X" in plain(form, arabic=True)} == set()
    # Were one the beginning of another, what is written with them could be divided in two ways.
    assert [(one, other) for one in forms for other in forms if one != other and other.startswith(one)] == []


def test_a_sign_of_doubling_doubles_what_stands_before_it_and_is_no_name_alone() -> None:
    assert name_of("\u0651").parts == ()
    assert name_of("محم\u0651د").parts[0].letters == {"MHMMD"}
    assert name_of("\u0651محمد").parts[0].letters == {"MHMD"}


def test_what_looks_like_an_arabic_letter_is_read_both_ways_in_latin_letters() -> None:
    assert part("HOXHA").letters == {"HOXHA", "HOHA"}
    assert part("ALEXEI").letters == {"ALEXEI"}
    assert (part("MXHMD").vowels_may_lack, part("ROXYANA").vowels_may_lack) == (True, False)


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("السيد", {"AST"}),
        ("عبدالسلام", {"APTSLM"}),
        ("نورالدين", {"NRTN", "NFRTN"}),
        ("NURALDIN", {"NRTN"}),
        ("ABDULRAHMAN", {"APTRHMN"}),
        ("ABDUL", {"APT"}),
        ("القاسم", set()),  # no letter that an article is said as
        ("خالد", set()),  # no article
        ("صالحالدوسري", set()),  # it may be one, and nobody knows
        ("ABDALLAH", set()),
        ("HOLDEN", set()),
        ("GERALDINE", set()),
        ("NOURELDINE", {"NRTN"}),
        ("ABDOUL", {"APT"}),
        ("ABDOULRAHMAN", {"APTRHMN"}),
    ],
)
def test_an_article_is_known_by_its_place_and_by_what_follows(text: str, sounds: set[str]) -> None:
    assert part(text).by_article == sounds


def test_the_keys_of_this_scheme() -> None:
    """Versions in the field were made with these: whoever changes a key changes SCHEME."""
    assert SCHEME == 3
    assert keys_of_document("UTO", "L898902O3") == ("NUTO|L898902O3", "n189890203")
    assert keys_of_person(name_of("ERIKSSON", ""), ("1974-08-12",)) == {
        "B1974-08-12", "DARKSN|08-12", "MARKSN", "YARKSN|1974",
    }  # fmt: skip
    assert keys_of_person(name_of("طه", ""), ("1974-08-12",)) == {
        "B1974-08-12", "DT|08-12", "DTH|08-12", "MTH", "YT|1974", "YTH|1974",
    }  # fmt: skip
    assert keys_of_person(name_of("ABDUS", ""), ()) == {"MAPTS", "MAPT"}
    assert keys_of_person(name_of("عبدالسلام", ""), ()) == {"MAPTLSLM", "MAPTSLM"}


def test_an_earlier_case_is_found_by_the_marks_that_were_kept_for_it() -> None:
    """Marks are kept for years and have no scheme: more may be made, and none of these otherwise."""
    assert keys_of_earlier(name_of("ERIKSSON", "LEILA"), "1974-08-12") >= {
        "EARKSN|1974-08-12", "WARKSNL|1974-08-12", "WRKSNL|1974-08-12", "WAKSNL|1974-08-12", "WARSNL|1974-08-12",
        "WARKNL|1974-08-12", "WARKSL|1974-08-12", "WARKSN|1974-08-12", "WARKSNL|1974-08", "WARKSNL|1974--12",
        "WARKSNL|08-12", "WARKSNL|1974~08-12",
    }  # fmt: skip


def test_what_an_article_adds_takes_no_place_of_marks_that_were_kept_before() -> None:
    """There is room for four sounds, and it had four."""
    kept = {"ETFSR|1974-08-12", "ETSR|1974-08-12", "EALTFSR|1974-08-12", "EALTSR|1974-08-12"}
    assert keys_of_earlier(name_of("الدوسري"), "1974-08-12") >= kept


@pytest.mark.parametrize(
    ("known", "keys"),
    [
        ("1974-08-XX", {"WARKSN|1974-08"}),
        ("1974-XX-XX", {f"WARKSN|1974-{month:02d}" for month in range(1, 13)}),
        ("XXXX-08-12", {"WARKSN|08-12"}),
        ("XXXX-08-XX", set()),
    ],
)
def test_a_birth_date_known_in_part_leads_to_earlier_cases_by_the_whole_name(
    known: str, keys: set[str]
) -> None:
    name = name_of("ERIKSSON")
    assert keys_of_earlier(name, known) == keys
    assert not keys or keys & keys_of_earlier(name, "1974-08-12")
