"""What visas and authorizations brought to a case: hits, interviews, the clock, grants, permissions, agencies."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ryoji.cases import commands
from ryoji.cases.actions import Actor, happened
from ryoji.cases.clocks import working_days_used
from ryoji.cases.earlier import closed_until
from ryoji.cases.grants import checks_wanted
from ryoji.cases.permit import permission_for, permission_number
from ryoji.cases.standing import standing
from ryoji.cases.waits import last_day, settled, stage_to_go_on_from
from ryoji.catalogue.conditions import Facts
from ryoji.catalogue.definition import Permit
from ryoji.catalogue.loading import load
from ryoji.errors import Invalid, NotFound, Refused
from tests.unit.cases import deeds, walking
from tests.unit.cases.walking import FIRST, SECOND, THIRD, Walk

PROCEDURES = Path(__file__).parents[3] / "procedures"
CHECKS = deeds.WANTED
SENT: dict[str, Any] = {
    "digest": "d" * 64,
    "signed_digest": "d" * 64,
    "signature": None,
    "reference": "RJ-0000-0001",
    "desk": walking.DESK,
    "person": None,
    "identity": None,
}
ASKED = {"text": "Please come.", "by": "2027-02-23"}
HIT = {"id": "h1", "kind": "watch_list", "score": 0.9, "because": [], "about": {}}
PERMISSION = {
    "number": "VABCDEFGH",
    "kind": "visa",
    "programme": "tourism-single",
    "valid_from": "2026-11-24",
    "valid_until": "2027-02-23",
    "entries": "single",
    "stay_days": 90,
    "issuing_state": "GBR",
    "document": "123456789",
}


def found(walk: Walk, check: str, outcome: str = "pass", **facts: Any) -> Walk:
    finding = walking.finding(check, outcome, **facts)
    return walk.do(commands.record_finding, finding=finding, door="chain", document=None, upload_id=None)


def screened(*hits: dict[str, Any]) -> Walk:
    """Claimed by the first officer, with what the screening found."""
    return found(walking.claimed(), "screening", "review" if hits else "pass", hits=list(hits))


def propose(walk: Walk, **more: Any) -> Walk:
    said = {"outcome": "approve", "ground": None, "reasons": None, "note": None, "grounds": walking.GROUNDS}
    return walk.do(commands.propose, officer=FIRST, **{**said, **more})


def test_nothing_is_proposed_while_a_hit_is_open() -> None:
    walk = screened(HIT)
    with pytest.raises(Refused, match="hits_open"):
        propose(walk)
    walk.do(commands.decide_hit, officer=FIRST, hit="h1", verdict="other_person", note="Born elsewhere.")
    assert propose(walk).case.proposal is not None


def test_a_correction_does_not_clear_an_earlier_hit() -> None:
    walk = found(screened(HIT), "screening", "pass", hits=[])
    with pytest.raises(Refused, match="hits_open"):
        propose(walk)


def test_nothing_is_proposed_while_hits_are_not_listed() -> None:
    walk = found(walking.claimed(), "screening", "review", hits=[HIT], more=1)
    walk.do(commands.decide_hit, officer=FIRST, hit="h1", verdict="other_person", note="Born elsewhere.")
    with pytest.raises(Refused, match="hits_open"):
        propose(walk)
    walk = found(walk, "screening", "review", hits=[{**HIT, "id": "h2"}], more=0)
    with pytest.raises(Refused, match="hits_open"):
        propose(walk)
    walk.do(commands.decide_hit, officer=FIRST, hit="h2", verdict="other_person", note="Born elsewhere.")
    assert propose(walk).case.proposal is not None


def test_a_hit_is_decided_with_a_note_and_by_whoever_holds_the_case() -> None:
    walk = screened(HIT)
    with pytest.raises(Invalid):
        walk.do(commands.decide_hit, officer=FIRST, hit="h1", verdict="other_person", note=" ")
    with pytest.raises(NotFound, match="hit_not_found"):
        walk.do(commands.decide_hit, officer=FIRST, hit="h2", verdict="other_person", note="No.")
    with pytest.raises(Refused, match="claim_first"):
        walk.do(commands.decide_hit, officer=SECOND, hit="h1", verdict="other_person", note="No.")
    said = {"hit": "h1", "verdict": "other_person", "note": "Another birth date."}
    assert walk.do(commands.decide_hit, officer=FIRST, **said).actions[-1].kind == "hit_decided"
    assert commands.decide_hit(walk.case, officer=FIRST, **said) == []


def test_of_what_the_applicant_declares_it_is_said_whether_it_matters() -> None:
    walk = screened({**HIT, "kind": "declared"})
    with pytest.raises(Invalid):
        walk.do(commands.decide_hit, officer=FIRST, hit="h1", verdict="same_person", note="Convicted.")
    walk.do(commands.decide_hit, officer=FIRST, hit="h1", verdict="relevant", note="Convicted.")
    assert propose(walk).case.proposal


def test_nothing_is_approved_while_the_screening_is_not_whole() -> None:
    walk = found(walking.claimed(), "screening", "unavailable", hits=[])
    with pytest.raises(Refused, match="screening_unavailable"):
        propose(walk)
    refused = Walk(actions=walk.actions)
    assert propose(refused, outcome="refuse", ground="13-1-1", reasons="Entry was refused.").case.proposal
    findings, seen = [walking.finding("screening", hits=[])], walk.case.sequence
    again: dict[str, Any] = {"findings": findings, "looked_at": seen}
    with pytest.raises(Refused, match="claim_first"):
        walk.do(commands.screen_again, officer=SECOND, **again)
    walk.do(commands.screen_again, officer=FIRST, **again)
    assert walk.case.findings[-1].door == "desk"
    assert commands.screen_again(walk.case, officer=FIRST, **again) == []
    assert propose(walk).case.proposal


def test_nothing_is_decided_on_a_screening_that_is_not_whole() -> None:
    walk = propose(screened())
    # A history that is older than this rule has such a proposal.
    found(walk, "screening", "unavailable", hits=[])
    with pytest.raises(Refused, match="screening_unavailable"):
        walk.do(commands.decide, officer=SECOND, outcome="approve", note=None)
    walk.do(commands.decide, officer=SECOND, outcome="send_back", note="Screen it again.")
    assert walk.case.proposal is None


def test_nothing_is_screened_again_once_it_is_proposed_on() -> None:
    walk = propose(screened()).do(commands.claim, officer=THIRD)
    with pytest.raises(Refused, match="already_proposed"):
        walk.do(commands.screen_again, officer=THIRD, findings=[walking.finding("screening")], looked_at=1)


def test_pages_of_a_screening_are_recorded_together() -> None:
    walk = found(walking.claimed(), "screening", "unavailable", hits=[])
    pages = [
        walking.finding("screening", "review", hits=[{**HIT, "id": f"h{n}"}], more=1 - n) for n in (0, 1)
    ]
    walk.do(commands.screen_again, officer=FIRST, findings=pages, looked_at=walk.case.sequence)
    # One of them is known already; the last that is recorded must still be the last page.
    pages[0] = walking.finding("screening", "review", hits=[{**HIT, "id": "h9"}], more=1)
    walk.do(commands.screen_again, officer=FIRST, findings=pages, looked_at=walk.case.sequence)
    newest = walk.case.newest("screening")
    assert newest is not None
    assert newest.finding["facts"]["more"] == 0


def test_a_refusal_without_written_reasons_still_names_its_ground() -> None:
    with pytest.raises(Invalid):
        propose(screened(), outcome="refuse", reasons_written=False)
    refused = propose(screened(), outcome="refuse", ground="13-1-1", reasons_written=False)
    assert refused.case.proposal is not None


def test_nothing_is_proposed_decided_or_granted_while_the_applicant_is_expected() -> None:
    walk = screened().do(commands.request_interview, officer=FIRST, **ASKED)
    with pytest.raises(Refused, match="interview_open"):
        propose(walk)
    item = {
        "items": [{"item": "sections/contact", "reason": "Which?"}],
        "known": frozenset({"sections/contact"}),
    }
    with pytest.raises(Refused, match="interview_open"):
        walk.do(commands.request_correction, officer=FIRST, **item, by="2027-02-23")
    walk.do(commands.note_interview, officer=FIRST, notes="Nobody came.", due=None)
    assert propose(walk).case.proposal


def test_no_interview_is_asked_for_past_a_proposal() -> None:
    walk = propose(screened()).do(commands.claim, officer=THIRD)
    with pytest.raises(Refused, match="interview_after_proposal"):
        walk.do(commands.request_interview, officer=THIRD, **ASKED)
    # A history that is older than this rule has both: nobody decides past the interview.
    walk.then([happened("interview_requested", text="Please come.")], walking.officer(THIRD))
    with pytest.raises(Refused, match="interview_open"):
        walk.do(commands.decide, officer=SECOND, outcome="approve", note=None)


def test_an_interview_has_a_last_day_and_who_does_not_come_lets_the_case_lapse() -> None:
    walk = screened().do(commands.request_interview, officer=FIRST, **ASKED)
    assert (walk.case.due, last_day(walk.case, "interview")) == ("2027-02-23", "2027-02-23")
    walk.do(commands.remind, task="interview", days_before=14)
    assert commands.remind(walk.case, task="interview", days_before=14) == []
    lapsed = Walk(actions=walk.actions).do(commands.pass_deadline, task="interview", then="lapse").case
    assert (lapsed.status, settled(lapsed, "review")) == ("lapsed", "ended")
    walk.do(commands.note_interview, officer=FIRST, notes="Came.", due="2027-03-01")
    assert commands.pass_deadline(walk.case, task="interview", then="lapse") == []
    assert last_day(walk.case, "interview") is None


@pytest.mark.parametrize("asked", ["interview", "correction"])
def test_who_is_asked_late_has_their_own_time(asked: str) -> None:
    walk = walking.claimed().do(commands.pass_deadline, task="review", then="escalate")
    assert walk.case.overdue == {"review"}
    if asked == "interview":
        walk.do(commands.request_interview, officer=FIRST, **ASKED)
    else:
        item = {
            "items": [{"item": "sections/contact", "reason": "Which?"}],
            "known": frozenset({"sections/contact"}),
        }
        walk.do(commands.request_correction, officer=FIRST, **item, by="2027-02-23")
    assert not walk.case.overdue


def test_one_interview_at_a_time() -> None:
    walk = screened().do(commands.request_interview, officer=FIRST, **ASKED)
    asked = walk.case
    assert asked.due == ASKED["by"]
    with pytest.raises(Refused, match="interview_already_requested"):
        walk.do(commands.request_interview, officer=FIRST, **ASKED)
    walk.do(commands.note_interview, officer=FIRST, notes="Came.", due="2026-12-01")
    held = walk.case
    assert (held.due, held.interviews[0].notes) == ("2026-12-01", "Came.")
    with pytest.raises(Refused, match="no_interview_requested"):
        walk.do(commands.note_interview, officer=FIRST, notes="Again.", due=None)


def test_the_clock_stands_still_while_the_applicant_is_asked() -> None:
    case = walking.in_review().case
    monday = datetime(2026, 11, 23, 3, tzinfo=UTC)
    day = timedelta(days=1)
    calendar = _every_weekday()
    case.review_clock = [(monday, None)]
    assert working_days_used(case, calendar, "Asia/Tokyo", monday + 3 * day) == 3
    case.review_clock = [(monday, monday + day), (monday + 8 * day, None)]
    assert working_days_used(case, calendar, "Asia/Tokyo", monday + 9 * day) == 2


def _every_weekday() -> Any:
    class Weekdays:
        def is_working_day(self, day: date) -> bool:
            return day.weekday() < 5

    return Weekdays()


def test_the_fold_starts_and_stops_the_clock() -> None:
    assert [end for _start, end in walking.in_review().case.review_clock] == [None]
    assert None not in [end for _start, end in walking.correction().case.review_clock]
    asked = screened().do(commands.request_interview, officer=FIRST, **ASKED)
    assert asked.case.review_clock[-1][1] is not None
    asked.do(commands.note_interview, officer=FIRST, notes="Came.", due=None)
    assert asked.case.review_clock[-1][1] is None


def test_sending_back_keeps_the_clock_running_and_an_approval_stops_it() -> None:
    walk = propose(found(walking.claimed(), "screening", hits=[]))
    walk.do(commands.decide, officer=SECOND, outcome="send_back", note="Once more.")
    assert walk.case.review_clock[-1][1] is None
    propose(walk.do(commands.claim, officer=FIRST))
    walk.do(commands.decide, officer=SECOND, outcome="approve", note=None)
    assert walk.case.review_clock[-1][1] == walk.case.decision.at  # type: ignore[union-attr]  # just decided


def checked(**outcomes: str) -> Walk:
    walk = walking.checking()
    for check in ("portrait", "travel_document", "faces", "screening", *({"image"} & outcomes.keys())):
        found(walk, check, outcomes.get(check, "pass"))
    return walk


def test_a_grant_wants_every_check_made_and_passed() -> None:
    granted = checked().do(commands.grant, checks=CHECKS, version="1")
    assert granted.case.granted
    assert settled(granted.case, "review") == "approved"
    for check in {check for check, _document in CHECKS}:
        for outcome in ("review", "fail", "unavailable"):
            assert commands.grant(checked(**{check: outcome}).case, checks=CHECKS, version="1") == []
    assert commands.grant(walking.checking().case, checks=CHECKS, version="1") == []


def issuing() -> Walk:
    return walking.paid().do(commands.start_stage, stage="issuance", due=None)


def test_a_permission_is_issued_once_and_only_in_its_stage() -> None:
    with pytest.raises(Refused, match="wrong_status"):
        commands.issue_permission(walking.payment().case, **PERMISSION)
    walk = issuing().do(commands.issue_permission, **PERMISSION)
    assert walk.case.permission is not None
    assert (walk.case.status, walk.case.permission["status"]) == ("issued", "active")
    assert commands.issue_permission(walk.case, **{**PERMISSION, "number": "VOTHER123"}) == []
    assert stage_to_go_on_from(walk.case) is None


LAST_DAY = date.fromisoformat(str(PERMISSION["valid_until"]))
CHANGE: dict[str, Any] = {"ground": "x", "today": LAST_DAY}
LATER = {**CHANGE, "today": LAST_DAY + timedelta(days=1)}


def changed(*way: str) -> Walk:
    """A permission that became one thing after the other."""
    walk = issuing().do(commands.issue_permission, **PERMISSION)
    for status in way:
        walk.do(commands.change_permission, status=status, **CHANGE)
    return walk


def status_of(walk: Walk) -> str:
    assert walk.case.permission is not None
    return str(walk.case.permission["status"])


@pytest.mark.parametrize(
    ("way", "after"),
    [
        (["revoked", "active"], "active"),
        (["revoked", "active", "revoked"], "revoked"),
        (["used", "revoked"], "revoked"),
        # What was used lets nobody in a second time, however it is called back.
        (["used", "revoked", "active"], "used"),
        (["used", "revoked", "active", "revoked", "active"], "used"),
        (["revoked", "active", "used", "revoked", "active"], "used"),
        # Reported while it stood revoked, too: the revocation stands, and the way back from it leads to `used`.
        (["revoked", "used"], "revoked"),
        (["revoked", "used", "active"], "used"),
        (["revoked", "used", "active", "revoked", "active"], "used"),
    ],
)
def test_what_may_become_of_a_permission(way: list[str], after: str) -> None:
    assert status_of(changed(*way)) == after


@pytest.mark.parametrize(
    "way",
    [
        ["cancelled", "active"],
        ["cancelled", "revoked"],
        ["replaced", "revoked"],
        ["used", "active"],
        ["used", "revoked", "active", "active"],
    ],
)
def test_what_is_over_stays_over(way: list[str]) -> None:
    walk = changed(*way[:-1])
    with pytest.raises(Refused, match="permission_is_over"):
        walk.do(commands.change_permission, status=way[-1], **CHANGE)


def test_the_same_change_twice_is_one() -> None:
    walk = changed("revoked")
    assert commands.change_permission(walk.case, status="revoked", **CHANGE) == []
    with pytest.raises(Refused, match="no_permission"):
        commands.change_permission(walking.payment().case, status="revoked", **CHANGE)


def test_an_entry_while_it_stands_revoked_is_recorded_once_and_changes_nothing_else() -> None:
    walk = changed("revoked")
    before = walk.case.permission
    walk.do(commands.change_permission, Actor("partner", "border"), status="used", **LATER)
    assert walk.actions[-1].kind == "entry_recorded"
    for each in (walk, changed("used", "revoked")):
        assert commands.change_permission(each.case, status="used", **CHANGE) == []
    held = walk.case.permission
    assert held
    assert before
    assert (held["status"], held["changed_at"]) == ("revoked", before["changed_at"])
    # Whoever is about to undo the revocation reads that it leads to `used`, and why.
    assert [each["status"] for each in held["changes"]] == ["revoked", "used"]


@pytest.mark.parametrize("status", ["revoked", "cancelled", "replaced"])
def test_what_has_expired_is_not_taken_away(status: str) -> None:
    with pytest.raises(Refused, match="permission_is_over") as refused:
        commands.change_permission(changed().case, status=status, **LATER)
    assert refused.value.params["status"] == "expired"
    assert commands.change_permission(changed().case, status=status, **CHANGE)


def test_an_entry_on_the_last_day_may_be_reported_after_it() -> None:
    assert status_of(changed().do(commands.change_permission, status="used", **LATER)) == "used"


def test_a_revocation_in_error_is_undone_also_after_the_last_day() -> None:
    walk = changed("revoked").do(commands.change_permission, status="active", **LATER)
    assert walk.case.permission is not None
    assert standing(walk.case.permission, LATER["today"]) == "expired"


def test_the_case_keeps_who_changed_a_permission_and_on_what_ground() -> None:
    said = {**CHANGE, "ground": "False papers."}
    walk = changed().do(commands.change_permission, walking.officer(SECOND), status="revoked", **said)
    assert walk.case.permission is not None
    (change,) = walk.case.permission["changes"]
    assert (change["status"], change["ground"], change["by"].name) == (
        "revoked",
        "False papers.",
        SECOND.name,
    )


def permit(months: int = 3) -> Permit:
    return Permit.model_validate(
        {"kind": "visa", "programme": "tourism-single", "type": "TOURISM", "profile": "jp.visa", "entries": "single",
         "stay_days": 90, "valid_months": months, "source": "x", "mark": "K"}
    )  # fmt: skip


@pytest.mark.parametrize(("expiry", "until"), [("2033-01-09", "2027-02-23"), ("2027-01-15", "2027-01-15")])
def test_a_permission_never_outlasts_the_passport(expiry: str, until: str) -> None:
    case = issuing().case
    document = {"issuing_state": "GBR", "number": "123456789", "expiry_date": expiry}
    case.sections["travel_document"] = document
    made = permission_for(case, permit(), date(2026, 11, 24))
    assert (made["valid_from"], made["valid_until"]) == ("2026-11-24", until)


def test_the_number_is_the_cases_own() -> None:
    assert permission_number("visa", "RJ-4XNP-G93Q") == "V4XNPG93Q"
    assert permission_number("authorization", "RJ-4XNP-G93Q") == "A4XNPG93Q"


def refusal(ended: str, purpose: str = "tourism") -> dict[str, Any]:
    return {"status": "refused", "ended_on": ended, "purpose": purpose}


def closed(rows: list[dict[str, Any]], **asked: Any) -> date | None:
    return closed_until(rows, **asked, ended_on=lambda row: date.fromisoformat(row["ended_on"]))


@pytest.mark.parametrize(
    ("on", "until"),
    [
        (date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 11, 24), None),
        (date(2026, 6, 1), date(2026, 11, 23)),
    ],
)
def test_a_refusal_closes_the_same_purpose_for_six_months(on: date, until: date | None) -> None:
    rows = [
        refusal("2026-05-23"),
        refusal("2026-11-01", "business"),
        {**refusal("2026-11-20"), "status": "lapsed"},
    ]
    assert closed(rows, purpose="tourism", months=6, on=on) == until


def test_other_purposes_and_procedures_without_the_rule_stay_open() -> None:
    rows = [refusal("2026-11-01")]
    on = date(2026, 11, 23)
    assert closed(rows, purpose="family", months=6, on=on) is None
    assert closed(rows, purpose="tourism", months=None, on=on) is None
    assert closed(rows, purpose=None, months=6, on=on) is None


def test_a_corrected_name_does_not_grant_past_an_open_hit() -> None:
    walk = found(walking.checking(), "screening", "review", hits=[HIT])
    for check in ("portrait", "travel_document", "faces", "screening"):
        found(walk, check)
    assert commands.grant(walk.case, checks=CHECKS, version="1") == []


@pytest.mark.parametrize("verdict", ["same_person", "other_person", "not_relevant"])
def test_a_case_that_ever_had_a_hit_is_a_persons(verdict: str) -> None:
    walk = found(walking.checking(), "screening", "review", hits=[HIT])
    walk.do(commands.start_stage, stage="review", due=None).do(commands.claim, officer=FIRST)
    walk.do(commands.decide_hit, officer=FIRST, hit="h1", verdict=verdict, note="Compared.")
    item = {"item": "sections/contact", "reason": "Not readable."}
    asked = {"items": [item], "known": frozenset({"sections/contact"}), "by": "2027-02-23"}
    walk.do(commands.request_correction, officer=FIRST, **asked)
    walk.do(commands.save_section, section="contact", answers={"phone": "1"})
    walk.do(commands.correct, item="sections/contact", **walking.AGAIN)
    for check in ("portrait", "travel_document", "faces", "screening"):
        found(walk, check)
    assert commands.grant(walk.case, checks=CHECKS, version="1") == []


def test_a_grant_wants_checks_made_since_the_last_correction() -> None:
    walk = checked()
    walk.do(commands.start_stage, stage="review", due=None).do(commands.claim, officer=FIRST)
    item = {"item": "sections/contact", "reason": "Not readable."}
    asked = {"items": [item], "known": frozenset({"sections/contact"}), "by": "2027-02-23"}
    walk.do(commands.request_correction, officer=FIRST, **asked)
    walk.do(commands.save_section, section="contact", answers={"phone": "1"})
    walk.do(commands.correct, item="sections/contact", **walking.AGAIN)
    assert commands.grant(walk.case, checks=CHECKS, version="1") == []
    for check in ("portrait", "travel_document", "faces", "screening"):
        found(walk, check)
    assert walk.do(commands.grant, checks=CHECKS, version="1").case.granted


def at_upload(walk: Walk, check: str, document: str) -> Walk:
    """As the applicant asks for it."""
    what = {"document": document, "upload_id": walk.case.documents[document].upload_id}
    return walk.do(commands.record_finding, finding=walking.finding(check), door="upload", **what)


def test_what_passed_at_upload_is_no_ground_for_a_grant() -> None:
    walk = walking.draft()
    at_upload(at_upload(walk, "portrait", "portrait"), "travel_document", "passport_page")
    # Nothing was typed when the page was read; what is typed afterwards nobody has compared with it.
    walk.do(commands.save_section, section="person", answers={**walking.PERSON, "birth_date": "1950-01-01"})
    walk = Walk(actions=walk.actions).do(commands.submit, **SENT)
    walk.do(commands.start_stage, stage="evidence", due=None)
    for check in ("portrait", "faces", "screening"):
        found(walk, check)
    assert commands.grant(walk.case, checks=CHECKS, version="1") == []
    found(walk, "travel_document", "review")
    assert commands.grant(walk.case, checks=CHECKS, version="1") == []
    found(walk, "travel_document")
    assert commands.grant(walk.case, checks=CHECKS, version="1")


def test_each_document_is_checked_for_itself() -> None:
    walk = checked()
    both = CHECKS | {("portrait", "signature")}
    assert walk.do(commands.grant, checks=both, version="1").case.granted
    walk = walking.checking()
    for check in ("travel_document", "faces", "screening"):
        found(walk, check)
    what = {"finding": walking.finding("portrait"), "door": "chain"}
    walk.do(commands.record_finding, **what, document="signature", upload_id="upload-signature")
    assert commands.grant(walk.case, checks=both, version="1") == []
    walk.do(commands.record_finding, **what, document="portrait", upload_id="upload-portrait")
    assert commands.grant(walk.case, checks=both, version="1")


def test_a_check_that_did_not_see_the_last_change_does_not_speak_of_it() -> None:
    walk = checked()
    late = {"finding": walking.finding("travel_document"), "door": "chain", "looked_at": 1}
    walk.do(commands.record_finding, document="passport_page", upload_id="upload-passport_page", **late)
    assert commands.grant(walk.case, checks=CHECKS, version="1") == []


def test_a_screening_of_several_findings_that_comes_again_says_nothing_new() -> None:
    pages = [[HIT], [{**HIT, "id": "h2"}]]
    walk = walking.checking()
    for page in (*pages, *pages):
        found(walk, "screening", "review", hits=page)
    assert len(commands.screenings(walk.case)) == 2


def test_a_check_that_could_not_be_made_again_takes_back_what_passed() -> None:
    walk = found(checked(), "travel_document", "unavailable")
    assert commands.grant(walk.case, checks=CHECKS, version="1") == []
    # The same finding as before is news now, and is recorded.
    found(walk, "travel_document")
    assert commands.grant(walk.case, checks=CHECKS, version="1")


def test_a_grant_wants_the_checks_of_what_is_there_and_of_what_must_be() -> None:
    procedure = load(PROCEDURES).definition_on("authorization-emirates", date(2026, 11, 23))
    facts = Facts(on=date(2026, 11, 23))
    assert checks_wanted(walking.opened().case, procedure, facts) == CHECKS
    evidence, asked = procedure.stages[0], procedure.documents[0].model_copy(update={"required": False})
    optional = procedure.model_copy(update={"documents": [asked], "stages": [evidence]})
    whole = {(check, None) for check in evidence.checks}
    assert checks_wanted(walking.opened().case, optional, facts) == whole
    assert checks_wanted(walking.draft().case, optional, facts) == whole | {
        (check, "portrait") for check in asked.checks
    }


def test_nothing_is_granted_once_an_officer_has_the_case() -> None:
    walk = checked().do(commands.start_stage, stage="review", due=None)
    assert commands.grant(walk.case, checks=CHECKS, version="1") == []
