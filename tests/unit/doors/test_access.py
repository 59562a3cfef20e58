"""Every route of every door: behind the right authorizer, and blind to other people's cases."""

from __future__ import annotations

from typing import Any

import pytest

from ryoji.cases import access
from ryoji.cases.access import OPERATIONS, Caller
from ryoji.cases.case import Case
from ryoji.doors import cases
from ryoji.doors.door import Route
from tests.unit.cases import walking
from tests.unit.doors.calling import (
    HOLDER,
    PARTNER,
    STRANGER,
    Claims,
    House,
    body_for,
    doors,
    officer,
    routes,
)

EVERYTHING = ("examiner", "approver", "counter")
ON_CASE = [(name, route) for name, route in routes() if "{case_id}" in route.path]
CLAIMS = {"applicant": HOLDER, "officer": officer(*EVERYTHING)}
FOREIGN = {"applicant": STRANGER, "officer": officer(*EVERYTHING, desk="osaka")}
# Whose routes stand where: read from the address alone.
AUDIENCES = {
    "/cases": "applicant",
    "/agencies": "applicant",
    "/desk": "officer",
    "/partner": "partner",
    "/carriers": "partner",
}
# What stands in the addresses of routes without a case.
PLACES = {
    "desk": walking.DESK,
    "office": walking.OFFICE,
    "order_id": f"{walking.CASE}.1",
    "code": "sunrise",
    "inquiry": "0" * 24,
    "change": "0" * 24,
}
SCOPES = {"applicant": ["ryoji/apply"], "officer": ["aws.cognito.signin.user.admin"]}


def named(declared: tuple[str, Route]) -> str:
    return f"{declared[1].verb} {declared[1].path}"


def params(route: Route, case_id: str) -> dict[str, Any]:
    known = {
        "case_id": case_id,
        "section": "contact",
        "document": "portrait",
        "upload_id": "0" * 24,
        **PLACES,
    }
    return {name: value for name, value in known.items() if f"{{{name}}}" in route.path}


def call(house: House, route: Route, case_id: str, claims: Claims | None) -> tuple[int, str]:
    answer = house.call(route.verb, route.path, claims, body=body_for(route), **params(route, case_id))
    return answer.status, answer.text


@pytest.mark.parametrize("declared", routes(), ids=named)
def test_every_route_stands_behind_its_authorizer(declared: tuple[str, Route]) -> None:
    name, route = declared
    assert OPERATIONS[route.operation] is route.rule
    audience = next((who for start, who in AUDIENCES.items() if route.path.startswith(start)), "public")
    assert route.rule.kind == audience
    authorizer = doors()[name].app.routes[route.path][route.verb].authorizer
    if audience == "public":
        assert authorizer is None
        return
    assert authorizer is not None
    assert authorizer.name == f"{audience}s"
    assert authorizer.scopes == SCOPES.get(audience, [route.rule.scope])


def test_every_operation_is_behind_a_door_and_no_address_is_declared_twice() -> None:
    assert {route.operation for _, route in routes()} == set(OPERATIONS)
    addresses = [(route.verb, route.path) for _, route in routes()]
    assert len(addresses) == len(set(addresses))


@pytest.mark.parametrize("declared", routes(), ids=named)
def test_a_route_names_a_case_if_and_only_if_its_rule_does(declared: tuple[str, Route]) -> None:
    _, route = declared
    assert ("{case_id}" in route.path) == route.rule.on_case


@pytest.mark.parametrize("status", ["draft", "correction", "collection", "lapsed"])
@pytest.mark.parametrize("declared", ON_CASE, ids=named)
def test_a_foreign_case_answers_like_none(house: House, declared: tuple[str, Route], status: str) -> None:
    _, route = declared
    house.keep(walking.EVERYWHERE[status]())
    before = house.log.actions(walking.CASE)
    foreign = call(house, route, walking.CASE, FOREIGN[route.rule.kind])
    absent = call(house, route, "f" * 24, FOREIGN[route.rule.kind])
    assert foreign == absent
    assert foreign[0] == 404
    assert '"case_not_found"' in foreign[1]
    assert house.log.actions(walking.CASE) == before


@pytest.mark.parametrize("declared", ON_CASE, ids=named)
def test_one_who_is_not_known_sees_no_case_either(house: House, declared: tuple[str, Route]) -> None:
    _, route = declared
    house.keep(walking.collection())
    assert call(house, route, walking.CASE, None) == call(house, route, "f" * 24, None)
    assert call(house, route, walking.CASE, None)[0] == 404


@pytest.mark.parametrize("declared", ON_CASE, ids=named)
def test_every_route_of_a_case_asks_whether_it_may(
    house: House, declared: tuple[str, Route], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The other tests would pass if every case were invisible: here the case is the caller's own.
    _, route = declared
    house.keep(walking.lapsed())
    asked: list[str] = []
    real = access.require_on

    def listen(caller: Caller, operation: str, case: Case) -> None:
        asked.append(operation)
        real(caller, operation, case)

    monkeypatch.setattr(cases, "require_on", listen)
    status, text = call(house, route, walking.CASE, CLAIMS[route.rule.kind])
    assert asked
    assert set(asked) == {route.operation}
    assert "case_not_found" not in text
    assert status < 500


ROLE_ROUTES = [(name, route) for name, route in routes() if route.rule.role]


@pytest.mark.parametrize("declared", ROLE_ROUTES, ids=named)
def test_an_officer_needs_the_role(house: House, declared: tuple[str, Route]) -> None:
    _, route = declared
    house.keep(walking.collection())
    others = [role for role in EVERYTHING if role != route.rule.role]
    path = params(route, walking.CASE)
    answer = house.call(route.verb, route.path, officer(*others), body=body_for(route), **path)
    assert (answer.status, answer.json["code"]) == (403, "not_allowed")


WITHOUT = [(n, r) for n, r in routes() if not r.rule.on_case and r.rule.kind != "public"]


@pytest.mark.parametrize("declared", WITHOUT, ids=named)
def test_one_who_is_not_known_gets_nothing_from_routes_without_a_case(
    house: House, declared: tuple[str, Route]
) -> None:
    _, route = declared
    path = params(route, walking.CASE)
    answer = house.call(route.verb, route.path, None, body=body_for(route), **path)
    assert (answer.status, answer.json["code"]) == (403, "not_allowed")


def test_a_foreign_queue_does_not_exist(house: House) -> None:
    house.keep(walking.in_review())
    foreign = house.call("GET", "/desk/queues/{desk}", FOREIGN["officer"], desk=walking.DESK)
    absent = house.call("GET", "/desk/queues/{desk}", FOREIGN["officer"], desk="nowhere")
    assert (foreign.status, foreign.text) == (404, absent.text)
    own = house.call("GET", "/desk/queues/{desk}", officer(), desk=walking.DESK)
    assert [row["case_id"] for row in own.json["rows"]] == [walking.CASE]


@pytest.mark.parametrize("status", ["in_review", "completed", "withdrawn", "lapsed"])
def test_an_officer_finds_a_case_of_their_desks_by_its_number(house: House, status: str) -> None:
    walk = walking.in_review() if status == "in_review" else walking.EVERYWHERE[status]()
    house.keep(walk)
    typed = {"reference": f" {str(walk.case.reference).lower()} "}
    found = house.call("GET", "/desk/cases", officer(), query=typed)
    assert (found.json["case_id"], found.json["status"]) == (walking.CASE, status)


def test_a_foreign_number_is_told_like_one_that_nobody_has(house: House) -> None:
    house.keep(walking.in_review())
    held, free = (str(walking.in_review(each).case.reference) for each in (walking.CASE, "f" * 24))
    foreign = house.call("GET", "/desk/cases", FOREIGN["officer"], query={"reference": held})
    absent = house.call("GET", "/desk/cases", FOREIGN["officer"], query={"reference": free})
    nonsense = house.call("GET", "/desk/cases", officer(), query={"reference": "RJ-0000-0000"})
    assert (foreign.status, foreign.json["code"]) == (404, "case_not_found")
    assert (foreign.status, foreign.text) == (absent.status, absent.text) == (nonsense.status, nonsense.text)


@pytest.mark.parametrize("status", ["withdrawn", "lapsed"])
def test_what_ended_without_an_answer_has_a_queue_too(house: House, status: str) -> None:
    house.keep(walking.EVERYWHERE[status]())
    queue = house.call("GET", "/desk/queues/{desk}", officer(), query={"status": status}, desk=walking.DESK)
    assert [row["status"] for row in queue.json["rows"]] == [status]


def test_an_officer_sees_the_offices_of_their_desks(house: House) -> None:
    answer = house.call("GET", "/desk/offices", officer())
    assert [office["code"] for office in answer.json["offices"]] == [walking.OFFICE]
    assert answer.json["offices"][0]["name"] == "Tokyo passport office"
    nobodys = house.call("GET", "/desk/offices", officer(desk="nowhere"))
    assert (nobodys.status, nobodys.json) == (200, {"offices": []})


def test_the_list_holds_ones_own_cases(house: House) -> None:
    house.keep(walking.draft())
    house.keep(walking.draft("e" * 24, "applicant-2"))
    listed = house.call("GET", "/cases", STRANGER).json["cases"]
    assert [row["case_id"] for row in listed] == ["e" * 24]


def test_no_case_is_missing_from_a_long_list(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ryoji.adapters.case_table.HELD", 2)
    monkeypatch.setattr("tests.unit.cases.memory_log.HELD", 2)
    staff = {**HOLDER, "cognito:groups": "[organisation:sunrise]"}
    for name, holder in zip("abcde", [walking.HOLDER, "org:sunrise"] * 3, strict=False):
        house.keep(walking.opened(name * 24, holder))
    seen: list[str] = []
    page = house.call("GET", "/cases", staff).json
    while page["next"]:
        seen += [row["case_id"] for row in page["cases"]]
        page = house.call("GET", "/cases", staff, query={"cursor": page["next"]}).json
    seen += [row["case_id"] for row in page["cases"]]
    assert seen == [name * 24 for name in "edcba"]
    wrong = house.call("GET", "/cases", staff, query={"cursor": "x"})
    assert (wrong.status, wrong.json["errors"][0]["pointer"]) == (422, "/cursor")


def test_a_partner_needs_the_scope_and_its_own_order(house: House) -> None:
    house.keep(walking.production())
    path = "/partner/production/{order_id}/result"
    other = {**PARTNER, "scope": "other/scope"}
    book = dict(walking.BOOK)
    refused = house.call("POST", path, other, body=book, order_id=f"{walking.CASE}.1")
    assert (refused.status, refused.json["code"]) == (403, "not_allowed")
    house.keep(walking.in_review("d" * 24))
    house.keep(walking.draft("e" * 24))
    # A case without an order, another order of a case with one, and no case at all are told alike.
    strange = (
        f"{walking.CASE}.2",
        f"{'d' * 24}.1",
        f"{'e' * 24}.1",
        f"{'f' * 24}.1",
        walking.CASE,
        ".1",
        "x",
    )
    answers = [house.call("POST", path, PARTNER, body=book, order_id=order) for order in strange]
    assert {(answer.status, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert answers[0].json["code"] == "unknown_order"
    done = house.call("POST", path, PARTNER, body=book, order_id=f"{walking.CASE}.1")
    assert (done.status, done.json) == (200, {"registered": True})


@pytest.mark.parametrize(
    ("book", "pointer"),
    [
        ({"expires_on": "2036-99-99"}, "/expires_on"),
        ({"produced_on": "2026-02-30"}, "/produced_on"),
        ({"produced_on": walking.BOOK["expires_on"]}, "/expires_on"),
    ],
)
def test_a_books_dates_are_days_and_in_their_order(house: House, book: dict[str, str], pointer: str) -> None:
    walk = house.keep(walking.production())
    path, order = "/partner/production/{order_id}/result", f"{walking.CASE}.1"
    wrong = house.call("POST", path, PARTNER, body={**walking.BOOK, **book}, order_id=order)
    assert (wrong.status, [each["pointer"] for each in wrong.json["errors"]]) == (422, [pointer])
    assert house.log.actions(walking.CASE) == walk.actions


def test_the_log_names_officers_and_not_applicants(house: House) -> None:
    house.keep(walking.draft())
    path = "/cases/{case_id}/withdrawal"
    assert house.call("POST", path, HOLDER, body={}, case_id=walking.CASE).status == 200
    by = house.log.actions(walking.CASE)[-1].by
    assert (by.kind, by.id, by.name) == ("applicant", walking.HOLDER, None)
    house.keep(walking.in_review("d" * 24))
    claim = "/desk/cases/{case_id}/claim"
    assert house.call("POST", claim, officer("examiner"), body={}, case_id="d" * 24).status == 200
    assert house.log.actions("d" * 24)[-1].by.name == "sato"
