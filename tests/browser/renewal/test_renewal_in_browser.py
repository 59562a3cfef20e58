"""A renewal from the start page to the collected book, in Chromium, by the applicant and three officers.

Pictures of every page stay in `.local/screenshots`, for a person to look at.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from local.places import LOCAL
from tests.browser.renewal import people
from tests.integration.renewal.walking import make_books, reaches
from tests.sandbox import PEOPLE, Sandbox, pictures, sandbox

SHOTS = LOCAL / "screenshots"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)


@pytest.fixture(scope="module")
def ryoji() -> Iterator[Sandbox]:
    """The running sandbox."""
    with sandbox("test-browser") as running:
        yield running


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Debian's Chromium, whose camera sees the applicant."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    camera = _camera(tmp_path_factory.mktemp("camera") / "visitor.mjpeg")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[*ARGUMENTS, f"--use-file-for-fake-video-capture={camera}"],
        )
        yield browser
        browser.close()


def _camera(path: Path) -> Path:
    """What the counter's camera sees: the visitor before the wall, frame after frame."""
    with Image.open(PEOPLE / "first-person-plain.jpg") as opened:
        visitor = opened.convert("RGB")
    visitor.thumbnail((720, 720))
    frame = Image.new("RGB", (1280, 720), (230, 230, 230))
    frame.paste(visitor, ((1280 - visitor.width) // 2, 0))
    out = io.BytesIO()
    frame.save(out, "JPEG", quality=92)
    path.write_bytes(out.getvalue() * 30)
    return path


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
    _finish_book(ryoji, case_id)
    people.book(applicant, ryoji.origin, case_id)

    counter = people.open_window(chromium, SHOTS)
    people.sign_in_officer(counter, ryoji.origin, "tanaka.counter", secrets["tanaka.counter"])
    people.hand_over(counter, ryoji.origin, case_id)
    reaches(ryoji.applicant(), case_id, "completed")
    applicant.page.goto(f"{ryoji.origin}/en/cases/{case_id}")
    applicant.look("60-completed")
    for window in (applicant, examiner, approver, counter):
        unexpected = [said for said in window.complaints if not said.startswith(people.EXPECTED)]
        assert unexpected == []


def _finish_book(ryoji: Sandbox, case_id: str) -> None:
    import time

    for _ in range(20):
        make_books(ryoji)
        if ryoji.applicant().ok("GET", f"/cases/{case_id}")["status"] == "collection":
            return
        time.sleep(1)
    reaches(ryoji.applicant(), case_id, "collection")


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
