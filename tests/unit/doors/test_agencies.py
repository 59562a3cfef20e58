"""Agencies at the doors: who may file in whose name, within which quota, until when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from ryoji.adapters import accounts, keys
from ryoji.adapters.agency_table import AgencyTable
from ryoji.adapters.earlier_cases import EarlierCases
from ryoji.cases import commands
from ryoji.cases.agency import Agency, Change
from ryoji.cases.log import read
from ryoji.cases.references import reference_of
from ryoji.cases.submission import person_of
from ryoji.doors import agencies, texts
from ryoji.errors import NotFound
from ryoji.evidence.screening.subject import Subject
from tests.unit.cases import walking
from tests.unit.cases.memory_log import MemoryLog
from tests.unit.cases.walking import Walk
from tests.unit.catalogue.test_sections import GOOD
from tests.unit.doors.calling import HOLDER, Answer, House, officer
from tests.unit.evidence.screening.memory_marks import MemoryMarks

CHINA = "visa-tourism-china"
SUNRISE = Agency(
    code="sunrise",
    name="Sunrise",
    desk="beijing",
    procedures=(CHINA,),
    monthly_quota=1,
    email="visas@sunrise.example",
)
STAFF = {**HOLDER, "sub": "agent-1", "cognito:groups": "[organisation:sunrise]"}


@dataclass
class Register:
    """Agencies in memory."""

    known: dict[str, Agency] = field(default_factory=lambda: {"sunrise": SUNRISE})

    def agency(self, code: str) -> Agency | None:
        """One agency."""
        return self.known.get(code)

    def of_desk(self, desk: str, after: str | None = None) -> tuple[list[Agency], str | None]:
        """A page of one."""
        codes = [
            code for code in sorted(self.known) if self.known[code].desk == desk and code > (after or "")
        ]
        return [self.known[code] for code in codes[:1]], codes[0] if len(codes) > 1 else None

    def change(self, code: str, make: Callable[[Agency | None], Agency]) -> Agency:
        """Write what is made of the agency as it is."""
        self.known[code] = make(self.known.get(code))
        return self.known[code]

    def suspend(self, code: str, *, suspended: bool, reason: str | None, change: Change) -> Agency:
        """Suspend an agency or let it file again, as the table does."""
        return AgencyTable.suspend(self, code, suspended=suspended, reason=reason, change=change)  # type: ignore[arg-type]  # a table without a table


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Register:
    """The register, in the place of the table."""
    register = Register()
    from tests.unit.doors.calling import modules

    monkeypatch.setattr(agencies, "agencies", lambda: register)
    monkeypatch.setattr(modules()["accredit_agencies"], "agencies", lambda: register)
    staff = [{"email": "agent@example.cn", "enabled": True}]
    monkeypatch.setattr(accounts, "in_group", lambda group: staff if group == "organisation:sunrise" else [])
    monkeypatch.setattr(keys, "keyed_hash", lambda what: what.hex()[:32])
    return register


def opened(house: House, claims: Any, **more: Any) -> Answer:
    body = {"procedure": CHINA, "language": "en", **more}
    return house.call(
        "POST", "/cases", claims, body=body, headers={"Idempotency-Key": f"open-{len(more)}-{more}"}
    )


def ready(case_id: str, holder: str = "org:sunrise") -> Walk:
    """A draft with everything that the procedure asks for."""
    walk = Walk(case_id).do(
        commands.open_draft,
        procedure=CHINA,
        version="2026-04-01",
        language="en",
        holder=holder,
        email=None,
    )
    for section in ("traveller", "travel_document", "trip", "host", "funds", "past_travel"):
        walk.do(commands.save_section, section=section, answers=GOOD[section])
    mission = {**GOOD["mission"], "office": "mission-china"}
    walk.do(commands.save_section, section="mission", answers=mission)
    for document in ("portrait", "passport_page", "residence_proof", "funds_proof", "consent"):
        walk.do(commands.receive_document, document=document, **walking.upload(document))
    return walk


def send(house: House, case_id: str) -> Answer:
    shown = house.call("GET", "/cases/{case_id}/submission", STAFF, case_id=case_id)
    assert shown.status == 200, shown.text
    return house.call(
        "POST",
        "/cases/{case_id}/submission",
        STAFF,
        body={"digest": shown.json["digest"]},
        headers={"Idempotency-Key": f"send-{case_id}"},
        case_id=case_id,
    )


def test_only_agencies_file_where_the_programme_says_so(house: House, register: Register) -> None:
    del register
    assert opened(house, HOLDER).json["code"] == "agency_needed"
    assert opened(house, HOLDER, organisation="sunrise").status == 403
    answer = opened(house, STAFF, organisation="sunrise")
    assert (answer.status, answer.json["agency"]) == (201, "sunrise")


def test_nobody_files_through_an_agency_what_travellers_file_themselves(
    house: House, register: Register
) -> None:
    del register
    answer = opened(house, STAFF, organisation="sunrise", procedure="authorization-indonesia")
    assert answer.json["code"] == "agency_cannot_file"


def test_a_suspended_agency_files_nothing_more(house: House, register: Register) -> None:
    kept = house.keep(ready("a" * 24))
    register.known["sunrise"] = SUNRISE.model_copy(update={"suspended": True})
    assert opened(house, STAFF, organisation="sunrise").json["code"] == "agency_suspended"
    assert send(house, "a" * 24).json["code"] == "agency_suspended"
    assert house.log.actions("a" * 24) == kept.actions


def test_the_months_quota_is_counted_with_the_submission(house: House, register: Register) -> None:
    del register
    house.keep(ready("a" * 24))
    house.keep(ready("b" * 24))
    assert send(house, "a" * 24).json["status"] == "checking"
    assert send(house, "b" * 24).json["code"] == "quota_used_up"
    assert house.call("GET", "/agencies", STAFF).json["agencies"][0]["left"] == 0


def refused(house: House, case_id: str, holder: str) -> Walk:
    """An application for the same person and purpose that was refused the day before yesterday."""
    walk = ready(case_id, holder)
    said = {"digest": "d" * 64, "signed_digest": "d" * 64, "signature": None, "identity": None}
    person = keys.keyed_hash(person_of(walk.case) or b"")
    walk.do(commands.submit, **said, reference=reference_of(case_id), desk="beijing", person=person)
    walk.do(commands.start_stage, stage="evidence", due=None)
    walk.do(commands.start_stage, stage="review", due="2026-12-01").do(commands.claim, officer=walking.FIRST)
    no = {"outcome": "refuse", "ground": "13-1-1", "reasons": "x", "note": None, "grounds": walking.GROUNDS}
    walk.do(commands.propose, officer=walking.FIRST, **no)
    return house.keep(walk.do(commands.decide, officer=walking.SECOND, outcome="refuse", note=None))


def test_who_holds_a_refusal_is_told_that_it_is_too_early(house: House, register: Register) -> None:
    del register
    refused(house, "a" * 24, "org:sunrise")
    house.keep(ready("b" * 24))
    answer = send(house, "b" * 24)
    assert (answer.status, answer.json["code"]) == (409, "refused_recently")


def test_a_stranger_learns_nothing_of_a_refusal_and_an_officer_sees_it(
    house: House, register: Register
) -> None:
    del register
    refused(house, "a" * 24, "org:other")
    house.keep(ready("b" * 24))
    answer = send(house, "b" * 24)
    assert (answer.status, answer.json["status"]) == (200, "checking")
    sent = read(house.log, "b" * 24)
    (found,) = EarlierCases(house.log, MemoryMarks(), 200).of(sent.person, Subject()).outcomes
    assert (found.kind, found.case_id) == ("refused", "a" * 24)


@pytest.mark.usefixtures("compiled")
def test_whatever_a_refusal_closes_is_screened() -> None:
    closing = [each for each in texts.catalogue().versions() if each.refusal.same_purpose_months]
    assert closing
    for definition in closing:
        evidence = definition.stage("evidence")
        assert evidence is not None
        assert "screening" in evidence.checks, definition.id


def test_a_reference_that_another_case_holds_is_not_given_twice(house: House, register: Register) -> None:
    del register
    house.keep(ready("a" * 24))
    house.log.references[reference_of("a" * 24)] = "another case"
    sent = send(house, "a" * 24)
    assert sent.status == 200
    assert sent.json["reference"] not in (None, reference_of("a" * 24))
    assert house.log.holder_of(sent.json["reference"]) == "a" * 24


def test_two_submissions_at_once_never_share_a_reference(house: House, register: Register) -> None:
    del register
    house.keep(ready("a" * 24))

    def another(log: MemoryLog) -> None:
        log.references[reference_of("a" * 24)] = "another case"

    house.log.first = [another]
    assert send(house, "a" * 24).json["reference"] != reference_of("a" * 24)


def test_a_group_is_joined_by_its_holder_only(house: House, register: Register) -> None:
    del register
    house.keep(ready("a" * 24))
    joined = opened(house, STAFF, organisation="sunrise", group="a" * 24)
    assert joined.json["group"] == "a" * 24
    house.keep(ready("c" * 24, "org:other"))
    assert opened(house, STAFF, organisation="sunrise", group="c" * 24).status == 404


def test_a_family_applies_together_where_the_definition_says_so_and_for_one_thing(house: House) -> None:
    first = applied(house, "visa-tourism", "first")
    of_first = {"group": first.json["case_id"], "relation": "child"}
    joined = applied(house, "visa-tourism", "joins", **of_first).json
    assert (joined["group"], joined["relation"]) == (first.json["case_id"], "child")
    other = applied(house, "visa-transit", "other", **of_first)
    assert (other.status, other.json["code"]) == (409, "together_for_one_procedure")
    for alone in ("authorization-indonesia", "passport-renewal", "visa-business"):  # groups only
        own = applied(house, alone, f"{alone}-1")
        told = applied(house, alone, f"{alone}-2", group=own.json["case_id"], relation="spouse")
        assert (told.status, told.json["code"]) == (409, "together_not_possible")


def test_a_family_says_what_each_is_to_the_first_and_strangers_are_an_agencys(
    house: House, register: Register
) -> None:
    del register
    first = str(applied(house, "visa-tourism", "first").json["case_id"])
    told = applied(house, "visa-tourism", "stranger", group=first)
    assert (told.status, told.json["errors"][0]["pointer"]) == (422, "/relation")
    friend = applied(house, "visa-tourism", "friend", group=first, relation="friend")
    assert (friend.status, friend.json["errors"][0]["pointer"]) == (422, "/relation")
    house.keep(ready("a" * 24))
    family = opened(house, STAFF, organisation="sunrise", group="a" * 24, relation="parent")
    assert (family.status, family.json["relation"]) == (201, "parent")


def test_what_is_for_the_whole_family_is_sent_once(house: House) -> None:
    first = applied(house, "visa-tourism", "first").json
    joined = applied(house, "visa-tourism", "joins", group=first["case_id"], relation="spouse").json
    asked = [{each["id"] for each in case["documents"]} for case in (first, joined)]
    assert asked[0] - asked[1] == {"itinerary", "funds_proof"}


@pytest.mark.parametrize(("born", "wanted"), [("2008-11-24", True), ("2008-11-23", False)])
def test_a_parent_files_for_a_child_under_eighteen(house: House, born: str, wanted: bool) -> None:
    case_id = str(applied(house, "visa-tourism", "child").json["case_id"])
    answers = {**GOOD["traveller"], "birth_date": born}
    shown = house.call(
        "PUT",
        "/cases/{case_id}/sections/{section}",
        HOLDER,
        body={"answers": answers},
        case_id=case_id,
        section="traveller",
    ).json
    states = {section["id"]: section["status"] for section in shown["sections"]}
    assert states["representative"] == ("todo" if wanted else "not_needed")


def applied(house: House, procedure: str, key: str, **more: Any) -> Answer:
    body = {"procedure": procedure, "language": "en", **more}
    return house.call("POST", "/cases", HOLDER, body=body, headers={"Idempotency-Key": f"family-{key}"})


def test_a_family_of_two_is_sent_each_in_a_case_of_its_own(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "keyed_hash", lambda what: what.hex()[-32:])
    mother = str(applied(house, "visa-tourism", "mother").json["case_id"])
    child = str(applied(house, "visa-tourism", "child", group=mother, relation="child").json["case_id"])
    for case_id, name, number in ((mother, "ANNA", "L898902C3"), (child, "PIA", "L898902C4")):
        filled_in(house, case_id, name, number)
        shown = house.call("GET", "/cases/{case_id}/submission", HOLDER, case_id=case_id)
        assert shown.status == 200, shown.text
        sent = house.call(
            "POST",
            "/cases/{case_id}/submission",
            HOLDER,
            body={"digest": shown.json["digest"]},
            headers={"Idempotency-Key": f"send-{case_id}"},
            case_id=case_id,
        )
        assert (sent.status, sent.json["status"]) == (200, "checking")
    rows = house.call("GET", "/cases", HOLDER).json["cases"]
    assert {row["case_id"]: row["group"] for row in rows} == {mother: None, child: mother}
    assert len({row["reference"] for row in rows}) == 2


def filled_in(house: House, case_id: str, name: str, number: str) -> None:
    """All sections and documents of a tourist who lives in London."""
    known = house.log.actions(case_id)
    walk = Walk(case_id, known)
    own: dict[str, dict[str, Any]] = {
        "traveller": {"given_names": name, "country_of_residence": "GBR"},
        "travel_document": {"number": number},
        "mission": {"office": "mission-united-kingdom"},
    }
    for section in ("traveller", "travel_document", "trip", "host", "funds", "past_travel", "mission"):
        walk.do(commands.save_section, section=section, answers={**GOOD[section], **own.get(section, {})})
    for document in ("portrait", "passport_page", "residence_proof", "itinerary", "funds_proof"):
        walk.do(commands.receive_document, document=document, **walking.upload(document))
    house.log.append(walk.case, walk.actions[len(known) :])


def test_the_accrediting_desk_stops_an_agency(house: House, register: Register) -> None:
    path = "/desk/agencies/{code}/suspension"
    body = {"suspended": True, "reason": "False documents."}
    key = {"Idempotency-Key": "suspend-1"}
    foreign = house.call(
        "POST", path, officer("approver", desk="tokyo"), body=body, headers=key, code="sunrise"
    )
    assert foreign.status == 404
    own = house.call(
        "POST", path, officer("approver", desk="beijing"), body=body, headers=key, code="sunrise"
    )
    assert (own.status, own.json["suspended"]) == (200, True)
    held = register.known["sunrise"]
    assert (held.reason, held.suspended_by) == ("False documents.", "officer-1")
    assert [(change.did, change.by) for change in held.changes] == [("suspended", "officer-1")]
    assert "officer-1" in own.logged
    assert "sato" not in own.logged
    shown = house.call("GET", "/agencies", STAFF).json["agencies"][0]
    assert (shown["suspended"], shown.get("reason")) == (True, None)


def test_officers_list_the_agencies_of_their_desk_with_quota_and_staff(
    house: House, register: Register
) -> None:
    path = "/desk/desks/{desk}/agencies"
    other = SUNRISE.model_copy(update={"code": "tang", "name": "Tang", "suspended": True, "reason": "x"})
    register.known["tang"] = other
    house.keep(ready("a" * 24))
    send(house, "a" * 24)
    first = house.call("GET", path, officer("examiner", desk="beijing"), desk="beijing").json
    (sunrise,) = first["agencies"]
    assert (sunrise["used"], sunrise["quota"], sunrise["left"]) == (1, 1, 0)
    assert sunrise["staff"] == [{"email": "agent@example.cn", "enabled": True}]
    assert sunrise["may"] == []
    (desk,) = first["desks"]
    assert (desk["desk"], desk["timezone"], sunrise["timezone"]) == (
        "beijing",
        "Asia/Shanghai",
        "Asia/Shanghai",
    )
    cursor = {"cursor": first["cursor"]}
    second = house.call("GET", path, officer("approver", desk="beijing"), query=cursor, desk="beijing").json
    (tang,) = second["agencies"]
    assert (tang["suspended"], tang["reason"], tang["staff"], tang["may"]) == (
        True,
        "x",
        [],
        ["accredit", "suspend"],
    )
    assert second["cursor"] is None


def test_headquarters_look_at_every_desks_agencies_and_stop_none(house: House, register: Register) -> None:
    del register
    central = officer("approver", desk="authorizations")
    listed = house.call("GET", "/desk/desks/{desk}/agencies", central, desk="beijing").json
    assert [(each["code"], each["may"]) for each in listed["agencies"]] == [("sunrise", ["accredit"])]
    assert len(listed["desks"]) > 5
    assert house.call("GET", "/desk/agencies/{code}", central, code="sunrise").json["may"] == ["accredit"]
    body = {"suspended": True, "reason": "False documents."}
    stopped = house.call("POST", "/desk/agencies/{code}/suspension", central, body=body, code="sunrise")
    assert stopped.status == 404
    foreign = officer("approver", desk="tokyo")
    for desk in ("beijing", "nowhere"):
        assert house.call("GET", "/desk/desks/{desk}/agencies", foreign, desk=desk).status == 404
    for code in ("sunrise", "nobody"):
        assert house.call("GET", "/desk/agencies/{code}", foreign, code=code).status == 404


TANG = {
    "name": "Tang",
    "desk": "beijing",
    "procedures": [CHINA],
    "monthly_quota": 30,
    "email": "visas@tang.example",
}
AGENCY = "/desk/agencies/{code}"


def accredit(house: House, claims: Any, code: str = "tang", **other: Any) -> Answer:
    return house.call(
        "PUT", AGENCY, claims, body={**TANG, **other}, headers={"Idempotency-Key": "accredit-1"}, code=code
    )


def test_the_accrediting_desk_and_headquarters_make_agencies_and_nobody_else(
    house: House, register: Register
) -> None:
    made = accredit(house, officer("approver", desk="beijing"))
    assert (made.status, made.json["quota"], made.json["suspended"]) == (200, 30, False)
    assert accredit(house, officer("approver", desk="beijing")).json == made.json
    assert [change.did for change in register.known["tang"].changes] == ["accredited"]
    central = accredit(
        house, officer("approver", desk="authorizations", subject="officer-9"), monthly_quota=40
    )
    assert central.json["quota"] == 40
    assert [(each["did"], each["by"]) for each in central.json["changes"]] == [
        ("changed", "sato"),
        ("accredited", "sato"),
    ]
    assert [change.by for change in register.known["tang"].changes] == ["officer-1", "officer-9"]
    assert accredit(house, officer("examiner", desk="beijing")).status == 403
    assert accredit(house, officer("approver", desk="tokyo"), desk="tokyo").status == 404
    assert accredit(house, officer("approver", desk="tokyo"), "other").status == 422
    assert "other" not in register.known


def test_a_change_keeps_the_suspension_and_whose_it_was(house: House, register: Register) -> None:
    register.known["tang"] = SUNRISE.model_copy(
        update={"code": "tang", "suspended": True, "reason": "x", "suspended_by": "officer-7"}
    )
    assert accredit(house, officer("approver", desk="beijing")).json["suspended"] is True
    assert (register.known["tang"].suspended_by, register.known["tang"].reason) == ("officer-7", "x")


@pytest.mark.parametrize(
    ("wrong", "pointers"),
    [
        ({"code": "Not A Code"}, ["/code"]),
        ({"desk": "nowhere"}, ["/desk"]),
        ({"procedures": [CHINA, "passport-renewal", "none"]}, ["/procedures/1", "/procedures/2"]),
        ({"procedures": []}, ["/procedures"]),
        ({"monthly_quota": -1}, ["/monthly_quota"]),
        ({"email": "visas"}, ["/email"]),
        # India's and Vietnam's residents, and Singapore's among others: not the embassy in Beijing's.
        ({"procedures": [CHINA, "visa-tourism-through-agency"]}, ["/procedures/1"]),
    ],
)
def test_what_no_agency_can_have_is_said_by_its_place(
    house: House, register: Register, wrong: dict[str, Any], pointers: list[str]
) -> None:
    answer = accredit(house, officer("approver", desk="beijing"), **{"code": "tang", **wrong})
    assert answer.status == 422
    assert [error["pointer"] for error in answer.json["errors"]] == pointers
    assert set(register.known) == {"sunrise"}


@pytest.mark.parametrize(
    ("desk", "procedure", "taken"),
    [
        ("beijing", CHINA, True),
        ("beijing", "visa-tourism-through-agency", False),
        ("beijing", "visa-business", True),  # residents of Taiwan apply at every mission
        ("new-delhi", "visa-tourism-through-agency", True),
        ("new-delhi", CHINA, False),
        ("hanoi", "visa-tourism-through-agency", True),
        ("tokyo", "visa-tourism", False),  # a prefecture's
    ],
)
def test_a_desk_accredits_for_what_its_offices_take(
    house: House, register: Register, desk: str, procedure: str, taken: bool
) -> None:
    answer = accredit(house, officer("approver", desk=desk), "other", desk=desk, procedures=[procedure])
    assert answer.status == (200 if taken else 422), answer.text
    assert ("other" in register.known) == taken
    if not taken:
        (error,) = answer.json["errors"]
        assert (error["pointer"], error["code"]) == ("/procedures/0", "not_taken_by_desk")
        title = texts.texts().text(f"procedure.{procedure}.title", "en")
        assert title in error["detail"]


def test_an_agency_files_at_the_mission_that_accredited_it_and_at_no_other(
    house: House, register: Register
) -> None:
    house.keep(ready("a" * 24))
    register.known["sunrise"] = SUNRISE.model_copy(update={"desk": "new-delhi"})
    shown = house.call("GET", "/cases/{case_id}/submission", STAFF, case_id="a" * 24)
    sent = house.call(
        "POST", "/cases/{case_id}/submission", STAFF, body={"digest": "0" * 64}, case_id="a" * 24
    )
    for answer in (shown, sent):
        assert (answer.status, answer.json["code"]) == (409, "incomplete")
        (error,) = answer.json["errors"]
        assert error["pointer"] == "/sections/mission/office"
        assert error["detail"] == "Choose the mission that accredited the agency."
    register.known["sunrise"] = SUNRISE
    assert send(house, "a" * 24).json["status"] == "checking"


def corrected(house: House, case_id: str, office: str) -> Answer:
    """What is answered when the agency has changed the mission of a case that was sent to Beijing."""
    walk = house.keep(sent_to_beijing(case_id))
    known = len(walk.actions)
    mission = {**GOOD["mission"], "office": office, "language": "en"}
    walk.do(commands.save_section, section="mission", answers=mission)
    house.log.append(walk.case, walk.actions[known:])
    item = {"item": "sections/mission"}
    return house.call("POST", "/cases/{case_id}/correction", STAFF, body=item, case_id=case_id)


def sent_to_beijing(case_id: str) -> Walk:
    """A case that officers of the embassy in Beijing sent back: the mission is to be mended."""
    walk = ready(case_id)
    said = {"digest": "d" * 64, "signed_digest": "d" * 64, "signature": None, "identity": None}
    walk.do(commands.submit, **said, reference=reference_of(case_id), desk="beijing", person="p")
    walk.do(commands.start_stage, stage="evidence", due=None)
    walk.do(commands.start_stage, stage="review", due="2026-12-01").do(commands.claim, officer=walking.FIRST)
    items = [{"item": "sections/mission", "reason": "Look again."}]
    asked = {"items": items, "by": "2026-12-20", "known": frozenset({"sections/mission"})}
    return walk.do(commands.request_correction, officer=walking.FIRST, **asked)


def test_a_correction_takes_no_agency_to_another_mission_and_none_from_its_own(
    house: House, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Residents of China are served by one mission here: another one that serves them is made up.
    offices = texts.catalogue().offices
    chinese = offices["mission-india"].model_copy(update={"serves": ["CHN"]})
    monkeypatch.setitem(offices, "mission-india", chinese)
    told = corrected(house, "a" * 24, "mission-india")
    assert (told.status, told.json["code"]) == (409, "incomplete")
    assert told.json["errors"][0]["code"] == "mission_of_other_agencies"
    # Headquarters have given the agency to another desk since: the case stays where it is.
    register.known["sunrise"] = SUNRISE.model_copy(update={"desk": "new-delhi"})
    assert corrected(house, "b" * 24, "mission-china").json["status"] == "checking"


def test_staff_join_and_leave_and_it_is_noted_who_did_it(
    house: House, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[str, str, str]] = []
    monkeypatch.setattr(accounts, "join", lambda group, email: done.append(("join", group, email)))
    monkeypatch.setattr(accounts, "leave", lambda group, email: done.append(("leave", group, email)))

    def staff(path: str, claims: Any, code: str = "sunrise") -> Answer:
        body, headers = {"email": "new@example.cn"}, {"Idempotency-Key": "staff-change-1"}
        return house.call("POST", f"{AGENCY}/{path}", claims, body=body, headers=headers, code=code)

    own, foreign = officer("approver", desk="beijing"), officer("approver", desk="tokyo")
    for claims, code in ((foreign, "sunrise"), (own, "nobody")):
        assert staff("staff", claims, code).status == 404
    assert staff("staff", officer("examiner", desk="beijing")).status == 403
    assert done == []
    assert staff("staff", own).status == 200
    assert staff("staff/removal", own).json["changes"][0]["did"] == "staff_removed"
    group = "organisation:sunrise"
    assert done == [("join", group, "new@example.cn"), ("leave", group, "new@example.cn")]
    noted = [(change.did, change.account, change.by) for change in register.known["sunrise"].changes]
    assert noted == [
        ("staff_added", "new@example.cn", "officer-1"),
        ("staff_removed", "new@example.cn", "officer-1"),
    ]

    def unknown(group: str, email: str) -> None:
        raise NotFound("account_not_found")

    monkeypatch.setattr(accounts, "join", unknown)
    assert staff("staff", own).json["code"] == "account_not_found"
    assert len(register.known["sunrise"].changes) == 2


def test_what_was_shown_is_what_is_sent(house: House, register: Register) -> None:
    del register
    house.keep(ready("a" * 24))
    answer = house.call(
        "POST",
        "/cases/{case_id}/submission",
        STAFF,
        body={"digest": "0" * 64},
        headers={"Idempotency-Key": "send-wrong"},
        case_id="a" * 24,
    )
    assert (answer.status, answer.json["code"]) == (409, "digest_changed")
