"""What a carrier is told, and that it is told nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ryoji.permissions.births import births
from ryoji.permissions.documents import claim_hash, document_hash
from ryoji.permissions.entry import entry_rules
from ryoji.permissions.held import Held, Status
from ryoji.permissions.inquiry import (
    Answer,
    Passenger,
    answer_all,
    documents_to_read,
    identify,
    judge,
)
from tests.unit.permissions.examples import ARRIVAL, KEY, RULES, passenger, permission, zone

ENTRY = Path(__file__).parents[3] / "procedures" / "entry"
HERS = document_hash(KEY, "CHN", "E63974448")
HELD = permission().held(claim_hash(KEY, HERS, "1956-06-20"))
CLOSED: list[Status] = ["revoked", "cancelled", "used", "expired", "replaced"]
SIGNS = st.characters(codec="utf-8")


def answer(who: Passenger, *held: Held, arrival: date = ARRIVAL) -> Answer:
    """The answer when the register has these permissions for her document and none for any other."""
    asked = identify(who, KEY, RULES, arrival)
    (judged,) = answer_all(
        [asked], arrival, {asked.document: () for asked in [asked] if asked} | {HERS: held}
    )
    return judged.answer


def test_who_holds_a_permission_in_force_boards() -> None:
    assert answer(passenger(), HELD) == "OK_TO_BOARD"


@pytest.mark.parametrize("status", CLOSED)
def test_what_is_over_lets_nobody_board(status: Status) -> None:
    assert answer(passenger(), HELD._replace(status=status)) == "NO_BOARD"


@pytest.mark.parametrize(
    ("arrival", "expected"),
    [
        (date(2026, 10, 31), "NO_BOARD"),
        (date(2026, 11, 1), "OK_TO_BOARD"),
        (date(2027, 1, 31), "OK_TO_BOARD"),
        (date(2027, 2, 1), "NO_BOARD"),
    ],
)
def test_the_day_of_arrival_counts(arrival: date, expected: Answer) -> None:
    assert answer(passenger(), HELD, arrival=arrival) == expected


def test_one_of_several_is_enough() -> None:
    assert answer(passenger(), HELD._replace(status="used"), HELD) == "OK_TO_BOARD"
    assert answer(passenger(), HELD, HELD._replace(status="revoked")) == "OK_TO_BOARD"


@pytest.mark.parametrize(
    "other",
    [
        {"birth_date": "1956-06-21"},
        {"issuing_state": "TWN"},
        {"number": "E63974449"},
        {"number": "E6397444"},
    ],
)
def test_another_person_does_not_board_with_it(other: dict[str, str]) -> None:
    assert answer(passenger(**other), HELD) == "NO_BOARD"


@given(st.integers(0, 8), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
def test_no_other_number_opens_the_door(place: int, sign: str) -> None:
    number = "E60O1I5S8"
    held = permission(document={"issuing_state": "CHN", "number": number})
    document = document_hash(KEY, "CHN", number)
    mine = held.held(claim_hash(KEY, document, held.born))
    sent = number[:place] + sign + number[place + 1 :]
    asked = identify(passenger(number=sent), KEY, RULES, ARRIVAL)
    assert asked is not None
    (judged,) = answer_all([asked], ARRIVAL, {asked.document: (), document: (mine,)})
    assert (judged.answer == "OK_TO_BOARD") == (sent == number)


@pytest.mark.parametrize(
    "other",
    [
        {"number": "e63974448"},
        {"number": "E6397 448"},
        {"number": "E639744481"},
        {"number": "E63"},
        {"number": ""},
        {"birth_date": ""},
        {"birth_date": "1956-13-01"},
        {"birth_date": "561301"},
        {"birth_date": "2999-01-01"},
        {"birth_date": "20-06-1956"},
        {"birth_date": "1956-06-20T00:00"},
        {"issuing_state": "C1N"},
        {"issuing_state": ""},
        {"issuing_state": "CN"},
        {"nationality": ""},
        {"nationality": "CN"},
        {"issuing_state": "JP", "nationality": "JP"},
        {"issuing_state": "FR", "nationality": "FR"},
        {"issuing_state": "DE", "nationality": "DE"},
        {"issuing_state": "F", "nationality": "F"},
        {"document_type": "I"},
        {"document_type": ""},
    ],
)
def test_what_is_not_enough(other: dict[str, str]) -> None:
    who = passenger(**other)
    assert answer(who, HELD) == "INSUFFICIENT_DATA"
    # A reading that cannot be is nobody's guess.
    (judged,) = answer_all([identify(who, KEY, RULES, ARRIVAL)], ARRIVAL, {})
    assert judged.known


def test_a_zone_that_agrees() -> None:
    assert answer(passenger(zone=zone()), HELD) == "OK_TO_BOARD"
    assert answer(passenger(zone=zone(), birth_date="560620"), HELD) == "OK_TO_BOARD"


@pytest.mark.parametrize(
    "wrong",
    [
        zone(number="E63974449"),
        zone(birth="560621"),
        (zone()[0],),
        (zone()[0], zone()[1][:-1]),
        (zone()[0], zone()[1].replace("E63974448", "E63974446", 1)),
        (zone()[0].replace("CHN", "TWN"), zone()[1]),
        (zone()[0], zone()[1].lower()),
        # No check digit holds the nationality.
        (zone()[0], zone()[1].replace("CHN", "TWN")),
        (zone()[0], zone()[1].replace("CHN", "FRA")),
        (zone()[0], zone()[1].replace("CHN", "<<<")),
    ],
)
def test_a_zone_that_does_not_agree(wrong: tuple[str, ...]) -> None:
    assert answer(passenger(zone=wrong), HELD) == "INSUFFICIENT_DATA"


def test_who_is_freed_by_nationality_has_it_in_the_zone_too() -> None:
    upper, lower = zone()
    french = {"issuing_state": "FRA", "nationality": "FRA"}
    theirs = (upper.replace("CHN", "FRA"), lower.replace("CHN", "FRA"))
    assert answer(passenger(**french, zone=theirs)) == "OK_TO_BOARD"
    # A Chinese national with a French travel document.
    assert answer(passenger(**french, zone=(theirs[0], lower))) == "INSUFFICIENT_DATA"


def test_the_kind_of_passport_that_was_sent_is_the_zone_s() -> None:
    upper, lower = zone()
    assert answer(passenger(document_type="PD", zone=(upper, lower)), HELD) == "INSUFFICIENT_DATA"
    diplomatic = ("PD" + upper[2:], lower)
    for sent in ("P", "P<", "PD"):
        assert answer(passenger(document_type=sent, zone=diplomatic), HELD) == "OK_TO_BOARD"


@given(st.integers(0, 42), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"))
def test_no_changed_sign_of_a_zone_boards_another(place: int, sign: str) -> None:
    upper, lower = zone()
    other = (upper, lower[:place] + sign + lower[place + 1 :])
    # The sex has no check digit and is not sent; the number, the dates and what they add up to have one.
    if other[1] != lower and place != 20:
        sent = passenger(zone=other)
        assert answer(sent, HELD) in ("INSUFFICIENT_DATA", "OK_TO_BOARD")
        assert answer(sent, HELD._replace(status="revoked")) != "OK_TO_BOARD"


def test_a_store_that_does_not_say_is_not_a_yes() -> None:
    asked = identify(passenger(), KEY, RULES, ARRIVAL)
    assert asked is not None
    assert [each.answer for each in answer_all([asked], ARRIVAL, {})] == ["UNABLE"]
    assert judge(asked, ARRIVAL, None).answer == "UNABLE"


def test_unknown_refused_and_another_person_are_one_answer() -> None:
    asked = identify(passenger(), KEY, RULES, ARRIVAL)
    assert asked is not None
    unknown = judge(asked, ARRIVAL, ())
    revoked = judge(asked, ARRIVAL, (HELD._replace(status="revoked"),))
    another = judge(asked, ARRIVAL, (HELD._replace(claim="x" * 24),))
    assert unknown.answer == revoked.answer == another.answer == "NO_BOARD"
    # What the alarm counts, and nobody outside learns.
    assert (unknown.known, revoked.known, another.known) == (False, True, False)


@pytest.mark.parametrize(
    ("state", "nationality", "arrival", "needed"),
    [
        ("JPN", "JPN", ARRIVAL, False),
        ("JPN", "CHN", ARRIVAL, True),
        ("CHN", "JPN", ARRIVAL, True),
        ("FRA", "FRA", ARRIVAL, False),
        ("FRA", "D", ARRIVAL, True),
        ("DEU", "D<<", ARRIVAL, False),
        ("FRA", "FRA", date(2028, 4, 1), True),
        ("CHN", "CHN", ARRIVAL, True),
    ],
)
def test_who_needs_a_permission(state: str, nationality: str, arrival: date, *, needed: bool) -> None:
    who = passenger(issuing_state=state, nationality=nationality)
    asked = identify(who, KEY, RULES, arrival)
    assert asked is not None
    assert asked.needed is needed
    assert (answer(who, arrival=arrival) == "OK_TO_BOARD") is not needed
    assert documents_to_read([asked, asked, None]) == ([asked.document] if needed else [])


def test_two_digits_of_a_year_are_both_centuries() -> None:
    assert births("200620", ARRIVAL) == ("2020-06-20", "1920-06-20")
    assert births("560620", ARRIVAL) == ("1956-06-20",)
    assert answer(passenger(birth_date="560620"), HELD) == "OK_TO_BOARD"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1956-XX-XX", ("1956-XX-XX",)),
        ("1956-06-<<", ("1956-06-XX",)),
        ("56<<<<", ("1956-XX-XX",)),
        ("2006<<", ("2020-06-XX", "1920-06-XX")),
        ("26<<<<", ("2026-XX-XX", "1926-XX-XX")),
        ("2612<<", ("1926-12-XX",)),
        ("56<<20", ()),
        ("1956-XX-20", ()),
        ("1956-13-XX", ()),
        ("195X-XX-XX", ()),
        ("XXXX-XX-XX", ()),
        ("5X<<<<", ()),
        ("<<<<<<", ()),
        ("2027-XX-XX", ()),
        ("1956-W1-01", ()),
    ],
)
def test_what_a_document_does_not_say_stays_unknown(written: str, meant: tuple[str, ...]) -> None:
    assert births(written, ARRIVAL) == meant


def test_a_zone_with_fillers_for_the_day_agrees() -> None:
    unknown = permission(birth_date="1956-XX-XX")
    held = unknown.held(claim_hash(KEY, HERS, unknown.born))
    for born in ("56<<<<", "1956-XX-XX"):
        assert answer(passenger(zone=zone(birth="56<<<<"), birth_date=born), held) == "OK_TO_BOARD"
    assert answer(passenger(zone=zone(birth="56<<<<")), HELD) == "INSUFFICIENT_DATA"


@given(st.builds(Passenger, *[st.text(SIGNS, max_size=12)] * 5, zone=st.just(())))
def test_nothing_that_is_sent_breaks_it_or_boards(who: Passenger) -> None:
    if (who.issuing_state, who.nationality) not in {("JPN", "JPN"), ("FRA", "FRA"), ("D", "D")}:
        assert answer(who, HELD) in ("NO_BOARD", "INSUFFICIENT_DATA")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["active", *CLOSED]),
            st.integers(-5, 5),
            st.integers(0, 5),
            st.booleans(),
        ),
        max_size=5,
    )
)
def test_boarding_means_one_that_is_active_hers_and_of_that_day(
    some: list[tuple[Status, int, int, bool]],
) -> None:
    held = [
        HELD._replace(
            status=status,
            valid_from=ARRIVAL + timedelta(begin),
            valid_until=ARRIVAL + timedelta(begin + length),
            claim=HELD.claim if hers else "x" * 24,
        )
        for status, begin, length, hers in some
    ]
    boards = any(
        status == "active" and hers and begin <= 0 <= begin + length for status, begin, length, hers in some
    )
    assert answer(passenger(), *held) == ("OK_TO_BOARD" if boards else "NO_BOARD")


def test_the_rules_of_the_house_say_where_they_are_from() -> None:
    for path in ENTRY.glob("*.yaml"):
        rules = entry_rules(yaml.safe_load(path.read_text(encoding="utf-8")))
        assert not rules.needs_permission("JPN", "JPN", ARRIVAL)
        assert rules.needs_permission("CHN", "CHN", ARRIVAL)
        assert rules.needs_permission("IDN", "IDN", ARRIVAL)
        assert rules.needs_permission("ARE", "ARE", ARRIVAL)
        assert not rules.needs_permission("ARE", "ARE", date(2026, 3, 31))


@pytest.mark.parametrize("more", [{}, {"yields_to_programmes": True}])
def test_nationals_of_a_programme_in_force_need_it_whatever_else_frees_them(more: dict[str, bool]) -> None:
    listed = {"from": "2020-01-01", "states": ["XXA"], "mark": "K", "source": "a list", **more}
    programme = {"programme": "x", "states": ["XXA"], "from": "2026-04-01", "until": "2027-03-31"}
    rules = entry_rules({"visa_exempt": listed}, [programme])
    days = (date(2026, 3, 31), date(2026, 4, 1), date(2027, 3, 31), date(2027, 4, 1))
    assert [rules.needs_permission("XXA", "XXA", day) for day in days] == [False, True, True, False]


def test_a_rule_without_a_source_is_no_rule() -> None:
    with pytest.raises(ValueError, match="somebody"):
        entry_rules({"somebody": {"from": "2020-01-01", "states": ["XXA"], "mark": "K"}})
