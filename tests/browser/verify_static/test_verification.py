"""A stranger verifies seals: by text, picture and camera, with a network and without."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from ryoji.evidence.travel_document.document import MrzFields, format_mrz
from ryoji.issuance.vdsnc import sealed
from tests.browser.looking import CAMERA, launch, look_at
from tests.unit.issuance.sealing import Ministry

from .conftest import NOW, VALID, Open, Service
from .pictures import blank_png, png, video

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload

LANGUAGES = ("ja", "en", "zh-Hans", "id", "ar")
MESSAGES = Path(__file__).parents[3] / "web" / "messages"
# An icon fetched, and drawn as large as a home screen may want it: how it was answered, and whether its middle shows.
DRAWN = """async src => {
  const answer = await fetch(src);
  const image = new Image();
  image.src = src;
  await image.decode();
  const canvas = new OffscreenCanvas(512, 512).getContext("2d");
  canvas.drawImage(image, 0, 0, 512, 512);
  const opaque = canvas.getImageData(256, 256, 1, 1).data[3] === 255;
  return [answer.status, answer.headers.get("content-type").split(";")[0], opaque];
}"""
GENUINE = "The seal is genuine"
NOT_ASKED = "The seal is genuine. Whether the permission was ended since could not be checked"
PERMISSION = "State of the permission now"


def paste(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.locator("#text").press("Tab")
    page.keyboard.press("Enter")


def result(page: Page, title: str) -> None:
    expect(page.locator(".ryoji-verify-result .ryoji-banner__title").first).to_have_text(title)


def conclusion(page: Page, kind: str) -> None:
    expect(page.locator(".ryoji-verify-result .ryoji-banner").first).to_have_attribute("data-kind", kind)


def outcome(page: Page, check: str) -> str:
    row = page.locator(".ryoji-verify-result tr").filter(has=page.get_by_role("rowheader", name=check))
    return row.locator("td").inner_text()


def test_a_pasted_seal_is_genuine_and_in_force(open_page: Open, service: Service) -> None:
    page = open_page()
    seal = service.ministry.seal(VALID)
    paste(page, seal + "\n")
    result(page, GENUINE)
    expect(page.get_by_role("heading", name="Result", exact=True)).to_be_focused()
    assert page.get_by_text("ERIKSSON ANNA MARIA").count() == 1
    assert outcome(page, "Signature") == "In order"
    assert outcome(page, PERMISSION) == "In force"
    assert outcome(page, "Whether the person is the holder") == "For you to check"
    assert service.asked == [{"seal": seal}]
    look_at(page, "genuine-en-1280")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_on_a_small_screen(open_page: Open, service: Service, language: str) -> None:
    page = open_page(f"/{language}/verify", width=360)
    assert page.evaluate("document.documentElement.lang") == language
    assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
    look_at(page, f"empty-{language}-360")
    paste(page, service.ministry.seal(VALID))
    conclusion(page, "success")
    page.locator("#line-0").fill("V")
    page.locator("#line-0").press("Enter")
    look_at(page, f"genuine-{language}-360")
    href = page.locator("link[rel=manifest]").get_attribute("href")
    manifest = page.evaluate("href => fetch(href).then(answer => answer.json())", href)
    assert (manifest["lang"], manifest["start_url"]) == (language, f"/{language}/verify")
    texts = json.loads((MESSAGES / f"verify.{language}.json").read_text(encoding="utf-8"))
    assert (manifest["name"], manifest["short_name"]) == (texts["verify.title"], texts["verify.short"])
    assert (manifest["display"], manifest["scope"]) == ("standalone", "/")
    assert manifest["icons"]
    for icon in manifest["icons"]:
        # Any size is so only of a picture that is drawn, not of one of pixels.
        assert (icon["sizes"], icon["type"]) == ("any", "image/svg+xml")
        assert page.evaluate(DRAWN, icon["src"]) == [200, icon["type"], True]


def test_a_picture_of_the_code(open_page: Open, service: Service) -> None:
    page = open_page(width=360)
    picture: FilePayload = {
        "name": "visa.png",
        "mimeType": "image/png",
        "buffer": png(service.ministry.seal(VALID)),
    }
    page.get_by_label("With a picture").set_input_files(picture)
    result(page, GENUINE)


def test_files_without_a_code_say_so(open_page: Open, service: Service) -> None:
    page = open_page()
    for content, said in (
        (b"not a picture", "This file cannot be opened as a picture."),
        (blank_png(), "No code was found in this picture."),
    ):
        page.get_by_label("With a picture").set_input_files(
            {"name": "a.png", "mimeType": "image/png", "buffer": content}
        )
        page.get_by_text(said).wait_for()
    assert service.asked == []


def test_a_picture_without_a_code_takes_an_earlier_result_away(open_page: Open, service: Service) -> None:
    page = open_page()
    paste(page, service.ministry.seal(VALID))
    result(page, GENUINE)
    page.get_by_label("With a picture").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": blank_png()}
    )
    page.get_by_text("No code was found in this picture.").wait_for()
    assert page.locator(".ryoji-verify-result").count() == 0


def test_a_second_seal_while_the_service_is_asked_about_the_first(open_page: Open, service: Service) -> None:
    service.answers.clear()
    page = open_page(width=360)
    paste(page, service.ministry.seal(VALID))
    result(page, "The seal is genuine. The state of the permission is being asked")
    conclusion(page, "information")
    assert outcome(page, PERMISSION) == "Being asked"
    expect(page.get_by_text("Checking", exact=True)).to_be_in_viewport()
    look_at(page, "asking-en-360")
    paste(page, service.ministry.seal(replace(VALID, surname="LINDGREN", number="EV26ABCD1235")))
    page.get_by_text("LINDGREN").wait_for()
    service.answer = {"status": "VALID", "permission": "revoked"}
    service.answers.set()
    result(page, "The permission was revoked")
    expect(page.get_by_text("Checking", exact=True)).to_have_count(0)
    assert page.get_by_text("ERIKSSON").count() == 0


def test_the_camera_reads_the_code_of_a_printed_page(
    driver: Playwright, service: Service, tmp_path: Path
) -> None:
    # A camera's picture is chosen when the browser starts.
    film = video(service.ministry.seal(VALID), tmp_path / "camera.y4m")
    browser = launch(driver, *CAMERA, f"--use-file-for-fake-video-capture={film}")
    page = browser.new_page()
    page.goto(f"{service.origin}/en/verify")
    page.get_by_role("button", name="Use the camera").click()
    result(page, GENUINE)
    assert page.locator("video").count() == 0
    browser.close()


def test_a_reader_that_cannot_be_fetched_is_not_a_camera_that_is_refused(
    chromium: Browser, service: Service
) -> None:
    context = chromium.new_context(service_workers="block")
    page = context.new_page()
    page.route("**/assets/decode-*.js", lambda route: route.abort())
    page.goto(f"{service.origin}/en/verify")
    page.get_by_role("button", name="Use the camera").click()
    page.get_by_text("What reads the code could not be loaded").wait_for()
    context.close()


def test_offline_after_one_visit(open_page: Open, service: Service) -> None:
    page = open_page(alone=True)
    page.context.set_offline(True)
    for path in ("/en/verify", "/ar/verify", "/verify"):
        page.goto(service.origin + path)
        page.locator("#text").wait_for()
    page.goto(f"{service.origin}/en/verify")
    page.get_by_label("With a picture").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": png(service.ministry.seal(VALID))}
    )
    result(page, NOT_ASKED)
    conclusion(page, "warning")
    assert outcome(page, PERMISSION) == "Not checked"
    assert page.get_by_text("The newest list could not be fetched.").count() == 1
    assert page.get_by_text("Fetched by this device:").count() == 1
    assert service.asked == []
    look_at(page, "offline-en-1280")
    page.get_by_role("link", name="日本語").click()
    expect(page.locator("h1")).to_have_text("電子ビザ・渡航認証の確認")
    page.wait_for_url("**/ja/verify")
    assert page.locator(".ryoji-verify-result[data-status=VALID]").count() == 1


def test_a_revoked_signer_shows_at_the_next_list(open_page: Open, service: Service) -> None:
    page = open_page(alone=True)
    seal = service.ministry.seal(VALID)
    paste(page, seal)
    result(page, GENUINE)
    service.revoke_signer()
    page.get_by_role("button", name="Fetch the newest list").click()
    # What is shown is judged again by the list that came.
    result(page, "The certificate of the signer was revoked")
    paste(page, seal)
    result(page, "The certificate of the signer was revoked")
    assert outcome(page, "Revocation of the certificate") == "Not in order"
    look_at(page, "revoked-signer-en-1280")
    # The knowledge stays when the network goes.
    page.context.set_offline(True)
    page.reload()
    paste(page, seal)
    result(page, "The certificate of the signer was revoked")


def test_an_older_or_foreign_list_changes_nothing(open_page: Open, service: Service) -> None:
    older = service.trust_list
    service.revoke_signer()
    page = open_page()
    seal = service.ministry.seal(VALID)
    changed = service.trust_list.replace('"state":"JPN"', '"state":"UTO"')
    another = Ministry(now=service.ministry.now + timedelta(minutes=1))
    for text, said in (
        (older, "The newest list could not be fetched."),
        (changed, "The newest list could not be fetched."),
        ("[]", "The newest list could not be fetched."),
        (another.list(), "A list came that no authority known to this device has signed."),
    ):
        service.trust_list = text
        page.get_by_role("button", name="Fetch the newest list").click()
        page.get_by_text(said).wait_for()
        paste(page, seal)
        result(page, "The certificate of the signer was revoked")
    paste(page, another.seal(VALID))
    result(page, "Nobody that we know signed this seal")


def test_an_authority_that_the_known_one_names_is_believed(open_page: Open, service: Service) -> None:
    page = open_page()
    old, successor = service.ministry, Ministry(now=NOW)
    seal = successor.seal(VALID)
    paste(page, seal)
    result(page, "Nobody that we know signed this seal")
    service.trust_list = handed_over(old, successor)
    page.get_by_role("button", name="Fetch the newest list").click()
    result(page, GENUINE)
    # From now on the new one may go on alone.
    successor.now += timedelta(seconds=1)
    service.trust_list = successor.list()
    page.get_by_role("button", name="Fetch the newest list").click()
    paste(page, old.seal(VALID))
    result(page, "Nobody that we know signed this seal")
    paste(page, seal)
    result(page, GENUINE)


def handed_over(old: Ministry, successor: Ministry) -> str:
    """The successor's list as the old authority signs it, with both."""
    data = json.loads(successor.list())["data"]
    data["authorities"] += json.loads(old.list())["data"]["authorities"]
    return sealed(data, old.ca.der, old.ca_key)


def test_a_changed_byte(open_page: Open, service: Service) -> None:
    page = open_page(width=360)
    paste(page, service.ministry.seal(VALID).replace("ERIKSSON", "ERIKSSEN"))
    result(page, "Something was changed after it was signed")
    assert outcome(page, "Signature") == "Not in order"
    assert page.get_by_text("The following is not proven.").count() == 1
    assert service.asked == []
    # What a forger wrote is not compared with anything.
    assert page.locator("#line-0").count() == 0
    look_at(page, "changed-en-360")


@pytest.mark.parametrize("text", ["https://example.org/", "{}", "x" * 5000])
def test_something_else_is_no_seal(open_page: Open, text: str) -> None:
    page = open_page()
    paste(page, text)
    page.locator(".ryoji-verify-result .ryoji-banner[data-kind=error]").wait_for()
    assert outcome(page, "Form of the seal") == "Not in order"


@pytest.mark.parametrize(
    ("answer", "title", "shown"),
    [
        ({"status": "VALID", "permission": "revoked"}, "The permission was revoked", "Revoked"),
        ({"status": "VALID", "permission": "not_checked"}, NOT_ASKED, "Not checked"),
        ({"status": "VALID", "permission": "nonsense"}, NOT_ASKED, "Not checked"),
        ({"status": "VALID"}, NOT_ASKED, "Not checked"),
        (None, NOT_ASKED, "Not checked"),
        (
            {"status": "REVOKED_CERTIFICATE", "permission": "not_checked"},
            "The certificate of the signer was revoked",
            "Not checked",
        ),
    ],
)
def test_what_the_service_says_is_shown(
    open_page: Open, service: Service, answer: dict[str, str] | None, title: str, shown: str
) -> None:
    service.answer = answer
    page = open_page()
    paste(page, service.ministry.seal(VALID))
    result(page, title)
    assert outcome(page, PERMISSION) == shown


def test_a_known_end_is_said_without_a_network(open_page: Open, service: Service) -> None:
    service.answer = {"status": "VALID", "permission": "revoked"}
    page = open_page(alone=True)
    seal = service.ministry.seal(VALID)
    paste(page, seal)
    result(page, "The permission was revoked")
    page.context.set_offline(True)
    page.reload()
    paste(page, seal)
    result(page, "The permission was revoked")
    conclusion(page, "error")
    assert outcome(page, PERMISSION).startswith("Revoked\nAs of ")
    page.get_by_text("The service said so on").wait_for()
    look_at(page, "known-end-en-1280")
    # It was an error, and was brought back.
    service.answer = {"status": "VALID", "permission": "active"}
    page.context.set_offline(False)
    paste(page, seal)
    result(page, GENUINE)
    page.context.set_offline(True)
    paste(page, seal)
    result(page, NOT_ASKED)


def test_a_seal_whose_time_is_over(open_page: Open, service: Service) -> None:
    page = open_page()
    ended = replace(VALID, valid_until=(NOW - timedelta(days=1)).date())
    paste(page, service.ministry.seal(ended))
    result(page, "The seal is genuine, but its validity has ended")


def test_the_printed_lines_are_compared(open_page: Open, service: Service) -> None:
    page = open_page(width=360)
    paste(page, service.ministry.seal(VALID))
    result(page, GENUINE)
    fields = MrzFields(
        document_code="V",
        issuing_state="JPN",
        surname=VALID.surname,
        given_names=VALID.given_names,
        number=VALID.passport_number,
        nationality=VALID.nationality,
        birth_date=VALID.birth_date,
        sex="F",
        expiry_date=VALID.valid_until.isoformat(),
    )
    first, second = format_mrz(fields, "MRVA")
    page.locator("#line-0").fill(first)
    page.locator("#line-1").fill(second)
    page.get_by_role("button", name="Compare", exact=True).click()
    page.get_by_text("The printed lines say the same as the seal").wait_for()
    page.locator("#line-0").fill(first.replace("ERIKSSON", "ERIKSSEN"))
    expect(page.get_by_text("The printed lines say the same as the seal")).to_have_count(0)
    page.get_by_role("button", name="Compare", exact=True).click()
    page.get_by_text("The printed lines differ from the seal.").wait_for()
    assert page.get_by_text("Different", exact=True).count() == 1
    look_at(page, "printed-mismatch-en-360")
    page.locator("#line-0").fill(first + second)
    page.get_by_role("button", name="Compare", exact=True).click()
    page.get_by_text("The printed lines say the same as the seal").wait_for()


def test_the_portals_first_page_leads_here(open_page: Open, service: Service) -> None:
    page = open_page()
    page.route("**/api/procedures", lambda route: route.fulfill(json={"procedures": []}))
    page.goto(f"{service.origin}/en/")
    page.get_by_role("link", name="Check an e-visa or travel authorization").click()
    page.wait_for_url("**/en/verify")
    page.locator("#text").wait_for()


def test_by_keyboard_alone(open_page: Open, service: Service) -> None:
    page = open_page()
    seal = service.ministry.seal(VALID)
    reached = []
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
        if reached[-1] == "text":
            break
    assert {"Skip to main content", "Use the camera", "picture", "text"} <= set(reached)
    page.keyboard.insert_text(seal)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    result(page, GENUINE)
    expect(page.get_by_role("heading", name="Result", exact=True)).to_be_focused()
