"""Versions of the watch list: read with line errors, compiled, opened, asked; how many are found."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from random import Random

import pytest

from benchmarks.screening import (
    HELD_OUT,
    SETS,
    People,
    _changed,
    _precision,
    _precisions,
    by_change,
    by_culture,
    documents_found,
    earlier_found,
    made_list,
    marks_shared,
    native_alone,
    rules,
    sensitivity,
    share_found,
    strangers_hit,
)
from ryoji.errors import Unavailable
from ryoji.evidence.screening.persons import ask
from ryoji.evidence.screening.subject import subject_of
from ryoji.evidence.screening.watch_list import (
    Entry,
    NotCompared,
    WatchList,
    WatchListFaults,
    compile_files,
    compile_version,
)
from simulators.watch_list.people import OWN_TABLE, VARIANTS, Person, pools, spellings

AT = datetime(2026, 1, 1, tzinfo=UTC)
SINGLE = Person("russian", "Титов", "Анна", "TITOV", "ANNA", "1974-08-25", "RUS", "F", "AA1234567")
RULES = rules()
PERSON: dict[str, object] = {
    "list_id": "wanted",
    "entry_id": "1",
    "names": [{"surname": "ERIKSSON", "given_names": "ANNA MARIA"}],
    "birth_dates": ["1974-08-12"],
    "nationalities": ["UTO"],
    "documents": [{"issuing_state": "UTO", "number": "L898902O3"}],
    "ground": "crime",
    "source": "made up",
}
LOST: dict[str, object] = {**PERSON, "entry_id": "2", "names": [], "birth_dates": [], "ground": "lost"}


def _list(*entries: dict[str, object]) -> WatchList:
    text = "\n".join(json.dumps(entry) for entry in entries)
    return WatchList(compile_files({"list.jsonl": text}, AT).data)


def test_every_wrong_line_is_named_without_its_data() -> None:
    wrong = {**PERSON, "entry_id": "3", "birth_dates": ["1974-13-40"]}
    lines = [json.dumps(PERSON), "# a comment", "{broken", json.dumps(wrong), json.dumps(PERSON)]
    with pytest.raises(WatchListFaults) as caught:
        compile_files({"list.jsonl": "\n".join(lines)}, AT)
    assert [fault.split(": ")[0] for fault in caught.value.faults] == [
        "list.jsonl:3", "list.jsonl:4", "list.jsonl:5",
    ]  # fmt: skip
    assert "birth_dates" in caught.value.faults[1]
    assert "1974-13-40" not in str(caught.value)


def test_the_same_entries_are_the_same_version_and_one_changed_is_another() -> None:
    first, again = _list(PERSON, LOST).version, _list(PERSON, LOST).version
    assert first == again
    assert (first.entries, first.lists) == (2, {"wanted": 2})
    assert _list(PERSON, {**LOST, "source": "other"}).version.digest != first.digest


@pytest.mark.parametrize("data", [b"", b"nothing", compile_version([], AT)[:-30]])
def test_a_broken_version_is_not_asked(data: bytes) -> None:
    with pytest.raises(Unavailable):
        WatchList(data)


def test_a_document_is_found_exactly_and_a_look_alike_is_marked_lower() -> None:
    def asked(number: str, state: str = "UTO") -> list[tuple[str, float]]:
        subject = subject_of({"travel_document": {"issuing_state": state, "number": number}})
        return [(match.because[0].code, match.score) for match in ask(_list(LOST), subject, RULES)]

    assert asked("L898902O3") == [("document_same", 1.0)]
    assert asked("L89890203") == [("document_confusable", RULES.documents.confusable)]
    assert asked("L898902O4") == []
    assert asked("L898902O3", "D") == []


def test_germany_is_one_state_whether_a_list_writes_it_as_a_zone_or_as_a_form() -> None:
    listed = {
        **PERSON,
        "names": [{"full": "ANNA ERIKSSON"}],
        "nationalities": ["D"],
        "documents": [{"issuing_state": "D", "number": "C01X00T47"}],
    }
    told = {
        "traveller": {
            "surname": "ERIKSSON",
            "given_names": "ANNA",
            "birth_date": "1974-08-12",
            "nationality": "DEU",
        },
        "travel_document": {"issuing_state": "DEU", "number": "C01X00T47"},
    }
    codes = {why.code for match in ask(_list(listed), subject_of(told), RULES) for why in match.because}
    assert {"document_same", "nationality_same"} <= codes


def _stolen(state: str) -> dict[str, object]:
    return {**LOST, "ground": "stolen", "documents": [{"issuing_state": state, "number": "C01X00T47"}]}


@pytest.mark.parametrize("code", ["D", "DEU", "UNO", "EUE", "XXA"])
def test_a_document_is_found_under_every_code_of_doc_9303(code: str) -> None:
    told = {"travel_document": {"issuing_state": "DEU" if code == "D" else code, "number": "C01X00T47"}}
    found = ask(_list(_stolen(code)), subject_of(told), RULES)
    assert [match.because[0].code for match in found] == ["document_same"]


@pytest.mark.parametrize("code", ["DE", "GER", "QQQ", "XX"])
def test_a_code_that_no_passport_has_is_a_fault_with_its_line(code: str) -> None:
    of_nobody = {**PERSON, "entry_id": "3", "nationalities": ["DEU", code]}
    lines = [json.dumps(PERSON), json.dumps(_stolen(code)), json.dumps(of_nobody)]
    with pytest.raises(WatchListFaults) as caught:
        compile_files({"list.jsonl": "\n".join(lines)}, AT)
    assert caught.value.faults == (
        "list.jsonl:2: documents/0/issuing_state: no code of ICAO Doc 9303, part 3 (Germany is DEU or D)",
        "list.jsonl:3: nationalities/1: no code of ICAO Doc 9303, part 3 (Germany is DEU or D)",
    )


def test_an_entry_of_a_version_that_was_published_before_codes_were_checked_is_read() -> None:
    before = Entry.model_validate(_stolen("GER"))
    told = {"travel_document": {"issuing_state": "DEU", "number": "C01X00T47"}}
    assert ask(WatchList(compile_version([before], AT)), subject_of(told), RULES) == []
    assert WatchList(compile_version([before], AT)).entry(0) == before


NOT_COMPARED = ["김정은", "Γιώργος Παπαδόπουλος", "יוסף לוי", "たなか", "สมชาย", "राम"]


@pytest.mark.parametrize("name", NOT_COMPARED)
def test_a_name_in_letters_that_are_not_compared_stops_no_list_and_is_told(name: str) -> None:
    both = {**PERSON, "names": [{"full": name}, {"full": "ANNA ERIKSSON"}]}
    alone = {**PERSON, "entry_id": "2", "names": [{"full": name}], "documents": []}
    lines = "\n".join(json.dumps(entry) for entry in (both, alone))
    made = compile_files({"list.jsonl": lines}, AT)
    assert [warning.split(": ")[:2] for warning in made.warnings] == [
        ["list.jsonl:1", "names/0"],
        ["list.jsonl:2", "names/0"],
        ["list.jsonl:2", "nothing of this entry is compared, so it finds nobody"],
    ]
    assert name not in str(made.warnings)
    watch_list = WatchList(made.data)
    assert (watch_list.version.entries, watch_list.not_compared) == (2, NotCompared(names=2, entries=1))
    found = ask(watch_list, subject_of({"traveller": {"surname": "ERIKSSON", "given_names": "ANNA"}}), RULES)
    assert [match.entry.entry_id for match in found] == ["1"]


def test_what_has_no_letter_is_no_name() -> None:
    with pytest.raises(WatchListFaults, match="a name has letters"):
        compile_files({"list.jsonl": json.dumps({**PERSON, "names": [{"full": "007"}]})}, AT)


def test_scripts_that_are_compared_are_not_warned_of() -> None:
    names = ["Müller", "O’Neill", "Gʻulom", "Шевченко", "محمد", "張偉", "山田"]
    entry = {**PERSON, "names": [{"full": name} for name in names]}
    assert compile_files({"list.jsonl": json.dumps(entry)}, AT).warnings == ()


def test_a_version_with_keys_of_before_is_not_asked() -> None:
    """It would find less than the words of today say, and nobody would know."""
    with zipfile.ZipFile(io.BytesIO(compile_version([], AT))) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    parts["manifest.json"] = json.dumps({**json.loads(parts["manifest.json"]), "scheme": 1}).encode()
    before = io.BytesIO()
    with zipfile.ZipFile(before, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    with pytest.raises(Unavailable, match="watch_list_unreadable"):
        WatchList(before.getvalue())


def test_a_different_nationality_weighs_and_a_different_birth_date_clears() -> None:
    def score(**told: str) -> float:
        traveller = {"surname": "ERIKSSON", "given_names": "ANNA MARIA", **told}
        found = ask(_list(PERSON), subject_of({"traveller": traveller}), RULES)
        return found[0].score if found else 0.0

    same = score(birth_date="1974-08-12", nationality="UTO")
    assert same == 1.0
    assert 0 < score(birth_date="1974-08-12", nationality="XXX") < same
    assert 0 < score(birth_date="74<<<<", nationality="UTO") < same
    assert score(birth_date="1961-03-25", nationality="UTO") == 0


@pytest.mark.parametrize("of", SETS.values())
def test_most_of_those_on_the_list_are_found_and_most_strangers_are_not(of: People) -> None:
    of = replace(of, listed=7, strangers=991, entries=400, unlisted=100, each=40)
    watch_list, _ = made_list(of)
    answers = sensitivity(watch_list, of, RULES)
    assert share_found(each for each in answers if each.change != OWN_TABLE) >= 0.93
    for change, share in by_change(answers).items():
        assert share >= 0.6, change
    for culture, share in by_culture(answers).items():
        assert share >= 0.8, culture
    assert strangers_hit(watch_list, of, RULES) <= 5


@pytest.mark.parametrize("of", SETS.values())
def test_who_is_listed_with_the_native_name_alone_is_found_whatever_the_culture(of: People) -> None:
    answers = native_alone(replace(of, listed=7, entries=300, each=20), RULES)
    for culture, share in by_culture(answers, "native").items():
        assert share >= 0.95, culture
    for culture, share in by_culture(answers, "native_abroad").items():
        assert share >= 0.6, culture


def test_earlier_cases_documents_and_telephones_are_measured_too() -> None:
    found = earlier_found(replace(HELD_OUT, unlisted=50, each=10), RULES, count=100)
    assert share_found(found.answers) >= 0.9
    assert found.strangers <= 0.02
    assert documents_found(RULES, count=50) == {"exactly": 1, "misread": 1, "of_others": 0}
    assert marks_shared()["phone"] == 1


def test_nobody_is_asked_about_whom_a_change_leaves_as_they_are() -> None:
    chance = Random(1)
    found = {
        name: list(_changed({"1": SINGLE}, change, 1, chance))
        for name, change in VARIANTS.items()
        if name in ("joined", "fewer_names", "date_swapped")
    }
    assert found == {"joined": [], "fewer_names": [], "date_swapped": []}


def test_precision_is_told_for_how_many_are_listed() -> None:
    assert _precision(0.95, 0.05, 1 / 2) == pytest.approx(0.95)
    assert _precision(0.95, 0.05, 1 / 1000) == pytest.approx(0.01866, abs=1e-5)
    figures = {figure["name"]: figure for figure in _precisions("set", 0.95, 0.05)}
    assert set(figures) == {"set.precision.one_listed_in_2", "set.precision.one_listed_in_1000"}


def test_no_two_sets_of_people_have_a_name_in_common() -> None:
    # By itself it is none: what follows it is.
    servant = {"عبد", "ABDUL"}
    names = [
        {
            form
            for culture in pools(of.names).values()
            for kind in ("surnames", "given")
            for native, latin in culture[kind]
            for form in (native, *native.split(), *latin.split())
        }
        - servant
        for of in SETS.values()
    ]
    assert all(names)
    assert not any(one & other for one, other in combinations(names, 2))


def test_spellings_abroad_are_of_names_that_somebody_has() -> None:
    known = {culture: set(spelled) for culture, spelled in spellings().items() if isinstance(spelled, dict)}
    had: dict[str, set[str]] = {}
    for of in SETS.values():
        for culture, pool in pools(of.names).items():
            for _, latin in (*pool["surnames"], *pool["given"]):
                had.setdefault(culture, set()).update(latin.split())
    assert {culture: parts - had[culture] for culture, parts in known.items() if parts - had[culture]} == {}
