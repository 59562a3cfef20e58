"""Who calls: from the claims that API Gateway's authorizer has verified."""

from __future__ import annotations

from typing import Any

from ryoji.cases.access import Caller, CallerKind

DESK = "desk:"
ROLE = "role:"
ORGANISATION = "organisation:"


def caller_of(kind: CallerKind, event: dict[str, Any]) -> Caller:
    """The caller of a route whose authorizer is for this kind; the claims are verified before they come here."""
    claims = ((event.get("requestContext") or {}).get("authorizer") or {}).get("claims") or {}
    if kind == "public" or not claims:
        return Caller("public")
    if kind == "partner":
        scopes = frozenset(str(claims.get("scope", "")).split())
        return Caller("partner", id=str(claims.get("client_id", claims.get("sub", ""))), scopes=scopes)
    groups = _groups(claims.get("cognito:groups"))
    return Caller(
        kind,
        id=str(claims.get("sub", "")),
        name=str(claims.get("username") or claims.get("cognito:username") or ""),
        desks=frozenset(g.removeprefix(DESK) for g in groups if g.startswith(DESK)),
        roles=frozenset(g.removeprefix(ROLE) for g in groups if g.startswith(ROLE)),
        organisations=frozenset(g.removeprefix(ORGANISATION) for g in groups if g.startswith(ORGANISATION)),
    )


def _groups(claim: Any) -> list[str]:
    # API Gateway hands lists over as text: `[a b]`, `a,b` or `a b`, by the kind of authorizer.
    if isinstance(claim, list):
        return [str(group) for group in claim]
    return str(claim or "").strip("[]").replace(",", " ").split()
