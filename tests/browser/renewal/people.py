"""The applicant and the officers at their browsers: what each does, in the words that the pages show."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from local.journey import Pictures
from local.seed import PASSWORD
from simulators.authenticator.totp import code, seconds_left
from tests.browser.looking import complaints_of, photograph, settle, violations


@dataclass
class Window:
    """One person's browser: every page is kept as a picture, and looked at by axe where others do not so."""

    page: Page
    pictures: Path
    complaints: list[str]
    axe: bool

    def look(self, name: str) -> None:
        """Keep a picture of the page, and let axe look at it."""
        settle(self.page)
        photograph(self.page, self.pictures / f"{name}.png")
        assert not self.axe or violations(self.page) == [], name

    def heading(self, name: str) -> None:
        """Wait for the page of that heading."""
        self.page.get_by_role("heading", level=1, name=name).wait_for()

    def button(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).first.click()


def open_window(
    browser: Browser, pictures: Path, *, width: int = 1280, language: str = "en", axe: bool = True
) -> Window:
    """A new browser window of a person, with nothing remembered."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale=language, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(45_000)
    return Window(page, pictures, complaints_of(page, "error"), axe)


def sign_in(window: Window, email: str) -> None:
    """Sign in through the pool's page, as the portal asks."""
    page = window.page
    window.heading("Sign in")
    page.get_by_role("button", name="Sign in").click()
    page.locator("#username").fill(email)
    page.locator("#password").fill(PASSWORD)
    page.locator("button[type=submit]").click()


def use_card(window: Window, button: str, person: str, pin: str) -> None:
    """Let the card's page sign: choose the person, enter the PIN."""
    with window.page.expect_popup() as opened:
        window.page.get_by_role("button", name=button).click()
    popup = opened.value
    popup.locator(f"input[value='{person}']").check()
    popup.locator("#pin").fill(pin)
    popup.locator("#form button[type=submit]").click()


def send_picture(window: Window, picture: bytes, name: str) -> None:
    """Choose a picture from the device and have it checked."""
    window.page.get_by_label("Choose a picture").set_input_files(
        {"name": name, "mimeType": "image/jpeg", "buffer": picture}
    )
    window.page.get_by_role("button", name="Send and check").click()


def apply(window: Window, origin: str, pictures: Pictures) -> str:
    """From the start page to the reference number; the case's id."""
    page = window.page
    page.goto(f"{origin}/en/passport-renewal")
    window.look("01-procedure")
    page.get_by_role("link", name="Start now").click()
    for _ in range(3):
        page.get_by_label("Yes").check()
        page.get_by_role("button", name="Continue").click()
    sign_in(window, "hanako@example.jp")
    page.wait_for_url("**/begin")
    window.look("02-begin")
    page.get_by_role("button", name="Begin").or_(
        page.get_by_role("button", name="Start another one")
    ).first.click()
    page.locator("#reason").wait_for()
    page.locator("#reason").check()
    page.locator("input[name=validity][value='10']").check()
    window.look("03-reason")
    window.button("Save and continue")
    window.heading("Read your My Number Card")
    use_card(window, "Read the card", "yamada-hanako", "HANAKO90")
    page.get_by_text("The card was read").wait_for()
    window.look("04-card")
    window.button("Continue")
    send_picture(window, pictures.page, "passport.jpg")
    page.get_by_text("Your passport was read").wait_for()
    window.look("05-passport-read")
    window.button("Continue")
    _passport(window)
    _person(window)
    _contact(window)
    _declare(window)
    page.locator("#office").select_option("mission-singapore")
    page.locator("input[name=language][value=en]").check()
    window.button("Save and continue")
    send_picture(window, pictures.portrait, "portrait.jpg")
    page.get_by_role("button", name="Use another picture").wait_for()
    window.look("09-portrait")
    _go_on(window)
    send_picture(window, pictures.signature, "signature.jpg")
    page.get_by_role("button", name="Use another picture").wait_for()
    _go_on(window)
    if page.get_by_role("heading", level=1, name="Residence permit").count():
        page.get_by_role("link", name="Go on without this document").click()
    window.heading("Check your answers")
    window.look("10-check-answers")
    window.button("Confirm and go on to sign")
    window.heading("Sign and apply")
    use_card(window, "Sign with the card and apply", "yamada-hanako", "HANAKO90")
    window.heading("Application received")
    window.look("11-reference")
    assert page.get_by_text("RJ-").count() >= 1
    return page.url.split("/cases/")[1].split("/")[0]


def _go_on(window: Window) -> None:
    anyway = window.page.get_by_role("button", name="Use it anyway")
    anyway.click() if anyway.count() else window.button("Continue")


def _passport(window: Window) -> None:
    page = window.page
    expect(page.locator("#number")).to_have_value("TR7654321")
    page.locator("#issue_date").fill("14")
    page.locator("#issue_date-month").fill("3")
    page.locator("#issue_date-year").fill("2017")
    window.look("06-passport-fields")
    window.button("Save and continue")


def _person(window: Window) -> None:
    page = window.page
    expect(page.locator("#family_name")).to_have_value("山田")
    page.locator("#family_name_kana").fill("やまだ")
    page.locator("#given_name_kana").fill("はなこ")
    page.locator("#registered_domicile_prefecture").select_option("13")
    page.locator("#registered_domicile").fill("千代田区丸の内九丁目9番")
    window.look("07-person")
    window.button("Save and continue")


def _contact(window: Window) -> None:
    page = window.page
    page.locator("#country").select_option("JP")
    page.locator("#postal_code").fill("100-0005")
    page.locator("#phone").fill("not a number")
    page.locator("#email").fill("hanako@example.jp")
    page.locator("#emergency_name").fill("山田 太郎")
    page.locator("#emergency_relation").select_option(index=1)
    page.locator("#emergency_phone").fill("090-0000-0000")
    window.button("Save and continue")
    page.get_by_role("alert").get_by_role("link").first.wait_for()
    window.look("08-contact-error")
    page.locator("#phone").fill("03-1234-5678")
    window.button("Save and continue")


def _declare(window: Window) -> None:
    page = window.page
    page.locator("#confirmed").wait_for()
    for group in page.get_by_role("radiogroup").all():
        group.get_by_label("No", exact=True).check()
    page.locator("#confirmed").check()
    window.button("Save and continue")


def sign_in_officer(window: Window, origin: str, username: str, secret: str) -> None:
    """Sign in to the console with password and code."""
    page = window.page
    page.goto(f"{origin}/console/?lang=en")
    page.locator("input[autocomplete=username]").fill(username)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    field = page.locator("input[autocomplete=one-time-code]")
    field.wait_for()
    if seconds_left(int(time.time())) < 4:
        time.sleep(5)
    field.fill(code(secret, int(time.time())))
    page.locator("button[type=submit]").click()
    page.get_by_role("heading", level=1, name="Queue").wait_for()


def approve(window: Window, origin: str, case_id: str) -> None:
    """The examiner looks at everything, claims, and proposes to approve."""
    page = window.page
    page.goto(f"{origin}/console/cases/{case_id}?lang=en")
    page.get_by_role("button", name="Claim", exact=True).first.wait_for()
    window.look("20-case-before-claim")
    window.button("Claim")
    page.get_by_label("Approve", exact=True).check()
    window.look("21-case-claimed")
    _sees_all(page)
    window.button("Review the proposal")
    page.get_by_role("dialog").get_by_role("button", name="Propose approval").click()
    page.get_by_text("This is your own proposal").or_(
        page.get_by_text("Proposal", exact=True)
    ).first.wait_for()
    window.look("22-proposed")


def _sees_all(page: Page) -> None:
    """On one screen: the documents, the zone beside what was typed, the faces side by side, and the history."""

    def part(name: str) -> Locator:
        return page.get_by_role("region", name=name, exact=True)

    for name, pictures in (("Documents", 3), ("Faces", 2)):
        expect(part(name).locator("img")).to_have_count(pictures)
    expect(page.locator(".desk-mrz__line")).to_contain_text(["P<JPNYAMADA<<HANAKO", "TR7654321"])
    number = part("Comparison").get_by_role("row", name="Passport number")
    expect(number.locator("td")).to_have_text(["TR7654321", "TR7654321", "—", "Same"])
    expect(part("History").get_by_role("row").filter(has_text="Application sent")).to_have_count(1)


def decide(window: Window, origin: str, case_id: str) -> None:
    """Another officer approves what was proposed."""
    page = window.page
    page.goto(f"{origin}/console/cases/{case_id}?lang=en")
    page.get_by_role("radio", name=re.compile("^Approve")).check()
    window.look("23-decide")
    window.button("Review the decision")
    page.get_by_role("dialog").get_by_role("button", name="Approve", exact=True).click()
    page.get_by_role("dialog").wait_for(state="hidden")


def ask_to_correct(window: Window, origin: str, case_id: str, item: str, reason: str) -> None:
    """The examiner claims, and asks the applicant to correct one thing."""
    page = window.page
    page.goto(f"{origin}/console/cases/{case_id}?lang=en")
    page.get_by_role("button", name="Claim", exact=True).first.click()
    form = page.get_by_role("region", name="Ask for corrections")
    form.get_by_label(item, exact=True).check()
    form.get_by_label(f"Reason: {item}").fill(reason)
    window.look("24-correction")
    form.get_by_role("button", name="Review the request").click()
    _do(window, "Ask for corrections")


def correct_telephone(window: Window, origin: str, case_id: str, reason: str, number: str) -> None:
    """The signed-in applicant reads why, and types another telephone number."""
    page = window.page
    page.goto(f"{origin}/en/cases/{case_id}")
    page.get_by_text(reason).wait_for()
    window.look("25-to-correct")
    page.get_by_role("link", name="Correct: How to reach you").click()
    page.get_by_text(reason).wait_for()
    page.locator("#phone").fill(number)
    window.look("26-correcting")
    window.button("Save and continue")
    page.get_by_text("Correction received").wait_for()
    window.look("27-corrected")


def propose_refusal(window: Window, origin: str, case_id: str, ground: str, reasons: str) -> None:
    """The examiner claims, and proposes a refusal with its ground and reasons in writing."""
    page = window.page
    page.goto(f"{origin}/console/cases/{case_id}?lang=en")
    page.get_by_role("button", name="Claim", exact=True).first.click()
    page.get_by_label("Refuse", exact=True).check()
    page.locator(f"input[name=ground][value='{ground}']").check()
    page.get_by_label("Reasons for refusal").fill(reasons)
    window.look("28-refusal")
    window.button("Review the proposal")
    _do(window, "Propose refusal")
    page.get_by_text("This is your own proposal").wait_for()


def refuse(window: Window, origin: str, case_id: str) -> None:
    """Another officer refuses as was proposed."""
    page = window.page
    page.goto(f"{origin}/console/cases/{case_id}?lang=en")
    page.get_by_role("radio", name=re.compile("^Refuse")).check()
    window.look("29-refusing")
    window.button("Review the decision")
    _do(window, "Refuse")


def _do(window: Window, deed: str) -> None:
    """Do in the dialog what was asked for."""
    dialog = window.page.get_by_role("dialog")
    dialog.get_by_role("button", name=deed, exact=True).click()
    dialog.wait_for(state="hidden")


def pay(window: Window, origin: str, case_id: str) -> None:
    """A declined card, then one whose bank asks: first in vain, then it is paid; the receipt."""
    page = window.page
    page.goto(f"{origin}/en/cases/{case_id}/payment")
    number = page.locator("input[name=number]")
    number.wait_for()
    window.look("30-payment")
    _type_card(page, "4000000000000002")
    page.get_by_role("alert").first.wait_for()
    window.look("31-declined")
    _type_card(page, "4000002500003155")
    page.get_by_role("dialog", name="Your bank asks").wait_for()
    window.look("32-bank-asks")
    window.button("Fail authentication")
    page.get_by_role("alert").get_by_text("Your bank could not confirm that it is you").wait_for()
    window.look("33-not-confirmed")
    page.locator("form button[type=submit]").click()
    window.button("Complete authentication")
    window.heading("Payment complete")
    window.look("34-paid")
    page.goto(f"{origin}/en/cases/{case_id}/receipt")
    page.get_by_text("15,900").first.wait_for()
    window.look("35-receipt")


def _type_card(page: Page, number: str) -> None:
    page.locator("input[name=number]").fill(number)
    page.locator("input[name=expiry]").fill("")
    page.locator("input[name=expiry]").press_sequentially("1240")
    page.locator("input[name=cvc]").fill("123")
    page.locator("form button[type=submit]").click()


def book(window: Window, origin: str, case_id: str) -> None:
    """Book the first time that is free."""
    page = window.page
    page.goto(f"{origin}/en/cases/{case_id}/appointment")
    page.locator("input[name=slot]").first.check()
    window.look("40-appointment")
    window.button("Book this time")
    page.get_by_text("Your booking").first.wait_for()
    window.look("41-booked")


def hand_over(window: Window, origin: str, case_id: str) -> None:
    """At the counter: a picture by the camera, compared, confirmed, handed over."""
    page = window.page
    page.goto(f"{origin}/console/counter?lang=en")
    window.heading("Counter")
    window.look("50-counter")
    page.goto(f"{origin}/console/counter/{case_id}?lang=en")
    window.button("Use the camera")
    window.button("Take the picture")
    window.button("Send and compare")
    page.get_by_text("Very close").first.wait_for()
    window.look("51-compared")
    page.get_by_role("checkbox").check()
    page.get_by_label("Returned and kept").check()
    window.button("Review the handover")
    page.get_by_role("dialog").get_by_role("button", name="Hand over", exact=True).click()
    page.get_by_text("Handed over").first.wait_for()
    window.look("52-handed-over")
