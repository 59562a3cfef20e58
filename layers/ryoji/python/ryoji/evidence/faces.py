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

    bands: tuple[Band, ...] = Field(min_length=2)
    face_confidence: float = Field(ge=0, le=100)
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

    def threshold_of(self, band: Band) -> float:
        """Where the band begins; of the lowest, which begins at nothing, where the one above it begins."""
        return band.at_least or self.bands[-2].at_least


class Seen(BaseModel):
    """A face in the second picture; `similarity` (per cent) is 0 where the answer gives none."""

    model_config = ConfigDict(frozen=True)

    similarity: float
    confidence: float
    box: dict[str, float]

    @property
    def size(self) -> float:
        """The box's part of the picture."""
        return self.box.get("width", 0.0) * self.box.get("height", 0.0)


def compare(response: dict[str, Any], bands: FaceBands) -> Finding:
    """The band of a CompareFaces answer, asked for with a SimilarityThreshold of 0.

    What is compared is the largest face of either picture: AWS takes it of the first, and of the second it is the
    holder's picture on a page, or who stands before the camera. Patterns that the service is not sure are faces do
    not count. An answer without any face is `no_face`: the service does not say which picture lacks one. Further
    faces that are not close to the first are `several_faces`; a passport page may repeat its own portrait.

    `facts`: band, threshold (of the lowest band: the one that was not reached), similarity, faces (sure ones of the
    second picture), unsure (patterns left out), compared ("largest"), and `boxes`: first and second, as fractions of
    the pictures.
    """
    every = _seen(response)
    if not every:
        return _finding((Reason(code="no_face", outcome="review"),), {"faces": 0})
    # A worn old picture may hold no face that the service is sure of: then the unsure ones are all there is.
    faces = [face for face in every if face.confidence >= bands.face_confidence] or every
    compared = max(faces, key=lambda face: face.size)
    band = bands.of(compared.similarity)
    reasons = [_reason(band, compared.similarity)] if band.outcome != "pass" else []
    strangers = [
        face for face in faces if face is not compared and bands.of(face.similarity) is bands.bands[-1]
    ]
    if strangers:
        count = str(len(strangers) + 1)
        reasons.append(Reason(code="several_faces", outcome="review", measured=count, required="1"))
    facts = {
        "band": band.code,
        "threshold": bands.threshold_of(band),
        "similarity": round(compared.similarity, 2),
        "faces": len(faces),
        "unsure": len(every) - len(faces),
        "compared": "largest",
        "boxes": {"first": _box(response.get("SourceImageFace", {})), "second": compared.box or None},
    }
    return _finding(tuple(reasons), facts)


def _seen(response: dict[str, Any]) -> list[Seen]:
    # Faces under the asked threshold come without a number; with a threshold of 0 there are none.
    numbered = [(float(match["Similarity"]), match["Face"]) for match in response.get("FaceMatches", ())]
    return [
        Seen(similarity=similarity, confidence=float(face.get("Confidence", 100)), box=_box(face) or {})
        for similarity, face in (*numbered, *((0.0, face) for face in response.get("UnmatchedFaces", ())))
    ]


def _box(face: dict[str, Any]) -> dict[str, float] | None:
    """Rekognition's box as our fractions; it may reach beyond the picture."""
    given = face.get("BoundingBox")
    if not given:
        return None
    return {side.lower(): round(float(given[side]), 4) for side in ("Left", "Top", "Width", "Height")}


def _reason(band: Band, similarity: float) -> Reason:
    return Reason(code=band.code, outcome=band.outcome, measured=f"{similarity:.1f}", unit="%")


def _finding(reasons: tuple[Reason, ...], facts: dict[str, Any]) -> Finding:
    outcome: Outcome = gravest(reasons)
    return Finding(check="faces", outcome=outcome, reasons=reasons, facts=facts)
