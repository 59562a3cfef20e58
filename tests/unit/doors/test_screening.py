"""Screening at its doors: two cases at once, what is declared, and once more for the officer who has the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, get_args

import pytest

from ryoji.adapters import keys, mark_table, objects, watch_list_store
from ryoji.cases import commands
from ryoji.cases.actions import happened
from ryoji.cases.log import read
from ryoji.cases.references import reference_of
from ryoji.doors import screening
from ryoji.doors.cases import definition_of
from ryoji.errors import Unavailable
from ryoji.evidence.screening.hits import HitKind, Verdict
from ryoji.evidence.screening.marks import Mark
from ryoji.evidence.screening.watch_list import WatchList, compile_version
from tests.unit.cases import walking
from tests.unit.cases.walking import APPLICANT, FIRST, Walk
from tests.unit.catalogue.test_sections import GOOD
from tests.unit.doors.calling import Answer, House, doors, officer
from tests.unit.evidence.screening.memory_marks import MemoryMarks

AUTHORIZATION, VISA = "authorization-indonesia", "visa-tourism"
ONE, OTHER = "a" * 24, "b" * 24
CHECKS: tuple[tuple[str, str | None], ...] = (
    ("portrait", "portrait"),
    ("travel_document", "passport_page"),
    ("faces", None),
)
DEWI = {"surname": "HARTONO", "given_names": "DEWI AYU", "native_name": "", "birth_date": "1994-03-08"}
BUDI = {"surname": "SUSANTO", "given_names": "BUDI", "native_name": "", "birth_date": "1971-11-30"}
ALONE = {"phone": "+62 21 0000 0000", "address": "1 Long Street"}


@dataclass
class Asked(MemoryMarks):
    """Marks, and what happens before the first is kept; a list that may be out of reach."""

    before: list[Any] = field(default_factory=list)
    down: bool = False

    def keep(self, mark: Mark, case_id: str, person: str | None, *known: str | None) -> None:
        while self.before:
            self.before.pop()()
        super().keep(mark, case_id, person, *known)

    def latest(self) -> WatchList:
        if self.down:
            raise Unavailable("watch_list_unavailable")
        return WatchList(compile_version((), walking.NOON))


@pytest.fixture
def asked(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    """Everything that a screening asks, in memory; every picture is another."""
    del house
    made = Asked()
    monkeypatch.setattr(keys, "keyed_hash", lambda message: message.decode())
    monkeypatch.setattr(mark_table, "MarkTable", lambda *_: made)
    monkeypatch.setattr(watch_list_store, "StoredWatchLists", lambda: made)
    monkeypatch.setattr(objects, "clean", lambda key: key.encode())
    screening._rules.cache_clear()
    yield made
    screening._rules.cache_clear()


def sent(
    house: House, case_id: str, procedure: str = AUTHORIZATION, *, person: str = "", **changed: dict[str, Any]
) -> None:
    """An application as it comes to its checks."""
    version = "2026-04-01"
    opened = {"procedure": procedure, "version": version, "language": "en", "holder": walking.HOLDER}
    walk = Walk(case_id).do(commands.open_draft, APPLICANT, **opened, email=None)
    for name in ("traveller", "travel_document", "trip", "past_travel"):
        answers = {**GOOD[name], **changed.get(name, {})}
        walk.do(commands.save_section, APPLICANT, section=name, answers=answers)
    for picture in ("portrait", "passport_page"):
        upload = walking.upload(f"{picture}-{case_id}")
        walk.do(commands.receive_document, APPLICANT, document=picture, **upload)
    place = {"reference": reference_of(case_id), "desk": walking.DESK, "person": person or case_id}
    signed = {"digest": "d" * 64, "signed_digest": "d" * 64, "signature": None, "identity": None}
    walk.do(commands.submit, APPLICANT, **place, **signed)
    walk.do(commands.start_stage, stage="evidence", due=None)
    for check, document in CHECKS:
        held = walk.case.documents.get(document or "")
        about = {"document": document, "upload_id": held.upload_id if held else None}
        walk.do(commands.record_finding, finding=walking.finding(check), door="chain", **about)
    house.keep(walk)


class Context:
    function_name, aws_request_id = "step", "1"


def step(name: str, case_id: str, do: str) -> Any:
    return doors()[name]({"do": do, "case_id": case_id}, Context())["outcome"]


def in_review(house: House, case_id: str) -> None:
    """The machine comes to the review, and the first officer claims."""
    walk = Walk(case_id, house.log.actions(case_id))
    held = len(walk.actions)
    walk.do(commands.start_stage, stage="review", due="2026-12-01").do(commands.claim, officer=FIRST)
    house.log.append(walk.case, walk.actions[held:])


def found(house: House, case_id: str) -> list[tuple[str, str]]:
    """The hits of the newest screening, by kind and first explanation."""
    newest = read(house.log, case_id).newest("screening")
    assert newest is not None
    return [(hit["kind"], hit["because"][0]["code"]) for hit in newest.finding["facts"]["hits"]]


def test_who_declares_nothing_is_granted_without_a_person(house: House, asked: Asked) -> None:
    sent(house, ONE)
    assert step("screen_applicant", ONE, "check") == "checked"
    assert found(house, ONE) == []
    assert step("review", ONE, "grant_if_clear") == "approved"


@pytest.mark.parametrize("question", ["refused_visa", "removed", "overstayed", "convicted"])
def test_who_declares_something_is_left_to_an_officer(house: House, asked: Asked, question: str) -> None:
    sent(house, ONE, past_travel={question: "yes", "details": "Deported in 2019, after prison."})
    step("screen_applicant", ONE, "check")
    assert found(house, ONE) == [("declared", f"declared_{question}")]
    assert step("review", ONE, "grant_if_clear") == "review"
    assert not read(house.log, ONE).granted
    in_review(house, ONE)
    (hit,) = desk(house, "GET", "", ONE).json["hits"]
    assert (hit["title"], hit["about"]["details"]) == (
        "Declared by the applicant",
        "Deported in 2019, after prison.",
    )


def test_of_two_that_are_screened_at_once_one_sees_the_other(house: House, asked: Asked) -> None:
    # One passport number, two people: the second is screened while the first has not kept anything yet.
    sent(house, ONE, traveller=DEWI)
    sent(house, OTHER, traveller={**BUDI, **ALONE})
    asked.before.append(lambda: step("screen_applicant", OTHER, "check"))
    step("screen_applicant", ONE, "check")
    both = [*found(house, ONE), *found(house, OTHER)]
    assert ("shared", "shared_document") in both
    outcomes = {step("review", case_id, "grant_if_clear") for case_id in (ONE, OTHER)}
    assert "review" in outcomes


def test_a_document_is_marked_by_its_look_and_as_a_file() -> None:
    from PIL import Image

    from tests.unit.evidence.screening.test_check import _jpeg

    image = _jpeg(Image.radial_gradient("L").rotate(20).resize((600, 400)), 90)
    form = definition_of(_of(VISA)).document("itinerary")
    assert form is not None
    marks = screening._marks_of(form, image)
    assert [mark.kind for mark in marks] == ["picture"] * 5 + ["file"]


def _of(procedure: str) -> Any:
    walk = Walk().do(
        commands.open_draft,
        APPLICANT,
        procedure=procedure,
        version="2026-04-01",
        language="en",
        holder=walking.HOLDER,
        email=None,
    )
    return walk.case


def desk(house: House, verb: str, what: str, case_id: str, *roles: str, body: Any = None) -> Answer:
    """The first officer at the desk."""
    claims = officer(*(roles or ("examiner",)))
    path = f"/desk/cases/{{case_id}}{what}"
    return house.call(verb, path, claims, body=body, case_id=case_id)


def unavailable(house: House, asked: Asked) -> None:
    """Screened while the list was out of reach, and claimed."""
    asked.down = True
    sent(house, ONE, VISA)
    step("screen_applicant", ONE, "check")
    in_review(house, ONE)


def test_what_was_never_asked_is_not_approved_until_it_is_screened_again(house: House, asked: Asked) -> None:
    unavailable(house, asked)
    shown = desk(house, "GET", "", ONE)
    assert {"propose", "screen_again"} <= set(shown.json["may"])
    refused = desk(house, "POST", "/proposal", ONE, body={"outcome": "approve"})
    assert (refused.status, refused.json["code"]) == (409, "screening_unavailable")
    # Still out of reach: it is recorded, and nothing is gained.
    again = desk(house, "POST", "/screening", ONE, body={})
    assert (again.status, again.json["findings"][0]["outcome"]) == (200, "unavailable")
    assert desk(house, "POST", "/proposal", ONE, body={"outcome": "approve"}).status == 409
    asked.down = False
    again = desk(house, "POST", "/screening", ONE, body={})
    newest = again.json["findings"][0]
    assert (newest["check"], newest["outcome"], newest["door"]) == ("screening", "pass", "desk")
    proposed = desk(house, "POST", "/proposal", ONE, body={"outcome": "approve"})
    assert proposed.json["proposal"]["outcome"] == "approve"
    assert "screen_again" not in proposed.json["may"]


def test_a_step_that_was_given_up_is_made_good_the_same_way(house: House, asked: Asked) -> None:
    sent(house, ONE, VISA)
    doors()["enter_stage"]({"do": "record_unavailable", "case_id": ONE, "check": "screening"}, Context())
    in_review(house, ONE)
    assert desk(house, "POST", "/proposal", ONE, body={"outcome": "approve"}).status == 409
    assert desk(house, "POST", "/screening", ONE, body={}).status == 200
    assert desk(house, "POST", "/proposal", ONE, body={"outcome": "approve"}).status == 200


def test_a_case_is_screened_again_by_the_examiner_who_has_it(house: House, asked: Asked) -> None:
    unavailable(house, asked)
    before = house.log.actions(ONE)
    assert desk(house, "POST", "/screening", ONE, "approver", "counter", body={}).status == 403
    stranger = officer("examiner", subject="officer-2")
    taken = house.call("POST", "/desk/cases/{case_id}/screening", stranger, body={}, case_id=ONE)
    assert (taken.status, taken.json["code"]) == (409, "claim_first")
    assert house.log.actions(ONE) == before


def test_the_same_again_is_recorded_once(house: House, asked: Asked) -> None:
    unavailable(house, asked)
    desk(house, "POST", "/screening", ONE, body={})
    held = len(house.log.actions(ONE))
    assert desk(house, "POST", "/screening", ONE, body={}).status == 200
    assert len(house.log.actions(ONE)) == held


def test_what_is_not_screened_is_not_screened_again(house: House, asked: Asked) -> None:
    house.keep(walking.claimed())
    answer = desk(house, "POST", "/screening", walking.CASE, body={})
    assert (answer.status, answer.json["code"]) == (409, "not_screened")
    assert "screen_again" not in desk(house, "GET", "", walking.CASE).json["may"]


def test_a_hit_of_a_newer_list_keeps_the_case_from_a_proposal(house: House, asked: Asked) -> None:
    unavailable(house, asked)
    walk = Walk(ONE, house.log.actions(ONE))
    held = len(walk.actions)
    told = {**GOOD["past_travel"], "removed": "yes", "details": "In 2019."}
    walk.then([happened("section_saved", section="past_travel", answers=told)])
    house.log.append(walk.case, walk.actions[held:])
    asked.down = False
    again = desk(house, "POST", "/screening", ONE, body={})
    assert ([hit["kind"] for hit in again.json["hits"]], "propose" in again.json["may"]) == (
        ["declared"],
        False,
    )


WHO = {"same_person", "other_person", "not_relevant"}
WHAT = {"relevant", "not_relevant"}
SAYINGS = {
    "watch_list": WHO,
    "lost_or_stolen": WHO,
    "earlier": WHO,
    "shared": WHO,
    "declared": WHAT,
    "crowded": WHAT,
}


@pytest.mark.parametrize("kind", get_args(HitKind))
def test_of_every_hit_can_be_said_what_its_kind_allows_and_nothing_else(house: House, kind: str) -> None:
    hit = {"id": "h1", "kind": kind, "score": 0.9, "because": [], "about": {}}
    walk = walking.claimed()
    told = walking.finding("screening", "review", hits=[hit])
    walk.do(commands.record_finding, finding=told, door="chain", document=None, upload_id=None)
    house.keep(walk)
    answers = {
        verdict: desk(
            house, "POST", "/hits", walking.CASE, body={"hit": "h1", "verdict": verdict, "note": "I asked."}
        )
        for verdict in get_args(Verdict)
    }
    said = {verdict for verdict, answer in answers.items() if answer.status == 200}
    assert said == SAYINGS[kind]
    for verdict in said:
        assert answers[verdict].json["hits"][0]["verdict"] == verdict
    for verdict in answers.keys() - said:
        refused = answers[verdict].json
        assert (refused["status"], refused["code"]) == (422, "validation_failed")
        assert refused["errors"] == [
            {"pointer": "/verdict", "code": "not_a_choice", "detail": "Choose one of the answers."}
        ]
