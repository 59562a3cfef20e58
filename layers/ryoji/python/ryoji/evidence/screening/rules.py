"""What likenesses weigh: data of `procedures/rules/screening.yaml`, with source and mark."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ryoji.evidence.screening.marks import MarkKind

Share = Annotated[float, Field(ge=0, le=1)]


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PartScores(_Rules):
    """What a pair of parts counts. `consonants` and `spelling` are from nearness 0 to nearness 1 of the letters."""

    same: Share
    transliteration: Share
    doubled: Share
    same_reading: Share
    consonants: tuple[Share, Share]
    truncated: Share
    spelling: tuple[Share, Share]
    spelling_at_least: Share
    initial: Share


class NameScores(_Rules):
    """What a name's parts weigh: a particle, an initial, a part that only one side has or that contradicts."""

    parts: PartScores
    particle: Share
    initial: Share
    missing: Share
    contradicting: Share
    only_one_part: Share
    at_least: Share


class DateScores(_Rules):
    """The factor of each likeness of birth dates."""

    same: Share
    partial: Share
    conventional_day: Share
    swapped: Share
    one_digit: Share
    neighbours: Share
    same_year: Share
    unknown: Share
    different: Share


class ElseScores(_Rules):
    """The factor of one more fact: the same, not known on a side, different."""

    same: Share
    unknown: Share
    different: Share


class DocumentScores(_Rules):
    """The same number, and one that a reader may have taken for it."""

    same: Share
    confusable: Share


class SharedRules(_Rules):
    """Marks of cases: with how many others a mark must be shared to be a hit, what that counts, how long it is kept.

    At most `most_cases` are looked at under a mark; under a picture's look, which forms share, `most_pictures`.
    """

    at_least: dict[str, Annotated[int, Field(ge=1)]]
    score: dict[str, Share]
    most_cases: Annotated[int, Field(ge=1, le=1000)]
    most_pictures: Annotated[int, Field(ge=1, le=1000)]
    picture_distance: Annotated[int, Field(ge=0, le=3)]
    kept_days: dict[MarkKind, Annotated[int, Field(ge=1)]]

    @model_validator(mode="after")
    def _every_kind_is_kept(self) -> SharedRules:
        missing = set(get_args(MarkKind)) - set(self.kept_days)
        if missing:
            raise ValueError(f"kept_days says nothing of {sorted(missing)}")
        return self


class ScreeningRules(_Rules):
    """All of it. `hit_at_least`: a person's score from which an officer looks; `most_hits` stand in one finding."""

    names: NameScores
    dates: DateScores
    nationality: ElseScores
    sex: ElseScores
    documents: DocumentScores
    earlier: dict[str, Share]
    declared: dict[str, Share]
    crowded: Share
    shared: SharedRules
    hit_at_least: Share
    most_candidates: Annotated[int, Field(ge=1)]
    most_earlier: Annotated[int, Field(ge=2)]
    most_hits: Annotated[int, Field(ge=1)]
    source: str
    mark: Literal["found", "unverified", "derived", "design"]
