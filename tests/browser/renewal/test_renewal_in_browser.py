"""A renewal from the start page to the collected book, in Chromium, by the applicant and three officers.

Pictures of every page stay in `.local/screenshots`, for a person to look at.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import SHOTS
from tests.browser.renewal import people
from tests.integration.renewal.walking import finish_book, reaches
from tests.sandbox import Sandbox, pictures


def test_a_renewal_from_the_start_page_to_the_collected_book(ryoji: Sandbox, chromium: Browser) -> None:
    secrets = json.loads((ryoji.running.home.folder / "authenticator.json").read_text())
    applicant = people.open_window(chromium, SHOTS)
    case_id = people.apply(applicant, ryoji.origin, pictures())
    reaches(ryoji.applicant(), case_id, "in_review")
    applicant.page.goto(f"{ryoji.origin}/en/cases/{case_id}")
    applicant.look("12-case")

    examiner = people.open_window(chromium, SHOTS)
    people.sign_in_officer(examiner, ryoji.origin, "sato.examiner", secrets["sato.examiner"])
    examiner.look("19-queue")
    people.approve(examiner, ryoji.origin, case_id)
    approver = people.open_window(chromium, SHOTS)
    people.sign_in_officer(approver, ryoji.origin, "suzuki.approver", secrets["suzuki.approver"])
    people.decide(approver, ryoji.origin, case_id)

    reaches(ryoji.applicant(), case_id, "payment")
    people.pay(applicant, ryoji.origin, case_id)
    reaches(ryoji.applicant(), case_id, "production")
    finish_book(ryoji, ryoji.applicant(), case_id)
    people.book(applicant, ryoji.origin, case_id)

    counter = people.open_window(chromium, SHOTS)
    people.sign_in_officer(counter, ryoji.origin, "tanaka.counter", secrets["tanaka.counter"])
    people.hand_over(counter, ryoji.origin, case_id)
    reaches(ryoji.applicant(), case_id, "completed")
    applicant.page.goto(f"{ryoji.origin}/en/cases/{case_id}")
    applicant.look("60-completed")
    for window in (applicant, examiner, approver, counter):
        assert window.complaints == []


@pytest.mark.parametrize(
    "path", ["/ja/", "/ja/passport-renewal", "/ja/status", "/ja/sign-up", "/en/accessibility"]
)
def test_public_pages_at_360_pixels(ryoji: Sandbox, chromium: Browser, path: str) -> None:
    window = people.open_window(chromium, SHOTS, width=360, language="ja")
    window.page.goto(ryoji.origin + path)
    window.page.wait_for_selector("h1")
    window.look(f"70{path.replace('/', '-')}")
    overflow = window.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0
