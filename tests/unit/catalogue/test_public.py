"""What the browser is given, in both languages, and the messages behind it."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ryoji.catalogue.definition import EVENTS
from ryoji.catalogue.messages import PLACEHOLDER, Messages, MissingTextError, uneven
from ryoji.catalogue.public import describe, provision, remedy, summarise
from ryoji.catalogue.sections import FIELD_CODES, section_schema

from .conftest import PROCEDURES

if TYPE_CHECKING:
    from ryoji.catalogue.definition import Procedure
    from ryoji.catalogue.loading import Catalogue

TODAY = date(2026, 11, 23)
LANGUAGES = ("ja", "en")


@pytest.fixture(params=LANGUAGES)
def described(request: pytest.FixtureRequest, catalogue: Catalogue, renewal: Procedure) -> dict[str, Any]:
    offices = catalogue.offices_for(renewal)
    return describe(renewal, request.param, catalogue.messages, TODAY, fees=catalogue.fees, offices=offices)


def field(described: dict[str, Any], section: str, name: str) -> dict[str, Any]:
    found = next(each for each in described["sections"] if each["id"] == section)
    return dict(found["schema"]["properties"][name])


def test_the_contract(described: dict[str, Any]) -> None:
    assert set(described) == {
        "id", "title", "summary", "version", "languages", "together", "actors", "age_reached", "legal_basis",
        "sections", "documents", "fees", "duration_working_days", "what_you_need", "visit", "stages",
        "family", "automatic", "questions", "fee_groups", "false_statement", "agency_only",
    }  # fmt: skip
    assert [section["id"] for section in described["sections"]] == [
        "renewal", "passport_held", "person", "contact", "guardian", "declarations", "collection",
    ]  # fmt: skip
    assert [stage["id"] for stage in described["stages"]] == [
        "evidence",
        "review",
        "payment",
        "production",
        "handover",
    ]
    assert described["duration_working_days"] == 11
    assert described["visit"]["where"] == "handover"
    assert len(described["what_you_need"]) == 5
    assert json.loads(json.dumps(described)) == described


def test_every_field_and_every_choice_has_its_words(described: dict[str, Any]) -> None:
    for section in described["sections"]:
        assert list(section["schema"]["properties"]) == list(section_schema(section["id"])["properties"])
        for shown in section["schema"]["properties"].values():
            assert shown["title"]
            assert set(shown.get("enum", [])) == set(shown["x-ryoji"].get("enum_labels", {}))


def test_choices_are_offices_countries_and_prefectures(
    described: dict[str, Any], catalogue: Catalogue
) -> None:
    office = field(described, "collection", "office")
    renewal = catalogue.definition_on("passport-renewal", TODAY)
    assert office["enum"] == [taking.code for taking in catalogue.offices_for(renewal)]
    assert office["x-ryoji"]["labels"] == "office"
    countries = field(described, "contact", "country")["x-ryoji"]["enum_labels"]
    assert countries["JP"] in ("日本", "Japan")
    assert len(countries) == 250
    prefectures = field(described, "person", "registered_domicile_prefecture")["x-ryoji"]["enum_labels"]
    assert len(prefectures) == 47
    assert prefectures["13"] in ("東京都", "Tokyo")


def test_conditions_go_to_the_browser_as_data(described: dict[str, Any]) -> None:
    guardian = next(section for section in described["sections"] if section["id"] == "guardian")
    assert guardian["when"] == {"and": [{"!==": [{"var": "age"}, None]}, {"<": [{"var": "age"}, 18]}]}
    assert "when" not in next(section for section in described["sections"] if section["id"] == "person")
    reason = field(described, "renewal", "reason_text")["x-ryoji"]["when"]
    assert reason == {"===": [{"var": "answers.renewal.reason"}, "other"]}


def test_fees_of_today_only(described: dict[str, Any]) -> None:
    amounts = [line["amount"] for line in described["fees"]]
    assert 7_000 not in amounts
    assert 2_000 in amounts  # the surcharge's; the old prefectural part has gone
    assert amounts.count(2_000) == 1
    assert all(line["when"] for line in described["fees"])


def test_what_a_file_may_be_is_told_before_it_is_sent(described: dict[str, Any]) -> None:
    signature = next(document for document in described["documents"] if document["id"] == "signature")
    assert signature["accept"] == ["image/jpeg", "image/png", "image/bmp"]
    assert signature["max_bytes"] == 2 * 1024 * 1024
    shown = next(document for document in described["documents"] if document["id"] == "current_passport")
    assert shown["supply"] == "shown_at_visit"
    assert "accept" not in shown


def test_what_is_asked_before_the_form_is_the_catalogues(described: dict[str, Any]) -> None:
    assert [each["id"] for each in described["questions"]] == [
        "holds_passport",
        "same_particulars",
        "has_card",
    ]
    assert all(each["go_on"] == "yes" and each["text"] and each["instead"] for each in described["questions"])


def test_for_whom_the_fee_differs_is_the_catalogues(described: dict[str, Any]) -> None:
    groups = described["fee_groups"]
    assert [(each["from"], each["before"]) for each in groups] == [(18, None), (12, 18), (0, 12)]
    assert [[choice["value"] for choice in each["validity"]] for each in groups] == [
        ["10", "5"],
        ["5"],
        ["5"],
    ]
    assert groups[0]["validity"][0]["label"] in ("10年", "10 years")


def test_who_comes_who_decides_and_what_a_lie_costs(catalogue: Catalogue, described: dict[str, Any]) -> None:
    assert (described["family"], described["automatic"], described["visit"]["who"]) == (
        "passport",
        False,
        "holder",
    )
    assert described["false_statement"] in ("旅券法第23条", "Passport Act, article 23")
    authorization = catalogue.definition_on("authorization-indonesia", TODAY)
    told = describe(authorization, "ar", catalogue.messages, TODAY)
    assert (told["family"], told["automatic"], told["questions"]) == ("authorization", True, [])
    assert (told["fee_groups"], told["false_statement"], told["visit"]["who"]) == ([], None, None)


@pytest.mark.parametrize(
    ("procedure", "agency_only"),
    [("visa-tourism-china", True), ("visa-tourism", False), ("visa-transit", False)],
)
def test_it_is_told_what_only_an_agency_may_file(
    catalogue: Catalogue, procedure: str, agency_only: bool
) -> None:
    told = describe(catalogue.definition_on(procedure, TODAY), "ar", catalogue.messages, TODAY)
    assert told["agency_only"] is agency_only


@pytest.mark.parametrize(
    ("procedure", "offered"),
    [
        ("visa-tourism", ["tourism"]),
        ("visa-family", ["family", "friends"]),
        ("authorization-indonesia", ["tourism", "business", "family", "friends", "culture", "transit"]),
    ],
)
def test_no_purpose_is_offered_that_is_always_turned_away(
    catalogue: Catalogue, procedure: str, offered: list[str]
) -> None:
    told = describe(catalogue.definition_on(procedure, TODAY), "en", catalogue.messages, TODAY)
    purpose = field(told, "trip", "purpose")
    assert purpose["enum"] == list(purpose["x-ryoji"]["enum_labels"]) == offered


def test_a_remedy_is_one_sentence_out_of_facts(catalogue: Catalogue, renewal: Procedure) -> None:
    review, action = (remedy(way, "en", catalogue.messages) for way in renewal.remedy)
    assert "the Minister for Foreign Affairs" in review
    assert "3 months" in review
    assert "Administrative Complaint Review Act, article 18, paragraph 1" in review
    assert "the State within 6 months" in action
    assert {way.mark for way in renewal.remedy} == {"K"}


def test_japanese_reads_japanese_and_english_english(catalogue: Catalogue, renewal: Procedure) -> None:
    assert summarise(renewal, "ja", catalogue.messages)["title"] == "パスポートの更新（切替申請）"
    assert summarise(renewal, "en", catalogue.messages)["title"] == "Renew a passport"
    basis = renewal.legal_basis[0]
    assert provision(basis, "ja", catalogue.messages) == "旅券法第3条第1項"
    assert provision(basis, "en", catalogue.messages) == "Passport Act, article 3, paragraph 1"
    branch = basis.model_copy(update={"article": "4-2", "paragraph": None, "item": 3})
    assert provision(branch, "ja", catalogue.messages) == "旅券法第4条の2第3号"


def test_a_document_that_something_makes_unnecessary_has_one_condition(
    catalogue: Catalogue, renewal: Procedure
) -> None:
    permit = next(document for document in renewal.documents if document.id == "stay_permit")
    unless = {"===": [{"var": "office.country"}, "SG"]}
    change = renewal.model_copy(update={"documents": [permit.model_copy(update={"unless": unless})]})
    told = describe(change, "en", catalogue.messages, TODAY)["documents"][0]["when"]
    assert told == {"and": [permit.when, {"!": unless}]}


def test_every_text_is_in_japanese_and_english(catalogue: Catalogue) -> None:
    assert set(LANGUAGES) <= set(catalogue.raw["messages"])
    assert list(uneven(catalogue.raw["messages"])) == []


def test_every_code_of_a_field_and_every_event_has_its_words(catalogue: Catalogue) -> None:
    for language in LANGUAGES:
        for code in FIELD_CODES:
            assert catalogue.messages.has(f"problem.field.{code}", language), code
        for event in EVENTS:
            assert catalogue.messages.has(f"message.{event}.subject", language), event
            assert catalogue.messages.has(f"message.{event}.body", language), event


def test_every_problem_says_what_and_how_to_mend_it(catalogue: Catalogue) -> None:
    for texts in catalogue.raw["messages"].values():
        problems = {
            key.split(".")[1] for key in texts if re.fullmatch(r"problem\.[a-z_]+\.(title|detail|mend)", key)
        }
        for problem in problems - {"field", "payment"}:
            assert {f"problem.{problem}.{part}" for part in ("title", "detail", "mend")} <= set(texts), (
                problem
            )


def test_every_error_code_in_the_house_has_its_words(catalogue: Catalogue) -> None:
    raised = re.compile(
        r"\b(?:Invalid|Rejected|Refused|NotFound|NotAllowed|TooLarge|TooManyRequests|Conflict|Unavailable|Retryable)"
        r'\(\s*"([a-z_]+)"'
    )
    house = [
        path
        for part in ("layers/ryoji/python", "functions")
        for path in (PROCEDURES.parent / part).rglob("*.py")
    ]
    codes = {code for path in house for code in raised.findall(path.read_text(encoding="utf-8"))}
    assert codes
    missing = {code for code in codes if not catalogue.messages.has(f"problem.{code}.title", "ja")}
    assert missing == set()


def test_messages_are_filled_in() -> None:
    messages = Messages({"en": {"a": "Hello {name}, {name}"}, "ja": {"b": "はい"}}, strict=True)
    assert messages.text("a", "en", name="Hanako") == "Hello Hanako, Hanako"
    assert messages.text("a", "en", name="{name} {0}") == "Hello {name} {0}, {name} {0}"
    for key, language in (("a", "ja"), ("c", "en"), ("a", "fr")):
        with pytest.raises(MissingTextError):
            messages.text(key, language, name="x")
    with pytest.raises(MissingTextError):
        messages.text("a", "en")
    assert messages.languages == ("en", "ja")


def test_somebody_always_gets_something_to_read() -> None:
    messages = Messages({"en": {"a": "Hello {name}"}, "ja": {"b": "はい"}})
    assert messages.text("a", "ja", name="Hanako") == "Hello Hanako"
    assert messages.text("nowhere", "ja") == "nowhere"
    assert messages.text("a", "en") == "Hello "


def test_placeholders_are_words() -> None:
    for texts in Messages.load(PROCEDURES / "messages").texts.values():
        for key, text in texts.items():
            assert "{" not in PLACEHOLDER.sub("", text), key
