"""The page's texts out of the message files: the page is in Japanese and English, whatever the traveller reads."""

from __future__ import annotations

from ryoji.catalogue.messages import Messages
from ryoji.issuance.issued import Kind
from ryoji.issuance.pdf import LABELS, PageTexts


def page_texts(messages: Messages, kind: Kind, site: str) -> PageTexts:
    """The texts for a visa or an authorization; `site` is the origin whose verification page the page names."""

    def both(key: str) -> tuple[str, str]:
        return messages.text(f"page.{key}", "ja"), messages.text(f"page.{key}", "en")

    return PageTexts(
        state=both("state"),
        title=both(f"title.{kind}"),
        labels={name: both(f"label.{name}") for name in LABELS},
        stay_at_border=" / ".join(both("stay_at_border")),
        entries_unlimited=" / ".join(both("entries_unlimited")),
        days=" / ".join(both("days")),
        notes=(both("note.live"), both("note.national")),
        verify=both("verify"),
        verify_at=f"{site}/verify",
    )
