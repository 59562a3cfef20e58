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
        (89.99, "not_close", 0, "review"),
        (0.0, "not_close", 0, "review"),
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


def test_only_strangers_is_the_lowest_band(bands: FaceBands) -> None:
    assert compare(answer(unmatched=1), bands).facts["band"] == "not_close"


@pytest.mark.parametrize("starts", [[90, 99, 0], [99, 90], [99, 99, 0]])
def test_bands_out_of_order_are_not_loaded(starts: list[float]) -> None:
    rows = [{"code": "band", "at_least": start, "outcome": "review"} for start in starts]
    with pytest.raises(ValidationError):
        FaceBands.model_validate({"bands": rows, "source": "test", "mark": "design"})
