"""What becomes of a traveller's application, as the traveller, the officers and a stranger see it in Chromium."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Browser, FilePayload, Page, expect

from local.api import Caller
from local.journey import until
from local.travellers import BRITISH, INDONESIAN, Traveller, filled, passport_page, sections, send
from ryoji.catalogue.deadlines import add_months
from tests.browser.travellers import officers
from tests.browser.travellers.travelling import LONDON, fill, open_window, sign_in
from tests.sandbox import PEOPLE, Sandbox

PATIENCE = 90.0


def drafted(caller: Caller, procedure: str, who: Traveller, face: str, office: str | None = None) -> str:
    """A complete draft of somebody who shares nothing with the other travellers."""
    portrait = (PEOPLE / face).read_bytes()
    answers = sections(who, datetime.now(UTC).date(), office=office)
    return filled(caller, procedure, answers, passport_page(who, portrait), portrait)


def reaches(caller: Caller, case_id: str, status: str) -> dict[str, Any]:
    return until(
        lambda: caller.ok("GET", f"/cases/{case_id}"), lambda case: case["status"] == status, PATIENCE
    )


def shown(page: Page, kind: str) -> None:
    """What the verification page concludes."""
    page.locator(f".ryoji-verify-result .ryoji-banner[data-kind={kind}]").first.wait_for()


def test_a_revocation_at_the_console_shows_in_the_wallet_and_to_a_stranger(
    ryoji: Sandbox, chromium: Browser
) -> None:
    caller = ryoji.applicant("dewi@example.id")
    brother = replace(INDONESIAN, given_names="BUDI", birth_date="1997-06-02", sex="male", number="X7654321")
    case_id = drafted(caller, "authorization-indonesia", brother, "kenichi.jpg")
    send(caller, case_id)
    reaches(caller, case_id, "issued")
    holder = open_window(chromium, "id-ID", 412, dots=3)
    wallet = holder.page
    wallet.goto(f"{ryoji.origin}/id/cases/{case_id}/permission")
    sign_in(holder, "dewi@example.id")
    wallet.locator(".ryoji-standing .ryoji-tag[data-tone=green]").wait_for()
    code: FilePayload = {
        "name": "kode.png",
        "mimeType": "image/png",
        "buffer": wallet.locator("svg.ryoji-code").screenshot(),
    }

    stranger = open_window(chromium, "en", 412)
    page = stranger.page
    page.goto(f"{ryoji.origin}/en/verify")
    page.locator("[data-offline=ready]").wait_for()
    page.locator("#picture").set_input_files(code)
    shown(page, "success")
    expect(page.get_by_text("HARTONO BUDI")).to_be_visible()
    expect(page.get_by_role("row", name="State of the permission now")).to_contain_text("In force")
    stranger.look("verify-1-in-force")

    approver = officers.console(ryoji, chromium, officers.APPROVER, case_id)
    approver.page.get_by_role("button", name="Revoke", exact=True).click()
    approver.page.get_by_role("dialog").get_by_role("textbox").fill("The passport was reported as lost.")
    approver.look("revocation-1-console")
    officers.confirm(approver, "Revoke")
    expect(approver.page.get_by_role("button", name="Bring back")).to_be_visible()
    approver.look("revocation-2-console")

    seal = caller.ok("GET", f"/cases/{case_id}/permission")["seal"]
    until(
        lambda: ryoji.public().ok("POST", "/verify", {"seal": seal}),
        lambda seen: seen["permission"] == "revoked",
        20,
    )
    # Without a reload: whoever holds the page to a desk must not hold a green one.
    wallet.locator(".ryoji-standing .ryoji-tag[data-tone=red]").wait_for()
    holder.look("wallet-3-revoked")
    page.locator("#picture").set_input_files(code)
    shown(page, "error")
    expect(page.get_by_text("The permission was revoked")).to_be_visible()
    stranger.look("verify-2-revoked")

    # Without a network the seal is still read and judged, and the device has not forgotten what it was told.
    page.context.set_offline(True)
    page.reload()
    page.locator("#picture").set_input_files(code)
    shown(page, "error")
    expect(page.get_by_text("The permission was revoked")).to_be_visible()
    expect(page.get_by_role("row", name="State of the permission now")).to_contain_text("As of ")
    expect(page.get_by_text("Fetched by this device:")).to_be_visible()
    expect(page.get_by_text("Revocation list issued:")).to_be_visible()
    stranger.look("verify-3-offline")
    assert [window.complaints for window in (holder, stranger, approver)] == [[], [], []]


def test_a_refusal_tells_no_reason_and_when_one_may_apply_again(ryoji: Sandbox, chromium: Browser) -> None:
    caller = ryoji.applicant("oliver@example.uk")
    who = replace(BRITISH, surname="JONES", given_names="HARRY", number="987654321")
    case_id = drafted(caller, "visa-tourism", who, "fourth-person.jpg", LONDON)
    send(caller, case_id)
    reaches(caller, case_id, "in_review")
    officers.claim(ryoji, case_id)
    officers.decide(ryoji, case_id, "refuse", "purpose")
    reaches(caller, case_id, "refused")
    again = drafted(caller, "visa-tourism", who, "fourth-person.jpg", LONDON)

    window = open_window(chromium, "zh-CN", 412)
    page = window.page
    page.goto(f"{ryoji.origin}/zh-Hans/cases/{case_id}")
    sign_in(window, "oliver@example.uk")
    decision = page.locator("section[aria-labelledby=decision]")
    decision.wait_for()
    last = add_months(datetime.now(UTC).date(), 6)
    told = f"{last.year}年{last.month}月{last.day}日"
    assert told in decision.inner_text()
    window.look("refusal-1-case")
    page.goto(f"{ryoji.origin}/zh-Hans/cases/{again}/check")
    page.locator("#sections-traveller").wait_for()
    window.press()
    page.locator(".ryoji-error-summary").wait_for()
    summary = page.locator(".ryoji-error-summary").inner_text()
    assert "6个月" in summary
    assert told in summary
    window.look("refusal-2-too-early")
    page.goto(f"{ryoji.origin}/zh-Hans/cases/{again}/sections/mission?return=check")
    fill(window, "mission", {"humanitarian": "death", "humanitarian_text": "我在神户的姑姑去世了。"})
    page.wait_for_url("**/check*")
    page.locator("#sections-traveller").wait_for()
    window.press()
    page.wait_for_url("**/submitted")
    page.locator(".ryoji-confirmation__reference").wait_for()
    assert window.complaints == []
