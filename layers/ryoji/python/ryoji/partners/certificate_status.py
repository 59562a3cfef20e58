"""Port: asking the card authority (J-LIS, 地方公共団体情報システム機構) whether a certificate has lapsed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

Status = Literal["good", "revoked", "unknown", "unavailable"]


@dataclass(frozen=True)
class StatusAnswer:
    """The authority's answer, with what proves it later (JSON-able; kept with the case, JPKI Act arts 50-56).

    `unavailable`: no answer that can be trusted; ask again. `unknown`: the authority does not know the certificate.
    """

    status: Status
    revoked_at: datetime | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)


class CertificateStatus(Protocol):
    """Never raises for a partner that is down or answers nonsense: that is the answer `unavailable`."""

    def status(self, certificate: bytes, at: datetime) -> StatusAnswer:
        """The status of a certificate (DER) for something signed at that moment (UTC)."""
