"""Visas and authorizations in Chromium, in the travellers' own languages.

Pictures of the pages stay in `.local/screenshots/travellers`.
"""

from __future__ import annotations

import re
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from local.api import Caller
from local.journey import until
from local.travellers import (
    BRITISH,
    CHINESE,
    INDONESIAN,
    Traveller,
    filled,
    own_portrait,
    paper,
    passport_page,
    sections,
    send,
)
from tests.browser.travellers import officers
from tests.browser.travellers.travelling import (
    LONDON,
    Window,
    fill,
    open_window,
    send_picture,
    sign_in,
)
from tests.integration.renewal import walking
from tests.sandbox import PEOPLE, Sandbox

GROUP = 20
# Time enough for all checks of a case on a slow machine with other work.
A_CASE_SECONDS = 45.0
LANGUAGES = ("ja", "en", "zh-Hans", "id", "ar")
ASKED = "Please come on Friday at ten and bring the itinerary."


def answers_of(who: Traveller, office: str | None = None) -> dict[str, dict[str, Any]]:
    return sections(who, datetime.now(UTC).date(), office=office)


def tell(figure: str) -> None:
    """A figure for whoever reads the test's log; nothing is held against it."""
    sys.stdout.write(f"\n{figure}\n")


def apply(window: Window, origin: str, path: str, email: str, *, questions: int = 0) -> str:
    """From the procedure's page, by its questions, to the first page of the form; the case's id."""
    page = window.page
    page.goto(f"{origin}{path}")
    page.locator("main .ryoji-button").first.wait_for()
    window.press()
    for _ in range(questions):
        page.wait_for_url("**/eligibility*")
        page.locator("input[name=answer][value=yes]").check()
        window.send_form()
    sign_in(window, email)
    page.wait_for_url("**/begin")
    page.locator("main button.ryoji-button").last.click()
    page.wait_for_url("**/documents/passport_page*")
    return page.url.split("/cases/")[1].split("/")[0]


def test_an_authorization_in_indonesian_from_start_to_a_wallet_without_network(
    ryoji: Sandbox, chromium: Browser
) -> None:
    window = open_window(chromium, "id-ID", 412)
    page = window.page
    page.goto(f"{ryoji.origin}/id/authorization-indonesia")
    page.locator("main .ryoji-numbered").wait_for()
    window.look("authorization-1-procedure")
    apply(window, ryoji.origin, "/id/authorization-indonesia", "dewi@example.id")
    portrait = (PEOPLE / "hanako.jpg").read_bytes()
    answers = answers_of(INDONESIAN)
    send_picture(window, "passport_page", passport_page(INDONESIAN, portrait))
    page.locator("#surname").wait_for()
    expect(page.locator("#surname")).to_have_value("HARTONO")
    expect(page.locator("#nationality")).to_have_value("IDN")
    window.look("authorization-2-traveller-read")
    fill(window, "traveller", answers["traveller"])
    elsewhere = open_window(chromium, "id-ID", 1280)
    elsewhere.page.goto(re.sub(r"/sections/[a-z_]+", "/sections/traveller", page.url))
    sign_in(elsewhere, "dewi@example.id")
    expect(elsewhere.page.locator("#occupation")).to_have_value("Teacher")
    for section in ("travel_document", "trip", "past_travel"):
        fill(window, section, answers[section])
    send_picture(window, "portrait", own_portrait(portrait, INDONESIAN.number))
    page.wait_for_url("**/check*")
    page.locator("#sections-traveller").wait_for()
    window.look("authorization-3-check")
    window.press()
    page.wait_for_url("**/submitted")
    sent = time.monotonic()
    page.locator("a[href$='/permission']").wait_for(timeout=60_000)
    tell(f"authorization: granted {time.monotonic() - sent:.0f} s after it was sent")
    window.look("authorization-4-granted")

    page.locator("a[href$='/permission']").click()
    code = page.locator("svg.ryoji-code")
    code.wait_for()
    expect(page.locator(".ryoji-standing")).to_be_visible()
    box = code.bounding_box()
    assert box
    assert box["width"] >= 288
    window.look("wallet-1-live")
    with page.expect_download() as downloading:
        window.press()
    assert downloading.value.path().read_bytes().startswith(b"%PDF-")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function(
        "caches.open('ryoji-permission-pages').then(kept => kept.match('/settings.json')).then(Boolean)"
    )
    drawn = page.locator(".ryoji-code__ink").get_attribute("d")

    page.context.set_offline(True)
    page.reload()
    page.locator("svg.ryoji-code").wait_for()
    assert page.locator(".ryoji-code__ink").get_attribute("d") == drawn
    expect(page.locator(".ryoji-standing")).to_have_count(0)
    expect(page.locator(".ryoji-banner[data-kind=warning]")).to_be_visible()
    window.look("wallet-2-offline")
    # Whoever is shown it reads another language.
    page.locator("a[hreflang=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    page.locator("svg.ryoji-code").wait_for()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="Kept on this device")).to_be_visible()
    page.locator("a[hreflang=id]").click()
    expect(page.locator("html")).to_have_attribute("lang", "id")
    page.context.set_offline(False)
    page.locator(".ryoji-standing").wait_for()
    assert window.complaints == []


def test_a_tourist_visa_in_arabic_on_a_narrow_telephone(ryoji: Sandbox, chromium: Browser) -> None:
    window = open_window(chromium, "ar", 360)
    page = window.page
    page.goto(f"{ryoji.origin}/ar/visa-tourism")
    page.locator("main .ryoji-numbered").wait_for()
    assert page.locator("html").get_attribute("dir") == "rtl"
    offered = page.locator(".ryoji-languages__link").evaluate_all("links => links.map(link => link.lang)")
    assert offered == ["ja", "en", "zh-Hans", "id", "ar"]
    window.look("visa-1-procedure")
    case_id = apply(window, ryoji.origin, "/ar/visa-tourism", "oliver@example.uk", questions=1)
    window.look("visa-2-passport")
    portrait = (PEOPLE / "kenichi.jpg").read_bytes()
    answers = answers_of(BRITISH, LONDON)
    send_picture(window, "passport_page", passport_page(BRITISH, portrait))
    page.locator("#surname").wait_for()
    assert page.locator("#phone").get_attribute("dir") == "ltr"
    for number, section in enumerate(
        ("traveller", "travel_document", "trip", "host", "funds", "past_travel", "mission")
    ):
        page.wait_for_url(f"**/sections/{section}*")
        page.locator("main form").wait_for()
        window.look(f"visa-4-{number}-{section}")
        fill(window, section, answers[section])
    send_picture(window, "portrait", own_portrait(portrait, BRITISH.number))
    for document in ("residence_proof", "itinerary", "funds_proof"):
        send_picture(window, document, paper(f"{document} oliver"))
    page.wait_for_url("**/check*")
    page.locator("#sections-traveller").wait_for()
    window.look("visa-5-check")
    window.press()
    page.wait_for_url("**/submitted")
    page.locator(".ryoji-confirmation__reference").wait_for()
    window.look("visa-6-submitted")
    page.goto(page.url.removesuffix("/submitted"))
    page.locator("a[href$='/another']").wait_for()
    window.look("visa-7-case")
    page.locator("a[href$='/another']").click()
    page.locator("input[name=relation][value=child]").check()
    window.press()
    page.wait_for_url("**/documents/passport_page*")
    page.goto(f"{ryoji.origin}/ar/account")
    page.locator(".ryoji-together").wait_for()
    assert page.locator(".ryoji-together .ryoji-case").count() == 2
    window.look("visa-8-together")

    page.goto(f"{ryoji.origin}/ar/cases/{case_id}")
    interviewed(ryoji, chromium, window, case_id)
    officers.decide(ryoji, case_id, "approve")
    page.locator("a[href$='/payment']").wait_for()
    window.look("visa-10-to-pay")
    page.locator("a[href$='/payment']").click()
    pay(window)
    page.goto(f"{ryoji.origin}/ar/cases/{case_id}")
    page.locator("a[href$='/permission']").click()
    page.locator(".ryoji-standing").wait_for()
    window.look("wallet-4-visa")
    with page.expect_download() as downloading:
        window.press()
    assert downloading.value.path().read_bytes().startswith(b"%PDF-")
    assert window.complaints == []


def interviewed(ryoji: Sandbox, chromium: Browser, traveller: Window, case_id: str) -> None:
    """The examiner asks the traveller to come, and notes what was said."""
    officers.claim(ryoji, case_id)
    examiner = officers.console(ryoji, chromium, officers.EXAMINER, case_id)
    page = examiner.page
    page.get_by_label("What you ask of the applicant").fill(ASKED)
    page.get_by_role("button", name="Review the interview request").click()
    examiner.look("interview-1-ask")
    officers.confirm(examiner, "Ask for the interview")
    page.get_by_label("What was said").wait_for()
    traveller.page.reload()
    expect(traveller.page.get_by_text(ASKED)).to_be_visible()
    traveller.look("visa-9-interview")
    page.get_by_label("What was said").fill("The journey was explained. Nothing is in doubt.")
    examiner.look("interview-2-notes")
    page.get_by_role("button", name="Review the notes").click()
    officers.confirm(examiner, "Keep the notes")
    expect(page.get_by_text("Nothing is in doubt.")).to_be_visible()
    examiner.look("interview-3-kept")
    assert examiner.complaints == []


def pay(window: Window) -> None:
    """With a card that is good."""
    page = window.page
    page.locator("input[name=number]").fill("4242424242424242")
    page.locator("input[name=expiry]").press_sequentially("1240")
    page.locator("input[name=cvc]").fill("123")
    window.look("payment-1-card")
    window.send_form()
    page.locator(".ryoji-banner[data-kind=success]").wait_for()
    window.look("payment-2-paid")


def test_an_agency_files_a_group(ryoji: Sandbox, chromium: Browser, tmp_path: Path) -> None:
    window = open_window(chromium, "zh-CN", 1280)
    page = window.page
    page.goto(f"{ryoji.origin}/zh-Hans/account")
    sign_in(window, "agent@example.cn")
    page.locator("a[href$='/agencies/sunrise-travel']").click()
    page.locator("#groups").wait_for()
    window.look("agency-1-desk")
    window.press()
    travellers = [
        Traveller("WANG", f"MEI{chr(65 + n)}", "1990-01-02", "female", "CHN", f"EB{n:07d}", "CHN")
        for n in range(GROUP)
    ]
    page.locator("#roster").fill(_roster([*travellers, _without_birth_date(CHINESE)]))
    began = time.monotonic()
    page.locator("main button.ryoji-button").first.click()
    expect(page.locator("tbody tr")).to_have_count(GROUP + 1, timeout=120_000)
    page.locator("progress").wait_for(state="detached", timeout=120_000)
    tell(f"agency: {GROUP + 1} applications opened and filled in {time.monotonic() - began:.0f} s")
    expect(page.locator("tbody .ryoji-field__error").first).to_be_visible()
    window.look("agency-2-filled")

    # Its line mended: nothing is opened twice.
    page.locator("#roster").fill(_roster([CHINESE]))
    page.locator("main button.ryoji-button").first.click()
    page.locator("progress").wait_for()
    page.locator("progress").wait_for(state="detached", timeout=120_000)
    expect(page.locator("tbody tr")).to_have_count(GROUP + 1)
    expect(page.locator("tbody .ryoji-field__error")).to_have_count(0)

    began = time.monotonic()
    page.locator("#pictures").set_input_files(_files(tmp_path, travellers))
    page.locator("progress").wait_for()
    page.locator("progress").wait_for(state="detached", timeout=GROUP * A_CASE_SECONDS * 1000)
    tell(f"agency: {GROUP * len(NEEDED)} pictures sent and checked in {time.monotonic() - began:.0f} s")
    began = time.monotonic()
    received = page.locator("tbody td bdi").filter(has_text=re.compile("^RJ-"))
    for _ in range(3):
        # What a busy service did not take stays as it was, and its agent sends it again.
        page.locator("main button.ryoji-button").last.click()
        dialog = page.get_by_role("dialog")
        to_send = dialog.locator("li > a[href$='/check']")
        expect(to_send).to_have_count(GROUP - received.count(), timeout=60_000)
        dialog.locator("button").last.click()
        page.locator("progress").wait_for()
        page.locator("progress").wait_for(state="detached", timeout=200_000)
        tell(f"agency: {received.count()} of {GROUP} applications sent in {time.monotonic() - began:.0f} s")
        if received.count() == GROUP:
            break
    expect(received).to_have_count(GROUP)
    window.look("agency-3-sent")
    page.goto(f"{ryoji.origin}/zh-Hans/agencies/sunrise-travel")
    expect(page.locator(".ryoji-case")).to_have_count(1)
    window.look("agency-4-desk")
    agent = ryoji.applicant("agent@example.cn")
    assert agent.ok("GET", "/agencies")["agencies"][0]["left"] == 200 - GROUP
    assert window.complaints == []
    began = time.monotonic()
    sent = _all_checked(agent)
    tell(f"agency: {GROUP} applications checked {time.monotonic() - began:.0f} s later")
    one = sent[0]
    officers.claim(ryoji, one)
    officers.decide(ryoji, one, "approve")
    walking.reaches(agent, one, "payment")
    paid = agent.ok("POST", f"/cases/{one}/payment", {})
    walking.confirm_card(ryoji, paid["client_secret"])
    walking.reaches(agent, one, "issued")


def _all_checked(agent: Caller) -> list[str]:
    """Wait until officers have the whole group before them; its cases. Each page of a passport is read anew."""

    def sent() -> dict[str, Any]:
        cases = [each for each in agent.ok("GET", "/cases")["cases"] if each["status"] != "draft"]
        return {
            "status": sorted(each["status"] for each in cases),
            "cases": [each["case_id"] for each in cases],
        }

    reached = until(sent, lambda seen: seen["status"] == ["in_review"] * GROUP, GROUP * A_CASE_SECONDS)
    cases: list[str] = reached["cases"]
    return cases


NEEDED = ("portrait", "passport_page", "residence_proof", "funds_proof", "consent")


def _files(folder: Path, travellers: list[Traveller]) -> list[Path]:
    """Each traveller's pictures, named as the agency's page says; but for passport and portrait the same for all."""
    portrait = (PEOPLE / "hanako.jpg").read_bytes()
    shared = {name: paper(name) for name in NEEDED}
    paths = []
    for who in travellers:
        own = {
            "portrait": own_portrait(portrait, who.number),
            "passport_page": passport_page(who, portrait, 12),
        }
        for name, picture in (shared | own).items():
            paths.append(folder / f"{who.number}_{name}.jpg")
            paths[-1].write_bytes(picture)
    return paths


def _without_birth_date(who: Traveller) -> Traveller:
    return Traveller(who.surname, who.given_names, "", who.sex, who.nationality, who.number, who.country)


def _roster(travellers: list[Traveller]) -> str:
    """A list with a column for each answer, as a spreadsheet gives it."""
    first = answers_of(travellers[0], "mission-china")
    columns = [f"{section}.{name}" for section, given in first.items() for name in given]
    lines = [",".join(columns)]
    for who in travellers:
        answers = answers_of(who, "mission-china")
        cells = (str(answers[section][name]) for section, name in (column.split(".") for column in columns))
        lines.append(",".join(f'"{cell}"' for cell in cells))
    return "\n".join(lines)


def test_every_page_of_a_traveller_in_every_language_on_a_phone(ryoji: Sandbox, chromium: Browser) -> None:
    caller = ryoji.applicant("oliver@example.uk")
    portrait = (PEOPLE / "hanako.jpg").read_bytes()
    answers = answers_of(BRITISH, LONDON)
    draft = filled(caller, "visa-tourism", answers, passport_page(BRITISH, portrait), portrait)
    who = replace(INDONESIAN, number="X7778889")
    granted = filled(
        caller, "authorization-indonesia", answers_of(who), passport_page(who, portrait), portrait
    )
    send(caller, granted)
    walking.reaches(caller, granted, "issued")
    pages = {
        "visa": "/visa-tourism",
        "eligibility": "/visa-tourism/eligibility",
        "begin": "/visa-tourism/begin",
        "draft": f"/cases/{draft}",
        **{section: f"/cases/{draft}/sections/{section}" for section in answers},
        **{name: f"/cases/{draft}/documents/{name}" for name in ("passport_page", "funds_proof")},
        "check": f"/cases/{draft}/check",
        "authorization": "/authorization-indonesia",
        "issued": f"/cases/{granted}",
        "messages": f"/cases/{granted}/messages",
        "wallet": f"/cases/{granted}/permission",
    }
    window = open_window(chromium, "en-GB", 360)
    window.page.goto(f"{ryoji.origin}/en/account")
    sign_in(window, "oliver@example.uk")
    window.page.wait_for_url("**/account*")
    for language in LANGUAGES:
        for name, path in pages.items():
            window.page.goto(f"{ryoji.origin}/{language}{path}")
            window.page.locator("main h1").wait_for()
            assert window.page.locator("html").get_attribute("lang") == language
            window.look(f"all-{name}-{language}")
    assert window.complaints == []
