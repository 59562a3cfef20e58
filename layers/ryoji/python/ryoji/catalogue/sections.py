"""The sections of which every procedure's form is made. The browser draws the form from their JSON Schema.

Field names are the message keys `section.<section>.<field>`. `x-ryoji` tells the browser what JSON Schema
cannot: the widget, the HTML autocomplete token, what the card or the passport's MRZ can fill in, which
language the text is in, which shared list of words an enum takes its labels from, and when the field is asked.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    model_validator,
)

from ryoji.catalogue.answer_types import (
    POSTAL_CODE,
    AnyDate,
    Email,
    Folded,
    Kana,
    Name,
    PassportNumber,
    PastDate,
    Phone,
    Prefecture,
    Relation,
    Roman,
    Section,
    YesNo,
    absent,
    asked,
    capitals,
    known_office,
    laid_at,
    named,
    needs,
)
from ryoji.catalogue.sections_of_travellers import SECTIONS_OF_TRAVELLERS
from ryoji.errors import FieldError, Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic_core import ErrorDetails


class Renewal(Section):
    """Why the passport is renewed before it ends, and what is wanted (旅券法 art 11; art 5)."""

    reason: Literal["remaining_under_one_year", "pages_full", "damaged", "other"] = Field(
        description="Ground of art 11, items 1 to 4.", json_schema_extra=asked("radio")
    )
    reason_text: Annotated[str | None, BeforeValidator(absent), Folded] = Field(
        default=None,
        max_length=400,
        description="What happened, or why the journey needs it; for the ground `other`.",
        json_schema_extra=asked(
            "textarea", lang="ja", when={"===": [{"var": "answers.renewal.reason"}, "other"]}
        ),
    )
    validity: Literal["10", "5", "same_expiry"] = Field(
        description="Ten or five years, or the end of the present passport (残存有効期間同一旅券).",
        json_schema_extra=asked("radio"),
    )

    @model_validator(mode="after")
    def _law(self) -> Self:
        if self.reason == "other":
            needs(self, "reason_text")
        if self.validity == "same_expiry" and self.reason != "pages_full":
            raise laid_at("validity", "same_expiry_needs_pages_full")
        return self


class PassportHeld(Section):
    """The passport that the applicant holds, as it is printed there."""

    number: PassportNumber = Field(
        description="Two letters and seven digits.",
        json_schema_extra=asked("text", prefill_from="mrz.number", fold=["width", "upper"]),
    )
    surname: Roman = Field(
        description="Surname as in the passport.",
        json_schema_extra=asked("text", prefill_from="mrz.surname", fold=["width", "upper"], lang="en"),
    )
    given_names: Roman = Field(
        description="Given names as in the passport.",
        json_schema_extra=asked("text", prefill_from="mrz.given_names", fold=["width", "upper"], lang="en"),
    )
    issue_date: PastDate = Field(description="Date of issue.", json_schema_extra=asked("date"))
    expiry_date: AnyDate = Field(
        description="Date of expiry.", json_schema_extra=asked("date", prefill_from="mrz.expiry_date")
    )

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if self.expiry_date <= self.issue_date:
            raise laid_at("expiry_date", "expiry_before_issue")
        if self.expiry_date.year - self.issue_date.year > 10:
            raise laid_at("expiry_date", "validity_over_ten_years")
        return self


class Person(Section):
    """The person for whom it is, as in the family register."""

    family_name: Name = Field(
        description="Family name as in the family register.",
        json_schema_extra=asked(
            "text", autocomplete="family-name", prefill_from="card.name", part="family", lang="ja"
        ),
    )
    given_name: Name = Field(
        description="Given name as in the family register.",
        json_schema_extra=asked(
            "text", autocomplete="given-name", prefill_from="card.name", part="given", lang="ja"
        ),
    )
    family_name_kana: Kana = Field(
        description="Family name in katakana.",
        json_schema_extra=asked("text", fold=["width", "katakana"], lang="ja"),
    )
    given_name_kana: Kana = Field(
        description="Given name in katakana.",
        json_schema_extra=asked("text", fold=["width", "katakana"], lang="ja"),
    )
    surname_roman: Roman = Field(
        description="Family name in Roman letters (ヘボン式), as registered.",
        json_schema_extra=asked("text", prefill_from="mrz.surname", fold=["width", "upper"], lang="en"),
    )
    given_names_roman: Roman = Field(
        description="Given names in Roman letters (ヘボン式), as registered.",
        json_schema_extra=asked("text", prefill_from="mrz.given_names", fold=["width", "upper"], lang="en"),
    )
    birth_date: PastDate = Field(
        description="Date of birth.",
        json_schema_extra=asked(
            "date", autocomplete="bday", prefill_from="card.birth_date", or_from="mrz.birth_date"
        ),
    )
    sex: Literal["female", "male"] = Field(
        description="Sex as in the family register.",
        json_schema_extra=asked("radio", prefill_from="card.sex", or_from="mrz.sex", labels="sex"),
    )
    registered_domicile_prefecture: Prefecture = Field(
        description="Prefecture of the registered domicile (本籍), JIS X 0401.",
        json_schema_extra=asked("select", labels="prefecture"),
    )
    registered_domicile: Annotated[str, Folded] = Field(
        min_length=1,
        max_length=200,
        description="Registered domicile (本籍) after the prefecture, to the lot number.",
        json_schema_extra=asked("text", lang="ja"),
    )


class Contact(Section):
    """Where the applicant can be reached, and who is told in an emergency."""

    country: Annotated[str, BeforeValidator(capitals), named("country_form", r"^[A-Z]{2}$")] = Field(
        description="Country of residence, ISO 3166-1 alpha-2.",
        json_schema_extra={
            "pattern": "^[A-Z]{2}$",
            **asked("select", autocomplete="country", labels="country"),
        },
    )
    postal_code: Annotated[str | None, BeforeValidator(absent), BeforeValidator(capitals)] = Field(
        default=None,
        max_length=10,
        description="Postal code, where the country has one.",
        json_schema_extra={
            "pattern": POSTAL_CODE,
            **asked("text", autocomplete="postal-code", fold=["width", "upper"]),
        },
    )
    address: Annotated[str, Folded] = Field(
        min_length=1,
        max_length=200,
        description="Present address.",
        json_schema_extra=asked("textarea", autocomplete="street-address", prefill_from="card.address"),
    )
    phone: Phone = Field(
        description="Telephone, with the country code if abroad.",
        json_schema_extra=asked("tel", autocomplete="tel", fold=["width"]),
    )
    email: Email = Field(
        description="E-mail address for notices.",
        json_schema_extra=asked("email", autocomplete="email", fold=["width"]),
    )
    emergency_name: Name = Field(description="Who is told in an emergency.", json_schema_extra=asked("text"))
    emergency_relation: Relation = Field(
        description="Relation to the applicant.", json_schema_extra=asked("select", labels="relation")
    )
    emergency_phone: Phone = Field(
        description="Telephone of that person.", json_schema_extra=asked("tel", fold=["width"])
    )

    @model_validator(mode="after")
    def _postal_code_form(self) -> Self:
        pattern = r"[0-9]{3}-?[0-9]{4}" if self.country == "JP" else POSTAL_CODE
        if self.country == "JP":
            needs(self, "postal_code")
        if self.postal_code and not re.fullmatch(pattern, self.postal_code):
            raise laid_at("postal_code", "postal_code_form")
        return self


# Who applies for the child is known as well as a card says it; of who only consents, less is asked.
_APPLIES: dict[str, Any] = {
    "whose": "legal_representative",
    "when": {"and": [{"!==": [{"var": "age"}, None]}, {"<": [{"var": "age"}, 15]}]},
}


class Guardian(Section):
    """The legal representative (法定代理人): applies for a child under 15, consents at 15 to 17 (japan.md §1.5)."""

    family_name: Name = Field(
        description="Family name of the legal representative, as on the card.",
        json_schema_extra=asked(
            "text", prefill_from="card.name", whose="legal_representative", part="family", lang="ja"
        ),
    )
    given_name: Name = Field(
        description="Given name of the legal representative, as on the card.",
        json_schema_extra=asked(
            "text", prefill_from="card.name", whose="legal_representative", part="given", lang="ja"
        ),
    )
    birth_date: Annotated[PastDate | None, BeforeValidator(absent)] = Field(
        default=None,
        description="Date of birth of the legal representative who applies.",
        json_schema_extra=asked("date", prefill_from="card.birth_date", **_APPLIES),
    )
    address: Annotated[str | None, BeforeValidator(absent), Folded] = Field(
        default=None,
        max_length=200,
        description="Address of the legal representative who applies, as on the card.",
        json_schema_extra=asked("textarea", prefill_from="card.address", **_APPLIES),
    )
    relation: Literal["father", "mother", "guardian_of_minor", "guardian_of_adult", "institution"] = Field(
        description="In what capacity the person represents.", json_schema_extra=asked("radio")
    )
    phone: Phone = Field(
        description="Telephone of the representative.", json_schema_extra=asked("tel", fold=["width"])
    )


class Declarations(Section):
    """What the applicant must declare: the facts of 旅券法 art 13, and a foreign nationality."""

    entry_refused: YesNo = Field(
        description="Refused entry or deported by the country of destination (art 13(1)1).",
        json_schema_extra=asked("radio", labels="yes_no"),
    )
    charged: YesNo = Field(
        description="Charged with, or sought by warrant for, a crime of art 13(1)2.",
        json_schema_extra=asked("radio", labels="yes_no"),
    )
    sentenced: YesNo = Field(
        description="Sentenced to imprisonment (拘禁刑) or more and not yet finished (art 13(1)3).",
        json_schema_extra=asked("radio", labels="yes_no"),
    )
    passport_crime: YesNo = Field(
        description="Punished under the Passport Act (art 13(1)4).",
        json_schema_extra=asked("radio", labels="yes_no"),
    )
    forgery: YesNo = Field(
        description="Convicted of forging a passport or using a forged one (art 13(1)5).",
        json_schema_extra=asked("radio", labels="yes_no"),
    )
    repatriated: YesNo = Field(
        description="Brought home with a state's aid or loan (art 13(1)6).",
        json_schema_extra=asked("radio", labels="yes_no"),
    )
    foreign_nationality: YesNo = Field(
        description="Holds, or has held, a foreign nationality.",
        json_schema_extra=asked("radio", labels="yes_no"),
    )
    details: Annotated[str | None, BeforeValidator(absent), Folded] = Field(
        default=None,
        max_length=1000,
        description="Particulars, if anything was answered with yes.",
        json_schema_extra=asked(
            "textarea",
            lang="ja",
            when={
                "or": [
                    {"===": [{"var": f"answers.declarations.{field}"}, "yes"]}
                    for field in (
                        "entry_refused",
                        "charged",
                        "sentenced",
                        "passport_crime",
                        "forgery",
                        "repatriated",
                        "foreign_nationality",
                    )
                ]
            },
        ),
    )
    confirmed: Literal[True] = Field(
        description="All that is declared is true; a false statement is a crime (art 23).",
        json_schema_extra=asked("checkbox"),
    )

    @model_validator(mode="after")
    def _particulars(self) -> Self:
        if "yes" in self.model_dump().values():
            needs(self, "details", "details_needed")
        return self


class Collection(Section):
    """Where it is collected, and in which language notices are written."""

    office: Annotated[str, AfterValidator(known_office)] = Field(
        min_length=1,
        max_length=60,
        pattern=r"^[a-z0-9\-]+$",
        description="Code of the mission or passport office.",
        json_schema_extra=asked("select", labels="office"),
    )
    language: Literal["ja", "en"] = Field(
        description="Language of notices.", json_schema_extra=asked("radio", labels="language")
    )


SECTIONS: dict[str, type[Section]] = {
    "renewal": Renewal,
    "passport_held": PassportHeld,
    "person": Person,
    "contact": Contact,
    "guardian": Guardian,
    "declarations": Declarations,
    "collection": Collection,
    **SECTIONS_OF_TRAVELLERS,
}


def fields_of(section_id: str) -> tuple[str, ...]:
    """Names of a section's fields, in the order in which they are asked."""
    return tuple(SECTIONS[section_id].model_fields)


def section_schema(section_id: str) -> dict[str, Any]:
    """JSON Schema of one section: an object whose properties stand in the order in which they are asked."""
    schema = _schema_of(SECTIONS[section_id])
    properties = {name: _flat(field) for name, field in schema["properties"].items()}
    return {
        "type": "object",
        "properties": properties,
        "required": list(schema.get("required", [])),
        "additionalProperties": False,
    }


@cache
def _schema_of(section: type[Section]) -> dict[str, Any]:
    """Kept: the checks of the catalogue ask for the same few sections hundreds of times."""
    return section.model_json_schema()


def _flat(schema: dict[str, Any]) -> dict[str, Any]:
    """An optional field is the same field, not required: the browser need not know about `anyOf` and null."""
    flat = {key: value for key, value in schema.items() if key not in {"title", "default", "anyOf"}}
    kinds = [kind for kind in schema.get("anyOf", []) if kind.get("type") != "null"]
    return {**kinds[0], **flat} if kinds else flat


def validate_section(
    section_id: str,
    answers: Mapping[str, Any],
    *,
    today: date | None = None,
    offices: frozenset[str] | None = None,
    pointer: str = "",
) -> Section:
    """The answers of one section as its model.

    `today` bounds dates of the past, `offices` are the codes that may be chosen, `pointer` is put before each
    error's pointer. Raises Invalid (validation_failed) with a FieldError for each fault, and for a section that
    does not exist (section_unknown).
    """
    model = SECTIONS.get(section_id)
    if model is None:
        raise Invalid("section_unknown", section=section_id[:60])
    try:
        return model.model_validate(dict(answers), context={"today": today, "offices": offices})
    except ValidationError as error:
        raise Invalid("validation_failed", fields=field_errors(error, pointer)) from None


def field_errors(error: ValidationError, pointer: str = "") -> tuple[FieldError, ...]:
    """What pydantic found wrong, as pointers and message codes; of any model, not only of sections."""
    fields = (_field_error(detail, pointer) for detail in error.errors(include_url=False))
    return tuple(dict.fromkeys(fields))


# Every error type of pydantic that these models can meet, and the message code that says it to a person.
_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_type": "not_text",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "string_pattern_mismatch": "wrong_form",
    "literal_error": "not_a_choice",
    "date_type": "not_a_date",
    "date_parsing": "not_a_date",
    "date_from_datetime_parsing": "not_a_date",
    "date_from_datetime_inexact": "not_a_date",
    "model_type": "wrong_form",
    "bool_type": "not_a_choice",
}
FIELD_CODES = frozenset(_CODES.values()) | {
    "wrong_form",
    "date_out_of_range",
    "date_in_future",
    "office_unknown",
    "not_katakana",
    "not_roman",
    "phone_form",
    "email_form",
    "passport_number_form",
    "postal_code_form",
    "country_form",
    "same_expiry_needs_pages_full",
    "expiry_before_issue",
    "validity_over_ten_years",
    "details_needed",
    "travel_document_number_form",
    "departure_before_arrival",
}


def _field_error(detail: ErrorDetails, pointer: str) -> FieldError:
    context = detail.get("ctx", {})
    place = [str(part) for part in detail["loc"]] or [str(part) for part in _laid_at(context)]
    kind = detail["type"]
    code = _CODES.get(kind, kind if kind in FIELD_CODES else "wrong_form")
    if code == "too_short" and (not detail["input"] or context.get("min_length") == 1):
        code = "required"
    if detail["input"] is None:
        code = "required"
    return FieldError("/".join([pointer, *place]) or "/", code, tuple(_params(context)))


def _laid_at(context: Mapping[str, Any]) -> Iterator[str]:
    if "field" in context:
        yield context["field"]


def _params(context: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "max_length" in context:
        yield "max", str(context["max_length"])
    if context.get("min_length", 1) > 1:
        yield "min", str(context["min_length"])
