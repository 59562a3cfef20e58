"""Officers of the travellers' cases: at the console where it is looked at, else by the API."""

from __future__ import annotations

import json
import time

from playwright.sync_api import Browser

from local.seed import PASSWORD
from simulators.authenticator.totp import code, seconds_left
from tests.browser.travellers.travelling import Window, open_window
from tests.sandbox import Sandbox

EXAMINER = "sato.examiner"
APPROVER = "suzuki.approver"


def console(ryoji: Sandbox, browser: Browser, username: str, case_id: str) -> Window:
    """A window of the console, signed in with the second factor, on a case."""
    window = open_window(browser, "en")
    page = window.page
    page.goto(f"{ryoji.origin}/console/?lang=en")
    page.locator("input[autocomplete=username]").fill(username)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    field = page.locator("input[autocomplete=one-time-code]")
    field.wait_for()
    secret = json.loads((ryoji.running.home.folder / "authenticator.json").read_text())[username]
    if seconds_left(int(time.time())) < 4:
        time.sleep(5)
    field.fill(code(secret, int(time.time())))
    page.locator("button[type=submit]").click()
    page.get_by_role("heading", level=1, name="Queue").wait_for()
    page.goto(f"{ryoji.origin}/console/cases/{case_id}?lang=en")
    return window


def confirm(window: Window, deed: str) -> None:
    """Do in the dialog what was asked for."""
    dialog = window.page.get_by_role("dialog")
    dialog.get_by_role("button", name=deed, exact=True).click()
    dialog.wait_for(state="hidden")


def claim(ryoji: Sandbox, case_id: str) -> None:
    """The examiner takes the case and looks at every hit: all demo travellers live in one house."""
    examiner = ryoji.officer(EXAMINER)
    desk = examiner.ok("POST", f"/desk/cases/{case_id}/claim")
    for hit in desk["hits"]:
        said = {"hit": hit["id"], "verdict": "not_relevant", "note": "The demo travellers' house."}
        examiner.ok("POST", f"/desk/cases/{case_id}/hits", said)


def decide(ryoji: Sandbox, case_id: str, outcome: str, ground: str | None = None) -> None:
    """One officer proposes, another decides."""
    proposal = {"outcome": outcome, **({"ground": ground} if ground else {})}
    ryoji.officer(EXAMINER).ok("POST", f"/desk/cases/{case_id}/proposal", proposal)
    ryoji.officer(APPROVER).ok("POST", f"/desk/cases/{case_id}/decision", {"outcome": outcome})
