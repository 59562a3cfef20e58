"""The check: pass, review or unavailable; marks shared between cases; hits that a person decides."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pydantic import ValidationError

from benchmarks.screening import rules
from ryoji.adapters import mark_table
from ryoji.catalogue.loading import load
from ryoji.catalogue.messages import Messages
from ryoji.errors import Invalid, NotFound, Refused, Unavailable
from ryoji.evidence.finding import Finding
from ryoji.evidence.screening.check import Screened, Sources, in_pages, keep_marks, screen
from ryoji.evidence.screening.earlier import EarlierOutcome
from ryoji.evidence.screening.hits import all_hits, judge_hit, must_all_be_decided, open_hits
from ryoji.evidence.screening.marks import (
    Mark,
    MarkKind,
    address_mark,
    phone_mark,
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

    def of(self, person: str | None, subject: Subject) -> Sequence[EarlierOutcome]:
        return self.outcomes


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
    "phone": ({**ALONE, "phone": "03 1234 5678", "country": "JP"}, {}),
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
    assert phone_mark("+81 3-1234-5678", None) == phone_mark("０３（１２３４）５６７８", "JP")
    assert phone_mark("123", "JP") is None
    assert address_mark("霞が関2丁目2番1号") == address_mark("霞が関２－２－１")
    assert address_mark("5 Main Street, Springfield") == address_mark("Springfield, MAIN STREET 5")
    assert sponsor_mark("Sakura Trading", "Tokyo 1-2-3") != sponsor_mark("Sakura Trading", "Osaka 1-2-3")
    assert sponsor_mark("Sakura Trading", "") is None


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


def test_a_word_about_no_hit_or_without_a_note_is_refused() -> None:
    findings = [_body(screen(_screened(), _sources(ENTRY), RULES))]
    with pytest.raises(NotFound):
        judge_hit(findings, [], hit="none", verdict="same_person", note="x")
    with pytest.raises(Invalid) as caught:
        judge_hit(findings, [], hit=next(iter(all_hits(findings))), verdict="maybe", note=" ")
    assert [fault.pointer for fault in caught.value.fields] == ["/verdict", "/note"]


def test_everything_that_is_told_has_a_text() -> None:
    messages = Messages.load(Path(__file__).parents[4] / "procedures" / "messages")
    earlier = EarlierOutcome("c0", "overstayed", "2026-01-05", "document")
    finding = screen(_screened(), _sources(ENTRY, earlier=(earlier,)), RULES)
    for language in ("ja", "en"):  # officers' languages; applicants are not told
        for reason in finding.reasons:
            messages.text(f"finding.screening.{reason.code}.text", language)
        for hit in finding.facts["hits"]:
            messages.text(f"screening.kind.{hit['kind']}", language)
            for each in hit["because"]:
                messages.text(f"screening.because.{each['code']}", language, **each["params"])


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
