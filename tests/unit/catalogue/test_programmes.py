"""A new programme of travel authorizations is one file; what each programme allows."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from ryoji.cases.permit import permission_for
from ryoji.catalogue.conditions import Facts
from ryoji.catalogue.entry import programmes_of
from ryoji.catalogue.loading import Catalogue, load
from ryoji.catalogue.needs import rules_broken
from ryoji.catalogue.sources import CatalogueError
from ryoji.permissions.entry import entry_rules
from tests.unit.catalogue.test_sections import GOOD

PROCEDURES = Path(__file__).parents[3] / "procedures"
TODAY = date(2026, 11, 24)
Answers = dict[str, dict[str, object]]
LANGUAGES = ("ja", "en", "zh-Hans", "id", "ar")


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


def written(tmp_path: Path, languages: tuple[str, ...] = LANGUAGES, state: str = "PHL") -> Path:
    """A catalogue with a programme more: one file, made from another's, with its own words."""
    folder = tmp_path / "procedures"
    shutil.copytree(PROCEDURES, folder)
    text = (folder / "authorization" / "indonesia.yaml").read_text(encoding="utf-8")
    made = text.replace("authorization-indonesia", "authorization-philippines").replace("IDN", state)
    made = made.replace("programme: indonesia", "programme: philippines").replace(
        "stay_days: 15", "stay_days: 14"
    )
    own = "{title: Philippines, summary: Philippines, need: {passport: p, portrait: q, trip: r}}"
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


def test_what_every_permit_says_can_be_made(house: Catalogue) -> None:
    from ryoji.cases.case import Case

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
    from ryoji.catalogue.fees import FeeFacts

    def fee(procedure: str, state: str) -> int:
        facts = FeeFacts(date=TODAY, office=house.offices["mission-united-kingdom"], answers=answers(state))
        return house.fees.fee_for(house.definition_on(procedure, TODAY), facts).amount

    assert [fee("visa-tourism", state) for state in ("GBR", "IND")] == [3000, 832]
    assert [fee("visa-tourism-multiple", state) for state in ("GBR", "IND")] == [6000, 832]
    assert [fee("visa-transit", state) for state in ("GBR", "IND")] == [700, 76]
    facts = FeeFacts(date=TODAY, office=house.offices["headquarters-authorizations"], answers=answers("IDN"))
    assert house.fees.fee_for(house.definition_on("authorization-indonesia", TODAY), facts).amount == 0
