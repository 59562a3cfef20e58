"""Answers are what docs/openapi.json says: real views of rich cases held against the committed schemas."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Self

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from ryoji.cases import commands
from ryoji.doors import answers, door
from ryoji.doors.texts import catalogue, texts
from ryoji.doors.views import summary_view
from tests.unit.cases import walking
from tests.unit.doors.calling import HOLDER, Answer, House, modules, officer

ROOT = Path(__file__).parents[3]
COMMITTED = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
ALL = ("examiner", "approver", "counter")
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
REGISTRY: Registry[Any] = Registry().with_resource(
    "urn:openapi",
    Resource.from_contents({"$schema": "https://json-schema.org/draft/2020-12/schema", **COMMITTED}),
)


def fits(answer: Answer, name: str, status: int = 200) -> Any:
    """Hold an answer against the committed schema and the model."""
    assert answer.status == status, answer.text
    schema = {"$ref": f"urn:openapi#/components/schemas/{name}"}
    problems = list(Draft202012Validator(schema, registry=REGISTRY).iter_errors(answer.json))
    assert problems == []
    getattr(answers, name).model_validate(answer.json)
    return answer.json


def rich() -> walking.Walk:
    """A case that has been through everything: findings with reasons, a correction, money, a visit, messages."""
    walk = walking.compared()
    reason = {
        "code": "blurred",
        "outcome": "fail",
        "measured": "0.41",
        "required": "0.71-0.80",
        "unit": None,
        "pointer": None,
    }
    zone = {"lines": ["P<JPN", "TR1234567"], "corrections": [], "fields": {"number": "TR1234567", "sex": "F"}}
    for check, document, facts in (
        ("portrait", "portrait", {"suggested_crop": {"left": 0.1}}),
        ("travel_document", "passport_page", zone),
    ):
        code = {"portrait": "blurred", "travel_document": "expired"}[check]
        found = {**walking.finding(check, "review", **facts), "reasons": [{**reason, "code": code}]}
        walk.do(
            commands.record_finding,
            finding=found,
            door="chain",
            document=document,
            upload_id=f"upload-{document}",
        )
    said = {"event": "paid", "to": "h…@example.jp", "language": "ja", "subject": "s", "body": "b"}
    return walk.do(commands.message_sent, about=9, channel="email", **said)


STATES: dict[str, Callable[..., walking.Walk]] = {
    **walking.EVERYWHERE,
    "claimed": walking.claimed,
    "proposed": walking.proposed,
    "rich": rich,
}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("state", sorted(STATES))
def test_cases_look_as_described(house: House, state: str, language: str) -> None:
    house.keep(STATES[state]())
    view = fits(
        house.call("GET", "/cases/{case_id}", HOLDER, case_id=walking.CASE, language=language), "CaseView"
    )
    assert view["may"] is not None
    fits(house.call("GET", "/cases", HOLDER, language=language), "CaseList")
    if state == "draft":
        return
    house.keep(walking.in_review("e" * 24))  # another case of the same person
    desk = fits(
        house.call("GET", "/desk/cases/{case_id}", officer(*ALL), case_id=walking.CASE, language=language),
        "DeskCase",
    )
    assert [row["case_id"] for row in desk["duplicates"]] == ["e" * 24]
    assert len(desk["history"]) == desk["sequence"]


def test_who_is_refused_is_told_how_to_object(house: House) -> None:
    house.keep(walking.refused())
    view = house.call("GET", "/cases/{case_id}", HOLDER, case_id=walking.CASE, language="en").json
    assert [way.split(" (")[-1] for way in view["decision"]["remedies"]] == [
        "Administrative Complaint Review Act, article 18, paragraph 1).",
        "Administrative Case Litigation Act, article 14, paragraph 1).",
    ]


def test_who_is_not_refused_has_nothing_to_object_to(house: House) -> None:
    house.keep(walking.payment())
    view = house.call("GET", "/cases/{case_id}", HOLDER, case_id=walking.CASE, language="en").json
    assert view["decision"]["remedies"] == []


def test_texts_are_in_the_language_and_none_is_a_key(house: House) -> None:
    house.keep(rich())
    seen = []
    for language in ("ja", "en"):
        answer = house.call(
            "GET", "/desk/cases/{case_id}", officer(*ALL), case_id=walking.CASE, language=language
        )
        texts = list(spoken(answer.json))
        assert len(texts) > 40
        assert [text for text in texts if text.split(".")[0] in catalogue().messages.texts["ja"]] == []
        assert [text for text in texts if text.count(".") > 0 and " " not in text and "。" not in text] == []
        seen.append(texts)
    assert seen[0] != seen[1]


def spoken(of: Any) -> Iterator[str]:
    if isinstance(of, dict):
        for key, value in of.items():
            if key in ("title", "text", "mend", "status_text", "label") and value:
                yield str(value)
            elif key not in ("history",):
                yield from spoken(value)
    if isinstance(of, list):
        for value in of:
            yield from spoken(value)


@pytest.mark.parametrize(
    ("language", "first", "last"), [("en", "passport", "authorization"), ("ar", "visa", "passport")]
)
def test_what_is_offered_in_the_readers_language_comes_first(
    house: House, language: str, first: str, last: str
) -> None:
    listed = house.call("GET", "/procedures", language=language).json["procedures"]
    assert (listed[0]["id"].partition("-")[0], listed[-1]["id"].partition("-")[0]) == (first, last)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_other_answers_look_as_described(house: House, language: str) -> None:
    house.keep(walking.collection())
    house.keep(walking.draft("d" * 24))
    house.keep(walking.paid("a" * 24))

    def get(path: str, name: str, claims: Any = None, query: Any = None, **params: Any) -> Any:
        return fits(house.call("GET", path, claims, language=language, query=query, **params), name)

    listed = get("/procedures", "Procedures")
    assert [each["id"].partition("-")[0] for each in listed["procedures"]] == [
        "passport",
        *["visa"] * 7,
        *["authorization"] * 2,
    ]
    get("/procedures/{procedure}", "Procedure", procedure="passport-renewal")
    get("/offices", "Offices", query={"procedure": "passport-renewal"})
    asked = {
        "procedure": "passport-renewal",
        "office": walking.OFFICE,
        "birth_date": "1990-01-02",
        "validity": "10",
    }
    get("/fees", "Fee", query=asked)
    get("/cases/{case_id}/submission", "SubmissionDocument", HOLDER, case_id="d" * 24)
    slots = get("/cases/{case_id}/slots", "Slots", HOLDER, {"from": "2026-12-01"}, case_id=walking.CASE)
    assert slots["slots"]
    get("/cases/{case_id}/receipt", "Receipt", HOLDER, case_id="a" * 24)
    get(
        "/cases/{case_id}/documents/{document}/picture",
        "Link",
        HOLDER,
        case_id=walking.CASE,
        document="portrait",
    )
    get("/desk/me", "Officer", officer(*ALL))
    queue = get("/desk/queues/{desk}", "Queue", officer(*ALL), {"status": "collection"}, desk=walking.DESK)
    assert queue["rows"]
    found = get("/desk/cases", "QueueRow", officer(*ALL), {"reference": queue["rows"][0]["reference"]})
    assert found == queue["rows"][0]
    day = get(
        "/desk/appointments/{office}",
        "Appointments",
        officer(*ALL),
        {"date": walking.SLOT[:10]},
        office=walking.OFFICE,
    )
    assert [row["case_id"] for row in day["appointments"]] == [walking.CASE]
    place = {"document": "portrait", "content_type": "image/jpeg", "size": 90_000}
    fits(house.call("POST", "/cases/{case_id}/uploads", HOLDER, body=place, case_id="d" * 24), "Upload", 201)
    challenge = "/cases/{case_id}/identity/challenge"
    fits(house.call("POST", challenge, HOLDER, body={}, case_id="d" * 24), "Challenge")


def test_the_public_status_looks_as_described(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.keep(walking.payment())
    monkeypatch.setattr(modules()["status"], "count_attempt", lambda *_, **__: 1)
    reference = walking.payment().case.reference
    right = {"reference": reference, "birth_date": "1990-01-02"}
    status = fits(house.call("POST", "/status", body=right), "Status")
    assert status["status"] == "payment"
    wrong = house.call("POST", "/status", body={**right, "birth_date": "1990-01-03"})
    absent = house.call("POST", "/status", body={"reference": "RJ-XXXX-XXXX", "birth_date": "1990-01-02"})
    assert (wrong.status, wrong.text) == (404, absent.text)
    monkeypatch.setattr(modules()["status"], "count_attempt", lambda *_, **__: 6)
    assert house.call("POST", "/status", body=right).status == 429


def test_who_asks_for_a_status_too_often_is_told_when_to_ask_again(
    house: House, cloud: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del cloud
    house.keep(walking.payment())
    asked = {"reference": walking.payment().case.reference, "birth_date": "1990-01-02"}

    def ask(at: datetime) -> Answer:
        class Then(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                return cls.fromtimestamp(at.timestamp(), tz)

        monkeypatch.setattr(door, "datetime", Then)
        return house.call("POST", "/status", body=asked)

    # Four minutes and a second after a quarter of an hour has begun.
    at = datetime(2026, 11, 24, 3, 4, 1, tzinfo=UTC)
    *answered, refused = [ask(at) for _ in range(6)]
    assert ({each.status for each in answered}, refused.status) == ({200}, 429)
    wait = int(refused.headers["Retry-After"])
    assert wait == 659
    assert ask(at + timedelta(seconds=wait - 1)).status == 429
    assert ask(at + timedelta(seconds=wait)).status == 200


def test_problems_look_as_described(house: House) -> None:
    fits(house.call("GET", "/cases/{case_id}", HOLDER, case_id="f" * 24), "Problem", 404)
    house.keep(walking.draft())
    path = "/cases/{case_id}/sections/{section}"
    wrong = house.call("PUT", path, HOLDER, body={}, case_id=walking.CASE, section="contact")
    fits(wrong, "Problem", 422)


@pytest.mark.parametrize(
    ("procedure", "said", "key"),
    [
        ("passport-renewal", {"status": "refused"}, "refused"),
        ("visa-tourism", {"status": "refused"}, "refused_visa"),
        ("authorization-indonesia", {"status": "refused"}, "refused_authorization"),
        ("visa-tourism", {"status": "draft"}, "draft_visa"),
        ("visa-tourism", {"status": "in_review", "interview": True}, "interview"),
        ("visa-tourism", {"status": "in_review", "interview": False}, "in_review"),
        ("visa-tourism", {"status": "issued", "permission": "active", "expires": "2026-11-24"}, "issued"),
    ],
)
def test_the_list_says_what_is_next_in_the_words_of_the_family(
    procedure: str, said: dict[str, Any], key: str
) -> None:
    version = catalogue().definition_on(procedure, date(2026, 11, 24)).version
    empty = dict.fromkeys(("reference", "due", "updated_at"))
    row = summary_view(
        {"case_id": "a", "procedure": procedure, "version": version, **empty, **said}, "en", NOW
    )
    assert row["next"]["text"] == texts().text(f"next.{key}", "en")
