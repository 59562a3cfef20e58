"""What the desk shows of a foreign traveller's case, and what it lets an officer do with one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ryoji.cases.access import Caller
from ryoji.cases.case import Case, Officer, RecordedFinding
from ryoji.catalogue.conditions import Facts
from ryoji.doors.texts import catalogue
from ryoji.doors.views import Reader, finding_text
from ryoji.doors.views_of_desk import officer_view, queue_row

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
EXAMINER = Caller(
    kind="officer", id="o-1", name="sato", roles=frozenset({"examiner"}), desks=frozenset({"SG"})
)
TYPED = {
    "traveller": {
        "surname": "ERIKSSON",
        "given_names": "ANNA MARIA",
        "birth_date": "1974-08-12",
        "sex": "unspecified",
        "nationality": "SWE",
    },
    "travel_document": {"number": "L898902C3", "issuing_state": "SWE", "expiry_date": "2031-04-15"},
}
READ = {
    "number": "L898902C3",
    "issuing_state": "SWE",
    "nationality": "SWE",
    "surname": "ERIKSSON",
    "given_names": "ANNA MARIA",
    "birth_date": "1974-08-12",
    "sex": "X",
    "expiry_date": "2031-04-16",
}
HIT = {
    "id": "h-1",
    "kind": "watch_list",
    "score": 0.93,
    "because": [{"code": "sex_different", "params": {}}],
    "about": {"list_id": "sandbox", "entry_id": "7", "ground": "overstayed", "source": "sandbox"},
}


def visa(procedure: str = "visa-tourism") -> tuple[Case, Reader]:
    definition = catalogue().definition_on(procedure, NOW.date())
    case = Case(
        case_id="c",
        procedure=procedure,
        version=definition.version,
        status="in_review",
        opened_at=NOW,
        sections={name: dict(answers) for name, answers in TYPED.items()},
        claimed_by=Officer(EXAMINER.id, EXAMINER.name),
    )
    return case, Reader(definition, Facts(answers=case.sections, on=NOW.date()), "en", NOW)


def find(case: Case, check: str, **facts: Any) -> None:
    finding = {"check": check, "outcome": "review", "reasons": [], "facts": facts}
    case.findings.append(RecordedFinding(finding, "chain", NOW, 1, None, None))


def seen(case: Case, reader: Reader) -> dict[str, Any]:
    return officer_view(case, reader, EXAMINER, [], [], ["funds"])


@pytest.mark.usefixtures("compiled")
def test_a_foreign_passport_is_compared_with_what_was_typed() -> None:
    case, reader = visa()
    find(case, "travel_document", lines=[], corrections=[], fields=READ)
    rows = {row["field"]: row for row in seen(case, reader)["comparison"]}
    assert [field for field, row in rows.items() if not row["same"]] == ["expiry_date"]
    assert [field for field, row in rows.items() if row["typed"] is None or row["mrz"] is None] == []
    assert rows["issuing_state"]["label"] == "Issuing state"


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize(("holder", "language"), [("acc:0", "ar"), ("org:sunrise", "id")])
def test_what_the_checks_say_is_offered_in_the_language_of_who_will_read_it(
    holder: str, language: str
) -> None:
    case, reader = visa()
    case.holder, case.language = holder, "id"
    case.sections["mission"] = {**case.sections.get("mission", {}), "language": "ar"}
    reason = {
        "code": "head_too_large",
        "outcome": "review",
        "measured": "0.4",
        "required": "0.7",
        "unit": None,
    }
    finding = {"check": "portrait", "outcome": "review", "reasons": [reason], "facts": {}}
    case.findings.append(RecordedFinding(finding, "upload", NOW, 1, "portrait", None))
    view = seen(case, reader)
    told = finding_text(finding, replace(reader, language=language))["reasons"][0]
    assert (view["language"], view["advice"]["portrait"]) == (language, f"{told['text']} {told['mend']}")
    assert told["text"] != finding_text(finding, reader)["reasons"][0]["text"]


@pytest.mark.usefixtures("compiled")
def test_a_reason_that_the_readers_language_lacks_is_told_in_another() -> None:
    _, reader = visa()
    reason = {
        "code": "certificate_revoked",
        "outcome": "fail",
        "measured": None,
        "required": None,
        "unit": None,
    }
    finding = {"check": "identity", "outcome": "fail", "reasons": [reason], "facts": {}}
    told = [
        finding_text(finding, replace(reader, language=code))["reasons"][0]["text"] for code in ("en", "ar")
    ]
    assert told[0] == told[1] != "finding.any.certificate_revoked.text"


@pytest.mark.usefixtures("compiled")
def test_an_open_hit_keeps_an_officer_from_proposing() -> None:
    case, reader = visa()
    find(case, "screening", hits=[HIT])
    view = seen(case, reader)
    assert (view["hits"][0]["verdict"], view["hits"][0]["ground"]) == (None, "Overstayed")
    assert "decide_hits" in view["may"]
    assert "propose" not in view["may"]
    case.hits.append({"hit": "h-1", "verdict": "other_person", "note": "Another birth date."})
    assert "propose" in seen(case, reader)["may"]


@pytest.mark.usefixtures("compiled")
def test_an_application_of_another_desk_is_named_and_not_opened() -> None:
    case, reader = visa()
    earlier = {"case_id": "e", "reference": "RJ-EEEE", "procedure": "visa-tourism", "desk": "london"}
    known = {"m": {"reference": "RJ-MMMM", "desk": "SG"}}
    shared = {"mark": "phone", "cases": ["m", "old"], "known": known}
    find(
        case,
        "screening",
        hits=[
            {**HIT, "kind": "earlier", "about": earlier},
            {**HIT, "id": "h-2", "kind": "shared", "score": 0.6, "about": shared},
        ],
    )
    first, second = (hit["cases"] for hit in seen(case, reader)["hits"])
    london = {"desk": "Embassy of Japan in the United Kingdom", "may_open": False}
    assert first == [{"case_id": "e", "reference": "RJ-EEEE", **london}]
    # What was found before desks were noted says none: the officer tries.
    assert second == [
        {"case_id": "m", "reference": "RJ-MMMM", "desk": "SG", "may_open": True},
        {"case_id": "old", "reference": None, "desk": None, "may_open": True},
    ]
    row = {"case_id": "o", "reference": "RJ-OOOO", "status": "refused", "opened_at": "2026-01-05T03:00:00Z"}
    others = [{**row, "desk": "london"}]
    view = officer_view(case, reader, EXAMINER, [], others, ["funds"])
    assert {**view["duplicates"][0], **london} == view["duplicates"][0]


@pytest.mark.usefixtures("compiled")
def test_a_case_that_a_colleague_holds_is_released_by_an_approver_only() -> None:
    case, reader = visa()
    case.claimed_by = Officer("officer-9", "Sato")
    approver = replace(EXAMINER, roles=frozenset({"examiner", "approver"}))
    assert "release" not in seen(case, reader)["may"]
    assert officer_view(case, reader, approver, [], [], ["funds"])["may"].count("release") == 1
    case.claimed_by = None
    assert "release" not in officer_view(case, reader, approver, [], [], ["funds"])["may"]


@pytest.mark.usefixtures("compiled")
def test_a_case_is_screened_again_by_who_has_it_until_it_is_proposed_on() -> None:
    case, reader = visa()
    assert "screen_again" in seen(case, reader)["may"]
    assert "screen_again" not in seen(*visa("passport-renewal"))["may"]
    case.claimed_by = None
    assert "screen_again" not in seen(case, reader)["may"]


@pytest.mark.usefixtures("compiled")
def test_an_interview_is_offered_where_the_applicant_is_told_of_it() -> None:
    assert "request_interview" in seen(*visa())["may"]
    for procedure in ("passport-renewal", "authorization-indonesia"):
        assert "request_interview" not in seen(*visa(procedure))["may"]


@pytest.mark.usefixtures("compiled")
def test_a_visas_refusal_is_told_without_reasons() -> None:
    view = seen(*visa())
    assert (view["family"], view["refusal_reasons"]) == ("visa", "general")
    assert seen(*visa("passport-renewal"))["refusal_reasons"] == "written"


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize(
    ("office", "hour", "late"),
    [
        # 23 November is over in Tokyo, and goes on in New York for half a day.
        ("mission-new-york", 16, False),
        ("mission-new-york", 28, False),
        ("mission-new-york", 29, True),
        ("prefecture-tokyo", 14, False),
        ("prefecture-tokyo", 15, True),
        (None, 15, True),
    ],
)
def test_a_case_is_late_when_its_last_day_is_over_at_its_office(
    office: str | None, hour: int, late: bool
) -> None:
    row = dict.fromkeys(("reference", "applicant", "submitted_at", "claimed_by", "permission", "proposed_by"))
    row |= {"case_id": "c", "procedure": "visa-tourism", "status": "in_review", "nationality": None}
    row |= {"office": office, "due": "2026-11-23", "overdue": [], "waits": ["review"], "interview": False}
    now = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=hour)
    assert queue_row({**row, "findings": {}}, "en", now)["overdue"] is late
    # What the clock has marked is late, whatever the day.
    assert queue_row({**row, "findings": {}, "overdue": ["review"]}, "en", now)["overdue"] is True


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize(("code", "name"), [("CHN", "China"), ("UNO", "UNO"), (None, None)])
def test_a_queue_names_the_nationality(code: str | None, name: str | None) -> None:
    row = dict.fromkeys(
        ("reference", "applicant", "submitted_at", "due", "claimed_by", "permission", "proposed_by")
    )
    row |= {"case_id": "c", "procedure": "visa-tourism", "status": "issued", "nationality": code}
    shown = queue_row({**row, "overdue": [], "waits": [], "interview": True, "findings": {}}, "en", NOW)
    assert (shown["nationality_text"], shown["family"], shown["flags"]) == (name, "visa", ["interview"])
