"""Screening a case: who it tells of, the sources of this deployment, the rules in force."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from ryoji.cases.case import Case
from ryoji.catalogue.definition import Document
from ryoji.doors.cases import definition_of, table
from ryoji.doors.texts import beside
from ryoji.errors import Unavailable
from ryoji.evidence.finding import Finding, Reason, gravest
from ryoji.evidence.screening.check import Screened, Sources, in_pages, keep_marks, screen
from ryoji.evidence.screening.declared import declared_in
from ryoji.evidence.screening.marks import Mark, Marks, same_file_mark
from ryoji.evidence.screening.rules import ScreeningRules
from ryoji.evidence.screening.subject import subject_of


@cache
def _rules() -> ScreeningRules:
    import json

    return ScreeningRules.model_validate(
        json.loads((beside() / "ryoji-rules.json").read_bytes())["screening"]
    )


def _sources(marks: Marks) -> Sources:
    from ryoji.adapters.earlier_cases import EarlierCases
    from ryoji.adapters.watch_list_store import StoredWatchLists

    earlier = EarlierCases(table(), marks, _rules().most_earlier)
    return Sources(lists=StoredWatchLists(), earlier=earlier, marks=marks)


def screen_case(case: Case) -> tuple[Finding, ...]:
    """Screen a case; many hits are several findings.

    Its marks are kept before anything is asked: a group is sent in one stroke, and each of two cases that are screened
    at the same moment would look before the other had kept its own.
    """
    from ryoji.adapters.keys import keyed_hash
    from ryoji.adapters.mark_table import MarkTable

    rules = _rules()
    marks = MarkTable(keyed_hash, datetime.now(UTC), rules.shared.kept_days)
    pictures, all_seen = _pictures(case)
    screened = Screened(
        case.case_id,
        case.person,
        subject_of(case.sections),
        pictures,
        purpose=case.sections.get("trip", {}).get("purpose"),
        declared=declared_in(case.sections),
        reference=case.reference,
        desk=case.desk,
    )
    try:
        keep_marks(screened, marks)
    except Unavailable:
        all_seen = False
    finding = screen(screened, _sources(marks), rules)
    return in_pages(finding if all_seen else _marks_lacking(finding), rules.most_hits)


def _pictures(case: Case) -> tuple[tuple[Mark, ...], bool]:
    """The marks of the document pictures, and whether all could be looked at.

    A document counts when it looks nearly the same, and when it is the very same file. Portraits are alike, and so are
    passport pages of one state: of 255 pairs of the project's specimens with different bearers 26 were as near as
    copies are. So of these only the same picture counts, and a page's number is a mark.
    """
    from ryoji.adapters import objects
    from ryoji.errors import NotFound

    marks: list[Mark] = []
    all_seen = True
    for document in definition_of(case).documents:
        held = case.documents.get(document.id)
        if held is None:
            continue
        try:
            marks += _marks_of(document, objects.clean(held.key))
        except (NotFound, Unavailable):
            all_seen = False
    return tuple(marks), all_seen


def _marks_of(document: Document, picture: bytes) -> tuple[Mark, ...]:
    from ryoji.evidence.screening.pictures import picture_marks

    if "portrait" in document.checks:
        return (same_file_mark("portrait", picture),)
    if "travel_document" in document.checks:
        return (same_file_mark("page", picture),)
    return (*picture_marks(document.id, picture), same_file_mark("file", picture))


def _marks_lacking(finding: Finding) -> Finding:
    lacking = Reason(code="marks_unavailable", outcome="unavailable")
    reasons = tuple(dict.fromkeys((*finding.reasons, lacking)))
    return finding.model_copy(update={"reasons": reasons, "outcome": gravest(reasons)})
