"""What the card's page hands over, alone: a door's body is judged by it without the identity check being imported."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

# A card's answer is some 2.5 kB; anything much larger is not one.
_LARGEST = 64 * 1024


class CardSignature(BaseModel):
    """A detached CMS signature by the card: base64 of the DER."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    format: Literal["cms"]
    value: str = Field(min_length=1, max_length=_LARGEST)
