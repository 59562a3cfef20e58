"""Visas at the console: nothing is proposed over an open hit, nothing is changed without a ground and a second look."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.console_static.conftest import Officer

SIZES = [(1920, 1080), (1280, 900), (640, 450)]  # the last is 1280 x 900 at 200 %
AGENCY = "/console/agencies/SH-TRAVEL-01"


def open_visas(officer: Officer, status: str = "in_review") -> None:
    officer.page.goto(f"{officer.desk}/console/?desk=CN-SHA&status={status}")
    officer.page.wait_for_selector("table")


def choice(officer: Officer, key: str) -> Any:
    """A list to choose from: its label holds the options too, so that only its name is exact."""
    return officer.page.get_by_role("combobox", name=officer.texts[key], exact=True)


@pytest.mark.in_each_language
def test_screens_have_no_barriers(officer: Officer) -> None:
    officer.sit_down()
    for status in ("in_review", "issued"):
        open_visas(officer, status)
        officer.see(SIZES)
    for number in (100, 103, 104):
        officer.open_case(number)
        officer.see(SIZES)
    officer.page.goto(officer.desk + AGENCY)
    officer.field("agency.reason_field").wait_for()
    officer.see(SIZES)


def test_a_passport_desk_has_no_filter_for_nationalities(officer: Officer) -> None:
    officer.look_at_queue()
    assert choice(officer, "queue.nationality").count() == 0
    assert officer.page.get_by_role("columnheader", name=officer.texts["queue.nationality"]).count() == 0


def test_the_queue_narrows_to_a_nationality_and_a_kind_of_procedure(officer: Officer) -> None:
    officer.sit_down()
    open_visas(officer)
    rows = officer.page.locator("tbody tr")
    assert rows.count() == 8
    choice(officer, "queue.nationality").select_option("VNM")
    assert rows.count() == 2
    choice(officer, "queue.family").select_option("authorization")
    assert rows.count() == 1
    choice(officer, "queue.nationality").select_option("SAU")
    officer.button("queue.clear").click()
    assert rows.count() == 8


@pytest.mark.in_each_language
def test_every_hit_is_decided_with_a_note_before_a_refusal_without_reasons(officer: Officer) -> None:
    officer.sit_down()
    officer.open_case(100)
    page, texts = officer.page, officer.texts
    hits = page.locator(".desk-hit")
    assert page.locator("input[name=outcome]").count() == 0
    page.get_by_role("link", name=texts["propose.to_hits"]).wait_for()

    hits.nth(0).get_by_role("button", name=texts["verdict.other_person"], exact=True).click()
    page.get_by_text(texts["hits.error.note"]).wait_for()
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert officer.barriers() == []
    page.keyboard.type("Another date of birth.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    hits.nth(0).get_by_role("button", name=texts["hits.again"], exact=True).wait_for()
    assert page.locator("input[name=outcome]").count() == 0

    hits.nth(1).get_by_role("textbox").fill("One family.")
    hits.nth(1).get_by_role("button", name=texts["verdict.not_relevant"], exact=True).click()
    officer.field("propose.refuse").check()
    assert officer.field("propose.reasons").count() == 0
    assert page.get_by_text(texts["propose.not_told"]).count() == 1
    officer.button("propose.next").click()
    assert page.get_by_text(texts["propose.error.ground"]).count() == 1
    page.locator("input[name=ground]").first.check()
    officer.button("propose.next").click()
    page.get_by_role("dialog").wait_for()
    assert officer.barriers() == []
    officer.button("propose.do_refuse").click()
    page.get_by_text(texts["decide.own"]).wait_for()


def test_a_screening_that_is_not_complete_is_made_again_before_an_approval(officer: Officer) -> None:
    officer.sit_down()
    officer.open_case(108)
    page, texts = officer.page, officer.texts
    hits = page.locator("#hits")
    hits.get_by_text(texts["screening.lacking"], exact=True).wait_for()
    # What the applicant declares is nobody else's.
    assert hits.get_by_role("button", name=texts["verdict.same_person"], exact=True).count() == 0
    hits.get_by_text("A visa for study was refused in 2019").wait_for()
    hits.get_by_role("textbox").fill("Long ago.")
    hits.get_by_role("button", name=texts["verdict.relevant"], exact=True).click()
    officer.field("propose.approve").check()
    officer.button("propose.next").click()
    officer.button("propose.do_approve").click()
    page.get_by_text(
        "The screening is not complete" if officer.language == "en" else "照会が終わっていません"
    ).last.wait_for()
    assert officer.barriers() == []
    officer.button("screening.again").click()
    page.get_by_text(texts["screening.done"], exact=True).wait_for()
    assert page.get_by_text(texts["screening.lacking"], exact=True).count() == 0
    officer.button("propose.next").click()
    officer.button("propose.do_approve").click()
    page.get_by_text(texts["decide.own"]).wait_for()


def test_an_application_of_another_desk_is_named_and_no_dead_end(officer: Officer) -> None:
    officer.sit_down()
    officer.open_case(100)
    shared = officer.page.locator(".desk-hit__cases")
    assert shared.get_by_role("link").count() == 2
    assert "RJ-" in shared.get_by_role("link").first.inner_text()
    shared.get_by_text(re.compile("RJ-.*(United Kingdom|在英国大使館)")).wait_for()


def test_an_interview_is_asked_for_and_noted(officer: Officer) -> None:
    officer.sit_down()
    officer.open_case(100)
    officer.button("interview.next_text").click()
    assert officer.page.get_by_text(officer.texts["interview.error.text"]).count() == 1
    officer.field("interview.text").fill("Come on 1 December at 10:00.")
    officer.button("interview.next_text").click()
    officer.button("interview.do_text").click()
    officer.field("interview.notes").fill("Came. Showed the bookings.")
    officer.button("interview.next_notes").click()
    officer.page.get_by_role("dialog").wait_for()
    assert officer.barriers() == []
    officer.button("interview.do_notes").click()
    officer.page.locator("#interviews").get_by_text("Came. Showed the bookings.").wait_for()


def test_an_original_is_seen_and_what_differs_is_said(officer: Officer) -> None:
    officer.sit_down()
    officer.open_case(101)
    page, texts = officer.page, officer.texts
    officer.button("originals.do").click()
    page.get_by_text(texts["originals.error.outcome"]).wait_for()
    officer.field("originals.differs").check()
    officer.button("originals.do").click()
    page.get_by_text(texts["originals.error.note"]).wait_for()
    assert officer.barriers() == []
    officer.field("originals.note").fill("Another name.")
    officer.button("originals.do").click()
    block = page.get_by_role("region", name=texts["originals.title"], exact=True)
    block.get_by_text("Another name.").wait_for()
    officer.button("originals.again").click()
    officer.field("originals.agrees").check()
    officer.button("originals.do").click()
    officer.button("originals.again").wait_for()
    assert block.get_by_text("Another name.").count() == 0
    assert (officer.barriers(), officer.too_wide()) == ([], 0)


def test_a_permission_is_revoked_on_a_ground_and_brought_back(officer: Officer) -> None:
    officer.sit_down()
    officer.open_case(104)
    page, texts = officer.page, officer.texts
    dialog = page.get_by_role("dialog")
    officer.button("permission.do.revoked").click()
    in_dialog = dialog.get_by_role("button", name=texts["permission.do.revoked"], exact=True)
    in_dialog.click()
    assert dialog.get_by_text(texts["permission.error.ground"]).count() == 1
    assert officer.barriers() == []
    page.keyboard.press("Escape")
    assert page.get_by_text(texts["permission.state.active"], exact=True).count() == 1

    officer.button("permission.do.revoked").click()
    dialog.get_by_role("textbox").fill("The invitation was withdrawn.")
    in_dialog.click()
    page.get_by_text(texts["permission.state.revoked"], exact=True).wait_for()
    assert officer.button("permission.do.cancelled").count() == 0
    officer.button("permission.do.active").click()
    dialog.get_by_role("textbox").fill("The invitation stands after all.")
    dialog.get_by_role("button", name=texts["permission.do.active"], exact=True).click()
    page.get_by_text(texts["permission.state.active"], exact=True).wait_for()


def test_what_was_used_is_used_again_when_its_revocation_is_undone(officer: Officer) -> None:
    officer.sit_down()
    officer.open_case(106)
    page, texts = officer.page, officer.texts
    dialog = page.get_by_role("dialog")
    for change, ground in (("revoked", "False papers."), ("active", "The papers were true.")):
        officer.button(f"permission.do.{change}").click()
        dialog.get_by_role("textbox").fill(ground)
        dialog.get_by_role("button", name=texts[f"permission.do.{change}"], exact=True).click()
        page.get_by_text(ground, exact=True).wait_for()
    assert page.get_by_text(texts["permission.state.used"], exact=True).count() == 1
    # Why it was taken away is still to be read.
    assert page.get_by_text("False papers.", exact=True).count() == 1
    assert (officer.barriers(), officer.too_wide()) == ([], 0)


def test_a_refusal_without_reasons_is_read_with_its_ground_by_the_next_officer(officer: Officer) -> None:
    officer.sit_down()
    officer.open_case(112)
    block = officer.page.get_by_role("region", name=officer.texts["decision.title"], exact=True)
    block.get_by_text("帰国の意思に疑いがある", exact=True).wait_for()
    assert block.get_by_text("同じ旅程の申請が多い。", exact=True).count() == 1
    assert (officer.barriers(), officer.too_wide()) == ([], 0)


def test_what_is_over_cannot_be_changed(officer: Officer) -> None:
    officer.sit_down()
    officer.open_case(107)
    assert officer.page.get_by_text(officer.texts["permission.state.cancelled"], exact=True).count() == 1
    for change in ("revoked", "cancelled", "replaced", "active"):
        assert officer.button(f"permission.do.{change}").count() == 0


def test_an_agency_is_found_from_its_case_and_suspended(officer: Officer) -> None:
    officer.sit_down()
    officer.open_case(100)
    page, texts = officer.page, officer.texts
    page.get_by_role("link", name="SH-TRAVEL-01").click()
    officer.button("agency.do_suspend").click()
    assert page.get_by_text(texts["agency.error.reason"]).count() == 1
    officer.field("agency.reason_field").fill("Forged bookings.")
    officer.button("agency.do_suspend").click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    assert officer.barriers() == []
    dialog.get_by_role("button", name=texts["agency.do_suspend"], exact=True).click()
    page.get_by_text(texts["agency.suspended"], exact=True).wait_for()
    assert page.get_by_text("Forged bookings.").count() == 1
    officer.button("agency.do_restore").wait_for()
