"""What anyone may read about a procedure: the answer of GET /procedures/{id}, in one language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ryoji.catalogue.sections import SECTIONS, fields_of, section_schema
from ryoji.catalogue.states import STATES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from ryoji.catalogue.definition import (
        Document,
        FeeUse,
        LegalBasis,
        Procedure,
        Question,
        Remedy,
        Rule,
        SectionUse,
    )
    from ryoji.catalogue.fees import FeeTable, FeeTables
    from ryoji.catalogue.messages import Messages
    from ryoji.catalogue.offices import Office

Described = dict[str, Any]
Place = tuple[str | int, ...]
Part = TypeVar("Part")


def summarise(procedure: Procedure, language: str, messages: Messages) -> Described:
    """One row of GET /procedures."""
    return {
        "id": procedure.id,
        "title": messages.text(f"procedure.{procedure.id}.title", language),
        "summary": messages.text(f"procedure.{procedure.id}.summary", language),
        "actors": list(dict.fromkeys(actor.who for actor in procedure.audience.actors)),
    }


def describe(
    procedure: Procedure,
    language: str,
    messages: Messages,
    today: date,
    *,
    fees: FeeTables | None = None,
    offices: Sequence[Office] = (),
) -> Described:
    """Everything that the browser needs to draw the form, and a person to make ready.

    Conditions (`when`) are JSON Logic over {answers, age, channel, office}; `age` counts as `age_reached` says.
    """
    words = _Words(messages, language, offices)
    visit = procedure.visit.where
    review = procedure.stage("review")
    return {
        **summarise(procedure, language, messages),
        "family": procedure.family,
        "version": procedure.version,
        "languages": list(procedure.languages),
        "together": list(procedure.filing.together) if procedure.filing else [],
        "agency_only": procedure.filing is not None and procedure.filing.agency_only,
        "age_reached": procedure.audience.age.reached,
        "automatic": review is not None and review.automatic,
        "questions": [words.question(procedure.id, question) for question in procedure.questions],
        "false_statement": provision(procedure.false_statement, language, messages)
        if procedure.false_statement
        else None,
        "legal_basis": [{"text": provision(basis, language, messages)} for basis in procedure.legal_basis],
        "sections": [words.section(section, procedure.rules) for section in procedure.sections],
        "documents": [words.document(document) for document in procedure.documents],
        "fees": [line for use in procedure.fees for line in words.fee(use, fees, today)],
        "fee_groups": words.fee_groups(procedure),
        "duration_working_days": procedure.duration.working_days,
        "what_you_need": [
            messages.text(f"procedure.{procedure.id}.need.{need}", language) for need in procedure.needs
        ],
        "visit": {
            "where": visit,
            "who": procedure.visit.who,
            "text": messages.text(f"procedure.{procedure.id}.visit", language) if visit != "none" else None,
        },
        "stages": [
            {"id": stage.id, "title": messages.text(f"stage.{stage.id}", language)}
            for stage in procedure.stages
        ],
    }


def provision(basis: LegalBasis, language: str, messages: Messages) -> str:
    """A provision as it is cited in that language, such as 旅券法第11条第1号."""
    article, _, branch = basis.article.partition("-")
    parts = [messages.text(f"law.{basis.law}", language)]
    key = "citation.article_branch" if branch else "citation.article"
    parts.append(messages.text(key, language, article=article, branch=branch))
    if basis.paragraph is not None:
        parts.append(messages.text("citation.paragraph", language, number=basis.paragraph))
    if basis.item is not None:
        parts.append(messages.text("citation.item", language, number=basis.item))
    return messages.text("citation.between", language).join(parts)


def remedy(way: Remedy, language: str, messages: Messages) -> str:
    """How one may object to a refusal, in one sentence."""
    return messages.text(
        f"remedy.{way.kind}",
        language,
        body=messages.text(f"body.{way.body}", language),
        months=way.months,
        provision=provision(way.basis, language, messages),
    )


class _Words:
    """Puts the words of one language to sections, documents and fees."""

    def __init__(self, messages: Messages, language: str, offices: Sequence[Office]) -> None:
        self._messages = messages
        self._language = language
        self._offices = offices

    def section(self, use: SectionUse, rules: Sequence[Rule]) -> Described:
        described: Described = {"id": use.id, "title": self._text(f"section.{use.id}.title")}
        if self._has(f"section.{use.id}.hint"):
            described["hint"] = self._text(f"section.{use.id}.hint")
        described["schema"] = self._schema(use.id, rules)
        return _when(described, use.when)

    def document(self, document: Document) -> Described:
        described: Described = {
            "id": document.id,
            "title": self._text(f"document.{document.id}.title"),
            "hint": self._text(f"document.{document.id}.hint"),
            "supply": document.supply,
            "checks": list(document.checks),
            "required": document.required,
        }
        if document.limits is not None:
            described["accept"] = list(document.limits.content_types)
            described["max_bytes"] = document.limits.max_bytes
        return _when(described, _unless(document))

    def question(self, procedure_id: str, question: Question) -> Described:
        own = f"procedure.{procedure_id}.question.{question.id}"
        described: Described = {"id": question.id, "go_on": question.go_on}
        described |= {part: self._text(f"{own}.{part}") for part in ("text", "stop", "instead")}
        if self._has(f"{own}.hint"):
            described["hint"] = self._text(f"{own}.hint")
        return described

    def fee_groups(self, procedure: Procedure) -> list[Described]:
        section = next((use.id for use in procedure.sections if "validity" in fields_of(use.id)), "")
        older: list[int | None] = [None, *(group.since for group in procedure.fee_groups)]
        return [
            {
                "from": group.since,
                "before": before,
                "validity": [
                    {"value": each, "label": self._text(f"section.{section}.validity.choice.{each}")}
                    for each in group.validity
                ],
            }
            for group, before in zip(procedure.fee_groups, older, strict=False)
        ]

    def fee(self, use: FeeUse, fees: FeeTables | None, today: date) -> Iterator[Described]:
        for rate in fees.tables[use.table].rates if fees else ():
            if use.item in rate.items and rate.in_force(today) and not rate.unverified:
                line = {
                    "label": self._text(f"fee.{use.item}.{rate.part}"),
                    "amount": rate.amount,
                    "currency": rate.currency,
                    "office": rate.office,
                    "channels": list(rate.channels),
                }
                yield _when(line, _rate_condition(use, rate.office, rate.channels))

    def _schema(self, section_id: str, rules: Sequence[Rule]) -> Described:
        schema = section_schema(section_id)
        for name, field in schema["properties"].items():
            field["title"] = self._text(f"section.{section_id}.{name}.label")
            field.pop("description", None)
            if self._has(f"section.{section_id}.{name}.hint"):
                field["description"] = self._text(f"section.{section_id}.{name}.hint")
            self._label_choices(section_id, name, field, rules)
        return schema

    def _label_choices(self, section_id: str, name: str, field: Described, rules: Sequence[Rule]) -> None:
        asked = field["x-ryoji"]
        shared = asked.get("labels")
        if shared == "office":
            labels = {office.code: office.named(self._language) for office in self._offices}
        elif shared == "country":
            labels = self._family("choice.country.")
        elif shared == "state":
            names = self._family("choice.country.")
            labels = {state: names[country] for state, country in STATES.items() if country in names}
        else:
            prefix = f"choice.{shared}" if shared else f"section.{section_id}.{name}.choice"
            offered = _offered(field.get("enum", []), f"answers.{section_id}.{name}", rules)
            labels = {value: self._text(f"{prefix}.{value}") for value in offered}
        if labels:
            field["enum"] = list(labels)
            asked["enum_labels"] = labels

    def _family(self, prefix: str) -> dict[str, str]:
        texts = self._messages.texts.get(self._language, {})
        return {key[len(prefix) :]: text for key, text in texts.items() if key.startswith(prefix)}

    def _text(self, key: str) -> str:
        return self._messages.text(key, self._language)

    def _has(self, key: str) -> bool:
        return self._messages.has(key, self._language)


def _offered(choices: Iterable[str], variable: str, rules: Iterable[Rule]) -> list[str]:
    """The choices that are not turned away whatever else is answered: nobody is offered a visa's wrong purpose."""
    lists = [rule.must["in"][1] for rule in rules if rule.must.get("in", [None])[0] == {"var": variable}]
    return [choice for choice in choices if all(choice in allowed for allowed in lists)]


def _when(described: Described, condition: Mapping[str, Any] | None) -> Described:
    return {**described, "when": condition} if condition is not None else described


def _unless(document: Document) -> dict[str, Any] | None:
    """One condition out of `when` and `unless`, so that the browser has one thing to ask."""
    if document.unless is None:
        return document.when
    other = {"!": document.unless}
    return {"and": [document.when, other]} if document.when is not None else other


def _rate_condition(use: FeeUse, office: str, channels: Sequence[str]) -> dict[str, Any]:
    """When this line of the fee table is this applicant's: the item's own condition, the office and the channel."""
    conditions: list[dict[str, Any]] = [use.when] if use.when is not None else []
    conditions.append({"===": [{"var": "office.kind"}, office]})
    if set(channels) != {"online", "counter"}:
        conditions.append({"in": [{"var": "channel"}, list(channels)]})
    return {"and": conditions}


def texts_of(procedure: Procedure, tables: Mapping[str, FeeTable]) -> Iterator[tuple[Place, str]]:
    """Every text that the procedure needs, with the place in its file that asks for it."""
    own = f"procedure.{procedure.id}"
    for key in ("title", "summary", *(["visit"] if procedure.visit.where != "none" else [])):
        yield ("id",), f"{own}.{key}"
    yield from _placed("needs", procedure.needs, lambda need: [f"{own}.need.{need}"])
    yield from _placed("legal_basis", procedure.legal_basis, lambda basis: [f"law.{basis.law}"])
    yield from _placed("questions", procedure.questions, lambda each: _question_texts(own, each.id))
    yield from _placed("remedy", procedure.remedy, _remedy_texts)
    if procedure.false_statement:
        yield ("false_statement", "law"), f"law.{procedure.false_statement.law}"
    yield from _placed("sections", procedure.sections, lambda use: _section_texts(use.id))
    yield from _placed("documents", procedure.documents, lambda document: _document_texts(document.id))
    yield from _placed("fees", procedure.fees, lambda use: _fee_texts(tables.get(use.table), use.item))
    yield from _placed("stages", procedure.stages, lambda stage: [f"stage.{stage.id}"])
    yield from _placed("rules", procedure.rules, lambda rule: [f"problem.field.{rule.id}"])
    for event in procedure.messages:
        yield ("messages", event), f"{procedure.told_as(event)}.subject"
        yield ("messages", event), f"{procedure.told_as(event)}.body"


def _placed(
    name: str, parts: Sequence[Part], texts: Callable[[Part], Iterable[str]]
) -> Iterator[tuple[Place, str]]:
    for index, part in enumerate(parts):
        for key in texts(part):
            yield (name, index), key


def _question_texts(own: str, question_id: str) -> Iterator[str]:
    for part in ("text", "stop", "instead"):
        yield f"{own}.question.{question_id}.{part}"


def _remedy_texts(way: Remedy) -> Iterator[str]:
    yield f"remedy.{way.kind}"
    yield f"body.{way.body}"
    yield f"law.{way.basis.law}"


def _document_texts(document_id: str) -> Iterator[str]:
    yield f"document.{document_id}.title"
    yield f"document.{document_id}.hint"


def _section_texts(section_id: str) -> Iterator[str]:
    if section_id not in SECTIONS:
        return
    yield f"section.{section_id}.title"
    for name, field in section_schema(section_id)["properties"].items():
        yield f"section.{section_id}.{name}.label"
        shared = field["x-ryoji"].get("labels")
        prefix = f"choice.{shared}" if shared else f"section.{section_id}.{name}.choice"
        for value in field.get("enum", []):
            yield f"{prefix}.{value}"


def _fee_texts(table: FeeTable | None, item: str) -> Iterator[str]:
    rates = [rate for rate in table.rates if item in rate.items and not rate.unverified] if table else []
    yield from dict.fromkeys(f"fee.{item}.{rate.part}" for rate in rates)
