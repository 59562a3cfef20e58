"""Where the electronic form is not enough, an officer sees the original before anything is approved."""

from __future__ import annotations

from typing import Any

import pytest

from ryoji.cases import commands
from ryoji.cases.log import read
from ryoji.doors import cases, texts
from ryoji.doors.correspondence import write
from tests.unit.cases import walking
from tests.unit.cases.walking import CASE, Walk
from tests.unit.catalogue.test_sections import GOOD
from tests.unit.doors.calling import HOLDER, Answer, House, officer

LONDON = "mission-united-kingdom"
WANTED = ["family_proof", "invitation"]


def claimed() -> Walk:
    """A visit to one's family, asked for at the embassy in London; the first officer holds it."""
    opened = {"procedure": "visa-family", "version": "2026-04-01", "language": "en", "email": "a@example.org"}
    walk = Walk().do(commands.open_draft, walking.APPLICANT, holder=walking.HOLDER, **opened)
    answers = {**GOOD, "trip": {**GOOD["trip"], "purpose": "family"}}
    answers["mission"] = {**GOOD["mission"], "office": LONDON, "language": "en"}
    for section in ("traveller", "travel_document", "trip", "mission"):
        walk.do(commands.save_section, section=section, answers=answers[section])
    for document in WANTED:
        walk.do(commands.receive_document, document=document, **walking.upload(document))
    sent = {"digest": "d" * 64, "signed_digest": "d" * 64, "signature": None, "identity": None}
    place = {"reference": "RJ-0000-0001", "desk": walking.DESK, "person": None}
    walk.do(commands.submit, walking.APPLICANT, **sent, **place)
    walk.do(commands.start_stage, stage="evidence", due=None)
    walk.do(commands.start_stage, stage="review", due="2026-12-01")
    walk.do(commands.open_task, task="review", token="token-review-1", due="2026-12-01")
    return walk.do(commands.claim, walking.officer(walking.FIRST), officer=walking.FIRST)


def interviewed() -> Walk:
    """The same, once the applicant came to the mission."""
    walk, first = claimed(), walking.officer(walking.FIRST)
    walk.do(commands.request_interview, first, officer=walking.FIRST, text="Please come.", by="2027-01-20")
    return walk.do(commands.note_interview, first, officer=walking.FIRST, notes="Came.", due="2026-12-03")


def at_desk(house: House, deed: str, body: dict[str, Any], who: dict[str, Any]) -> Answer:
    return house.call("POST", f"/desk/cases/{{case_id}}/{deed}", who, body=body, case_id=CASE)


def sees(house: House, *seen: tuple[str, str, str | None]) -> Answer:
    body = {"originals": [dict(zip(("document", "outcome", "note"), each, strict=True)) for each in seen]}
    return at_desk(house, "originals", body, officer("counter", subject="officer-3"))


def proposes(house: House, outcome: str = "approve") -> Answer:
    ground = {"ground": "documents"} if outcome == "refuse" else {}
    return at_desk(house, "proposal", {"outcome": outcome, **ground}, officer("examiner"))


def decides(house: House, outcome: str = "approve") -> Answer:
    return at_desk(house, "decision", {"outcome": outcome}, officer("approver", subject="officer-2"))


def lacking(answer: Answer) -> dict[str, str]:
    assert (answer.status, answer.json["code"]) == (409, "originals_not_seen"), answer.text
    return {error["pointer"]: error["code"] for error in answer.json["errors"]}


def test_nothing_is_approved_before_the_originals_are_seen(house: House) -> None:
    house.keep(interviewed())
    assert lacking(proposes(house)) == {f"/documents/{name}": "original_not_seen" for name in WANTED}
    assert sees(house, ("family_proof", "agrees", None)).status == 200
    assert lacking(proposes(house)) == {"/documents/invitation": "original_not_seen"}
    told = sees(house, ("invitation", "agrees", None)).json
    assert [(row["document"], row["outcome"], bool(row["by"])) for row in told["originals"]] == [
        (name, "agrees", True) for name in WANTED
    ]
    assert proposes(house).status == 200
    assert decides(house).status == 200
    assert read(house.log, CASE).decision


def test_what_differs_is_said_and_refuses_the_approval_however_late(house: House) -> None:
    house.keep(interviewed())
    wordless = sees(house, ("family_proof", "differs", " "))
    assert wordless.json["errors"][0]["pointer"] == "/originals/0/note"
    sees(house, *((name, "agrees", None) for name in WANTED))
    assert proposes(house).status == 200
    assert sees(house, ("family_proof", "differs", "Another name.")).status == 200
    assert lacking(decides(house)) == {"/documents/family_proof": "original_differs"}
    assert decides(house, "send_back").status == 200


def test_a_refusal_waits_for_no_original(house: House) -> None:
    house.keep(interviewed())
    assert proposes(house, "refuse").status == 200
    assert decides(house, "refuse").status == 200


def test_an_original_speaks_of_the_upload_that_it_was_held_beside(house: House) -> None:
    walk, first = interviewed(), walking.officer(walking.FIRST)
    walk.do(
        commands.see_originals,
        first,
        seen=[{"document": "invitation", "outcome": "agrees", "note": None}],
        wanted=frozenset(WANTED),
    )
    items = [{"item": "documents/invitation", "reason": "A page is missing."}]
    known = frozenset({"documents/invitation"})
    walk.do(
        commands.request_correction, first, officer=walking.FIRST, items=items, known=known, by="2026-12-30"
    )
    walk.do(commands.receive_document, document="invitation", **walking.upload("another"))
    again = {**walking.AGAIN, "person": None}
    walk.do(commands.correct, walking.APPLICANT, item="documents/invitation", **again)
    for stage in ("evidence", "review"):
        walk.do(commands.start_stage, stage=stage, due="2026-12-01")
    walk.do(commands.claim, first, officer=walking.FIRST)
    house.keep(walk)
    assert "/documents/invitation" in lacking(proposes(house))


def test_who_is_not_asked_to_come_brings_nothing(house: House) -> None:
    house.keep(claimed())
    shown = house.call("GET", "/desk/cases/{case_id}", officer("counter", "examiner"), case_id=CASE).json
    assert shown["originals"] == []
    assert "see_originals" not in shown["may"]
    assert sees(house, ("invitation", "agrees", None)).json["errors"][0]["code"] == "unknown"
    assert proposes(house).status == 200


def test_an_original_that_everybody_must_show_needs_no_interview(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No procedure asks this of everybody: the definition is the test's own.
    real = texts.catalogue().definition("visa-family", "2026-04-01")
    always = [
        each.model_copy(update={"original": each.original.model_copy(update={"asked": "always"})})
        if each.id == "invitation" and each.original
        else each
        for each in real.documents
    ]
    house.keep(claimed())
    monkeypatch.setattr(cases, "definition_of", lambda _case: real.model_copy(update={"documents": always}))
    shown = house.call("GET", "/cases/{case_id}", HOLDER, case_id=CASE).json
    assert brought(shown) == ["invitation"]


def brought(case: dict[str, Any]) -> list[str]:
    return [each["id"] for each in case["documents"] if each["original"] == "bring"]


def test_the_traveller_reads_what_to_bring(house: House) -> None:
    house.keep(claimed())
    assert brought(house.call("GET", "/cases/{case_id}", HOLDER, case_id=CASE).json) == []
    at_desk(house, "interview", {"text": "Please come."}, officer("examiner"))
    assert brought(house.call("GET", "/cases/{case_id}", HOLDER, case_id=CASE).json) == WANTED
    body = write(read(house.log, CASE), "interview_requested", "email").body
    assert "Bring your passport, and the originals of: " in body
    sees(house, ("family_proof", "differs", "Another name."))
    shown = house.call("GET", "/cases/{case_id}", HOLDER, case_id=CASE)
    assert brought(shown.json) == ["invitation"]
    assert "Another name." not in shown.text
