"""The agencies of a desk at the console: a list of them, and one with its staff, whom only an approver may stop."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.console_static.conftest import Officer

SIZES = [(1280, 900), (640, 450)]  # the last is 1280 x 900 at 200 %


def open_agencies(officer: Officer, desk: str = "CN-SHA") -> Any:
    officer.look_at_queue()
    officer.page.get_by_role("link", name=officer.texts["nav.agencies"], exact=True).click()
    desks = officer.page.get_by_role("combobox", name=officer.texts["queue.desk"], exact=True)
    desks.select_option(desk)
    return officer.page.locator("tbody tr")


@pytest.mark.in_each_language
def test_the_list_has_no_barriers(officer: Officer) -> None:
    open_agencies(officer).first.wait_for()
    officer.see(SIZES)


def test_the_list_says_status_quota_and_staff_and_leads_to_each(officer: Officer) -> None:
    rows, texts = open_agencies(officer), officer.texts
    officer.button("queue.more").click()
    rows.nth(1).wait_for()
    first, second = rows.all_inner_texts()
    assert texts["agency.may_file"] in first
    assert "237" in first
    assert texts["agency.suspended"] in second
    rows.first.get_by_role("link").click()
    officer.field("agency.reason_field").wait_for()
    assert officer.page.get_by_text("agent@example.cn").count() == 1
    assert officer.page.get_by_text(texts["agency.account_shut"]).count() == 1
    officer.page.get_by_role("link", name=texts["agencies.title"], exact=True).click()
    rows.first.wait_for()
    assert officer.page.url.endswith("?desk=CN-SHA")


def test_a_desk_without_agencies_says_so(officer: Officer) -> None:
    open_agencies(officer, "SG")
    officer.page.get_by_text(officer.texts["agencies.nothing"]).wait_for()


def test_an_agency_is_accredited_and_no_other_of_its_code_is_changed(officer: Officer) -> None:
    open_agencies(officer).first.wait_for()
    page, texts = officer.page, officer.texts
    officer.button("agency.accredit_title").click()
    officer.button("agency.next_accredit").click()
    for fault in ("code", "name", "procedures", "quota", "email"):
        page.get_by_text(texts[f"agency.error.{fault}"]).wait_for()
    assert (officer.barriers(), officer.too_wide()) == ([], 0)
    officer.field("agency.code").fill("SH-TRAVEL-01")
    officer.button("agency.next_accredit").click()
    page.get_by_text(texts["agency.error.code"]).wait_for()
    officer.field("agency.code").fill("new-wind")
    officer.field("agencies.name").fill("New Wind Travel")
    page.get_by_role("checkbox").first.check()
    officer.field("agency.quota_field").fill("25")
    officer.field("agency.mailbox").fill("visas@new-wind.example")
    officer.button("agency.next_accredit").click()
    page.get_by_role("dialog").wait_for()
    assert officer.barriers() == []
    officer.button("agency.do_accredit").click()
    page.wait_for_url("**/console/agencies/new-wind")
    page.locator("#changes").get_by_text(texts["agency.did.accredited"]).wait_for()
    assert page.locator("#agency").get_by_text("visas@new-wind.example").count() == 1

    open_list_again(officer)
    officer.button("agency.accredit_title").click()
    officer.field("agency.code").fill("new-wind")
    officer.field("agencies.name").fill("Another")
    page.get_by_role("checkbox").first.check()
    officer.field("agency.quota_field").fill("1")
    officer.field("agency.mailbox").fill("another@example.cn")
    officer.button("agency.next_accredit").click()
    officer.button("agency.do_accredit").click()
    page.get_by_text(texts["agency.error.taken"]).wait_for()


def open_list_again(officer: Officer) -> None:
    officer.page.get_by_role("link", name=officer.texts["agencies.title"], exact=True).click()
    officer.page.locator("tbody tr").first.wait_for()


@pytest.mark.in_each_language
def test_the_quota_is_changed_and_accounts_come_and_go(officer: Officer) -> None:
    rows, page, texts = open_agencies(officer), officer.page, officer.texts
    rows.first.get_by_role("link").click()
    quota = officer.field("agency.quota_field")
    quota.fill("12x")
    officer.button("agency.next_change").click()
    page.get_by_text(texts["agency.error.quota"]).wait_for()
    quota.fill("500")
    officer.button("agency.next_change").click()
    officer.button("agency.do_change").click()
    page.locator("#changes").get_by_text(texts["agency.did.changed"]).wait_for()
    assert quota.input_value() == "500"

    officer.field("agency.email").fill("not an address")
    officer.button("agency.add").click()
    page.get_by_text(texts["agency.error.email"]).wait_for()
    officer.field("agency.email").fill("new@example.cn")
    officer.button("agency.add").click()
    officer.button_named(texts["agency.remove_this"].replace("{email}", "new@example.cn")).click()
    page.get_by_role("dialog").wait_for()
    assert officer.barriers() == []
    page.get_by_role("dialog").get_by_role("button", name=texts["agency.remove"], exact=True).click()
    page.locator("li", has_text="new@example.cn").wait_for(state="detached")
    assert (officer.barriers(), officer.too_wide()) == ([], 0)
