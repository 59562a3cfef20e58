"""A new programme of travel authorizations is one file; what each programme allows."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from ryoji.cases.case import Case
from ryoji.cases.permit import permission_for
from ryoji.catalogue.conditions import Facts
from ryoji.catalogue.entry import programmes_of
from ryoji.catalogue.fees import FeeFacts
from ryoji.catalogue.loading import Catalogue, load
from ryoji.catalogue.needs import documents_needed, rules_broken
from ryoji.catalogue.public import describe
from ryoji.catalogue.sources import CatalogueError
from ryoji.errors import Rejected
from ryoji.permissions.entry import entry_rules
from tests.unit.catalogue.test_sections import GOOD

PROCEDURES = Path(__file__).parents[3] / "procedures"
TODAY = date(2026, 11, 24)
Answers = dict[str, dict[str, object]]
LANGUAGES = ("ja", "en", "zh-Hans", "id", "ar")
PROGRAMMES = ("emirates", "indonesia")


@pytest.fixture(scope="module")
def house() -> Catalogue:
    return load(PROCEDURES)


def answers(state: str, **change: dict[str, str]) -> Answers:
    known = {
        name: dict(GOOD[name]) for name in ("traveller", "travel_document", "trip", "past_travel", "mission")
    }
    known["traveller"] |= {"nationality": state, "country_of_residence": state}
    known["travel_document"] |= {"issuing_state": state}
    for section, values in change.items():
        known[section] |= values
    return known


def broken(
    house: Catalogue, procedure: str, given: dict[str, dict[str, object]], office: str | None = None
) -> set[str]:
    facts = Facts(answers=given, on=TODAY, office=house.offices[office] if office else None)
    return {error.code for error in rules_broken(house.definition_on(procedure, TODAY), facts)}


PHILIPPINES = "authorization-philippines"
FEE = "authorization_philippines"
# What a fee adds to the one file: the item, its rate, the stage, the messages (and its name, among the words).
RATE = (
    "{items: [authorization_philippines], part: state, office: headquarters, channels: [online],"
    " payments: [card], amount: 1200, from: 2026-04-01, source: the test's own, mark: design}"
)
CHARGED = (
    ("fees: [{table: authorization-philippines, item: authorization_philippines}]\n", "stages:"),
    (f"rates:\n  - {RATE}\n", "stages:"),
    ("  - id: payment\n    due: {days: 14, then: lapse, source: x, mark: design}\n", "  - id: issuance"),
    ("  payment_due: [email, portal]\n  paid: [email, portal]\n", "  issued: ["),
)


def written(
    tmp_path: Path, languages: tuple[str, ...] = LANGUAGES, state: str = "PHL", *, fee: bool = False
) -> Path:
    """A catalogue with a programme more: one file, made from another's, with its own words, and a fee of its own."""
    folder = tmp_path / "procedures"
    shutil.copytree(PROCEDURES, folder)
    text = (folder / "authorization" / "indonesia.yaml").read_text(encoding="utf-8")
    made = text.replace("authorization-indonesia", PHILIPPINES).replace("IDN", state)
    made = made.replace("programme: indonesia", "programme: philippines").replace(
        "stay_days: 15", "stay_days: 14"
    )
    for more, before in CHARGED if fee else ():
        assert made.count(f"\n{before}") == 1
        made = made.replace(f"\n{before}", f"\n{more}{before}")
    named = f", fee: {{{FEE}: {{state: Fee}}}}" if fee else ""
    own = f"{{title: Philippines, summary: Philippines, need: {{passport: p, portrait: q, trip: r}}{named}}}"
    made += "\nwords:\n" + "".join(f"  {language}: {own}\n" for language in languages)
    (folder / "authorization" / "philippines.yaml").write_text(made, encoding="utf-8")
    return folder


def test_each_authorization_is_for_the_nationals_that_need_it(house: Catalogue) -> None:
    for programme in house.in_force(TODAY):
        permit = programme.permit
        if permit is not None and permit.kind == "authorization":
            assert permit.nationals
            for state in permit.nationals:
                assert broken(house, programme.id, answers(state)) == set()
            assert broken(house, programme.id, answers("XXX")) == {"not_eligible"}


def test_nobody_is_asked_to_headquarters(house: Catalogue) -> None:
    """They are in Tokyo, where who asks for a visa or an authorization may not travel yet."""
    for procedure in house.in_force(TODAY):
        review = procedure.stage("review")
        if review is not None and "headquarters" in procedure.offices:
            assert review.interview is None, procedure.id


@pytest.mark.parametrize(
    ("resident", "mission", "alone", "through_agency"),
    [
        ("GBR", "mission-united-kingdom", True, False),
        ("MNG", "mission-mongolia", True, False),
        ("IND", "mission-india", False, True),
        ("VNM", "mission-vietnam", False, True),
        ("FRA", "mission-united-kingdom", False, False),
    ],
)
def test_residents_of_the_listed_countries_apply_alone_or_through_an_agency(
    house: Catalogue, resident: str, mission: str, alone: bool, through_agency: bool
) -> None:
    given = answers("PHL", traveller={"country_of_residence": resident})
    for procedure, may in (("visa-tourism", alone), ("visa-tourism-through-agency", through_agency)):
        found = broken(house, procedure, given, mission)
        assert ("not_eligible" not in found) == may, procedure
        assert ("mission_elsewhere" in found) == (resident == "FRA"), procedure
    definition = house.definition_on("visa-tourism-through-agency", TODAY)
    assert definition.filing is not None
    assert definition.filing.agency_only
    assert [actor.who for actor in definition.audience.actors] == ["agency"]


# Nationals of Malaysia are freed by the list of visa exemptions, those of the Philippines by nothing.
@pytest.mark.parametrize(("state", "free_before"), [("PHL", False), ("MYS", True)])
def test_a_programme_is_one_file(tmp_path: Path, state: str, free_before: bool) -> None:
    house = load(written(tmp_path, state=state))
    assert broken(house, "authorization-philippines", answers(state)) == set()
    assert broken(house, "authorization-philippines", answers("IDN")) == {"not_eligible"}
    permit = house.definition_on("authorization-philippines", TODAY).permit
    assert permit is not None
    assert (permit.programme, permit.stay_days) == ("philippines", 14)
    assert house.messages.text("procedure.authorization-philippines.need.trip", "ar") == "r"
    listed = yaml.safe_load((PROCEDURES / "entry" / "japan.yaml").read_text(encoding="utf-8"))
    rules = entry_rules(listed, programmes_of(house.raw["procedures"]))
    assert rules.needs_permission(state, state, TODAY)
    assert rules.needs_permission(state, state, date(2026, 3, 31)) != free_before
    assert "words" not in next(
        each for each in house.raw["procedures"] if each["id"] == "authorization-philippines"
    )


@pytest.mark.parametrize(
    ("languages", "fault"),
    [
        (("ja", "en", "zh-Hans", "id"), "no text procedure.authorization-philippines.title in ar"),
        (("ja", "zh-Hans", "id", "ar"), "procedure.authorization-philippines.title: has no text in en"),
        ((*LANGUAGES, "tlh"), "words.tlh: there are no messages in tlh"),
    ],
)
def test_words_of_a_file_are_held_to_every_language(
    tmp_path: Path, languages: tuple[str, ...], fault: str
) -> None:
    with pytest.raises(CatalogueError) as told:
        load(written(tmp_path, languages))
    assert any(
        each.startswith("procedures/authorization/philippines.yaml:") and fault in each
        for each in told.value.faults
    )


def test_a_programme_with_a_fee_is_one_file(tmp_path: Path) -> None:
    house = load(written(tmp_path, fee=True))
    programme = house.definition_on(PHILIPPINES, TODAY)
    facts = FeeFacts(date=TODAY, office=house.offices["headquarters-authorizations"], answers=answers("PHL"))
    fee = house.fees.fee_for(programme, facts)
    assert (fee.amount, fee.currency, fee.source) == (1200, "jpy", "the test's own")
    with pytest.raises(Rejected, match="fee_not_known"):
        house.fees.fee_for(programme, replace(facts, date=date(2026, 3, 31)))
    told = describe(programme, "ar", house.messages, TODAY, fees=house.fees)
    assert [(line["label"], line["amount"]) for line in told["fees"]] == [("Fee", 1200)]


def in_file(folder: Path, old: str, new: str) -> None:
    """Change the one file."""
    path = folder / "authorization" / "philippines.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "at", "fault"),
    [
        ("amount: 1200", "amount: -1", "amount: -1", "rates.0.amount: Input should be greater than or equal to 0"),
        ("source: the test's own, mark", "mark", "amount: 1200", "rates.0.source: Field required"),
        ("from: 2026-04-01, source: the test's", "from: 2026-05-01, source: the test's", "fees:",
         "fees.0.item: no fee for authorization_philippines, headquarters, online, from 2026-04-01"),
        (f"  - {RATE}", f"  - {RATE}\n  - {RATE}", "# yaml-language-server",
         "two rates for authorization_philippines overlap"),
        (f"  - {RATE}", "  []", "rates:", "rates: List should have at least 1 item"),
        ("fees: [{table: authorization-philippines, item: authorization_philippines}]\n", "", RATE,
         "rates.0: no fee asks for authorization_philippines of the table authorization-philippines"),
        ("{table: authorization-philippines,", "{table: philippines,", "fees:",
         "fees.0.table: there is no fee table philippines"),
        ("  payment_due: [email, portal]\n", "", "messages:",
         "messages: there are fees, and nobody is told to pay (payment_due)"),
        ("  - id: payment\n    due: {days: 14, then: lapse, source: x, mark: design}\n", "", "fees:",
         "fees: there are fees, and no payment stage"),
        (", fee: {authorization_philippines: {state: Fee}}}\n  id:", "}\n  id:", "fees:",
         "fees.0: no text fee.authorization_philippines.state in zh-Hans"),
    ],
)  # fmt: skip
def test_a_fee_of_its_own_is_held_to_what_every_fee_is(
    tmp_path: Path, old: str, new: str, at: str, fault: str
) -> None:
    folder = written(tmp_path, fee=True)
    in_file(folder, old, new)
    lines = (folder / "authorization" / "philippines.yaml").read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, 1) if at in text)
    with pytest.raises(CatalogueError) as told:
        load(folder)
    found = [each for each in told.value.faults if fault in each]
    assert [each.split(": ")[0] for each in found] == [f"procedures/authorization/philippines.yaml:{line}"]


def test_the_next_version_has_the_rates_that_stand_in_the_first(tmp_path: Path) -> None:
    folder = written(tmp_path, fee=True)
    first = folder / "authorization" / "philippines.yaml"
    text = first.read_text(encoding="utf-8")
    later = text[: text.index("\nwords:")].replace("2026-04-01", "2027-04-01")
    ended = text.replace("from: 2026-04-01\n", "from: 2026-04-01\nuntil: 2027-03-31\n", 1)
    second = folder / "authorization" / "philippines-2027.yaml"
    first.write_text(ended, encoding="utf-8")
    second.write_text(later, encoding="utf-8")
    with pytest.raises(CatalogueError) as told:
        load(folder)
    (fault,) = told.value.faults
    assert "rates: the fee table authorization-philippines stands in procedures/authorization/" in fault
    rate = RATE.replace("2026-04-01", "2027-04-01")
    second.write_text(later.replace(f"rates:\n  - {rate}\n", ""), encoding="utf-8")
    house = load(folder)
    for day in (date(2027, 3, 31), date(2027, 4, 1)):
        facts = FeeFacts(date=day, office=house.offices["headquarters-authorizations"])
        assert house.fees.fee_for(house.definition_on(PHILIPPINES, day), facts).amount == 1200


def test_words_stand_in_one_place(tmp_path: Path) -> None:
    folder = written(tmp_path)
    double = "procedure: {authorization-philippines: {title: Philippines}}\n"
    (folder / "messages" / "parts" / "philippines.en.yaml").write_text(double, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"philippines.yaml:\d+: words.en.title: has a text already"):
        load(folder)


@pytest.mark.parametrize(
    ("procedure", "state", "office"),
    [
        ("authorization-indonesia", "IDN", None),
        ("authorization-emirates", "ARE", None),
        ("visa-tourism-china", "CHN", "mission-china"),
        ("visa-tourism", "GBR", "mission-united-kingdom"),
        ("visa-tourism-multiple", "CAN", "mission-canada"),
    ],
)
def test_whom_a_procedure_is_for(house: Catalogue, procedure: str, state: str, office: str | None) -> None:
    assert broken(house, procedure, answers(state), office) == set()
    assert "not_eligible" in broken(house, procedure, answers("FRA"), office)


def test_nobody_applies_for_leave_to_enter_the_own_country(house: Catalogue) -> None:
    foreign = [each for each in house.in_force(TODAY) if each.audience.who == "foreign_national"]
    assert len(foreign) == 9
    for each in foreign:
        # Of who may live anywhere it is said why; a programme of one nationality is not theirs anyway.
        named = any(rule.id == "japanese_national" for rule in each.rules)
        given = answers("JPN", traveller={"country_of_residence": "GBR"})
        assert ("japanese_national" if named else "not_eligible") in broken(house, each.id, given), each.id
        assert "japanese_national" not in broken(house, each.id, answers("GBR"))
        assert named or each.id in {"visa-tourism-china", *(f"authorization-{p}" for p in PROGRAMMES)}


def test_who_does_not_work_needs_no_certificate_of_it(house: Catalogue) -> None:
    procedure = house.definition_on("visa-tourism-multiple", TODAY)
    asked = {each.id: each for each in documents_needed(procedure, Facts(answers=answers("CAN"), on=TODAY))}
    assert not asked["employment_proof"].required
    assert asked["residence_proof"].required


def test_a_tourist_is_asked_for_an_ordinary_passport_first(house: Catalogue) -> None:
    (question,) = house.definition_on("visa-tourism", TODAY).questions
    assert (question.id, question.go_on, question.mark) == ("ordinary_passport", "yes", "found")


def test_missions_in_china_only(house: Catalogue) -> None:
    assert broken(house, "visa-tourism-china", answers("CHN"), "mission-singapore") == {"mission_elsewhere"}
    abroad = answers("CHN", traveller={"country_of_residence": "SGP"})
    assert broken(house, "visa-tourism-china", abroad, "mission-singapore") == {"not_eligible"}


VISAS = ("tourism", "tourism-multiple", "business", "family", "transit")


@pytest.mark.parametrize("visa", VISAS)
def test_a_visa_is_applied_for_at_a_mission_that_serves_the_residence(house: Catalogue, visa: str) -> None:
    def elsewhere(resident: str, office: str | None) -> bool:
        given = answers("PHL", traveller={"country_of_residence": resident})
        return "mission_elsewhere" in broken(house, f"visa-{visa}", given, office)

    assert not elsewhere("CAN", "mission-canada")
    assert elsewhere("CAN", "mission-china")
    assert elsewhere("CAN", "mission-indonesia")
    assert elsewhere("CAN", None)


def test_whom_no_mission_is_named_for_applies_at_every_one(house: Catalogue) -> None:
    given = answers("PHL", traveller={"country_of_residence": "TWN"})
    missions = [office.code for office in house.offices.values() if office.kind == "mission"]
    assert len(missions) > 10
    assert all(broken(house, "visa-tourism", given, mission) == set() for mission in missions)


def test_what_a_journey_must_be(house: Catalogue) -> None:
    procedure = "authorization-indonesia"
    too_long = answers("IDN", trip={"departure_date": "2027-01-25"})
    assert broken(house, procedure, too_long) == {"stay_too_long"}
    past = answers("IDN", trip={"arrival_date": "2026-11-20", "departure_date": "2026-11-25"})
    assert broken(house, procedure, past) == {"arrival_in_past"}
    old = answers("IDN", travel_document={"expiry_date": "2027-01-15"})
    assert broken(house, procedure, old) == {"passport_expires_before_departure"}
    paper = answers("IDN", travel_document={"electronic": "no"})
    assert broken(house, procedure, paper) == {"not_electronic_passport"}


LASTING = {"expiry_date": "2045-01-01"}


def arriving(house: Catalogue, procedure: str, day: date, state: str = "XXX") -> set[str]:
    """What is wrong with a journey that begins on a day, with a passport that lasts."""
    trip = {"arrival_date": str(day), "departure_date": str(day + timedelta(days=3))}
    return broken(house, procedure, answers(state, trip=trip, travel_document=LASTING))


def test_nobody_arrives_after_what_is_granted_has_ended(house: Catalogue) -> None:
    permitted = [(each.id, each.permit) for each in house.in_force(TODAY) if each.permit]
    assert len(permitted) == 9
    case = Case("x", reference="RJ-A", sections=answers("XXX", travel_document=LASTING))
    for procedure, permit in permitted:
        last = date.fromisoformat(permission_for(case, permit, TODAY)["valid_until"])
        in_time = arriving(house, procedure, last)
        assert "arrival_after_validity" not in in_time
        assert arriving(house, procedure, last + timedelta(days=1)) == in_time | {"arrival_after_validity"}


@pytest.mark.parametrize(("programme", "state"), [("emirates", "ARE"), ("indonesia", "IDN")])
def test_three_years_of_an_authorization_end_on_the_eve(house: Catalogue, programme: str, state: str) -> None:
    procedure = f"authorization-{programme}"
    assert arriving(house, procedure, date(2029, 11, 23), state) == set()
    assert arriving(house, procedure, date(2029, 11, 24), state) == {"arrival_after_validity"}


def test_the_longest_stay_is_said_once(tmp_path: Path) -> None:
    house = load(written(tmp_path))
    whole = answers("PHL", trip={"arrival_date": "2027-01-10", "departure_date": "2027-01-23"})
    assert broken(house, PHILIPPINES, whole) == set()
    whole["trip"]["departure_date"] = "2027-01-24"
    assert broken(house, PHILIPPINES, whole) == {"stay_too_long"}


def test_a_programme_of_two_states_takes_no_passport_of_the_other(tmp_path: Path) -> None:
    folder = written(tmp_path)
    in_file(folder, "nationals: [PHL]", "nationals: [PHL, KHM]")
    house = load(folder)
    assert broken(house, PHILIPPINES, answers("KHM")) == set()
    mixed = answers("KHM", travel_document={"issuing_state": "PHL"})
    assert broken(house, PHILIPPINES, mixed) == {"not_eligible"}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("{var: permit.stay_days}", "5",
         "rules: no rule asks for a stay of no more days than are granted (permit.stay_days)"),
        ("{var: permit.ends_in}", "1000",
         "rules: no rule asks for an arrival while what is granted is in force (permit.ends_in)"),
        ("{in: [{var: answers.traveller.nationality}, {var: permit.nationals}]}",
         '{"===": [{var: answers.traveller.nationality}, PHL]}',
         "rules: no rule asks for its nationals (permit.nationals)"),
        ("{in: [{var: answers.traveller.nationality}, {var: permit.nationals}]}",
         "{in: [{var: answers.traveller.nationality}, [KHM]]}, {in: [KHM, {var: permit.nationals}]}",
         "rules.0.must: KHM is not among the nationals of the permit"),
        ("  - id: past_travel", "  - id: past_travel\n    when: {in: [PHL, {var: permit.nationals}]}",
         "sections.3.when: permit.nationals is known to the rules of what has a permit only"),
    ],
)  # fmt: skip
def test_rules_that_ask_for_other_than_is_granted_are_a_fault(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    folder = written(tmp_path)
    in_file(folder, old, new)
    with pytest.raises(CatalogueError) as told:
        load(folder)
    (only,) = told.value.faults
    assert only.startswith("procedures/authorization/philippines.yaml:")
    assert fault in only


def test_what_every_permit_says_can_be_made(house: Catalogue) -> None:
    permitted = [each for each in house.in_force(TODAY) if each.permit]
    assert len(permitted) == 9
    for each in permitted:
        case = Case(
            "x", reference="RJ-AAAA-AAAA", sections={"travel_document": dict(GOOD["travel_document"])}
        )
        assert each.permit is not None
        made = permission_for(case, each.permit, TODAY)
        assert made["valid_from"] <= made["valid_until"] <= str(GOOD["travel_document"]["expiry_date"])
        assert each.refusal.reasons == "general"


def test_a_visa_costs_what_its_kind_and_nationality_say(house: Catalogue) -> None:
    def fee(procedure: str, state: str) -> int:
        facts = FeeFacts(date=TODAY, office=house.offices["mission-united-kingdom"], answers=answers(state))
        return house.fees.fee_for(house.definition_on(procedure, TODAY), facts).amount

    assert [fee("visa-tourism", state) for state in ("GBR", "IND")] == [3000, 832]
    assert [fee("visa-tourism-multiple", state) for state in ("GBR", "IND")] == [6000, 832]
    assert [fee("visa-transit", state) for state in ("GBR", "IND")] == [700, 76]
    facts = FeeFacts(date=TODAY, office=house.offices["headquarters-authorizations"], answers=answers("IDN"))
    assert house.fees.fee_for(house.definition_on("authorization-indonesia", TODAY), facts).amount == 0
