"""What the desk shows of a foreign traveller's case, and what it lets an officer do with one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ryoji.cases.access import Caller
from ryoji.cases.case import Case, Officer, RecordedFinding
from ryoji.catalogue.conditions import Facts
from ryoji.doors.texts import catalogue
from ryoji.doors.views import Reader
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
def test_an_interview_is_offered_where_the_applicant_is_told_of_it() -> None:
    assert "request_interview" in seen(*visa())["may"]
    assert "request_interview" not in seen(*visa("passport-renewal"))["may"]


@pytest.mark.usefixtures("compiled")
def test_a_visas_refusal_is_told_without_reasons() -> None:
    view = seen(*visa())
    assert (view["family"], view["refusal_reasons"]) == ("visa", "general")
    assert seen(*visa("passport-renewal"))["refusal_reasons"] == "written"


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize(("code", "name"), [("CHN", "China"), ("UNO", "UNO"), (None, None)])
def test_a_queue_names_the_nationality(code: str | None, name: str | None) -> None:
    row = dict.fromkeys(
        ("reference", "applicant", "submitted_at", "due", "claimed_by", "permission", "proposed_by")
    )
    row |= {"case_id": "c", "procedure": "visa-tourism", "status": "issued", "nationality": code}
    shown = queue_row({**row, "overdue": [], "waits": [], "interview": True, "findings": {}}, "en", NOW)
    assert (shown["nationality_text"], shown["family"], shown["flags"]) == (name, "visa", ["interview"])
