"""The ministry's figures at the console: by month and desk, summed up, and taken away as a file."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests.browser.console_static.conftest import Officer

SIZES = [(1280, 900), (640, 450)]  # the last is 1280 x 900 at 200 %


def open_statistics(officer: Officer) -> None:
    officer.look_at_queue()
    officer.page.get_by_role("link", name=officer.texts["statistics.title"], exact=True).click()
    officer.page.get_by_role("columnheader", name=officer.texts["statistics.received"]).wait_for()


def choice(officer: Officer, key: str) -> Any:
    return officer.page.get_by_role("combobox", name=officer.texts[key], exact=True)


def sums(officer: Officer, table: int = 0) -> list[str]:
    cells = officer.page.locator("table").nth(table).locator("tfoot td")
    return [text.strip() for text in cells.all_inner_texts()]


@pytest.mark.in_each_language
def test_the_figures_have_no_barriers(officer: Officer) -> None:
    open_statistics(officer)
    officer.see(SIZES)


def test_a_desk_and_a_month_are_chosen_and_stay_in_the_address(officer: Officer) -> None:
    open_statistics(officer)
    page = officer.page
    assert sums(officer) == ["1,331", "1,182", "31", "14", "3", "4.4"]
    choice(officer, "queue.desk").select_option("CN-SHA")
    page.locator("tbody tr").nth(2).wait_for(state="detached")
    assert sums(officer) == ["1,243", "1,102", "31", "13", "3", "4.0"]
    page.reload()
    page.wait_for_selector("tfoot")
    assert sums(officer)[0] == "1,243"
    choice(officer, "statistics.month").select_option(index=1)
    page.get_by_text(officer.texts["statistics.nothing"]).wait_for()
    assert officer.button("statistics.download").is_disabled()


def test_the_figures_are_taken_away_as_a_file(officer: Officer) -> None:
    open_statistics(officer)
    with officer.page.expect_download() as begun:
        officer.button("statistics.download").click()
    assert begun.value.suggested_filename.startswith("ryoji-all-")
    text = Path(begun.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    nationality = officer.texts["statistics.csv.nationality"]
    assert rows[0][nationality] == {"ja": "中国", "en": "China"}[officer.language]
    assert sum(int(row[officer.texts["statistics.csv.received"]]) for row in rows) == 1331


def test_a_counter_says_what_came_in_on_paper_and_the_share_is_seen(officer: Officer) -> None:
    open_statistics(officer)
    choice(officer, "queue.desk").select_option("SG")
    officer.button("statistics.paper_do").click()
    officer.page.get_by_text(officer.texts["statistics.error.paper"]).wait_for()
    assert officer.barriers() == []
    officer.field("statistics.paper_field").fill("12")
    officer.button("statistics.paper_do").click()
    officer.page.get_by_role("columnheader", name=officer.texts["statistics.share"]).wait_for()
    assert sums(officer, 1) == ["88", "12", "88.0%"]
    assert (officer.barriers(), officer.too_wide()) == ([], 0)
