"""The card's attributes against the form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ryoji.evidence.identity import BirthDate, CardAttributes, ExpectedPerson
from ryoji.evidence.identity.comparison import compare, reasons_for

CARD = CardAttributes(
    name="髙橋　誠",
    sex="M",
    birth_date=BirthDate(1985, 9, 30),
    address="愛知県名古屋市中区三の丸八丁目7番6号",
)
FORM = ExpectedPerson(name="高橋 誠", birth_date=date(1985, 9, 30), sex="M", address=CARD.address)


@pytest.mark.parametrize(
    ("card", "typed", "expected"),
    [
        ("山田　花子", "山田花子", "same"),
        ("髙橋　誠", "髙橋 誠", "same"),
        ("髙橋　誠", "高橋誠", "variant"),
        ("渡邉　直子", "渡辺　直子", "variant"),
        ("齋藤　一", "斎藤一", "variant"),
        ("佐々木　蓮", "佐佐木蓮", "same"),
        ("神谷　福", "神谷福", "same"),
        ("葛󠄀城　愛", "葛城愛", "same"),
        ("スミス　ジョン", "ｽﾐｽ ｼﾞｮﾝ", "same"),
        ("SMITH JOHN", "Smith John", "same"),
        ("山田　花子", "山田花代", "different"),
        ("斉藤　一", "斎藤一", "different"),
    ],
)
def test_names(card: str, typed: str, expected: str) -> None:
    assert compare(replace(CARD, name=card), replace(FORM, name=typed))["name"] == expected


@pytest.mark.parametrize(
    ("typed", "expected"), [("邊見 誠", "substituted"), ("邊見 成", "different"), ("邊 誠", "different")]
)
def test_a_substituted_character_is_an_officers_to_compare(typed: str, expected: str) -> None:
    card = replace(CARD, name="＝見　誠", name_substitutes="1000")
    likeness = compare(card, replace(FORM, name=typed))
    assert likeness["name"] == expected
    if expected == "substituted":
        assert [(reason.code, reason.outcome) for reason in reasons_for(likeness, FORM)] == [
            ("name_substituted", "review")
        ]


@pytest.mark.parametrize(
    ("birth_date", "expected"),
    [
        (BirthDate(1985, 9, 30), "same"),
        (BirthDate(1985, 9, None), "same"),
        (BirthDate(None, None, None), "same"),
        (BirthDate(1985, 8, None), "different"),
    ],
)
def test_unknown_parts_of_a_birth_date_contradict_nothing(birth_date: BirthDate, expected: str) -> None:
    assert compare(replace(CARD, birth_date=birth_date), FORM)["birth_date"] == expected


@pytest.mark.parametrize(
    ("card", "typed", "expected"),
    [
        ("愛知県名古屋市中区三の丸八丁目7番6号", "愛知県名古屋市中区三の丸8-7-6", "same"),
        ("愛知県名古屋市中区三の丸八丁目7番6号", "愛知県名古屋市中区三の丸８丁目７−６", "same"),
        ("東京都千代田区霞が関二丁目2番1号", "東京都千代田区霞ヶ関2-2-1", "same"),
        ("東京都千代田区丸の内十二丁目3番地の4", "東京都千代田区丸の内12-3-4", "same"),
        ("東京都港区架空二十三丁目1番2号ハイツ　101号室", "東京都港区架空23-1-2 ハイツ101", "same"),
        ("富山県魚津市廣澤町1番", "富山県魚津市広沢町1番", "variant"),
        ("愛知県名古屋市中区三の丸八丁目7番6号", "愛知県名古屋市中区三の丸8-7-5", "different"),
        ("愛知県名古屋市中区三の丸1番", "12 Rue Imaginaire, Paris", "different"),
        ("アメリカ合衆国ニューヨーク州東九百丁目9番地", "900 East 9th Street, New York", "not_compared"),
        ("", "900 East 9th Street, New York", "not_compared"),
        ("愛知県名古屋市中区三の丸1番", None, "not_compared"),
    ],
)
def test_addresses(card: str, typed: str | None, expected: str) -> None:
    assert compare(replace(CARD, address=card), replace(FORM, address=typed))["address"] == expected


@pytest.mark.parametrize(("card", "typed", "expected"), [("M", "F", "different"), ("X", "F", "not_compared")])
def test_sexes(card: str, typed: str, expected: str) -> None:
    likeness = compare(
        CardAttributes(**{**vars(CARD), "sex": card}), ExpectedPerson(**{**vars(FORM), "sex": typed})
    )
    assert likeness["sex"] == expected


def test_an_address_that_differs_is_for_an_officer_and_points_to_its_field() -> None:
    form = replace(FORM, address="愛知県名古屋市中区三の丸1-1-1", pointers={"address": "/contact/address"})
    (reason,) = reasons_for(compare(CARD, form), form)
    assert (reason.code, reason.outcome, reason.pointer) == ("address_differs", "review", "/contact/address")
    assert reason.measured is None
