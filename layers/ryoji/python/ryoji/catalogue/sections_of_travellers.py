"""The sections of a foreign traveller's form: who, with which passport, where, why, and what was before."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from ryoji.catalogue.answer_types import (
    AnyDate,
    BirthDate,
    Email,
    Folded,
    PastDate,
    Phone,
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
from ryoji.catalogue.states import STATES

TRAVEL_DOCUMENT_NUMBER = r"^[A-Z0-9]{5,9}$"

State = Annotated[
    str,
    BeforeValidator(capitals),
    Field(min_length=3, max_length=3, json_schema_extra={"pattern": "^[A-Z]{3}$"}),
    named("country_form", "|".join(STATES)),
]
Text = Annotated[str, Folded, Field(min_length=1, max_length=200)]
# The length is the text's own: no answer has none.
MaybeText = Annotated[Annotated[str, Folded, Field(max_length=200)] | None, BeforeValidator(absent)]
MaybePhone = Annotated[Phone | None, BeforeValidator(absent)]
MaybeRoman = Annotated[Roman | None, BeforeValidator(absent)]


def _if_answered(field: str, *values: str) -> dict[str, Any]:
    return {"in": [{"var": f"answers.{field}"}, list(values)]}


class Traveller(Section):
    """The traveller, as in the passport (Doc 9303 part 3: names in Latin letters)."""

    surname: Roman = Field(
        description="Primary identifier; the whole name where there is only one.",
        json_schema_extra=asked("text", prefill_from="mrz.surname", fold=["width", "upper"], lang="en"),
    )
    given_names: MaybeRoman = Field(
        default=None,
        description="Secondary identifier; empty where the passport has none.",
        json_schema_extra=asked("text", prefill_from="mrz.given_names", fold=["width", "upper"], lang="en"),
    )
    native_name: MaybeText = Field(
        default=None, description="Name in its own letters.", json_schema_extra=asked("text")
    )
    birth_date: BirthDate = Field(
        description="Date of birth; XX for what the passport does not say.",
        json_schema_extra=asked("date", partial=True, autocomplete="bday", prefill_from="mrz.birth_date"),
    )
    sex: Literal["female", "male", "unspecified"] = Field(
        description="Sex as in the passport.",
        json_schema_extra=asked("radio", prefill_from="mrz.sex", labels="sex"),
    )
    nationality: State = Field(
        description="Nationality, three letters of Doc 9303 part 3.",
        json_schema_extra=asked("select", labels="state", prefill_from="mrz.nationality"),
    )
    country_of_residence: State = Field(
        description="Where the traveller lives.", json_schema_extra=asked("select", labels="state")
    )
    address: Text = Field(
        description="Present address.", json_schema_extra=asked("textarea", autocomplete="street-address")
    )
    phone: Phone = Field(
        description="Telephone with the country code.",
        json_schema_extra=asked("tel", autocomplete="tel", fold=["width"]),
    )
    email: Email = Field(
        description="E-mail address for notices.",
        json_schema_extra=asked("email", autocomplete="email", fold=["width"]),
    )
    occupation: Text = Field(description="Occupation.", json_schema_extra=asked("text"))
    employer: MaybeText = Field(
        default=None, description="Employer or school.", json_schema_extra=asked("text")
    )


class Representative(Section):
    """Who files for a child under 18: a parent or a guardian."""

    surname: Roman = Field(
        description="Primary identifier of who files.",
        json_schema_extra=asked("text", fold=["width", "upper"], lang="en"),
    )
    given_names: MaybeRoman = Field(
        default=None,
        description="Secondary identifier of who files.",
        json_schema_extra=asked("text", fold=["width", "upper"], lang="en"),
    )
    relation: Literal["mother", "father", "guardian"] = Field(
        description="In what capacity they file.", json_schema_extra=asked("radio")
    )
    phone: Phone = Field(description="Their telephone.", json_schema_extra=asked("tel", fold=["width"]))


class TravelDocument(Section):
    """The passport with which the traveller comes."""

    issuing_state: State = Field(
        description="State that issued it.",
        json_schema_extra=asked("select", labels="state", prefill_from="mrz.issuing_state"),
    )
    number: Annotated[
        str,
        BeforeValidator(capitals),
        Field(min_length=5, max_length=9, json_schema_extra={"pattern": TRAVEL_DOCUMENT_NUMBER}),
        named("travel_document_number_form", TRAVEL_DOCUMENT_NUMBER),
    ] = Field(
        description="Number as in the machine-readable zone.",
        json_schema_extra=asked("text", prefill_from="mrz.number", fold=["width", "upper"]),
    )
    issue_date: PastDate = Field(description="Date of issue.", json_schema_extra=asked("date"))
    expiry_date: AnyDate = Field(
        description="Date of expiry.", json_schema_extra=asked("date", prefill_from="mrz.expiry_date")
    )
    electronic: YesNo = Field(
        description="Whether it bears the sign of a chip (ICAO eMRTD).",
        json_schema_extra=asked("radio", labels="yes_no"),
    )

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if self.expiry_date <= self.issue_date:
            raise laid_at("expiry_date", "expiry_before_issue")
        return self


class Trip(Section):
    """The journey: why, when, and where the traveller stays."""

    purpose: Literal["tourism", "business", "family", "friends", "culture", "transit"] = Field(
        description="Purpose of the stay.", json_schema_extra=asked("radio")
    )
    arrival_date: AnyDate = Field(description="Planned arrival.", json_schema_extra=asked("date"))
    departure_date: AnyDate = Field(description="Planned departure.", json_schema_extra=asked("date"))
    port: MaybeText = Field(default=None, description="Port of entry.", json_schema_extra=asked("text"))
    flight: MaybeText = Field(
        default=None, description="Flight or ship, if known.", json_schema_extra=asked("text")
    )
    lodging_name: Text = Field(description="Hotel or host.", json_schema_extra=asked("text"))
    lodging_address: Text = Field(description="Its address.", json_schema_extra=asked("textarea"))
    lodging_phone: MaybePhone = Field(
        default=None, description="Its telephone.", json_schema_extra=asked("tel", fold=["width"])
    )

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if self.departure_date < self.arrival_date:
            raise laid_at("departure_date", "departure_before_arrival")
        return self


_HOSTED = _if_answered("host.kind", "person", "company")


class Host(Section):
    """Who invites or receives the traveller in Japan (身元保証人, 招へい人), if anybody does."""

    kind: Literal["none", "person", "company"] = Field(
        description="Whether somebody invites, and who.", json_schema_extra=asked("radio")
    )
    name: MaybeText = Field(default=None, description="Name.", json_schema_extra=asked("text", when=_HOSTED))
    relation: Annotated[Relation | None, BeforeValidator(absent)] = Field(
        default=None,
        description="Relation to the traveller.",
        json_schema_extra=asked("select", labels="relation", when=_HOSTED),
    )
    phone: MaybePhone = Field(
        default=None, description="Telephone.", json_schema_extra=asked("tel", fold=["width"], when=_HOSTED)
    )
    address: MaybeText = Field(
        default=None, description="Address.", json_schema_extra=asked("textarea", when=_HOSTED)
    )

    @model_validator(mode="after")
    def _known(self) -> Self:
        for field in ("name", "phone", "address") if self.kind != "none" else ():
            needs(self, field)
        return self


class Funds(Section):
    """Who pays for the journey, and how that is shown (japan.md §7.2)."""

    kind: Literal["self", "host", "employer"] = Field(
        description="Who pays.", json_schema_extra=asked("radio")
    )
    evidence: Literal["card", "employment_and_statement", "assets", "enrolment"] = Field(
        description="How it is shown.", json_schema_extra=asked("radio")
    )


_TOLD = {
    "or": [
        _if_answered(f"past_travel.{field}", "yes")
        for field in ("refused_visa", "removed", "overstayed", "convicted")
    ]
}


class PastTravel(Section):
    """What was before: refusals, removals, overstays, convictions (入管法 art 5(1))."""

    refused_visa: YesNo = Field(
        description="A visa for Japan was refused.", json_schema_extra=asked("radio", labels="yes_no")
    )
    removed: YesNo = Field(
        description="Removed from Japan or another country.",
        json_schema_extra=asked("radio", labels="yes_no"),
    )
    overstayed: YesNo = Field(
        description="Stayed longer than permitted.", json_schema_extra=asked("radio", labels="yes_no")
    )
    convicted: YesNo = Field(
        description="Convicted of a crime in any country.", json_schema_extra=asked("radio", labels="yes_no")
    )
    details: Annotated[str | None, BeforeValidator(absent), Folded] = Field(
        default=None,
        max_length=1000,
        description="Particulars, if anything was answered with yes.",
        json_schema_extra=asked("textarea", when=_TOLD),
    )
    confirmed: Literal[True] = Field(
        description="All that is said is true.", json_schema_extra=asked("checkbox")
    )

    @model_validator(mode="after")
    def _particulars(self) -> Self:
        if "yes" in self.model_dump().values():
            needs(self, "details", "details_needed")
        return self


_HUMANITARIAN = _if_answered("mission.humanitarian", "death", "serious_illness")


class Mission(Section):
    """Which mission decides, in which language notices are written, and whether there is a humanitarian reason."""

    office: Annotated[str, AfterValidator(known_office)] = Field(
        min_length=1,
        max_length=60,
        pattern=r"^[a-z0-9\-]+$",
        description="Code of the mission.",
        json_schema_extra=asked("select", labels="office"),
    )
    language: Literal["en", "ja", "zh-Hans", "id", "ar"] = Field(
        description="Language of notices.", json_schema_extra=asked("radio", labels="language")
    )
    humanitarian: Literal["none", "death", "serious_illness"] = Field(
        description="A relative's death or serious illness (japan.md §7.1).", json_schema_extra=asked("radio")
    )
    humanitarian_text: Annotated[str | None, BeforeValidator(absent), Folded] = Field(
        default=None,
        max_length=400,
        description="What happened.",
        json_schema_extra=asked("textarea", when=_HUMANITARIAN),
    )

    @model_validator(mode="after")
    def _told(self) -> Self:
        if self.humanitarian != "none":
            needs(self, "humanitarian_text")
        return self


SECTIONS_OF_TRAVELLERS: dict[str, type[Section]] = {
    "traveller": Traveller,
    "representative": Representative,
    "travel_document": TravelDocument,
    "trip": Trip,
    "host": Host,
    "funds": Funds,
    "past_travel": PastTravel,
    "mission": Mission,
}
