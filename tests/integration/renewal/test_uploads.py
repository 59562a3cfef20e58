"""What people send instead of a picture, and what they are told."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from PIL import Image

from local.api import Caller, post_form
from local.journey import as_jpeg
from tests.integration.renewal.walking import draft
from tests.sandbox import PEOPLE, Sandbox, pictures


def _refused(applicant: Caller, case_id: str, data: bytes, document: str = "portrait") -> str:
    place = applicant.ok(
        "POST",
        f"/cases/{case_id}/uploads",
        {"document": document, "content_type": "image/jpeg", "size": max(1, len(data))},
    )
    post_form(place["url"], place["fields"], data)
    answer = applicant.call(
        "POST", f"/cases/{case_id}/uploads/{place['upload_id']}/acceptance", {"document": document}
    )
    assert answer.status in (409, 413, 422), answer
    assert answer.body["title"]
    assert answer.body["mend"]
    return str(answer.body["code"])


@pytest.fixture(scope="module")
def case(ryoji: Sandbox) -> str:
    return draft(ryoji.applicant())


def test_a_text_called_a_picture(ryoji: Sandbox, case: str) -> None:
    assert _refused(ryoji.applicant(), case, b"hello, this is text" * 50) == "not_an_image"


def test_a_broken_picture(ryoji: Sandbox, case: str) -> None:
    assert _refused(ryoji.applicant(), case, pictures().portrait[:9000]) == "broken_image"


def test_an_animation(ryoji: Sandbox, case: str) -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (600, 800), (shade, 0, 0)) for shade in (0, 200)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert _refused(ryoji.applicant(), case, out.getvalue()) == "unsupported_type"


def test_a_file_that_is_too_large_is_not_even_taken(ryoji: Sandbox, case: str) -> None:
    asked = {"document": "portrait", "content_type": "image/jpeg", "size": 60_000_000}
    answer = ryoji.applicant().call("POST", f"/cases/{case}/uploads", asked)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/size")


def test_s3_itself_refuses_more_than_was_said(ryoji: Sandbox, case: str) -> None:
    place = ryoji.applicant().ok(
        "POST", f"/cases/{case}/uploads", {"document": "portrait", "content_type": "image/jpeg", "size": 100}
    )
    with pytest.raises(RuntimeError, match="4"):
        post_form(place["url"], place["fields"], b"0" * 10_600_000)


def test_s3_itself_refuses_an_empty_file(ryoji: Sandbox, case: str) -> None:
    place = ryoji.applicant().ok(
        "POST", f"/cases/{case}/uploads", {"document": "portrait", "content_type": "image/jpeg", "size": 100}
    )
    with pytest.raises(RuntimeError, match="4"):
        post_form(place["url"], place["fields"], b"")


def test_a_picture_without_a_face(ryoji: Sandbox, case: str) -> None:
    assert "no_face" in _checked(ryoji, case, as_jpeg(Image.new("RGB", (900, 1200), (210, 214, 220))))


def test_a_picture_with_two_faces(ryoji: Sandbox, case: str) -> None:
    one = Image.open(PEOPLE / "first-person-plain.jpg").convert("RGB").resize((700, 900))
    other = Image.open(PEOPLE / "third-person-plain.jpg").convert("RGB").resize((700, 900))
    both = Image.new("RGB", (1400, 900))
    both.paste(one, (0, 0))
    both.paste(other, (700, 0))
    assert "several_faces" in _checked(ryoji, case, as_jpeg(both))


def _checked(ryoji: Sandbox, case: str, picture: bytes) -> set[str]:
    applicant = ryoji.applicant()
    applicant.upload(case, "portrait", picture)
    answer = applicant.ok("POST", f"/cases/{case}/documents/portrait/checks/portrait")
    assert all(reason["text"] and reason["mend"] for reason in answer["finding"]["reasons"])
    assert not any(reason["text"].startswith("finding.") for reason in answer["finding"]["reasons"])
    return {reason["code"] for reason in answer["finding"]["reasons"]}


def test_a_page_without_a_zone(ryoji: Sandbox, case: str) -> None:
    applicant = ryoji.applicant()
    applicant.upload(case, "passport_page", pictures().portrait)
    answer = applicant.ok("POST", f"/cases/{case}/documents/passport_page/checks/travel_document")
    assert [reason["code"] for reason in answer["finding"]["reasons"]] == ["no_mrz"]


def test_somebody_elses_passport(ryoji: Sandbox, case: str) -> None:
    from local.journey import person, sections

    applicant = ryoji.applicant()
    mine = sections(person("yamada-hanako"), office="mission-singapore")
    for section in ("passport_held", "person"):
        applicant.ok("PUT", f"/cases/{case}/sections/{section}", {"answers": mine[section]})
    applicant.upload(case, "passport_page", pictures("sato-kenichi").page)
    answer = applicant.ok("POST", f"/cases/{case}/documents/passport_page/checks/travel_document")
    codes = {reason["code"] for reason in answer["finding"]["reasons"]}
    assert answer["finding"]["outcome"] == "fail"
    assert {"somebody_else", "number_differs", "birth_date_differs"} <= codes


def test_nothing_was_uploaded(ryoji: Sandbox, case: str) -> None:
    answer = ryoji.applicant().call(
        "POST", f"/cases/{case}/uploads/{'0' * 24}/acceptance", {"document": "portrait"}
    )
    assert (answer.status, answer.body["code"]) == (404, "upload_not_found")


def _bucket(storage: Any, name: str) -> str:
    (found,) = [each["Name"] for each in storage.list_buckets()["Buckets"] if name in each["Name"]]
    return str(found)


def test_a_picture_that_no_history_names_goes_at_night(ryoji: Sandbox, case: str) -> None:
    """As a function leaves it that was ended between keeping a picture and recording it."""
    storage = ryoji.running.client("s3")
    clean, quarantine = _bucket(storage, "clean"), _bucket(storage, "quarantine")
    assert storage.list_objects_v2(Bucket=quarantine, Prefix="taking-in/")["KeyCount"] == 0
    key = f"pictures/{'0' * 32}.jpg"
    storage.put_object(Bucket=quarantine, Key=f"taking-in/{case}/{key}", Body=b"")
    storage.put_object(Bucket=clean, Key=key, Body=b"somebody")
    later = datetime.now(UTC) + timedelta(hours=2)
    done = ryoji.invoke("dispose_of_cases", {"do": "dispose", "as_of": later.isoformat()})
    assert (done["pictures"], done["failed"]) == (1, 0)
    with pytest.raises(ClientError, match="404"):
        storage.head_object(Bucket=clean, Key=key)
    assert storage.list_objects_v2(Bucket=quarantine, Prefix="taking-in/")["KeyCount"] == 0
