"""The printing partner of this deployment, and what it is told: no more than a book needs."""

from __future__ import annotations

from ryoji.cases.case import Case


def order(case: Case, order_id: str) -> None:
    """Order the book; the partner knows the order by its id, so that ordering twice makes one book."""
    from ryoji.adapters.printing_http import HttpPrinting
    from ryoji.adapters.settings import partner
    from ryoji.partners.printing import Order

    validity = str(case.sections.get("renewal", {}).get("validity", "10"))
    office = str(case.sections.get("collection", {}).get("office", ""))
    HttpPrinting(partner("printing")["url"]).order(Order(order_id=order_id, office=office, validity=validity))
