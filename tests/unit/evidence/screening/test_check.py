"""The check: pass, review or unavailable; marks shared between cases; hits that a person decides."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from PIL import Image
from pydantic import ValidationError

from benchmarks.screening import rules
from ryoji.adapters import mark_table
from ryoji.catalogue.loading import load
from ryoji.catalogue.messages import Messages
from ryoji.catalogue.sections import SECTIONS
from ryoji.errors import Invalid, NotFound, Refused, Unavailable
from ryoji.evidence.finding import Finding
from ryoji.evidence.screening.check import Screened, Sources, in_pages, keep_marks, screen
from ryoji.evidence.screening.declared import Declaration, Declared, declared_in
from ryoji.evidence.screening.earlier import EarlierOutcome, EarlierRecords
from ryoji.evidence.screening.hits import HitKind, all_hits, judge_hit, must_all_be_decided, open_hits
from ryoji.evidence.screening.marks import (
    Mark,
    MarkKind,
    Sharing,
    address_mark,
    phone_marks,
    same_file_mark,
    sponsor_mark,
)
from ryoji.evidence.screening.pictures import picture_marks
from ryoji.evidence.screening.rules import ScreeningRules
from ryoji.evidence.screening.subject import Subject, subject_of
from ryoji.evidence.screening.watch_list import Entry, WatchList, compile_version
from tests.unit.evidence.screening.memory_marks import MemoryMarks

RULES = rules()
TRAVELLER = {
    "surname": "ZHANG", "given_names": "WEI", "native_name": "张伟", "birth_date": "1990-05-06",
    "nationality": "CHN", "sex": "male", "phone": "+81 3-1234-5678", "address": "東京都千代田区霞が関2丁目2番1号",
}  # fmt: skip
ENTRY = Entry.model_validate(
    {
        "list_id": "wanted",
        "entry_id": "9",
        "names": [{"full": "張偉"}],
        "birth_dates": ["1990-06-05"],
        "ground": "crime",
        "source": "made up",
    }
)


@dataclass
class Lists:
    entries: tuple[Entry, ...] = ()
    down: bool = False

    def latest(self) -> WatchList:
        if self.down:
            raise Unavailable("watch_list_unavailable")
        return WatchList(compile_version(self.entries, datetime(2026, 1, 1, tzinfo=UTC)))


@dataclass
class Records:
    outcomes: tuple[EarlierOutcome, ...] = ()

    def of(self, person: str | None, subject: Subject) -> EarlierRecords:
        return EarlierRecords(self.outcomes)


def _screened(case_id: str = "c1", person: str | None = "p1", **changed: str) -> Screened:
    return Screened(case_id, person, subject_of({"traveller": {**TRAVELLER, **changed}}))


def _sources(*entries: Entry, down: bool = False, earlier: tuple[EarlierOutcome, ...] = ()) -> Sources:
    return Sources(Lists(entries, down), Records(earlier), MemoryMarks())


def _body(finding: Finding) -> dict[str, Any]:
    return finding.model_dump(mode="json")


def test_nothing_found_is_a_pass_that_names_the_version_asked() -> None:
    finding = screen(_screened(), _sources(), RULES)
    assert finding.outcome == "pass"
    assert finding.facts["hits"] == []
    assert len(finding.facts["watch_list"]["digest"]) == 64


def test_a_hit_is_for_review_and_the_reasons_do_not_name_the_entry() -> None:
    finding = screen(_screened(), _sources(ENTRY), RULES)
    assert finding.outcome == "review"
    (hit,) = finding.facts["hits"]
    assert (hit["kind"], hit["about"]["entry_id"]) == ("watch_list", "9")
    assert "date_swapped" in {each["code"] for each in hit["because"]}
    assert "crime" not in str(finding.reasons)
    assert [reason.code for reason in finding.reasons] == ["watch_list"]


def test_a_list_that_cannot_be_asked_is_unavailable_and_the_rest_is_still_told() -> None:
    refused = EarlierOutcome("c0", "refused", "2026-01-05", "person")
    finding = screen(_screened(), _sources(down=True, earlier=(refused,)), RULES)
    assert finding.outcome == "unavailable"
    assert [hit["kind"] for hit in finding.facts["hits"]] == ["earlier"]


def test_without_a_name_an_officer_looks() -> None:
    assert screen(Screened("c1", None, subject_of({})), _sources(), RULES).outcome == "review"


# What a stranger has written who shares it: in other signs where the mark's form does not depend on them.
ALONE = {"phone": "", "address": ""}
COMPANY = {"kind": "company", "name": "Sakura Trading", "address": "Tokyo, Minato 1-2-3"}
SHARED: dict[MarkKind, tuple[dict[str, str], dict[str, str]]] = {
    "phone": ({**ALONE, "phone": "03 1234 5678", "country_of_residence": "JPN"}, {}),
    "address": ({**ALONE, "address": "東京都千代田区霞が関２－２－１"}, {}),
    "sponsor": (ALONE, {**COMPANY, "name": "SAKURA trading"}),
}


@pytest.mark.parametrize("mark", SHARED)
def test_what_several_strangers_share_is_a_hit_and_what_ones_own_cases_do_is_not(mark: MarkKind) -> None:
    sources, enough = _sources(), RULES.shared.at_least[mark]
    traveller, host = SHARED[mark]

    def told(case_id: str, person: str, changed: dict[str, str], host: dict[str, str]) -> Screened:
        sections = {"traveller": {**TRAVELLER, **changed}, "host": host}
        return Screened(case_id, person, subject_of(sections))

    mine = told("c1", "p1", {}, COMPANY)
    for number in range(enough):
        keep_marks(told(f"own{number}", "p1", {}, COMPANY), sources.marks)
    assert screen(mine, sources, RULES).outcome == "pass"
    strangers = [f"x{number}" for number in range(enough)]
    for case_id in strangers:
        keep_marks(told(case_id, f"of {case_id}", traveller, host), sources.marks)
    (hit,) = screen(mine, sources, RULES).facts["hits"]
    assert hit["about"] == {"mark": mark, "cases": strangers}


def test_the_same_picture_saved_again_is_a_hit() -> None:
    image = Image.radial_gradient("L").rotate(20).resize((600, 400))
    image.paste(200, (40, 60, 200, 300))
    image.paste(20, (380, 90, 560, 180))
    other = Image.linear_gradient("L").rotate(90).resize((600, 400))
    sources = _sources()
    earlier = replace(
        _screened("c0", "p0", phone="", address=""), pictures=picture_marks("page", _jpeg(image, 95))
    )
    keep_marks(earlier, sources.marks)
    again = replace(_screened(), pictures=picture_marks("page", _jpeg(image.resize((450, 300)), 60)))
    assert [hit["about"]["mark"] for hit in screen(again, sources, RULES).facts["hits"]] == ["picture"]
    another = replace(_screened(), pictures=picture_marks("page", _jpeg(other, 95)))
    assert screen(another, sources, RULES).facts["hits"] == []
    assert picture_marks("page", _jpeg(Image.new("L", (300, 200), 255), 90)) == ()


def test_a_portrait_or_page_sent_for_another_person_is_a_hit_and_another_picture_is_not() -> None:
    sources = _sources()
    kept = (same_file_mark("portrait", b"one face"), same_file_mark("page", b"one page"))
    keep_marks(replace(_screened("c0", "p0", phone="", address=""), pictures=kept), sources.marks)
    again = replace(_screened(), pictures=kept)
    hits = screen(again, sources, RULES).facts["hits"]
    assert [(hit["about"]["mark"], hit["about"]["cases"]) for hit in hits] == [
        *sorted([("portrait", ["c0"]), ("page", ["c0"])], key=lambda each: _id_of(hits, each[0]))
    ]
    own = replace(_screened(person="p0"), pictures=kept)
    other = replace(_screened(), pictures=(same_file_mark("portrait", b"another face"),))
    assert screen(own, sources, RULES).facts["hits"] == screen(other, sources, RULES).facts["hits"] == []


def _id_of(hits: list[dict[str, Any]], mark: str) -> str:
    return next(str(hit["id"]) for hit in hits if hit["about"]["mark"] == mark)


def test_the_number_of_a_document_under_another_person_is_a_hit() -> None:
    document = {"issuing_state": "CHN", "number": "EA1234567"}

    def holding(case_id: str, person: str, **changed: str) -> Screened:
        traveller = {**TRAVELLER, "phone": "", "address": ""}
        return Screened(
            case_id,
            person,
            subject_of({"traveller": traveller, "travel_document": {**document, **changed}}),
        )

    sources = _sources()
    keep_marks(holding("c0", "p0"), sources.marks)
    (hit,) = screen(holding("c1", "p1", number="ea 1234567"), sources, RULES).facts["hits"]
    assert (hit["about"], hit["score"]) == ({"mark": "document", "cases": ["c0"]}, 1.0)
    assert screen(holding("c1", "p0"), sources, RULES).facts["hits"] == []
    assert screen(holding("c1", "p1", issuing_state="GBR"), sources, RULES).facts["hits"] == []


def test_many_hits_are_several_findings_and_all_of_them_wait_for_a_person() -> None:
    many = tuple(ENTRY.model_copy(update={"entry_id": f"{n}"}) for n in range(120))
    whole = screen(_screened(), _sources(*many), RULES)
    assert (len(whole.facts["hits"]), whole.facts["more"]) == (120, 0)
    pages = [_body(page) for page in in_pages(whole, 50)]
    assert [(len(page["facts"]["hits"]), page["facts"]["more"]) for page in pages] == [
        (50, 70),
        (50, 20),
        (20, 0),
    ]
    assert {page["outcome"] for page in pages} == {"review"}
    assert len(open_hits(pages, [])) == 120
    words = [{"hit": hit["id"]} for hit in open_hits(pages[:1], [])]
    with pytest.raises(Refused, match="hits_open") as caught:
        must_all_be_decided(pages[:1], words)  # those of the first page decided, the rest not recorded yet
    assert caught.value.params["count"] == "70"
    assert len(in_pages(screen(_screened(), _sources(), RULES), 50)) == 1


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def test_marks_do_not_depend_on_how_they_are_written() -> None:
    assert set(phone_marks("+81 3-1234-5678", None)) <= set(phone_marks("０３（１２３４）５６７８", "JP"))
    assert phone_marks("123", "JP") == ()
    assert address_mark("霞が関2丁目2番1号") == address_mark("霞が関２－２－１")
    assert address_mark("5 Main Street, Springfield") == address_mark("Springfield, MAIN STREET 5")
    assert sponsor_mark("Sakura Trading", "Tokyo 1-2-3") != sponsor_mark("Sakura Trading", "Osaka 1-2-3")
    assert sponsor_mark("Sakura Trading", "") is None


@pytest.mark.parametrize("one", ["0812-3456-789", "+62 812 3456 789", "62 812 3456 789", "0062 812 3456 789"])
@pytest.mark.parametrize("other", ["0812 3456 789", "+628123456789", "628123456789"])
def test_a_telephone_is_the_same_in_national_and_international_form(one: str, other: str) -> None:
    assert _phones(one, "IDN") & _phones(other, "IDN")


def test_without_a_plus_a_number_may_be_of_another_country_than_its_owner_lives_in() -> None:
    assert _phones("62 812 3456 789", "SGP") & _phones("+62 812 3456 789", "GBR")
    assert _phones("0812 3456 789", "SGP") & _phones("0812-3456-789", "IDN")
    assert not _phones("+65 6123 4567", "SGP") & _phones("6123 4567", "HKG")
    assert len(_phones("+62 812 3456 789", "IDN")) == 1


def _phones(number: str, lives_in: str) -> set[Mark]:
    told = {"phone": number, "country_of_residence": lives_in}
    assert set(told) <= set(SECTIONS["traveller"].model_fields), "the form has these fields"
    return set(subject_of({"traveller": told}).marks)


def test_every_hit_that_a_case_ever_had_waits_for_a_person() -> None:
    first = _body(screen(_screened(), _sources(ENTRY), RULES))
    renamed = _body(screen(_screened(surname="LIN", native_name=""), _sources(ENTRY), RULES))
    findings = [first, renamed]
    (hit,) = open_hits(findings, [])
    with pytest.raises(Refused):
        must_all_be_decided(findings, [])
    word = judge_hit(findings, [], hit=hit["id"], verdict="other_person", note=" Another birth place. ")
    assert word == {"hit": hit["id"], "verdict": "other_person", "note": "Another birth place."}
    assert open_hits(findings, [word]) == []
    must_all_be_decided(findings, [word])
    assert judge_hit(findings, [word], **word) is None


def test_an_entry_that_was_changed_is_decided_anew() -> None:
    before = _body(screen(_screened(), _sources(ENTRY), RULES))
    after = _body(screen(_screened(), _sources(ENTRY.model_copy(update={"ground": "sanctions"})), RULES))
    assert set(all_hits([before])).isdisjoint(all_hits([after]))


ERIKSSON = Entry.model_validate(
    {
        "list_id": "wanted",
        "entry_id": "7",
        "names": [{"surname": "ERIKSSON", "given_names": "ANNA MARIA"}],
        "birth_dates": ["1974-08-12"],
        "nationalities": ["SWE"],
        "sex": "F",
        "ground": "crime",
        "source": "made up",
    }
)
TOLD = {
    "surname": "ERIKSEN", "given_names": "ANNA MARIA", "native_name": "", "birth_date": "1974-08-12",
    "nationality": "NOR", "sex": "female",
}  # fmt: skip


@pytest.mark.parametrize(
    "corrected",
    [{"surname": "ERIKSSON", "nationality": "SWE"}, {"nationality": "SWE"}, {"sex": "unspecified"}],
)
def test_what_was_said_of_a_hit_does_not_cover_what_the_application_says_now(
    corrected: dict[str, str],
) -> None:
    first = _body(screen(_screened(**TOLD), _sources(ERIKSSON), RULES))
    (hit,) = open_hits([first], [])
    word = {"hit": hit["id"], "verdict": "other_person", "note": "Another name and state."}
    assert open_hits([first], [word]) == []
    again = _body(screen(_screened(**{**TOLD, **corrected}), _sources(ERIKSSON), RULES))
    (left,) = open_hits([first, again], [word])
    assert left["about"] == hit["about"]
    with pytest.raises(Refused, match="hits_open"):
        must_all_be_decided([first, again], [word])


def test_what_is_not_compared_may_be_corrected_without_another_word() -> None:
    first = _body(screen(_screened(**TOLD), _sources(ERIKSSON), RULES))
    again = _body(screen(_screened(**TOLD, phone="+47 22 12 34 56"), _sources(ERIKSSON), RULES))
    assert set(all_hits([first])) == set(all_hits([again]))


def test_a_listed_document_is_decided_anew_when_the_number_becomes_another_and_not_when_the_name_does() -> (
    None
):
    listed = [
        {"number": "EA1234567", "issuing_state": "CHN"},
        {"number": "EB7654321", "issuing_state": "CHN"},
    ]
    entry = Entry.model_validate(
        {"list_id": "lost", "entry_id": "1", "documents": listed, "ground": "lost", "source": "made up"}
    )

    def hits(number: str, **changed: str) -> set[str]:
        document = {"issuing_state": "CHN", "number": number}
        subject = subject_of({"traveller": {**TRAVELLER, **changed}, "travel_document": document})
        return set(all_hits([_body(screen(Screened("c1", "p1", subject), _sources(entry), RULES))]))

    assert len(hits("EA1234567")) == 1
    assert hits("EA1234567") == hits("EA1234567", surname="LIN", native_name="")
    assert hits("EA1234567").isdisjoint(hits("EB7654321"))


def test_one_more_case_with_a_mark_is_the_same_hit_and_another_value_of_the_mark_is_another() -> None:
    sources = _sources()

    def strangers(*numbers: int, phone: str) -> None:
        for number in numbers:
            keep_marks(
                _screened(f"x{phone}{number}", f"of {phone}{number}", phone=phone, address=""), sources.marks
            )

    def shared(phone: str) -> str:
        (hit,) = screen(_screened(phone=phone, address=""), sources, RULES).facts["hits"]
        assert hit["about"]["mark"] == "phone"
        return str(hit["id"])

    strangers(1, 2, 3, phone="+81 3-1234-5678")
    first = shared("+81 3-1234-5678")
    strangers(4, phone="+81 3-1234-5678")
    assert shared("+81 3-1234-5678") == first
    strangers(1, 2, 3, phone="+81 3-8765-4321")
    assert shared("+81 3-8765-4321") != first


def test_an_earlier_outcome_is_decided_anew_when_it_closes_the_purpose_or_another_name_leads_to_it() -> None:
    refused = EarlierOutcome("c0", "refused", "2026-01-05", "person", purpose="tourism")

    def hit(outcome: EarlierOutcome, purpose: str | None = None, **changed: str) -> str:
        screened = replace(_screened(**changed), purpose=purpose)
        (found,) = screen(screened, _sources(earlier=(outcome,)), RULES).facts["hits"]
        return str(found["id"])

    assert hit(refused) == hit(refused, address="東京都港区芝公園4丁目2番8号")
    assert hit(refused) != hit(refused, "tourism")
    near = replace(refused, by="name", who=subject_of({"traveller": TRAVELLER}))
    assert hit(near) != hit(near, given_names="WAI")


PAST = {"refused_visa": "no", "removed": "no", "overstayed": "no", "convicted": "no", "confirmed": True}


def test_every_yes_about_earlier_travel_is_a_hit_that_a_person_decides() -> None:
    told = {
        **PAST,
        **dict.fromkeys(get_args(Declaration), "yes"),
        "details": "Deported in 2019; prison until 2018.",
    }
    declared = declared_in({"past_travel": told})
    finding = _body(screen(replace(_screened(), declared=declared), _sources(), RULES))
    assert (finding["outcome"], [each["code"] for each in finding["reasons"]]) == ("review", ["declared"])
    hits = open_hits([finding], [])
    assert {hit["because"][0]["code"] for hit in hits} == {
        f"declared_{each}" for each in get_args(Declaration)
    }
    assert {hit["about"]["details"] for hit in hits} == {told["details"]}
    assert "prison" not in str(finding["reasons"])
    word = {"hit": hits[0]["id"], "note": "Served, and long ago."}
    with pytest.raises(Invalid):
        judge_hit([finding], [], verdict="same_person", **word)
    assert judge_hit([finding], [], verdict="relevant", **word) == {**word, "verdict": "relevant"}
    assert len(open_hits([finding], [word])) == len(hits) - 1


def test_no_question_about_earlier_travel_is_left_out_and_no_is_no_hit() -> None:
    asked = {
        name
        for name, field in SECTIONS["past_travel"].model_fields.items()
        if set(get_args(field.annotation)) == {"yes", "no"}
    }
    assert asked == set(get_args(Declaration))
    assert declared_in({"past_travel": PAST}) == declared_in({}) == ()


def test_particulars_that_became_others_are_decided_anew() -> None:
    def hit(details: str) -> str:
        declared = (Declared("removed", details),)
        (found,) = screen(replace(_screened(), declared=declared), _sources(), RULES).facts["hits"]
        return str(found["id"])

    assert hit("Once, in 2001.") == hit("Once, in 2001.")
    assert hit("Once, in 2001.") != hit("Twice.")


def test_an_earlier_applicant_is_not_called_listed() -> None:
    who = subject_of({"traveller": {**TRAVELLER, "given_names": "WEI MING", "native_name": ""}})
    outcome = EarlierOutcome("c0", "refused", "2026-01-05", "name", desk="SG", who=who)
    (hit,) = screen(_screened(native_name=""), _sources(earlier=(outcome,)), RULES).facts["hits"]
    told = {each["code"] for each in hit["because"]}
    assert {"earlier_name", "only_earlier"} <= told
    assert not {"name", "only_listed"} & told
    assert hit["about"]["desk"] == "SG"


SHAPE = 0x0123456789ABCDEF


def _pictured(case_id: str, person: str, *marks: Mark) -> Screened:
    return replace(_screened(case_id, person, phone="", address=""), pictures=marks)


def _parts(shape: int) -> tuple[Mark, ...]:
    parts = tuple(Mark("picture", f"form {n} {shape >> 16 * n & 0xFFFF:04x}", shape) for n in range(4))
    return (*parts, Mark("picture", f"form {shape:016x}", shape))


def test_the_same_look_is_found_under_the_whole_when_its_parts_are_full_of_others() -> None:
    few = RULES.model_copy(update={"shared": RULES.shared.model_copy(update={"most_pictures": 3})})
    sources = _sources()
    for n in range(4):
        # Each shares one part with it, and is far from it in the rest.
        far = SHAPE ^ (((1 << 64) - 1) ^ (0xFFFF << 16 * n))
        for number in range(3):
            keep_marks(_pictured(f"a{n}{number}", f"of {n}{number}", _parts(far)[n]), sources.marks)
    mine = _pictured("c1", "p1", *_parts(SHAPE))
    (hit,) = screen(mine, sources, few).facts["hits"]
    assert (hit["kind"], hit["about"], [each["code"] for each in hit["because"]]) == (
        "crowded",
        {"mark": "picture"},
        ["crowded_picture"],
    )
    keep_marks(_pictured("b0", "of b0", *_parts(SHAPE)), sources.marks)
    (hit,) = screen(mine, sources, few).facts["hits"]
    assert (hit["kind"], hit["about"]["cases"]) == ("shared", ["b0"])
    assert "not_all" in {each["code"] for each in hit["because"]}


def test_the_marks_of_a_picture_are_its_parts_and_the_whole() -> None:
    image = Image.radial_gradient("L").rotate(20).resize((600, 400))
    marks = picture_marks("form", _jpeg(image, 95))
    shape = marks[0].shape
    assert shape is not None
    assert marks == _parts(shape)


def test_the_very_same_file_is_told_of_once_whatever_it_looks_like() -> None:
    sources = _sources()
    kept = (*_parts(SHAPE), same_file_mark("file", b"one form"))
    keep_marks(_pictured("c0", "p0", *kept), sources.marks)
    (hit,) = screen(_pictured("c1", "p1", *kept), sources, RULES).facts["hits"]
    assert (hit["about"]["mark"], hit["about"]["cases"]) == ("file", ["c0"])
    # Without contrast a picture has no look, and its file is still the same.
    (plain,) = screen(_pictured("c1", "p1", kept[-1]), sources, RULES).facts["hits"]
    assert plain["about"]["mark"] == "file"


def test_where_ones_own_cases_fill_what_is_looked_at_an_officer_is_told() -> None:
    few = RULES.model_copy(update={"shared": RULES.shared.model_copy(update={"most_cases": 3})})
    sources = _sources()
    for number in range(3):
        keep_marks(_screened(f"a{number}", "p1", address=""), sources.marks)
    finding = screen(_screened(address=""), sources, few)
    assert [hit["because"][0]["code"] for hit in finding.facts["hits"]] == ["crowded_phone"]
    assert finding.outcome == "review"


def test_other_applications_are_known_by_their_numbers_and_desks() -> None:
    sources = _sources()
    for number in range(3):
        other = replace(
            _screened(f"x{number}", f"of x{number}", address=""), reference=f"RJ-{number}", desk="SG"
        )
        keep_marks(other, sources.marks)
    (hit,) = screen(_screened(address=""), sources, RULES).facts["hits"]
    assert hit["about"]["known"]["x1"] == {"reference": "RJ-1", "desk": "SG"}


def test_a_word_about_no_hit_or_without_a_note_is_refused() -> None:
    findings = [_body(screen(_screened(), _sources(ENTRY), RULES))]
    with pytest.raises(NotFound):
        judge_hit(findings, [], hit="none", verdict="same_person", note="x")
    with pytest.raises(Invalid) as caught:
        judge_hit(findings, [], hit=next(iter(all_hits(findings))), verdict="maybe", note=" ")
    assert [fault.pointer for fault in caught.value.fields] == ["/verdict", "/note"]


def test_everything_that_is_told_has_a_text() -> None:
    messages = Messages.load(Path(__file__).parents[4] / "procedures" / "messages")
    who = subject_of({"traveller": {**TRAVELLER, "given_names": "WEI MING", "native_name": ""}})
    earlier = EarlierOutcome("c0", "overstayed", "2026-01-05", "document", who=who)
    declared = tuple(Declared(each, "Long ago.") for each in get_args(Declaration))
    screened = replace(_screened(), declared=declared)
    finding = screen(screened, _sources(ENTRY, earlier=(earlier,)), RULES)
    for language in ("ja", "en"):  # officers' languages; applicants are not told
        for reason in finding.reasons:
            messages.text(f"finding.screening.{reason.code}.text", language)
        for hit in finding.facts["hits"]:
            messages.text(f"screening.kind.{hit['kind']}", language)
            for each in hit["because"]:
                messages.text(f"screening.because.{each['code']}", language, **each["params"])
        for kind in get_args(MarkKind):
            messages.text(f"screening.because.crowded_{kind}", language)
            if kind != "person":
                messages.text(f"screening.because.shared_{kind}", language, count="2")
        for code in ("not_all", "only_earlier", "earlier_same_purpose"):
            messages.text(f"screening.because.{code}", language, parts="WEI")
        for kind in get_args(HitKind):
            messages.text(f"screening.kind.{kind}", language)
            messages.text(f"finding.screening.{kind}.text", language)


def test_what_leads_to_a_refusal_is_kept_as_long_as_the_refusal() -> None:
    catalogue = load(Path(__file__).parents[4] / "procedures")
    longest = max(row["retention"].get("refusal_years") or 0 for row in catalogue.raw["procedures"])
    assert longest == 10
    for kind in ("document", "person"):
        # A mark is kept when the case is screened, the refusal from its own day.
        assert RULES.shared.kept_days[kind] >= longest * 366 + 180


def test_a_kind_of_mark_of_which_nothing_is_said_is_a_fault() -> None:
    told = RULES.model_dump()
    del told["shared"]["kept_days"]["page"]
    with pytest.raises(ValidationError, match="kept_days says nothing of"):
        ScreeningRules.model_validate(told)


def test_a_mark_is_forgotten_in_the_time_of_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []

    def save(each: Any) -> None:
        kept.append(each)

    monkeypatch.setattr(mark_table.Kept, "save", save)
    now = datetime(2026, 11, 29, tzinfo=UTC)
    marks = mark_table.MarkTable(lambda message: message.decode(), now, RULES.shared.kept_days)
    marks.keep(Mark("document", "CHN E12345678"), "case", "person")
    marks.keep(Mark("phone", "+81312345678"), "case", "person")
    assert [(each.kind, (each.expires - now).days) for each in kept] == [("document", 4018), ("phone", 1825)]


def test_a_mark_is_looked_for_in_the_table_as_it_is_now(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def query(_key: str, **how: Any) -> list[Any]:
        asked.append(how)
        return [mark_table.Kept("m", "c0", kind="phone", person="p0", reference="RJ-0", desk="SG")]

    monkeypatch.setattr(mark_table.Kept, "query", query)
    marks = mark_table.MarkTable(
        lambda message: message.decode(), datetime(2026, 11, 29, tzinfo=UTC), RULES.shared.kept_days
    )
    assert marks.sharing(Mark("phone", "+81312345678"), 7) == [Sharing("c0", "p0", None, "RJ-0", "SG")]
    assert asked == [{"limit": 7, "page_size": 7, "consistent_read": True}]
