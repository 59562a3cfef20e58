"""What people type: what is made of it, what is refused under which code, and what the browser draws from."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ryoji.catalogue.answer_types import folded
from ryoji.catalogue.sections import FIELD_CODES, SECTIONS, fields_of, section_schema, validate_section
from ryoji.errors import FieldError, Invalid
from ryoji.evidence.travel_document.document import MrzFields
from ryoji.evidence.travel_document.names import likeness, read_name

TODAY = date(2026, 11, 23)

GOOD: dict[str, dict[str, Any]] = {
    "renewal": {"reason": "remaining_under_one_year", "validity": "10"},
    "passport_held": {
        "number": "TR1234567",
        "surname": "YAMADA",
        "given_names": "HANAKO",
        "issue_date": "2017-05-01",
        "expiry_date": "2027-05-01",
    },
    "person": {
        "family_name": "山田",
        "given_name": "花子",
        "family_name_kana": "ヤマダ",
        "given_name_kana": "ハナコ",
        "surname_roman": "YAMADA",
        "given_names_roman": "HANAKO",
        "birth_date": "1990-01-02",
        "sex": "female",
        "registered_domicile_prefecture": "13",
        "registered_domicile": "千代田区霞が関二丁目2番1号",
    },
    "contact": {
        "country": "JP",
        "postal_code": "100-8919",
        "address": "東京都千代田区霞が関2-2-1",
        "phone": "03-3580-3311",
        "email": "hanako@example.jp",
        "emergency_name": "山田 太郎",
        "emergency_relation": "spouse",
        "emergency_phone": "+81 3-3580-3311",
    },
    "guardian": {
        "family_name": "山田",
        "given_name": "太郎",
        "birth_date": "1985-09-30",
        "address": "東京都千代田区霞が関2-2-1",
        "relation": "father",
        "phone": "03-3580-3311",
    },
    "declarations": {
        "entry_refused": "no",
        "charged": "no",
        "sentenced": "no",
        "passport_crime": "no",
        "forgery": "no",
        "repatriated": "no",
        "foreign_nationality": "no",
        "confirmed": True,
    },
    "collection": {"office": "prefecture-tokyo", "language": "ja"},
    "traveller": {
        "surname": "WANG",
        "given_names": "XIAOMING",
        "native_name": "王小明",
        "birth_date": "1992-05-17",
        "sex": "male",
        "nationality": "CHN",
        "country_of_residence": "CHN",
        "address": "1 Jianguomenwai Avenue, Beijing",
        "phone": "+86 10 1234 5678",
        "email": "xiaoming@example.cn",
        "occupation": "Engineer",
    },
    "travel_document": {
        "issuing_state": "CHN",
        "number": "EA1234567",
        "issue_date": "2020-01-10",
        "expiry_date": "2030-01-09",
        "electronic": "yes",
    },
    "trip": {
        "purpose": "tourism",
        "arrival_date": "2027-01-10",
        "departure_date": "2027-01-20",
        "lodging_name": "Hotel Sakura",
        "lodging_address": "1-1 Marunouchi, Tokyo",
    },
    "host": {"kind": "none"},
    "funds": {"kind": "self", "evidence": "card"},
    "past_travel": {
        "refused_visa": "no",
        "removed": "no",
        "overstayed": "no",
        "convicted": "no",
        "confirmed": True,
    },
    "representative": {
        "surname": "WANG",
        "given_names": "LI",
        "relation": "mother",
        "phone": "+86 10 1234 5678",
    },
    "mission": {"office": "prefecture-tokyo", "language": "zh-Hans", "humanitarian": "none"},
}


def codes(section: str, **change: Any) -> dict[str, str]:
    answers = {key: value for key, value in {**GOOD[section], **change}.items() if value is not ...}
    with pytest.raises(Invalid) as caught:
        validate_section(section, answers, today=TODAY, offices=frozenset({"prefecture-tokyo"}))
    assert caught.value.code == "validation_failed"
    return {error.pointer: error.code for error in caught.value.fields}


def accepted(section: str, field: str, value: Any) -> Any:
    return getattr(validate_section(section, {**GOOD[section], field: value}, today=TODAY), field)


@pytest.mark.parametrize("section", SECTIONS)
def test_good_answers_are_accepted(section: str) -> None:
    model = validate_section(section, GOOD[section], today=TODAY, offices=frozenset({"prefecture-tokyo"}))
    again = validate_section(section, model.model_dump(mode="json", exclude_none=True), today=TODAY)
    assert again == model


@pytest.mark.parametrize("nothing", ["", None])
@pytest.mark.parametrize("section", SECTIONS)
def test_no_answer_is_none_whether_empty_or_as_it_was_kept(section: str, nothing: str | None) -> None:
    offices = frozenset({"prefecture-tokyo"})
    model = validate_section(section, GOOD[section], today=TODAY, offices=offices)
    kept = model.model_dump(mode="json")
    optional = {name: nothing for name in fields_of(section) if kept[name] is None}
    again = validate_section(section, {**kept, **optional}, today=TODAY, offices=offices)
    assert again == model


@pytest.mark.parametrize("section", SECTIONS)
def test_nothing_is_required_by_surprise_and_nothing_unknown_is_taken(section: str) -> None:
    with pytest.raises(Invalid) as caught:
        validate_section(section, {"surprise": 1})
    found = {error.pointer: error.code for error in caught.value.fields}
    assert found.pop("/surprise") == "unknown_field"
    assert set(found) == {f"/{field}" for field in section_schema(section)["required"]}
    assert set(found.values()) == {"required"}


@pytest.mark.parametrize(
    ("section", "field", "typed", "kept"),
    [
        ("passport_held", "number", "ｔｒ１２３４５６７", "TR1234567"),
        ("passport_held", "surname", " o'brien-yamada ", "O'BRIEN-YAMADA"),
        ("person", "family_name_kana", "やまだ", "ヤマダ"),
        ("person", "family_name_kana", "ﾔﾏﾀﾞ", "ヤマダ"),
        ("person", "family_name", "神田\ufa19", "神田\ufa19"),
        ("person", "given_name", "　花子 ", "花子"),
        ("person", "birth_date", "２０００-01-02", date(2000, 1, 2)),
        ("contact", "phone", "０３（３５８０）３３１１", "03(3580)3311"),
        ("contact", "postal_code", "１００－８９１９", "100-8919"),
        ("contact", "address", "霞が関\r\n2-2-1\u202e", "霞が関\n2-2-1"),
        ("contact", "email", "ｈａｎａｋｏ@example.jp", "hanako@example.jp"),
    ],
)
def test_what_can_be_mended_is_mended(section: str, field: str, typed: str, kept: Any) -> None:
    assert accepted(section, field, typed) == kept


@pytest.mark.parametrize(
    ("section", "field", "typed", "code"),
    [
        ("passport_held", "number", "T12345678", "passport_number_form"),
        ("passport_held", "number", "TR123456", "too_short"),
        ("passport_held", "number", 1234567, "not_text"),
        ("passport_held", "number", "", "required"),
        ("passport_held", "number", None, "required"),
        ("passport_held", "surname", "山田", "not_roman"),
        ("passport_held", "surname", "Y" * 40, "too_long"),
        ("passport_held", "issue_date", "2017-02-30", "not_a_date"),
        ("passport_held", "issue_date", 0, "not_a_date"),
        ("passport_held", "issue_date", "2017-05-01T00:00:00", "not_a_date"),
        ("passport_held", "issue_date", "2026-11-24", "date_in_future"),
        ("passport_held", "issue_date", "1899-12-31", "date_out_of_range"),
        ("passport_held", "expiry_date", "2017-05-01", "expiry_before_issue"),
        ("passport_held", "expiry_date", "2028-05-02", "validity_over_ten_years"),
        ("passport_held", "expiry_date", "2101-01-01", "date_out_of_range"),
        ("person", "family_name", "山" * 61, "too_long"),
        ("person", "family_name", "   ", "required"),
        ("person", "family_name_kana", "YAMADA", "not_katakana"),
        ("person", "birth_date", "2026-11-24", "date_in_future"),
        ("person", "sex", "x", "not_a_choice"),
        ("person", "registered_domicile_prefecture", "48", "not_a_choice"),
        ("contact", "country", "Japan", "country_form"),
        ("contact", "postal_code", "1008919a", "postal_code_form"),
        ("contact", "postal_code", "", "required"),
        ("contact", "phone", "call me", "phone_form"),
        ("contact", "email", "hanako@", "email_form"),
        ("contact", "email", "hanako@localhost", "email_form"),
        ("declarations", "confirmed", False, "not_a_choice"),
        ("declarations", "charged", "perhaps", "not_a_choice"),
        ("collection", "office", "prefecture-atlantis", "office_unknown"),
        ("collection", "office", "Tokyo!", "wrong_form"),
        ("collection", "language", "tlh", "not_a_choice"),
    ],
)
def test_what_cannot_is_refused_under_a_code(section: str, field: str, typed: Any, code: str) -> None:
    assert codes(section, **{field: typed}) == {f"/{field}": code}
    assert code in FIELD_CODES


def test_abroad_there_may_be_no_postal_code() -> None:
    assert (
        validate_section("contact", {**GOOD["contact"], "country": "AE", "postal_code": ""}).model_dump()[
            "postal_code"
        ]
        is None
    )
    assert accepted("contact", "country", "sg") == "SG"


def test_another_reason_is_explained() -> None:
    assert codes("renewal", reason="other") == {"/reason_text": "required"}
    assert codes("renewal", reason="other", reason_text="  ") == {"/reason_text": "required"}
    assert codes("renewal", reason="other", reason_text="あ" * 401) == {"/reason_text": "too_long"}


@pytest.mark.parametrize(
    ("reason", "allowed"),
    [("pages_full", True), ("remaining_under_one_year", False), ("damaged", False), ("other", False)],
)
def test_the_same_expiry_is_for_full_pages_only(reason: str, allowed: bool) -> None:
    answers = {"reason": reason, "validity": "same_expiry", "reason_text": "渡航のため"}
    if allowed:
        validate_section("renewal", answers)
        return
    assert codes("renewal", **answers) == {"/validity": "same_expiry_needs_pages_full"}


def test_a_yes_needs_particulars() -> None:
    assert codes("declarations", charged="yes") == {"/details": "details_needed"}
    validate_section("declarations", {**GOOD["declarations"], "charged": "yes", "details": "2020年"})


def test_errors_carry_bounds_and_the_callers_pointer() -> None:
    with pytest.raises(Invalid) as caught:
        validate_section("person", {**GOOD["person"], "given_name": "花" * 61}, pointer="/sections/person")
    (error,) = caught.value.fields
    assert (error.pointer, error.code, error.params) == (
        "/sections/person/given_name",
        "too_long",
        (("max", "60"),),
    )


def test_a_section_that_does_not_exist() -> None:
    with pytest.raises(Invalid, match="section_unknown"):
        validate_section("surprise", {})


@given(
    st.dictionaries(
        st.sampled_from(fields_of("contact")), st.text() | st.integers() | st.none() | st.booleans()
    )
)
def test_whatever_is_sent_it_is_taken_or_refused_with_codes(answers: dict[str, Any]) -> None:
    refused: tuple[FieldError, ...] = (FieldError("/", "required"),)
    try:
        validate_section("contact", answers, today=TODAY)
    except Invalid as error:
        refused = error.fields
    assert refused
    assert {field.code for field in refused} <= FIELD_CODES


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize("section", SECTIONS)
def test_the_browser_can_draw_every_field(section: str) -> None:
    from jsonschema import Draft202012Validator

    schema = section_schema(section)
    Draft202012Validator.check_schema(schema)
    assert tuple(schema["properties"]) == fields_of(section)
    assert "$ref" not in json.dumps(schema)
    for field in schema["properties"].values():
        assert field["x-ryoji"]["widget"] in {
            "text", "textarea", "date", "radio", "select", "tel", "email", "checkbox"
        }  # fmt: skip
        assert {"anyOf", "title", "default"} & set(field) == set()
        bounded = "maxLength" in field or "enum" in field or "const" in field or field.get("format") == "date"
        assert bounded or field.get("pattern") in {"^[A-Z]{2}$", "^[A-Z]{3}$"}
    assert Draft202012Validator(schema).is_valid(GOOD[section])


def test_a_traveller_s_only_name_is_the_surname_and_agrees_with_the_zone() -> None:
    """So the form's hint says (`section.traveller.surname.hint`); Doc 9303 part 3: it is the primary identifier."""
    said = {**GOOD["traveller"], "surname": "Suparman", "given_names": ""}
    taken = validate_section("traveller", said, today=TODAY).model_dump()
    assert (taken["surname"], taken["given_names"]) == ("SUPARMAN", None)
    # Some states print it behind the two fillers, as if it were a given name.
    for zone in ("SUPARMAN<<<<<<", "<<SUPARMAN<<<<"):
        assert likeness(taken["surname"], taken["given_names"] or "", read_name(zone)) == "same"
    assert codes("traveller", surname="", given_names="SUPARMAN") == {"/surname": "required"}


@pytest.mark.parametrize("state", ["XYZ", "CN", "cn", "D"])
def test_states_have_three_letters_that_exist(state: str) -> None:
    assert codes("traveller", nationality=state)["/nationality"] in {"country_form", "too_short"}


@pytest.mark.parametrize(
    ("number", "ok"), [("c 123", False), ("EA1234567", True), ("12345678", True), ("A<B12", False)]
)
def test_numbers_of_travel_documents(number: str, ok: bool) -> None:
    if ok:
        assert accepted("travel_document", "number", number) == number
    else:
        assert codes("travel_document", number=number) == {"/number": "travel_document_number_form"}


def test_nobody_leaves_before_arriving() -> None:
    assert codes("trip", departure_date="2027-01-09") == {"/departure_date": "departure_before_arrival"}


@pytest.mark.parametrize("field", ["name", "phone", "address"])
def test_whoever_invites_is_known(field: str) -> None:
    host = {"kind": "company", "name": "Sakura KK", "phone": "03-1234-5678", "address": "Tokyo"}
    assert codes("host", **{**host, field: ...}) == {f"/{field}": "required"}


def test_what_was_before_is_told() -> None:
    assert codes("past_travel", removed="yes") == {"/details": "details_needed"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("1956-06-XX", "1956-06-XX"),
        ("1956-XX-XX", "1956-XX-XX"),
        ("1956-00-00", "1956-XX-XX"),
        ("1956-06-<<", "1956-06-XX"),
        ("1956-xx-xx", "1956-XX-XX"),
        ("1956-06-20", "1956-06-20"),
    ],
)
def test_a_traveller_s_birth_date_is_what_the_passport_says_of_it(said: str, kept: str) -> None:
    assert accepted("traveller", "birth_date", said) == kept


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("1956-XX-20", "not_a_date"),
        ("XXXX-XX-XX", "not_a_date"),
        ("1956-13-XX", "not_a_date"),
        ("1956-02-30", "not_a_date"),
        ("1899-XX-XX", "date_out_of_range"),
        ("2100-XX-XX", "date_in_future"),
    ],
)
def test_a_birth_date_that_cannot_be_is_refused(said: str, code: str) -> None:
    assert codes("traveller", birth_date=said) == {"/birth_date": code}


def test_no_other_date_has_unknown_parts() -> None:
    assert codes("trip", arrival_date="2027-01-XX") == {"/arrival_date": "not_a_date"}
    assert codes("person", birth_date="1956-XX-XX") == {"/birth_date": "not_a_date"}


def test_a_humanitarian_reason_is_told() -> None:
    assert codes("mission", humanitarian="death") == {"/humanitarian_text": "required"}


def test_what_is_taken_from_the_passport_is_a_field_of_its_zone() -> None:
    places = [
        schema["x-ryoji"][source]
        for section in SECTIONS
        for schema in section_schema(section)["properties"].values()
        for source in ("prefill_from", "or_from")
        if source in schema.get("x-ryoji", {})
    ]
    read = {place.removeprefix("mrz.") for place in places if place.startswith("mrz.")}
    assert "issuing_state" in read
    assert read <= set(MrzFields.model_fields)
