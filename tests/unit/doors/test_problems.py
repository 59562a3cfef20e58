"""What goes wrong is said in words, in the caller's language, and says nothing about anybody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError, ConnectionClosedError
from pynamodb.exceptions import GetError

from infra import problem_codes
from ryoji.cases.action_bodies import BODIES as ACTIONS
from ryoji.doors import cases as doors_cases
from ryoji.doors.door import Route
from ryoji.doors.problems import problem, status_of
from ryoji.doors.texts import language_of, texts
from ryoji.errors import (
    Conflict,
    FieldError,
    Invalid,
    NotAllowed,
    NotFound,
    Refused,
    Rejected,
    Retryable,
    RyojiError,
    TooLarge,
    TooManyRequests,
    Unavailable,
    Unsupported,
)
from tests.unit.cases import walking
from tests.unit.doors.calling import HOLDER, STRANGER, House, body_for, doors, modules, officer, routes

ROOT = Path(__file__).parents[3]
KEY = {"Idempotency-Key": "0d5a5b4e-0000-4000-8000-000000000001"}
PRIVATE = [
    "山田",
    "花子",
    "ヤマダ",
    "YAMADA",
    "1990-01-02",
    "千代田",
    "TR1234567",
    "hanako.",
    "03-1234-5678",
]

STATUSES: list[tuple[RyojiError, int]] = [
    (Invalid("validation_failed"), 422),
    (Refused("wrong_status", status="draft"), 409),
    (Conflict("conflict"), 409),
    (NotFound("case_not_found"), 404),
    (NotAllowed("not_allowed"), 403),
    (TooLarge("too_large"), 413),
    (Unsupported("unsupported_content"), 415),
    (TooManyRequests("too_many_requests", minutes="15"), 429),
    (Unavailable("storage_unavailable"), 503),
    (Retryable("unavailable"), 503),
    (Rejected("no_such_door"), 400),
]


def subclasses(kind: type[RyojiError]) -> set[type[RyojiError]]:
    return {kind}.union(*(subclasses(each) for each in kind.__subclasses__()))


def test_the_list_has_every_class_of_error() -> None:
    ours = {kind for kind in subclasses(RyojiError) if kind.__module__ == "ryoji.errors"}
    assert {type(error) for error, _ in STATUSES} | {RyojiError} == ours


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(("error", "status"), STATUSES, ids=lambda x: type(x).__name__)
def test_each_class_of_error_has_its_status_and_words(error: RyojiError, status: int, language: str) -> None:
    assert status_of(error) == status
    body = problem(error, language=language, reference="request-1")
    assert body["status"] == status
    assert body["type"] == f"about:problem/{error.code.replace('_', '-')}"
    assert body["reference"] == "request-1"
    for part in ("title", "detail", "mend"):
        assert body[part]
        assert "problem." not in body[part]
        assert "{" not in body[part]
    other = problem(error, language="en" if language == "ja" else "ja", reference="request-1")
    assert body["title"] != other["title"]


def raised() -> list[tuple[str, str, str]]:
    """Every code that is raised anywhere: file, kind (problem or field) and code, read from the sources."""
    return [
        (path.name, "problem.field" if kind == "FieldError" else "problem", code)
        for path, kind, code in problem_codes.raised()
    ]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_code_that_is_raised_has_words(language: str) -> None:
    codes = raised()
    assert len(codes) > 60
    missing = [
        (file, key)
        for file, what, code in codes
        for key in ([f"{what}.{code}"] if what == "problem.field" else [f"{what}.{code}.title"])
        if not texts().has(key, language) and code not in problem_codes.INNER
    ]
    assert missing == []


def test_no_words_are_kept_for_a_problem_that_nothing_raises() -> None:
    by_their_class = {"bad_catalogue", "watch_list_invalid"}
    codes = {code for _, what, code in raised() if what == "problem"} | by_their_class
    for file in sorted((ROOT / "procedures" / "messages").glob("*.yaml")):
        told = yaml.safe_load(file.read_text(encoding="utf-8")).get("problem", {})
        # Those of fields and payments stand a level deeper; what rules of procedures say, in the parts.
        assert {name for name, text in told.items() if "title" in text} <= codes, file


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", sorted(ACTIONS))
def test_every_action_can_be_told(kind: str, language: str) -> None:
    assert texts().has(f"timeline.{kind}", language)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "ja"),
        ("", "ja"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("de, en;q=0.5, ja;q=0.4", "en"),
        ("ja;q=0.1, en; q=0.2", "en"),
        ("EN-us", "en"),
        ("en;q=0", "ja"),
        ("fr", "ja"),
        ("en;q=x", "ja"),
        (",;q=,", "ja"),
        ("*", "ja"),
    ],
)
def test_the_language_is_the_best_that_is_accepted(accepted: str | None, language: str) -> None:
    assert language_of(accepted) == language


@pytest.mark.parametrize(("language", "title"), [("ja", "申請"), ("en", "Application")])
def test_a_problem_speaks_the_callers_language(house: House, language: str, title: str) -> None:
    answer = house.call("GET", "/cases/{case_id}", HOLDER, language=language, case_id="f" * 24)
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert title in answer.json["title"]
    assert answer.json["reference"] == "request-1"


BAD_BODIES = [
    ("{", ["/"]),
    ("[]", ["/"]),
    ('"text"', ["/"]),
    ("null", ["/"]),
    ('{"answers": "text"}', ["/answers"]),
    ('{"answers": {}, "more": 1}', ["/more"]),
    ('{"answers": {}, "sequence": "x"}', ["/sequence"]),
    ('{"answers": {"phone": "\\ud800"}}', ["/"]),
    ('{"answers": {"phone": "\ud800"}}', None),
    ("{}", ["/answers"]),
    ("[" * 5000, ["/"]),
]


@pytest.mark.parametrize(("raw", "pointers"), BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_a_bad_body_is_answered_with_pointers(house: House, raw: str, pointers: list[str] | None) -> None:
    house.keep(walking.draft())
    answer = house.call(
        "PUT",
        "/cases/{case_id}/sections/{section}",
        HOLDER,
        raw=raw,
        case_id=walking.CASE,
        section="contact",
    )
    assert answer.status == 422
    found = [error["pointer"] for error in answer.json["errors"]]
    assert pointers is None or found == pointers
    assert all(error["detail"] for error in answer.json["errors"])


def save(house: House, answers: dict[str, Any], **more: Any) -> Any:
    return house.call(
        "PUT",
        "/cases/{case_id}/sections/{section}",
        HOLDER,
        body={"answers": answers},
        case_id=walking.CASE,
        **{"section": "contact", **more},
    )


def test_wrong_answers_point_at_their_fields(house: House) -> None:
    house.keep(walking.draft())
    wrong = {**walking.SECTIONS["contact"], "email": "nobody", "phone": 3, "pet": "cat"}
    answer = save(house, wrong)
    found = {error["pointer"]: error["code"] for error in answer.json["errors"]}
    assert (answer.status, found) == (
        422,
        {"/email": "email_form", "/phone": "not_text", "/pet": "unknown_field"},
    )


def test_what_is_too_large_is_not_read(house: House) -> None:
    house.keep(walking.draft())
    for size in (70_000, 200_000):
        answer = save(house, {"address": "x" * size})
        assert (answer.status, answer.json["code"]) == (413, "too_large")


def is_our_problem(answer: Any, status: int, code: str) -> None:
    assert (answer.status, answer.json["code"]) == (status, code), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["reference"] == "request-1"
    assert answer.json["mend"]
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("kind", ["text/xml", "multipart/form-data; boundary=x", "application/jsonp", ""])
@pytest.mark.parametrize(("language", "title"), [("en", "not read"), ("ja", "形式")])
def test_another_kind_of_content_is_refused_in_the_callers_language(
    house: House, kind: str, language: str, title: str
) -> None:
    house.keep(walking.draft())
    answer = save(house, walking.SECTIONS["contact"], headers={"content-type": kind}, language=language)
    is_our_problem(answer, 415, "unsupported_content")
    assert title in answer.json["title"]


def test_json_may_name_its_characters(house: House) -> None:
    house.keep(walking.draft())
    kind = {"content-type": "Application/JSON; charset=utf-8"}
    assert save(house, walking.SECTIONS["contact"], headers=kind).status == 200


@pytest.mark.parametrize("raw", ["%%%", "eyJhIjox", "=", "日本"])
def test_a_body_that_is_not_what_its_encoding_says_is_refused(house: House, raw: str) -> None:
    house.keep(walking.draft())
    path = "/cases/{case_id}/sections/{section}"
    encoded = {"isBase64Encoded": True}
    answer = house.call("PUT", path, HOLDER, raw=raw, event=encoded, case_id=walking.CASE, section="contact")
    is_our_problem(answer, 422, "validation_failed" if raw == "eyJhIjox" else "body_form")


@pytest.mark.parametrize(
    "asked",
    [
        {
            "requestContext": {
                "resourcePath": "/cases/{case_id}",
                "httpMethod": "PATCH",
                "requestId": "request-1",
            }
        },
        {"requestContext": {"resourcePath": "/nowhere", "httpMethod": "GET", "requestId": "request-1"}},
        {"requestContext": {"requestId": "request-1"}},
        {"pathParameters": None},
        {"headers": None, "multiValueHeaders": None},
    ],
    ids=["verb", "path", "neither", "no parameters", "no headers"],
)
def test_what_chalice_would_answer_by_itself_is_our_problem(house: House, asked: dict[str, Any]) -> None:
    house.keep(walking.draft())
    answer = house.call("GET", "/cases/{case_id}", STRANGER, event=asked, case_id=walking.CASE)
    is_our_problem(answer, 404, "case_not_found" if "headers" in asked else "not_found")


def test_a_day_whose_holidays_are_not_known_is_said(house: House) -> None:
    house.keep(walking.collection())
    far = {"from": "2099-01-05"}
    answer = house.call("GET", "/cases/{case_id}/slots", HOLDER, query=far, case_id=walking.CASE)
    is_our_problem(answer, 400, "calendar_ends")


KEYED = [route for _, route in routes() if route.once]


def test_what_moves_money_or_decides_wants_a_key() -> None:
    assert {(route.operation, route.verb) for route in KEYED} == {
        ("case.submit", "POST"),
        ("case.pay", "POST"),
        ("case.book", "POST"),
        ("case.book", "DELETE"),
        ("case.withdraw", "POST"),
        ("desk.propose", "POST"),
        ("desk.decide", "POST"),
        ("desk.counter", "POST"),
        ("desk.change_permission", "POST"),
        ("desk.interview", "POST"),
        ("desk.agencies", "POST"),
        ("desk.accredit", "PUT"),
        ("desk.accredit", "POST"),
    }


@pytest.mark.parametrize("route", KEYED, ids=lambda route: f"{route.verb} {route.path}")
def test_without_the_key_nothing_is_done(house: House, route: Route) -> None:
    house.keep(walking.EVERYWHERE["collection"]())
    before = house.log.actions(walking.CASE)
    caller = HOLDER if route.rule.kind == "applicant" else officer("examiner", "approver", "counter")
    known = {"case_id": walking.CASE, "code": "sunrise"}
    path: dict[str, Any] = {name: value for name, value in known.items() if f"{{{name}}}" in route.path}
    answer = house.call(route.verb, route.path, caller, body=body_for(route), key=None, **path)
    is_our_problem(answer, 422, "idempotency_key_missing")
    assert house.log.actions(walking.CASE) == before


@pytest.mark.parametrize("key", ["short", "x" * 256, "日本語の鍵ですよ", "tab\tin the key"])
def test_an_idempotency_key_has_a_form(house: House, key: str) -> None:
    house.keep(walking.draft())
    answer = save(house, walking.SECTIONS["contact"], headers={"Idempotency-Key": key})
    assert (answer.status, answer.json["code"]) == (422, "idempotency_key_form")


@pytest.mark.parametrize("long", ["f" * 3000, "é" * 100])
def test_what_is_longer_than_any_name_names_nothing(house: House, long: str) -> None:
    told = house.call("GET", "/cases/{case_id}", HOLDER, case_id=long)
    assert (told.status, told.json["code"]) == (404, "not_found")
    told = house.call(
        "GET",
        "/desk/appointments/{office}",
        officer("counter"),
        office=walking.OFFICE,
        query={"date": long * 20},
    )
    assert (told.status, told.json["errors"][0]["pointer"]) == (422, "/date")


def test_a_key_does_its_work_once_and_belongs_to_one_request(house: House) -> None:
    house.keep(walking.draft())
    new = {**walking.SECTIONS["contact"], "phone": "03-0000-0000"}
    first, again = (save(house, new, headers=KEY) for _ in range(2))
    assert (first.status, again.status) == (200, 200)
    assert first.json["sequence"] == again.json["sequence"]
    other = save(house, {**new, "phone": "03-1111-1111"}, headers=KEY)
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")
    elsewhere = save(house, walking.SECTIONS["person"], section="person", headers=KEY)
    assert (elsewhere.status, elsewhere.json["code"]) == (422, "idempotency_key_reused")


def test_opening_with_a_key_opens_one_draft(house: House) -> None:
    def begin(headers: dict[str, str], key: str | None = "", **what: str) -> Any:
        body = {"procedure": "passport-renewal", "language": "ja", **what}
        return house.call("POST", "/cases", HOLDER, body=body, headers=headers, key=key)

    first, again = begin(KEY), begin(KEY)
    assert (first.status, first.json["case_id"]) == (201, again.json["case_id"])
    assert begin(KEY, language="en").json["code"] == "idempotency_key_reused"
    # Without a key each request stands for itself.
    assert begin({}, None).json["case_id"] != begin({}, None).json["case_id"]


def test_a_counter_picture_is_not_the_applicants_to_send(house: House) -> None:
    house.keep(walking.draft())
    for document in ("counter_picture", "anything", "current_passport"):
        answer = house.call(
            "POST",
            "/cases/{case_id}/uploads/{upload_id}/acceptance",
            HOLDER,
            body={"document": document},
            case_id=walking.CASE,
            upload_id="0" * 24,
        )
        assert (answer.status, answer.json["code"]) == (404, "document_not_found")


@pytest.mark.parametrize("upload_id", ["../" + "0" * 24, "x", "0" * 25, "%2e%2e"])
def test_an_upload_has_an_id_that_was_given_out(house: House, upload_id: str) -> None:
    house.keep(walking.draft())
    answer = house.call(
        "POST",
        "/cases/{case_id}/uploads/{upload_id}/acceptance",
        HOLDER,
        body={"document": "portrait"},
        case_id=walking.CASE,
        upload_id=upload_id,
    )
    assert (answer.status, answer.json["code"]) == (404, "upload_not_found")


def boom(*_: object, **__: object) -> Any:
    raise ValueError(f"could not save {walking.PERSON} of hanako.yamada@example.jp")


def silent_about_people(text: str) -> None:
    assert [secret for secret in PRIVATE if secret in text] == []
    assert "Traceback" not in text
    assert ".py" not in text


def test_what_nobody_expected_is_a_clear_answer_and_a_quiet_log(
    house: House, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    house.keep(walking.draft())
    monkeypatch.setattr(doors_cases, "record", boom)
    answer = save(house, walking.SECTIONS["contact"])
    assert (answer.status, answer.json["code"]) == (500, "unexpected")
    assert answer.json["reference"] == "request-1"
    silent_about_people(answer.text)
    silent_about_people(answer.logged)
    assert '"error":"ValueError"' in answer.logged
    out, err = capfd.readouterr()
    silent_about_people(out + err)


def throttled(*_: object, **__: object) -> Any:
    said: Any = {"Error": {"Code": "ThrottlingException", "Message": f"{walking.PERSON}"}}
    raise GetError("Failed to get", ClientError(said, "GetItem"))


def cut_off(*_: object, **__: object) -> Any:
    raise ConnectionClosedError(endpoint_url="http://dynamodb.example/hanako.yamada@example.jp")


def forbidden(*_: object, **__: object) -> Any:
    raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "GetItem")


@pytest.mark.parametrize(
    ("trouble", "status", "code"),
    [(throttled, 503, "unavailable"), (cut_off, 503, "unavailable"), (forbidden, 500, "unexpected")],
)
def test_a_platform_that_does_not_answer_is_said_to_be_away(
    house: House, monkeypatch: pytest.MonkeyPatch, trouble: Any, status: int, code: str
) -> None:
    house.keep(walking.draft())
    monkeypatch.setattr(doors_cases, "record", trouble)
    answer = save(house, walking.SECTIONS["contact"])
    assert (answer.status, answer.json["code"]) == (status, code)
    silent_about_people(answer.text)
    silent_about_people(answer.logged)
    monkeypatch.setattr(modules()["enter_stage"], "by_system", trouble)
    with pytest.raises(RyojiError, match=code):
        doors()["enter_stage"]({"do": "enter", "case_id": walking.CASE, "stage": "review"}, None)


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_what_is_sent_is_never_logged(house: House, status: str) -> None:
    house.keep(walking.EVERYWHERE[status]())
    logged = ""
    for section, answers in walking.SECTIONS.items():
        logged += save(house, answers, section=section).logged
        logged += save(house, {**answers, "more": "山田"}, section=section).logged
    ask = {"items": [{"item": "documents/portrait", "reason": "山田花子 1990-01-02"}]}
    path = "/desk/cases/{case_id}/correction-request"
    logged += house.call("POST", path, officer("examiner"), body=ask, case_id=walking.CASE).logged
    logged += house.call("GET", "/cases/{case_id}", HOLDER, case_id=walking.CASE).logged
    assert "validation_failed" in logged
    silent_about_people(logged)


def test_problems_do_not_repeat_what_was_sent(house: House) -> None:
    house.keep(walking.draft())
    wrong = {**walking.SECTIONS["contact"], "phone": "山田花子", "email": "1990-01-02", "address": ["千代田"]}
    answer = save(house, wrong)
    assert answer.status == 422
    silent_about_people(answer.text)


def test_a_step_that_breaks_leaves_no_values_behind(
    house: House, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    house.keep(walking.in_review())
    monkeypatch.setattr(modules()["enter_stage"], "by_system", boom)
    door = doors()["enter_stage"]
    with pytest.raises(RyojiError) as caught:
        door({"do": "enter", "case_id": walking.CASE, "stage": "review"}, None)
    assert (str(caught.value), caught.value.__suppress_context__) == ("unexpected", True)
    out, err = capfd.readouterr()
    silent_about_people(out + err)


def test_what_a_step_cannot_do_is_an_error_that_the_machine_catches(house: House) -> None:
    del house
    for token in ({"token": "t"}, {}):
        with pytest.raises(Rejected, match="procedure_not_found"):
            doors()["enter_stage"]({"do": "enter", "case_id": "f" * 24, "stage": "evidence", **token}, None)


def test_a_machine_that_comes_late_ends_quietly_unless_it_would_wait(house: House) -> None:
    house.keep(walking.in_review())
    late = {"case_id": walking.CASE, "do": "enter", "stage": "evidence"}
    assert doors()["enter_stage"](late, None) == {"outcome": "rejected", "code": "wrong_status"}
    with pytest.raises(Rejected, match="wrong_status"):
        doors()["order_production"]({"do": "order", "case_id": walking.CASE, "token": "t"}, None)
    assert [action.kind for action in house.log.actions(walking.CASE)][-1] == "task_opened"


def test_a_door_without_a_step_says_so() -> None:
    with pytest.raises(Rejected, match="no_such_door"):
        doors()["status"]({"any": "thing"}, None)


def test_field_errors_carry_their_parameters() -> None:
    error = Invalid("upload_refused", fields=(FieldError("/size", "too_large", (("max", "10"),)),))
    (field,) = problem(error, language="en", reference="r")["errors"]
    assert field == {
        "pointer": "/size",
        "code": "too_large",
        "detail": "The file is too large (at most 10 MB).",
    }


def test_answers_are_json_that_can_be_read_again(house: House) -> None:
    house.keep(walking.compared())
    answer = house.call("GET", "/desk/cases/{case_id}", officer(), case_id=walking.CASE)
    assert answer.status == 200
    assert json.loads(json.dumps(answer.json)) == answer.json
    assert "token-" not in answer.text  # a task's token never leaves the log
