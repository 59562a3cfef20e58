"""Pictures come in: a presigned place in quarantine, then recognised, re-encoded, stripped and kept under a new key."""

# Long because applicant and counter send pictures by the same way, with rules of their own.

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from typing import Any

from ryoji.cases import commands
from ryoji.cases.actions import NewAction
from ryoji.cases.case import Case
from ryoji.doors.cases import case_view, command, definition_of, desk_view, read_for
from ryoji.doors.door import Body, Call, Door, Empty
from ryoji.errors import FieldError, Invalid, NotFound

door = Door("receive_uploads")

COUNTER_PICTURE = "counter_picture"
COUNTER_MAX_BYTES = 10_000_000
CAMERA = ("image/jpeg", "image/png")
KEPT_SIDE = 3000
KEPT_BYTES = 4_500_000
# An id as it is given out: nothing else may become part of a key.
UPLOAD_ID = re.compile("[0-9a-f]{24}")


class Upload(Body):
    """What will be uploaded."""

    document: str
    content_type: str
    size: int


class Acceptance(Body):
    """Which document the upload is for."""

    document: str


@door.route("POST", "/cases/{case_id}/uploads", "case.upload", body=Upload, status=201, answer="Upload")
def place_for_upload(call: Call, case_id: str) -> dict[str, Any]:
    """A place in quarantine for one file of one of the procedure's documents."""
    case = read_for(call, case_id)
    commands.must_be_open_for(case, f"documents/{call.body.document}")
    document = definition_of(case).document(call.body.document)
    if document is None or document.limits is None:
        raise NotFound("document_not_found")
    limits = document.limits
    return _place(case_id, call.body, limits.min_bytes, limits.max_bytes, limits.content_types)


@door.route("POST", "/desk/cases/{case_id}/uploads", "desk.counter", body=Upload, status=201, answer="Upload")
def place_for_counter_picture(call: Call, case_id: str) -> dict[str, Any]:
    """A place in quarantine for the picture taken at the counter."""
    commands.must_be(read_for(call, case_id), "collection")
    if call.body.document != COUNTER_PICTURE:
        raise NotFound("document_not_found")
    return _place(case_id, call.body, 1, COUNTER_MAX_BYTES, CAMERA)


def _place(
    case_id: str, upload: Upload, smallest: int, largest: int, types: Collection[str]
) -> dict[str, Any]:
    from ryoji.adapters import objects

    wrong = []
    if upload.content_type not in types:
        wrong.append(FieldError("/content_type", "unsupported_type"))
    if not smallest <= upload.size <= largest:
        params = (("min", f"{smallest // 1000}"), ("max", f"{largest // 1_000_000}"))
        wrong.append(FieldError("/size", "too_small" if upload.size < smallest else "too_large", params))
    if wrong:
        raise Invalid("upload_refused", fields=tuple(wrong))
    upload_id = secrets.token_hex(12)
    return {
        "upload_id": upload_id,
        **objects.presign_upload(f"{case_id}/{upload_id}", upload.content_type, largest),
    }


@door.route("POST", "/cases/{case_id}/uploads/{upload_id}/acceptance", "case.upload", body=Acceptance)
def accept_upload(call: Call, case_id: str, upload_id: str) -> dict[str, Any]:
    """Look at what was uploaded and keep a clean copy of it; 422 says what is wrong with the file."""
    document = call.body.document

    def judge(case: Case, kept: dict[str, Any]) -> list[NewAction]:
        return commands.receive_document(case, document=document, **kept)

    case = read_for(call, case_id)
    asked = definition_of(case).document(document)
    if asked is None or asked.limits is None:
        # The counter's picture, above all, is not the applicant's to send.
        raise NotFound("document_not_found")
    commands.must_be_open_for(case, f"documents/{document}")
    return case_view(call, _accept(call, case, upload_id, judge))


@door.route(
    "POST",
    "/desk/cases/{case_id}/uploads/{upload_id}/acceptance",
    "desk.counter",
    body=Acceptance,
    answer="DeskCase",
)
def accept_counter_picture(call: Call, case_id: str, upload_id: str) -> dict[str, Any]:
    """Keep a clean copy of the picture taken at the counter."""
    case = read_for(call, case_id)
    commands.must_be(case, "collection")
    kept = _accept(call, case, upload_id, lambda now, upload: commands.receive_counter_picture(now, **upload))
    return desk_view(call, kept)


def _accept(call: Call, case: Case, upload_id: str, judge: Any) -> Case:
    if any(held.upload_id == upload_id for held in case.documents.values()):
        return case
    if not UPLOAD_ID.fullmatch(upload_id):
        raise NotFound("upload_not_found")
    from ryoji.adapters import objects
    from ryoji.evidence.images import sanitise

    source = f"{case.case_id}/{upload_id}"
    picture = sanitise(objects.take_from_quarantine(source), max_side=KEPT_SIDE, max_bytes=KEPT_BYTES)
    # The new key is random, so that nobody who knows the case or the upload knows where the picture lies.
    key = f"pictures/{secrets.token_hex(16)}.jpg"
    objects.keep(case.case_id, key, picture.jpeg)
    kept = {
        "upload_id": upload_id,
        "key": key,
        "sha256": picture.sha256,
        "width": picture.width,
        "height": picture.height,
    }
    try:
        recorded = command(call, case.case_id, lambda now: judge(now, kept))
    except Exception:
        # Where this function dies before it comes to that, the night does it.
        from ryoji.doors.disposal import drop_unless_recorded

        drop_unless_recorded(case.case_id, key)
        raise
    if key not in {held.key for held in recorded.documents.values()}:
        # Somebody else's acceptance of the same upload was first.
        objects.dispose(key)
    objects.taken_in(case.case_id, key)
    objects.discard(source)
    return recorded


@door.route(
    "POST", "/cases/{case_id}/documents/{document}/checks/image", "case.check", body=Empty, answer="Checked"
)
def tell_of_image(call: Call, case_id: str, document: str) -> dict[str, Any]:
    """What was found when the upload was accepted: a file that passed can be opened, and nothing else is in it."""
    from ryoji.doors.cases import reader_of
    from ryoji.doors.views import finding_view

    case = read_for(call, case_id)
    found = case.latest("image", document)
    if found is None:
        raise NotFound("document_not_found")
    return {"finding": finding_view(found, reader_of(call, case)), "case": case_view(call, case)}


@door.route("GET", "/cases/{case_id}/documents/{document}/picture", "case.read", answer="Link")
def show_picture(call: Call, case_id: str, document: str) -> dict[str, Any]:
    """A link to the applicant's own picture, for a few minutes."""
    return _link(read_for(call, case_id), document)


@door.route("GET", "/desk/cases/{case_id}/documents/{document}/picture", "desk.read", answer="Link")
def show_picture_to_officer(call: Call, case_id: str, document: str) -> dict[str, Any]:
    """A link to a case's picture, for a few minutes."""
    return _link(read_for(call, case_id), document)


def _link(case: Case, document: str) -> dict[str, Any]:
    from ryoji.adapters import objects

    held = case.documents.get(document)
    if held is None:
        raise NotFound("document_not_found")
    return {"url": objects.link(held.key)}
