"""Finding the zone's lines on a picture: pieces, angles, two documents, and the response as Textract shapes it."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest

from ryoji.evidence.travel_document.lines import OcrLine, Point
from ryoji.evidence.travel_document.reader import Reading, best_of, read_mrz, read_response
from ryoji.evidence.travel_document.views import View, next_view

TODAY = date(2026, 11, 23)
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
OTHER = ("P<JPNGAIMU<<SAKURA<<<<<<<<<<<<<<<<<<<<<<<<<<", "XS12345673JPN7902206F1603202<<<<<<<<<<<<<<<2")
VISA = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<")
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")


def line(
    text: str, left: float, top: float, *, pitch: float = 0.02, height: float = 0.03, confidence: float = 99.0
) -> OcrLine:
    right, bottom = left + pitch * len(text), top + height
    return OcrLine(
        text=text, confidence=confidence, polygon=((left, top), (right, top), (right, bottom), (left, bottom))
    )


def turned(lines: list[OcrLine], degrees: float, skew: float = 0.0) -> list[OcrLine]:
    """The same lines on a picture turned about its middle, and sheared."""
    angle = math.radians(degrees)

    def moved(point: Point) -> Point:
        x, y = point[0] - 0.5, point[1] - 0.5
        x, y = x + skew * y, y + skew * 0.3 * x
        return (
            0.5 + x * math.cos(angle) - y * math.sin(angle),
            0.5 + x * math.sin(angle) + y * math.cos(angle),
        )

    return [one.model_copy(update={"polygon": tuple(moved(point) for point in one.polygon)}) for one in lines]


def page(zone: tuple[str, ...], top: float = 0.8, left: float = 0.05) -> list[OcrLine]:
    words = [
        line("PASSPORT", left, top - 0.5),
        line("Surname", left + 0.3, top - 0.4),
        line("ERIKSSON", left + 0.3, top - 0.36),
    ]
    return words + [line(text, left, top + 0.06 * index) for index, text in enumerate(zone)]


@pytest.mark.parametrize("degrees", [0, 7, -23, 45, 90, 180, 270, 200])
@pytest.mark.parametrize("zone", [TD3, TD1])
def test_a_turned_page_is_read(zone: tuple[str, ...], degrees: float) -> None:
    reading = read_mrz(turned(page(zone), degrees, skew=0.1), TODAY)
    assert (reading.lines, reading.valid) == (zone, True)


@pytest.mark.parametrize("degrees", [0, 12, 90, 180])
def test_pieces_of_a_line_are_put_together(degrees: float) -> None:
    pieces = [
        line(TD3[0][:14], 0.05, 0.8), line(TD3[0][14:30], 0.05 + 0.02 * 14, 0.803),
        line(TD3[0][30:], 0.05 + 0.02 * 30, 0.806), line(TD3[1][:21], 0.05, 0.86),
        line(TD3[1][21:], 0.05 + 0.02 * 21, 0.864), line("ERIKSSON", 0.4, 0.5),
    ]  # fmt: skip
    reading = read_mrz(turned(list(reversed(pieces)), degrees), TODAY)
    assert (reading.lines, reading.valid) == (TD3, True)


def test_fillers_lost_between_pieces_are_put_in() -> None:
    pieces = [
        line("P<UTOERIKSSON<<ANNA<MARIA", 0.05, 0.8),
        line("<<<<", 0.75, 0.8),
        line(TD3[1][:28], 0.05, 0.86),
        line(TD3[1][28:], 0.05 + 0.56, 0.86),
    ]
    reading = read_mrz(pieces, TODAY)
    assert (reading.lines, reading.valid) == (TD3, True)


def test_a_polygon_may_begin_at_the_pictures_top_left() -> None:
    standing = [
        one.model_copy(update={"polygon": one.polygon[3:] + one.polygon[:3]}) for one in turned(page(TD3), 90)
    ]
    assert read_mrz(standing, TODAY).lines == TD3


def test_two_documents_on_one_picture_are_not_chosen_between() -> None:
    both = [*page(TD3, top=0.4), *page(OTHER, top=0.85)]
    reading = read_mrz(both, TODAY)
    assert (reading.valid, reading.ambiguous, reading.ambiguity) == (False, True, "two_documents")


def test_a_passport_beside_a_visa_is_two_documents() -> None:
    side_by_side = [
        line(text, left, top, pitch=0.01, height=0.015)
        for zone, left in ((TD3, 0.03), (VISA, 0.52))
        for text, top in zip(zone, (0.8, 0.83), strict=True)
    ]
    assert read_mrz(side_by_side, TODAY).ambiguity == "two_documents"


def test_a_second_document_that_was_read_badly_counts_too() -> None:
    worse = (OTHER[0], OTHER[1].replace("790220", "7902Z0").replace("XS", "X5"))
    assert read_mrz([*page(TD3, top=0.4), *page(worse, top=0.85)], TODAY).ambiguity == "two_documents"


def test_the_same_document_twice_is_one() -> None:
    assert read_mrz([*page(TD3, top=0.4), *page(TD3, top=0.85)], TODAY).valid


def block(one: OcrLine, kind: str, name: str, children: list[str]) -> dict[str, Any]:
    xs, ys = [x for x, _ in one.polygon], [y for _, y in one.polygon]
    box = {"Width": max(xs) - min(xs), "Height": max(ys) - min(ys), "Left": min(xs), "Top": min(ys)}
    geometry = {
        "BoundingBox": box,
        "Polygon": [{"X": x, "Y": y} for x, y in one.polygon],
        "RotationAngle": 0.0,
    }
    related = {"Relationships": [{"Type": "CHILD", "Ids": children}]} if children else {}
    text = {"Text": one.text} if kind != "PAGE" else {}
    return {
        "BlockType": kind,
        "Id": name,
        "Confidence": one.confidence,
        "Geometry": geometry,
        **text,
        **related,
    }


def response(lines: list[OcrLine]) -> dict[str, Any]:
    """DetectDocumentText's answer: a page, its lines, their words."""
    whole = OcrLine(text="", polygon=((0, 0), (1, 0), (1, 1), (0, 1)))
    names = [f"line-{index}" for index in range(len(lines))]
    blocks = [block(whole, "PAGE", "page", names)]
    blocks += [block(one, "LINE", name, [f"{name}-word"]) for one, name in zip(lines, names, strict=True)]
    blocks += [block(one, "WORD", f"{name}-word", []) for one, name in zip(lines, names, strict=True)]
    return {"DocumentMetadata": {"Pages": 1}, "Blocks": blocks, "DetectDocumentTextModelVersion": "1.0"}


def test_a_response_is_read_through_the_response_parser() -> None:
    reading = read_response(response(page(TD3)), TODAY)
    assert (reading.format, reading.lines, reading.raw_lines) == ("TD3", TD3, TD3)
    assert reading.fields.surname == "ERIKSSON"
    assert reading.seen_on_page == ("surname",)
    assert reading.confidence == pytest.approx(0.99)


def test_an_empty_page_has_no_zone() -> None:
    assert read_response(response([]), TODAY) == Reading()


def test_a_close_look_goes_to_the_band_of_the_zone() -> None:
    view = next_view(response(page(TD3)))
    assert view is not None
    assert view.rotation == 0.0
    assert view.top < 0.8 < 0.89 < view.top + view.height
    assert view.height < 0.35


def test_a_zone_read_on_its_head_is_turned() -> None:
    mirrored = page(("0>>>>>>>>>>22L0W9122WN>65L79281", ">>>>>>>>>>>HNIW>NV>>NVELINAd"))
    view = next_view(response(mirrored))
    assert view is not None
    assert abs(view.rotation) == 180.0


@pytest.mark.parametrize("degrees", [90.0, 20.0, -90.0])
def test_a_turned_band_is_turned_back(degrees: float) -> None:
    view = next_view(response(turned(page(TD3), degrees)))
    assert view is not None
    assert (view.rotation + degrees) % 360 == pytest.approx(0, abs=0.2)


def test_views_are_not_tried_twice_and_come_to_an_end() -> None:
    answer, seen = response(page(TD3)), list[View]()
    while (view := next_view(answer, seen)) is not None:
        assert view not in seen
        seen.append(view)
    assert 1 <= len(seen) <= 5


def test_without_any_zone_the_lower_half_and_the_other_ways_up_are_tried() -> None:
    answer, seen = response([line("PASSPORT", 0.1, 0.1)]), list[View]()
    while (view := next_view(answer, seen)) is not None:
        seen.append(view)
    assert seen[0] == View(top=0.5, height=0.5)
    assert {view.rotation for view in seen} == {0.0, 90.0, 180.0, 270.0}


def test_the_better_of_two_looks_counts_and_a_contradiction_does_not() -> None:
    good, bad = read_mrz(page(TD3), TODAY), Reading()
    assert best_of([bad, good]) == good
    assert best_of([]) == Reading()
    other = read_mrz(page(OTHER), TODAY)
    assert (best_of([good, other]).valid, best_of([good, other]).ambiguous) == (False, True)
