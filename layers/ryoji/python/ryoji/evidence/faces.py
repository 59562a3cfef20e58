"""Two pictures compared: a band of similarity with its threshold, never a verdict on who somebody is."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ryoji.evidence.finding import Finding, Outcome, Reason, gravest


class Band(BaseModel):
    """Similarities from `at_least` (per cent) up to the next band."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z_]+$")
    at_least: float = Field(ge=0, le=100)
    outcome: Literal["pass", "review"]


class FaceBands(BaseModel):
    """The bands of `procedures/rules/faces.yaml`, highest first, with their source; the lowest begins at 0."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bands: tuple[Band, ...] = Field(min_length=1)
    source: str
    mark: Literal["found", "unverified", "derived", "design"]

    @model_validator(mode="after")
    def _are_in_order(self) -> Self:
        starts = [band.at_least for band in self.bands]
        if starts != sorted(set(starts), reverse=True) or starts[-1] != 0:
            raise ValueError("bands go from the highest to 0, each lower than the one before")
        return self

    def of(self, similarity: float) -> Band:
        """The band that a similarity lies in."""
        return next(band for band in self.bands if similarity >= band.at_least)


def compare(response: dict[str, Any], bands: FaceBands) -> Finding:
    """The band of a CompareFaces answer, asked for with a SimilarityThreshold of 0.

    An answer without any face is `no_face`: the service does not say which picture lacks one. Further faces in the
    second picture that are not close to the first are `several_faces`; a passport page may repeat its own portrait.
    """
    similarities = sorted(
        (float(match["Similarity"]) for match in response.get("FaceMatches", ())), reverse=True
    )
    strangers = len(response.get("UnmatchedFaces", ()))
    if not similarities and not strangers:
        return _finding((Reason(code="no_face", outcome="review"),), {"faces": 0})
    # Faces under the asked threshold come without a number; with a threshold of 0 there are none.
    best = similarities[0] if similarities else 0.0
    band = bands.of(best)
    reasons = [_reason(band, best)] if band.outcome != "pass" else []
    others = strangers + sum(bands.of(value) is bands.bands[-1] for value in similarities[1:])
    if others:
        reasons.append(Reason(code="several_faces", outcome="review", measured=str(others + 1), required="1"))
    facts = {
        "band": band.code,
        "threshold": band.at_least,
        "similarity": round(best, 2),
        "faces": len(similarities) + strangers,
    }
    return _finding(tuple(reasons), facts)


def _reason(band: Band, similarity: float) -> Reason:
    return Reason(code=band.code, outcome=band.outcome, measured=f"{similarity:.1f}", unit="%")


def _finding(reasons: tuple[Reason, ...], facts: dict[str, Any]) -> Finding:
    outcome: Outcome = gravest(reasons)
    return Finding(check="faces", outcome=outcome, reasons=reasons, facts=facts)
