"""A renewal from the start page to the collected book, in Chromium, by the applicant and three officers.

Pictures of every page stay in `.local/screenshots`, for a person to look at.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.looking import SHOTS
from tests.browser.renewal import people
from tests.integration.renewal.walking import finish_book, reaches, submitted
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


def test_a_correction_and_then_a_refusal_in_writing(ryoji: Sandbox, chromium: Browser) -> None:
    secrets = json.loads((ryoji.running.home.folder / "authenticator.json").read_text())
    kenichi, email = "sato-kenichi", "kenichi@example.jp"
    caller = ryoji.applicant(email)
    case_id = submitted(ryoji, caller, kenichi)
    examiner, approver, applicant = (people.open_window(chromium, SHOTS) for _ in range(3))
    people.sign_in_officer(examiner, ryoji.origin, "sato.examiner", secrets["sato.examiner"])
    reason = "Nobody answers at this number."
    people.ask_to_correct(examiner, ryoji.origin, case_id, "How to reach you", reason)

    applicant.page.goto(f"{ryoji.origin}/en/account")
    people.sign_in(applicant, email)
    applicant.heading("My applications")
    people.correct_telephone(applicant, ryoji.origin, case_id, reason, "03-5555-0000")
    reaches(caller, case_id, "in_review")
    desk = ryoji.officer("sato.examiner").ok("GET", f"/desk/cases/{case_id}")
    contact = next(section for section in desk["sections"] if section["id"] == "contact")
    assert contact["answers"]["phone"] == "03-5555-0000"

    reasons = "The sentence of 4 March 2025 is not finished."
    people.propose_refusal(examiner, ryoji.origin, case_id, "13-1-3", reasons)
    people.sign_in_officer(approver, ryoji.origin, "suzuki.approver", secrets["suzuki.approver"])
    people.refuse(approver, ryoji.origin, case_id)

    applicant.page.goto(f"{ryoji.origin}/en/cases/{case_id}")
    decision = applicant.page.get_by_role("region", name="Your application was refused")
    for told in (
        "the sentence is not yet finished or spent (item 3)",
        reasons,
        "You can ask the Minister for Foreign Affairs for a review within 3 months",
        "You can bring an action for annulment against the State within 6 months",
    ):
        expect(decision).to_contain_text(told)
    applicant.look("61-refused")
    for window in (applicant, examiner, approver):
        assert window.complaints == []
        window.page.context.close()


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
