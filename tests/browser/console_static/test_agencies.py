"""The agencies of a desk at the console: a list of them, and one with its staff, whom only an approver may stop."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.console_static.conftest import Officer

SIZES = [(1280, 900), (640, 450)]  # the last is 1280 x 900 at 200 %


def open_agencies(officer: Officer, desk: str = "CN-SHA") -> Any:
    officer.sign_in()
    officer.page.wait_for_selector("table")
    officer.page.get_by_role("link", name=officer.texts["nav.agencies"], exact=True).click()
    desks = officer.page.get_by_role("combobox", name=officer.texts["queue.desk"], exact=True)
    desks.select_option(desk)
    return officer.page.locator("tbody tr")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_list_has_no_barriers(officer: Officer, width: int, height: int) -> None:
    officer.page.set_viewport_size({"width": width, "height": height})
    open_agencies(officer).first.wait_for()
    assert (officer.barriers(), officer.too_wide()) == ([], 0)


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
