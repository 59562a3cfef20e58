from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from ryoji.evidence.faces import FaceBands, compare

RULES = Path(__file__).parents[3] / "procedures/rules/faces.yaml"


@pytest.fixture(scope="module")
def bands() -> FaceBands:
    return FaceBands.model_validate(yaml.safe_load(RULES.read_text(encoding="utf-8")))


def face(width: float, confidence: float = 99.9) -> dict[str, Any]:
    box = {"Width": width, "Height": width, "Left": 0.4, "Top": 0.2}
    return {"BoundingBox": box, "Confidence": confidence}


def answer(*similarities: float, unmatched: int = 0) -> dict[str, Any]:
    box = {"Width": 0.2, "Height": 0.3, "Left": 0.4, "Top": 0.2}
    return {
        "SourceImageFace": {"BoundingBox": box, "Confidence": 99.9},
        "FaceMatches": [{"Similarity": value, "Face": {"BoundingBox": box}} for value in similarities],
        "UnmatchedFaces": [{"BoundingBox": box} for _ in range(unmatched)],
    }


@pytest.mark.parametrize(
    ("similarity", "band", "threshold", "outcome"),
    [
        (100.0, "very_close", 99, "pass"),
        (99.0, "very_close", 99, "pass"),
        (98.99, "close", 90, "review"),
        (90.0, "close", 90, "review"),
        (89.99, "not_close", 90, "review"),
        (0.0, "not_close", 90, "review"),
    ],
)
def test_a_similarity_lies_in_one_band(
    bands: FaceBands, similarity: float, band: str, threshold: float, outcome: str
) -> None:
    finding = compare(answer(similarity), bands)
    assert finding.facts["band"] == band
    assert finding.facts["threshold"] == threshold
    assert finding.outcome == outcome


def test_no_similarity_is_a_failure(bands: FaceBands) -> None:
    assert {compare(answer(value), bands).outcome for value in (0, 50, 90, 99, 100)} == {"pass", "review"}


def test_a_picture_without_a_face_has_its_own_reason(bands: FaceBands) -> None:
    finding = compare({"FaceMatches": [], "UnmatchedFaces": []}, bands)
    assert [reason.code for reason in finding.reasons] == ["no_face"]
    assert "band" not in finding.facts


def test_another_persons_face_beside_is_named(bands: FaceBands) -> None:
    finding = compare(answer(99.9, 3.1), bands)
    assert [reason.code for reason in finding.reasons] == ["several_faces"]
    assert finding.outcome == "review"
    assert finding.facts["band"] == "very_close"


def test_a_page_that_repeats_its_own_portrait_shows_one_person(bands: FaceBands) -> None:
    assert compare(answer(99.9, 97.0), bands).reasons == ()


def test_the_largest_face_of_the_second_picture_is_compared(bands: FaceBands) -> None:
    matches = [{"Similarity": 99.9, "Face": face(0.05)}, {"Similarity": 12.0, "Face": face(0.3)}]
    finding = compare({"FaceMatches": matches, "UnmatchedFaces": []}, bands)
    assert (finding.facts["band"], finding.facts["similarity"]) == ("not_close", 12.0)
    assert finding.facts["compared"] == "largest"
    assert finding.facts["boxes"]["second"]["width"] == 0.3


def test_the_number_of_faces_counts_the_strangers_beside(bands: FaceBands) -> None:
    finding = compare(answer(99.9, 3.0, unmatched=1), bands)
    assert [(reason.code, reason.measured) for reason in finding.reasons] == [("several_faces", "3")]


def test_a_pattern_that_is_hardly_a_face_is_no_second_face(bands: FaceBands) -> None:
    matches = [{"Similarity": 99.9, "Face": face(0.1)}, {"Similarity": 17.9, "Face": face(0.2, 75.4)}]
    finding = compare({"FaceMatches": matches, "UnmatchedFaces": []}, bands)
    assert finding.reasons == ()
    assert (finding.facts["faces"], finding.facts["unsure"]) == (1, 1)


def test_an_unsure_face_counts_where_there_is_no_other(bands: FaceBands) -> None:
    finding = compare({"FaceMatches": [{"Similarity": 99.2, "Face": face(0.1, 80)}]}, bands)
    assert (finding.facts["band"], finding.facts["faces"]) == ("very_close", 1)


def test_both_faces_can_be_cut_out(bands: FaceBands) -> None:
    shown = {"left": 0.4, "top": 0.2, "width": 0.2, "height": 0.3}
    assert compare(answer(99.9), bands).facts["boxes"] == {"first": shown, "second": shown}


def test_only_strangers_is_the_lowest_band(bands: FaceBands) -> None:
    assert compare(answer(unmatched=1), bands).facts["band"] == "not_close"


@pytest.mark.parametrize("starts", [[90, 99, 0], [99, 90], [99, 99, 0]])
def test_bands_out_of_order_are_not_loaded(starts: list[float]) -> None:
    rows = [{"code": "band", "at_least": start, "outcome": "review"} for start in starts]
    with pytest.raises(ValidationError, match="bands go"):
        FaceBands.model_validate({"bands": rows, "face_confidence": 95, "source": "test", "mark": "design"})
