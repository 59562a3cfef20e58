"""A new procedure is one file; a wrong one fails loudly, with its file and line; the compiled file says the same."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ryoji.catalogue.compile import compile_catalogue, main
from ryoji.catalogue.loading import Catalogue, load, read_compiled
from ryoji.catalogue.public import describe
from ryoji.catalogue.sources import CatalogueError
from ryoji.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    Spoil = Callable[[str, str, str], Path]

TODAY = date(2026, 11, 23)

TINY = """\
id: {id}
family: registration
version: 2026-04-01
from: 2026-04-01
languages: [ja, en]
audience:
  who: japanese_national
  age: {{reached: eve_of_birthday, source: 年齢計算ニ関スル法律, mark: K}}
  actors: [{{who: self, channels: [online], source: L1 art 16, mark: found}}]
legal_basis: [{{law: passport_act, article: "16", source: L1, mark: found}}]
sections: [{{id: contact}}]
identity: {{assurance: account, source: the house's own choice, mark: design}}
visit: {{where: none, source: L1 art 16, mark: found}}
stages: [{{id: evidence}}]
offices: [mission]
calendar: weekends
duration: {{working_days: 1, source: INV 14206, mark: found}}
retention: {{years: 5, after: closing, source: japan.md §11.1, mark: design}}
messages: {{submitted: [portal]}}
"""


def line_of(path: Path, text: str) -> int:
    return next(n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if text in line)


def faults(folder: Path) -> str:
    with pytest.raises(CatalogueError) as caught:
        load(folder)
    return str(caught.value)


def test_a_new_procedure_is_one_file_and_its_words(folder: Path) -> None:
    (folder / "registration").mkdir()
    (folder / "registration/address.yaml").write_text(TINY.format(id="address-report"), encoding="utf-8")
    for language, title in (("ja", "住所の届出"), ("en", "Report an address")):
        words = f"procedure: {{address-report: {{title: {title}, summary: {title}}}}}\n"
        (folder / f"messages/parts/address.{language}.yaml").write_text(words, encoding="utf-8")

    catalogue = load(folder)
    procedure = catalogue.definition_on("address-report", TODAY)
    described = describe(procedure, "en", catalogue.messages, TODAY, fees=catalogue.fees)

    known = [each.id for each in load(Path(__file__).parents[3] / "procedures").in_force(TODAY)]
    assert [each.id for each in catalogue.in_force(TODAY)] == ["address-report", *known]
    assert described["title"] == "Report an address"
    assert [section["id"] for section in described["sections"]] == ["contact"]
    assert described["fees"] == []


def test_a_procedure_without_words_is_told_where_they_are_asked_for(folder: Path) -> None:
    (folder / "registration").mkdir()
    (folder / "registration/address.yaml").write_text(TINY.format(id="address-report"), encoding="utf-8")
    said = faults(folder)
    assert "procedures/registration/address.yaml:1: id: no text procedure.address-report.title in ja" in said
    assert (
        "procedures/registration/address.yaml:1: id: no text procedure.address-report.summary in en" in said
    )


@pytest.mark.parametrize(
    ("old", "new", "marked", "said"),
    [
        ("checks: [image, portrait]", "checks: [image, beauty]", "beauty", "Input should be 'travel_document'"),
        ("  - id: passport_held", "  - id: passport_lost", "passport_lost", "there is no section passport_lost"),
        ("item: passport_10", "item: passport_20", "passport_20", "no fee for passport_20, mission, online"),
        ("table: passport", "table: passports", "table: passports", "there is no fee table passports"),
        ("calendar: japan", "calendar: mars", "calendar: mars", "there is no calendar mars"),
        ("law: passport_act", "law: moon_act", "moon_act", "no text law.moon_act in ja"),
        ("{var: answers.renewal.validity}, \"10\"", "{var: answers.renewal.years}, \"10\"", "answers.renewal.years",
         "there is no field answers.renewal.years"),
        ("{var: surcharge}", "{var: surcharged}", "{var: surcharged}", "there is no field surcharged"),
        ("{\"===\": [{var: office.kind}, mission]}", "{\"==\": [{var: office.kind}, mission]}", "{\"==\"",
         "operator '==' is not one of"),
        ("{and: [{\"!==\": [{var: age}, null]}, {\"<\": [{var: age}, 15]}]}", "{\"<\": [{var: age}, 15]}",
         "{\"<\": [{var: age}, 15]}", "age is ordered without"),
        ("pointer: /renewal/validity", "pointer: /renewal/years", "/renewal/years", "there is no answer at"),
        ("year: 2023", "year: 2023\n  colour: red", "colour: red", "Extra inputs are not permitted"),
        ("family: passport", "family: visa", "family: visa", "the file stands in the folder passport"),
        ("  - id: payment\n", "  - id: forwarding\n", "fees:", "there are fees, and no payment stage"),
        ("{from: 12,", "{from: 19,", "fee_groups:", "the oldest stand first, each age once"),
        ("{from: 0,", "{from: 1,", "fee_groups:", "the last begin at 0"),
        ("validity: [\"10\", \"5\"]", "validity: [\"10\", \"20\"]", "\"20\"]", "the form has no validity 20"),
        ("id: has_card, go_on", "id: has_cards, go_on", "has_cards",
         "no text procedure.passport-renewal.question.has_cards.text in ja"),
        ("id: has_card, go_on: \"yes\"", "id: has_card, go_on: perhaps", "go_on: perhaps",
         "Input should be 'yes' or 'no'"),
        ("body: foreign_minister", "body: king", "kind: review", "no text body.king in ja"),
        ("law: case_litigation_act", "law: moon_act", "kind: action", "no text law.moon_act in ja"),
        ("false_statement: {law: passport_act", "false_statement: {law: moon_act", "false_statement:",
         "no text law.moon_act in ja"),
        ("retention: {years: 5", "refusal: {reasons: general, source: x, mark: K}\nretention: {years: 5", "remedy:",
         "told without a way to object"),
        ("months: 3,", "months: 3, days: 90,", "months: 3, days", "exactly one of working_days, days and months"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_file_and_line(
    spoil: Spoil, old: str, new: str, marked: str, said: str
) -> None:
    folder = spoil("passport/renewal.yaml", old, new)
    line = line_of(folder / "passport/renewal.yaml", marked)
    told = [fault for fault in faults(folder).splitlines() if said in fault]
    assert told
    assert any(fault.startswith(f"procedures/passport/renewal.yaml:{line}: ") for fault in told), told


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "said"),
    [
        ("entry/japan.yaml", "[JPN]", "[JPN, ARE]", "states: [JPN, ARE]",
         "ARE needs the authorization of procedures/authorization/emirates.yaml from 2026-04-01"),
        ("entry/japan.yaml", "until: 2026-03-31", "until: 2026-04-01", "states: [ARE]",
         "ARE needs the authorization of procedures/authorization/emirates.yaml from 2026-04-01"),
        ("entry/japan.yaml", "  mark: F", "  mark: G", "own_nationals:", "is no rule of entry"),
    ],
)  # fmt: skip
def test_who_needs_an_authorization_is_freed_by_no_rule(
    spoil: Spoil, file: str, old: str, new: str, place: str, said: str
) -> None:
    folder = spoil(file, old, new)
    line = line_of(folder / file, place)
    told = faults(folder)
    assert f"procedures/{file}:{line}: " in told
    assert said in told


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "said"),
    [
        ("offices.yaml", "    place: ABU DHABI\n", "", "mission-united-arab-emirates",
         "mission-united-arab-emirates: it issues permissions and has no place"),
        ("offices.yaml", "    place: TOKYO\n", "", "headquarters-authorizations",
         "headquarters-authorizations: it issues permissions and has no place"),
        ("offices.yaml", "place: HANOI", "place: Hanoi", "place: Hanoi", "String should match pattern"),
        ("offices.yaml", "place: HANOI", "place: UNITED ARAB EMIRATES", "UNITED ARAB", "at most 15 characters"),
        ("visa/tourism.yaml", "type: TOURISM, ", "", "permit:", "permit.type: Field required"),
        ("visa/tourism.yaml", "type: TOURISM, ", "type: tourism-single, ", "type: tourism", "should match pattern"),
    ],
)  # fmt: skip
def test_what_seals_and_pages_say_of_place_and_kind_is_words(
    spoil: Spoil, file: str, old: str, new: str, place: str, said: str
) -> None:
    folder = spoil(file, old, new)
    told = faults(folder)
    assert f"procedures/{file}:{line_of(folder / file, place)}: " in told
    assert said in told


def test_a_list_frees_nobody_again_when_a_programme_ends(spoil: Spoil, folder: Path) -> None:
    spoil("entry/japan.yaml", "[AND, ARG,", "[AND, ARE, ARG,")
    first = folder / "authorization/emirates.yaml"
    text = first.read_text(encoding="utf-8")
    first.write_text(text.replace("from: 2026-04-01\n", "from: 2026-04-01\nuntil: 2027-03-31\n", 1), "utf-8")
    told = faults(folder)
    assert (
        f"procedures/authorization/emirates.yaml:{line_of(first, 'until: 2027')}: until: visa_exempt" in told
    )
    assert "would free ARE again from 2027-04-01" in told

    second = text.replace("version: 2026-04-01", "version: 2027-04-01")
    (folder / "authorization/emirates-2027.yaml").write_text(
        second.replace("from: 2026-04-01\n", "from: 2027-04-01\n", 1), encoding="utf-8"
    )
    assert len(load(folder).in_force(date(2027, 4, 1))) == len(load(folder).in_force(TODAY))


def test_an_authorization_says_whose_it_is(spoil: Spoil) -> None:
    folder = spoil("authorization/indonesia.yaml", "nationals: [IDN], ", "")
    line = line_of(folder / "authorization/indonesia.yaml", "permit:")
    assert f"procedures/authorization/indonesia.yaml:{line}: permit: nobody needs this" in faults(folder)


def test_a_gap_in_the_fees_is_a_fault(spoil: Spoil) -> None:
    old = "channels: [online], amount: 1900, from: 2025-03-24"
    folder = spoil("fees/passport.yaml", old, "channels: [online], amount: 1900, from: 2025-04-01")
    assert "no fee for passport_10, prefecture, online, from 2025-03-24" in faults(folder)


def test_a_surcharge_says_for_how_long_it_is_asked(spoil: Spoil) -> None:
    folder = spoil("fees/passport.yaml", "surcharge: {years: 5, source: L1 art 20, mark: found}\n", "")
    assert "fees.4.when: the fee table passport does not say for how many years" in faults(folder)


def test_a_file_is_kept_as_long_as_its_surcharge_is_asked(spoil: Spoil) -> None:
    folder = spoil("fees/passport.yaml", "surcharge: {years: 5,", "surcharge: {years: 6,")
    assert "retention: an uncollected passport would be forgotten" in faults(folder)


def test_only_fees_know_of_the_surcharge(spoil: Spoil) -> None:
    old, new = 'must: {"!==": [{var: passport.expired}, true]}', 'must: {"!==": [{var: surcharge}, true]}'
    folder = spoil("passport/renewal.yaml", old, new)
    assert "rules.2.must: surcharge is known to fees only" in faults(folder)


def test_two_amounts_for_one_day_are_a_fault(spoil: Spoil) -> None:
    folder = spoil("fees/passport.yaml", "until: 2025-03-23, ", "until: 2025-03-24, ")
    assert "procedures/fees/passport.yaml:1: Value error, two rates for" in faults(folder)


def test_versions_may_not_overlap(folder: Path) -> None:
    text = (folder / "passport/renewal.yaml").read_text(encoding="utf-8")
    later = text.replace("version: 2025-03-24", "version: 2027-04-01").replace(
        "from: 2025-03-24", "from: 2027-04-01", 1
    )
    (folder / "passport/renewal-2027.yaml").write_text(later, encoding="utf-8")
    assert "in force together with version" in faults(folder)


def test_a_case_stays_with_its_version(folder: Path) -> None:
    path = folder / "passport/renewal.yaml"
    text = path.read_text(encoding="utf-8")
    later = text.replace("version: 2025-03-24", "version: 2027-04-01").replace(
        "from: 2025-03-24", "from: 2027-04-01", 1
    )
    (folder / "passport/renewal-2027.yaml").write_text(later, encoding="utf-8")
    path.write_text(
        text.replace("from: 2025-03-24", "from: 2025-03-24\nuntil: 2027-03-31", 1), encoding="utf-8"
    )

    catalogue = load(folder)
    assert catalogue.definition_on("passport-renewal", date(2027, 3, 31)).version == "2025-03-24"
    assert catalogue.definition_on("passport-renewal", date(2027, 4, 1)).version == "2027-04-01"
    assert catalogue.definition("passport-renewal", "2025-03-24").version == "2025-03-24"


def test_nothing_is_in_force_before_its_day(catalogue: Catalogue) -> None:
    with pytest.raises(NotFound):
        catalogue.definition_on("passport-renewal", date(2025, 3, 23))
    with pytest.raises(NotFound):
        catalogue.definition("passport-renewal", "2024-01-01")
    with pytest.raises(NotFound):
        catalogue.office("mission-atlantis")
    assert catalogue.in_force(date(2025, 3, 23)) == ()


def test_a_text_that_stands_twice_is_a_fault(folder: Path) -> None:
    (folder / "messages/parts/extra.en.yaml").write_text("stage:\n  review: Again\n", encoding="utf-8")
    assert faults(folder) == "procedures/messages/parts/extra.en.yaml:2: stage.review: has a text already"


def test_a_text_in_one_language_only_is_a_fault(folder: Path) -> None:
    (folder / "messages/parts/extra.en.yaml").write_text("greeting: Hello\n", encoding="utf-8")
    assert faults(folder) == "procedures/messages/parts/extra.en.yaml:1: greeting: has no text in ja"


def test_other_placeholders_in_another_language_are_a_fault(folder: Path) -> None:
    (folder / "messages/parts/extra.en.yaml").write_text('greeting: "Hello {name}"\n', encoding="utf-8")
    (folder / "messages/parts/extra.ja.yaml").write_text("greeting: こんにちは\n", encoding="utf-8")
    assert "greeting: has not the same placeholders in every language" in faults(folder)


def test_a_procedure_has_every_text_of_its_own_in_the_languages_that_it_declares(spoil: Spoil) -> None:
    found = faults(spoil("passport/renewal.yaml", "languages: [ja, en]", "languages: [ja, en, id]"))
    assert "no text procedure.passport-renewal.title in id" in found
    assert "no text section.renewal.reason.label in id" in found
    assert "no text finding.identity.name_differs.text in id" in found
    assert "status." not in found


def test_a_procedure_needs_the_texts_that_everybody_meets_in_its_languages(spoil: Spoil) -> None:
    folder = spoil("passport/renewal.yaml", "languages: [ja, en]", "languages: [ja, en, id]")
    words = folder / "messages/id.yaml"
    words.write_text(words.read_text("utf-8").replace("  draft: Belum dikirim\n", ""), encoding="utf-8")
    assert "no text status.draft in id" in faults(folder)


def test_a_key_that_stands_twice_is_a_fault(spoil: Spoil) -> None:
    folder = spoil("passport/renewal.yaml", "family: passport\n", "family: passport\nfamily: passport\n")
    line = line_of(folder / "passport/renewal.yaml", "family: passport") + 1
    assert f"procedures/passport/renewal.yaml:{line}: family stands here twice" in faults(folder)


def test_broken_yaml_is_told_with_its_line(spoil: Spoil) -> None:
    folder = spoil("passport/renewal.yaml", "languages: [ja, en]", "languages: [ja, en")
    assert "procedures/passport/renewal.yaml:" in faults(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("calendar: singapore", "calendar: mars", "there is no calendar mars"),
        ("timezone: Asia/Singapore", "timezone: Asia/Nowhere", "there is no time zone Asia/Nowhere"),
        ("code: prefecture-osaka", "code: prefecture-tokyo", "prefecture-tokyo stands here twice"),
        ("serves: [CAN]", "serves: [CAN, XYZ]", "there is no state XYZ"),
        ("serves: [CAN]", "serves: [CAN, TWN]", "TWN stands among served_by_every_mission, too"),
        ("{state: TWN,", "{state: CHT,", "there is no state CHT"),
        ("{state: TWN, source: L13 annex 1 has no mission there,", "{state: TWN,", "Field required"),
        ("    serves: [CAN]\n", "", "mission-canada: a mission, and no other office, says whom it serves"),
        (
            "    country: JP\n",
            "    country: JP\n    serves: [JPN]\n",
            "prefecture-tokyo: a mission, and no other office, says whom it serves",
        ),
        ('opens: "08:30", closes: "12:00"', 'opens: "12:30", closes: "12:00"', "closes is not after opens"),
    ],
)
def test_a_wrong_office_is_a_fault(spoil: Spoil, old: str, new: str, said: str) -> None:
    folder = spoil("offices.yaml", old, new)
    assert any(said in fault and "procedures/offices.yaml:" in fault for fault in faults(folder).splitlines())


def test_an_office_is_named_in_the_languages_of_what_it_takes(spoil: Spoil) -> None:
    folder = spoil("offices.yaml", "      ar: سفارة اليابان في كندا\n", "")
    spoil("offices.yaml", '      id: "Kementerian Luar Negeri Jepang, otorisasi perjalanan"\n', "")
    told = faults(folder).splitlines()
    assert [fault.partition(": ")[2] for fault in told] == [
        "offices.11.name: mission-canada: no name in ar",
        "offices.18.name: headquarters-authorizations: no name in id",
    ]


def test_prefectures_take_passports_only_and_need_no_third_language(catalogue: Catalogue) -> None:
    assert set(catalogue.office("prefecture-tokyo").name) == {"ja", "en"}
    assert catalogue.office("mission-canada").named("zh-Hans") == "日本国驻加拿大大使馆"


def test_a_listed_residence_without_a_mission_is_a_fault(spoil: Spoil) -> None:
    folder = spoil("offices.yaml", "serves: [MNG]", "serves: [RUS]")
    line = line_of(folder / "visa/tourism.yaml", "MNG]]")
    said = "rules.0.must: no mission serves residents of MNG"
    assert f"procedures/visa/tourism.yaml:{line}: {said}" in faults(folder)


def test_a_visa_asks_for_a_mission_that_serves_the_residence(spoil: Spoil) -> None:
    folder = spoil("visa/transit.yaml", "{var: office.serves}", "[GBR]")
    line = line_of(folder / "visa/transit.yaml", "rules:")
    assert f"procedures/visa/transit.yaml:{line}: rules: no rule asks for a mission" in faults(folder)


def test_a_calendar_may_not_add_to_one_that_is_not_there(spoil: Spoil) -> None:
    folder = spoil("calendars/weekends.yaml", "weekend:", "adds_to: [mars]\nweekend:")
    assert "procedures/calendars/weekends.yaml:5: adds_to.0: there is no calendar mars" in faults(folder)


def test_the_compiled_catalogue_says_the_same(catalogue: Catalogue, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep/catalogue.json"
    compile_catalogue(folder, out)
    first = out.read_bytes()
    compile_catalogue(folder, out)
    read = read_compiled(out)

    assert out.read_bytes() == first
    assert read.raw == catalogue.raw
    assert read.definition_on("passport-renewal", TODAY) == catalogue.definition_on("passport-renewal", TODAY)
    assert read.office("mission-singapore") == catalogue.office("mission-singapore")


def test_the_compiler_tells_faults_and_fails(
    spoil: Spoil, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = spoil("passport/renewal.yaml", "calendar: japan", "calendar: mars")
    assert main([str(tmp_path / "out.json"), str(folder)]) == 1
    assert "there is no calendar mars" in capsys.readouterr().err
    assert not (tmp_path / "out.json").exists()


def test_a_function_pays_for_no_yaml_and_no_expressions_at_start() -> None:
    code = (
        "import sys, json; import ryoji.catalogue.definition, ryoji.catalogue.loading, ryoji.catalogue.needs;"
        "print(json.dumps([name for name in ('yaml', 'json_logic', 'boto3', 'csv') if name in sys.modules]))"
    )
    path = [part for part in sys.path if part]
    run = subprocess.run([sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}; {code}"],
                         capture_output=True, text=True, check=True)  # fmt: skip
    assert json.loads(run.stdout) == []


def test_the_editors_schema_is_the_models(catalogue: Catalogue) -> None:
    from jsonschema import Draft202012Validator

    from ryoji.catalogue.schema import as_text, procedure_schema

    committed = Path(__file__).parents[3] / "procedures/schema/procedure.schema.json"
    assert committed.read_text(encoding="utf-8") == as_text(), "run: python -m ryoji.catalogue.schema"
    validator = Draft202012Validator(procedure_schema())
    for raw in catalogue.raw["procedures"]:
        assert list(validator.iter_errors(raw)) == []
