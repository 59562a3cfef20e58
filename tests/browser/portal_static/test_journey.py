"""The applicant's way through the portal, with everything that goes wrong on it."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look_at

from .conftest import Open, Portal

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page


def png(width: int = 300, height: int = 400) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\x00" + b"\xb4\xbe\xc8" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


PICTURE: FilePayload = {"name": "picture.png", "mimeType": "image/png", "buffer": png()}


def heading(page: Page, name: str) -> None:
    page.get_by_role("heading", level=1, name=name).wait_for()


def choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("radiogroup", name=question).get_by_label(answer, exact=True).check()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue").click()


def send_picture(page: Page) -> None:
    page.get_by_label("Choose a picture").set_input_files(PICTURE)
    page.get_by_role("button", name="Send and check").click()


def test_from_start_to_reference_number(open_page: Open) -> None:
    page = open_page("/en/passport-renewal", width=360, signed_in=False)
    page.get_by_role("link", name="Start now").click()
    for _ in range(3):
        page.get_by_label("Yes").check()
        page.get_by_role("button", name="Continue").click()
    heading(page, "Sign in")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/begin")
    heading(page, "Start: Renew a passport")
    page.get_by_role("button").filter(has_text="Begin").or_(
        page.get_by_role("button", name="Start another one")
    ).click()

    page.get_by_role("radiogroup").first.wait_for()
    save(page)
    look_at(page, "errors-360")
    assert page.title().startswith("Error:")
    assert page.evaluate("document.activeElement.classList.contains('ryoji-error-summary')")
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.type") == "radio"
    page.locator("#reason").check()
    page.locator("#validity").check()
    save(page)

    heading(page, "Read your My Number Card")
    with page.expect_popup():
        page.get_by_role("button", name="Read the card").click()
    page.get_by_text("The card was read").wait_for()
    look_at(page, "card-read-360")
    page.get_by_role("button", name="Continue").click()

    send_picture(page)
    page.get_by_text("Your passport was read").wait_for()
    look_at(page, "passport-read-360")
    page.get_by_role("button", name="Continue").click()

    assert page.get_by_label("Passport number").input_value() == "TR1234567"
    assert page.get_by_text("Read from your passport. Please check it.").count() >= 2
    look_at(page, "prefilled-360")
    page.locator("#issue_date").fill("1")
    page.locator("#issue_date-month").fill("3")
    page.locator("#issue_date-year").fill("2017")
    save(page)

    page.locator("#family_name").wait_for()
    assert page.locator("#family_name").input_value() == "山田"
    page.locator("#family_name_kana").fill("やまだ")
    page.locator("#given_name_kana").fill("ハナコ")
    page.locator("#registered_domicile_prefecture").select_option("13")
    page.locator("#registered_domicile").fill("千代田区霞が関二丁目2番地1")
    save(page)

    page.locator("#country").select_option("JP")
    page.locator("#postal_code").fill("100-8919")
    page.locator("#phone").fill("phone")
    page.locator("#email").fill("hanako@example.jp")
    page.locator("#emergency_name").fill("山田 太郎")
    page.locator("#emergency_relation").select_option(index=1)
    page.locator("#emergency_phone").fill("090-0000-0000")
    save(page)
    page.get_by_role("alert").get_by_role("link", name="Enter digits only").wait_for()
    assert page.locator("#phone").input_value() == "phone"
    page.locator("#phone").fill("03-3580-3311")
    save(page)

    page.locator("#confirmed").wait_for()
    assert page.locator("#details").count() == 0
    for group in page.get_by_role("radiogroup").all():
        group.get_by_label("No", exact=True).check()
    page.locator("#confirmed").check()
    save(page)

    page.locator("#office").select_option("prefecture-tokyo")
    page.locator("#language").check()
    save(page)

    send_picture(page)
    page.get_by_text("This picture meets the rules").wait_for()
    page.get_by_role("button", name="Continue").click()
    send_picture(page)
    page.get_by_role("button", name="Continue").click()

    heading(page, "Check your answers")
    assert page.get_by_text("ヤマダ").count() == 1
    look_at(page, "answers-360")
    page.get_by_role("link", name="Change (Telephone").or_(
        page.get_by_role("link", name="Change (Phone")
    ).first.click()
    page.locator("#phone").fill("03-0000-0000")
    save(page)
    heading(page, "Check your answers")
    page.get_by_role("button", name="Confirm and go on to sign").click()

    heading(page, "Sign and apply")
    with page.expect_popup():
        page.get_by_role("button", name="Sign with the card and apply").click()
    heading(page, "Application received")
    assert page.get_by_text("RJ-7K3M-92QX").count() == 1
    look_at(page, "submitted-360")


@pytest.mark.parametrize(
    ("outcome", "width"), [("fail", 360), ("fail", 1280), ("review", 360), ("unavailable", 360)]
)
def test_a_picture_is_judged_at_once(open_page: Open, portal: Portal, outcome: str, width: int) -> None:
    page = open_page("/en/cases/draft/documents/portrait", width=width)
    portal.behave(findings=outcome)
    if page.get_by_role("button", name="Use another picture").count():
        page.get_by_role("button", name="Use another picture").click()
    send_picture(page)
    page.locator(".ryoji-banner").first.wait_for()
    page.get_by_role("button", name="Use another picture").wait_for()
    if outcome == "fail":
        assert page.get_by_text("32–36 mm").count() == 1
        page.get_by_role("button", name="Show the crop").click()
        page.get_by_role("img", name="The cropped picture").wait_for()
    if outcome == "review":
        assert page.get_by_role("button", name="Use it anyway").count() == 1
    look_at(page, f"finding-{outcome}-{width}")


def test_files_that_cannot_be_used_are_not_sent(open_page: Open) -> None:
    page = open_page("/en/cases/draft/documents/signature")
    page.get_by_role("button", name="Send and check").click()
    page.get_by_role("alert").get_by_text("Choose a picture").wait_for()
    page.get_by_label("Choose a picture").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"no"}
    )
    page.get_by_role("button", name="Send and check").click()
    page.get_by_role("alert").get_by_text("This kind of file cannot be used").wait_for()
    look_at(page, "file-refused")


def test_taking_a_picture_with_the_camera(open_page: Open) -> None:
    page = open_page("/en/cases/draft/documents/signature")
    page.get_by_role("button", name="Take a picture with this device").click()
    expect(page.locator("video")).to_have_js_property("videoWidth", 1920)
    look_at(page, "camera")
    page.get_by_role("button", name="Take the picture").click()
    page.get_by_role("img", name="The picture you chose").wait_for()


def test_what_was_typed_survives_failure_and_reload(open_page: Open, portal: Portal) -> None:
    page = open_page("/en/cases/draft/sections/renewal")
    page.locator("#reason").check()
    page.locator("#validity").check()
    portal.behave(fail=500)
    save(page)
    page.get_by_role("alert").get_by_text("What you have typed is still on this page").wait_for()
    look_at(page, "server-down")
    page.reload()
    heading(page, "Sorry, there is a problem with the service")
    look_at(page, "server-down-page")
    portal.behave(fail=0)
    page.get_by_role("button", name="Try again").click()
    page.locator("#reason").wait_for()
    assert page.locator("#reason").is_checked()


def test_status_without_an_account(open_page: Open) -> None:
    page = open_page("/en/status", signed_in=False)

    def ask(reference: str) -> None:
        page.get_by_label("Application number").fill(reference)
        page.get_by_label("Day").fill("2")
        page.get_by_label("Month").fill("1")
        page.get_by_label("Year").fill("1990")
        page.get_by_role("button", name="Check", exact=True).click()

    ask("RJ-1111-1111")
    page.get_by_role("alert").get_by_text("No application was found").wait_for()
    ask("RJ-0000-0000")
    page.get_by_role("alert").get_by_text("Too many tries").wait_for()
    ask("rj-7k3m-92qx")
    page.get_by_text("In review").wait_for()
    look_at(page, "status-found")


def test_making_an_account(open_page: Open) -> None:
    page = open_page("/en/sign-up", signed_in=False)
    page.get_by_role("button", name="Create account").click()
    assert page.get_by_role("alert").get_by_role("link").count() == 2
    look_at(page, "sign-up-errors")
    page.get_by_label("E-mail address").fill("hanako@example.jp")
    page.get_by_label("Password").fill("Correct-horse-1")
    page.get_by_role("button", name="Create account").click()
    heading(page, "Confirm your e-mail address")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("alert").get_by_text("not correct").wait_for()
    page.get_by_role("button", name="Send a new code").click()
    page.get_by_text("A new code was sent").wait_for()
    look_at(page, "sign-up-code")
    page.get_by_label("Code").fill("１２３ ４５６")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("Your e-mail address is confirmed").wait_for()
    page.get_by_role("button", name="Sign in").click()
    heading(page, "My applications")
    page.get_by_role("button", name="Sign out").click()
    heading(page, "You have signed out")


def test_mending_one_item(open_page: Open) -> None:
    page = open_page("/en/cases/correction")
    page.get_by_role("link", name="Correct: Photograph").click()
    page.get_by_text("There is a shadow on the left").wait_for()
    page.get_by_role("button", name="Use another picture").click()
    send_picture(page)
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("Received: Photograph").wait_for()
    look_at(page, "corrected")


def test_paying_after_a_declined_card(open_page: Open) -> None:
    page = open_page("/en/cases/payment")
    page.get_by_role("link", name="Pay the fee").click()
    card = page.get_by_label("Card number")
    card.fill("declined")
    page.get_by_role("button", name="Pay ¥15,900").click()
    page.get_by_role("alert").get_by_text("not enough funds").wait_for()
    look_at(page, "declined")
    card.fill("4242")
    page.get_by_role("button", name="Pay ¥15,900").click()
    heading(page, "Confirming your payment")
    look_at(page, "confirming")
    heading(page, "Payment complete")
    look_at(page, "paid")
    page.get_by_role("link", name="See the receipt").click()
    heading(page, "Receipt")


def test_booking_changing_and_giving_back(open_page: Open) -> None:
    page = open_page("/en/cases/collection/appointment")
    page.get_by_role("button", name="Book this time").click()
    page.get_by_role("alert").get_by_text("Choose a time").wait_for()
    page.get_by_label("10:00").first.check()
    day = page.locator(".ryoji-slots legend").first
    shown = str(day.text_content())
    page.get_by_role("button", name="Later").click()
    # What is chosen of the week before, while the next one is on its way, is chosen no more when it has come.
    expect(day).not_to_have_text(shown)
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    page.get_by_label("10:00").first.check()
    page.get_by_role("button", name="Book this time").click()
    page.get_by_role("heading", name="Your booking").wait_for()
    look_at(page, "booked")
    page.get_by_role("link", name="Change the booking").click()
    page.get_by_role("button", name="Cancel the booking").click()
    dialog = page.get_by_role("dialog")
    look_at(page, "cancel-booking")
    dialog.get_by_role("button", name="Cancel the booking").click()
    page.get_by_role("link", name="Book a time to collect").wait_for()


def test_withdrawing_asks_first(open_page: Open) -> None:
    page = open_page("/en/cases/in_review")
    page.get_by_role("button", name="Withdraw the application").click()
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Withdraw the application").click()
    look_at(page, "withdraw")
    page.get_by_role("dialog").get_by_role("button", name="Withdraw", exact=True).click()
    page.get_by_text("Withdrawn").wait_for()
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_an_idle_session_is_asked_before_it_ends(open_page: Open) -> None:
    page = open_page("/en/account", alone=True)
    page.clock.install()
    page.reload()
    heading(page, "My applications")
    page.clock.run_for(26 * 60_000)
    dialog = page.get_by_role("alertdialog")
    dialog.wait_for()
    look_at(page, "timeout")
    page.context.set_offline(True)
    dialog.get_by_role("button", name="Stay signed in").click()
    dialog.get_by_text("The service could not be reached").wait_for()
    look_at(page, "timeout-offline")
    page.context.set_offline(False)
    page.clock.run_for(6 * 60_000)
    heading(page, "You were signed out")


def test_the_answers_open_at_any_fragment(open_page: Open) -> None:
    heading(open_page("/en/cases/draft/check#1"), "Check your answers")


def test_a_page_opens_where_the_browser_forbids_storage(open_page: Open, portal: Portal) -> None:
    page = open_page("/en/status", signed_in=False)
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        "Object.defineProperty(window, name, {get() { throw new DOMException('', 'SecurityError'); }})"
    )
    page.goto(f"{portal.origin}/en/status")
    heading(page, "Check an application")
