"""Days, times and amounts in messages, in every language."""

from __future__ import annotations

import pytest

from ryoji.doors.texts import LANGUAGES, language_of
from ryoji.doors.written import written_day, written_moment, written_yen

WRITTEN = {
    "ja": ("2026年12月8日 09:30", "15,900円"),
    "en": ("8 December 2026 09:30", "JPY 15,900"),
    "zh-Hans": ("2026年12月8日 09:30", "15,900日元"),
    "id": ("8 Desember 2026 pukul 09.30", "JPY 15.900"),
    "ar": ("8 ديسمبر 2026، 09:30", "15,900 ين"),
}


def test_every_language_is_known() -> None:
    assert set(WRITTEN) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_moments_and_amounts_are_written_as_the_language_writes_them(language: str) -> None:
    moment, amount = WRITTEN[language]
    assert written_moment("2026-12-08T09:30:00+08:00", language) == moment
    assert written_yen(15_900, language) == amount
    assert written_yen(700, language).replace("700", "") == amount.replace("15,900", "").replace("15.900", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_stands_in_its_moment_and_every_month_has_another_name(language: str) -> None:
    assert written_day("2026-12-08", language) in written_moment("2026-12-08T09:30:00+08:00", language)
    assert len({written_day(f"2026-{month:02}-01", language) for month in range(1, 13)}) == 12
    assert written_day(None, language) == written_moment("", language) == ""


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-Hans", "zh-Hans"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("id-ID", "id"),
        ("ar-AE,en;q=0.5", "ar"),
        ("fr, ar;q=0.2", "ar"),
    ],
)
def test_a_country_or_script_does_not_hide_the_language(accepted: str, language: str) -> None:
    assert language_of(accepted) == language
