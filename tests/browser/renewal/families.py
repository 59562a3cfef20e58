"""Who applies with or for a child, in either language: pages are known by their addresses, words by their keys."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from local.journey import Pictures, sections, signature_picture
from local.seed import PASSWORD
from simulators.authenticator.totp import code, seconds_left
from simulators.card.people import Person
from tests.browser.renewal.people import Window, _type_card

MESSAGES = Path(__file__).resolve().parents[3] / "web" / "messages"
STEP = re.compile(r"/cases/[^/]+/(?P<kind>sections|documents|identity|check)(/(?P<name>\w+))?")


@cache
def words(language: str) -> dict[str, str]:
    """The pages' texts by key; the console's keys begin with `console.`, the case pages' with `case.`."""
    found: dict[str, str] = {}
    for prefix in ("", "case.", "console."):
        texts = json.loads((MESSAGES / f"{prefix}{language}.json").read_text(encoding="utf-8"))
        found |= {prefix + key: text for key, text in texts.items()}
    return found


@dataclass(frozen=True)
class Application:
    """One application: for whom, by whom, with which pictures, to which office."""

    child: Person
    signer: Person
    email: str
    office: str
    language: str
    pictures: Pictures
    shots: str

    def says(self, key: str) -> str:
        """A text of the pages in the language of this application."""
        return words(self.language)[key]

    @property
    def represented(self) -> bool:
        """Whether somebody else's card signs."""
        return self.child.id != self.signer.id

    def answers(self, representative: Person) -> dict[str, dict[str, Any]]:
        """What is typed, by section."""
        family, given = representative.name.split("\u3000")
        typed = sections(self.child, office=self.office, language=self.language)
        typed["renewal"]["validity"] = "5"
        typed["contact"]["email"] = self.email
        typed["guardian"] = {
            "family_name": family,
            "given_name": given,
            "birth_date": representative.birth_date.isoformat(),
            "address": representative.address,
            "relation": "father" if representative.sex == "M" else "mother",
            "phone": "052-123-4567",
        }
        return typed


def press(window: Window, name: str) -> None:
    """Press a button by its words."""
    window.page.get_by_role("button", name=name, exact=True).first.click()


def apply(window: Window, origin: str, of: Application, representative: Person) -> str:
    """From the procedure's page to the reference number; the case's id."""
    page, answers = window.page, of.answers(representative)
    page.goto(f"{origin}/{of.language}/passport-renewal")
    page.get_by_role("link", name=of.says("procedure.start")).wait_for()
    window.look(f"{of.shots}-procedure")
    page.get_by_role("link", name=of.says("procedure.start")).click()
    for number in (1, 2, 3):
        page.get_by_text(re.compile(rf"[(（]{number}\D")).first.wait_for()
        page.locator("input[name=answer][value=yes]").check()
        window.look(f"{of.shots}-question-{number}")
        page.locator("main button[type=submit]").click()
    _sign_in(window, of)
    press(window, of.says("case.begin.open"))
    for _ in range(20):
        page.wait_for_url(STEP)
        step = STEP.search(page.url)
        if step is None or step["kind"] == "check":
            break
        here = page.url
        _step(window, of, step["kind"], step["name"], answers)
        page.wait_for_function("here => location.href !== here", arg=here)
    page.get_by_role("button", name=of.says("case.check.go_on")).wait_for()
    window.look(f"{of.shots}-check")
    press(window, of.says("case.check.go_on"))
    page.get_by_role("heading", level=1, name=of.says("case.sign.title")).wait_for()
    window.look(f"{of.shots}-sign")
    _use_card(window, of, "case.sign.do", of.signer)
    page.wait_for_url("**/submitted")
    page.get_by_role("heading", level=1, name=of.says("case.submitted.title")).wait_for()
    window.look(f"{of.shots}-submitted")
    return page.url.split("/cases/")[1].split("/")[0]


def _sign_in(window: Window, of: Application) -> None:
    page = window.page
    page.get_by_role("heading", level=1, name=of.says("case.sign_in.title")).wait_for()
    window.look(f"{of.shots}-sign-in")
    page.locator("main").get_by_role("button", name=of.says("frame.sign_in")).click()
    page.locator("#username").fill(of.email)
    page.locator("#password").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/begin")
    page.get_by_role("button", name=of.says("case.begin.open")).wait_for()
    window.look(f"{of.shots}-begin")


def _step(window: Window, of: Application, kind: str, name: str | None, answers: dict[str, Any]) -> None:
    page = window.page
    if kind == "identity":
        page.get_by_role("button", name=of.says("case.identity.do")).wait_for()
        window.look(f"{of.shots}-identity")
        _use_card(window, of, "case.identity.do", of.signer)
        page.get_by_text(of.says("case.identity.read"), exact=True).first.wait_for()
        window.look(f"{of.shots}-identity-read")
        press(window, of.says("case.wizard.next"))
    elif kind == "documents":
        _document(window, of, str(name))
    else:
        page.locator("main form button[type=submit]").wait_for()
        for field, value in answers[str(name)].items():
            _answer(page, field, value)
        window.look(f"{of.shots}-{name}")
        press(window, of.says("case.wizard.continue"))


def _document(window: Window, of: Application, name: str) -> None:
    page = window.page
    picture = {
        "passport_page": of.pictures.page,
        "portrait": of.pictures.portrait,
        "signature": of.pictures.signature,
        "guardian_consent": signature_picture(of.child),
    }.get(name)
    page.locator("#file").wait_for()
    if picture is None:
        page.get_by_role("link", name=of.says("case.document.skip")).click()
        return
    page.locator("#file").set_input_files(
        {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": picture}
    )
    window.look(f"{of.shots}-{name}-chosen")
    press(window, of.says("case.document.send"))
    page.get_by_role("button", name=of.says("case.document.retake")).wait_for()
    window.look(f"{of.shots}-{name}")
    anyway = page.get_by_role("button", name=of.says("case.document.use_anyway"))
    anyway.click() if anyway.count() else press(window, of.says("case.wizard.next"))


def _answer(page: Page, field: str, value: Any) -> None:
    """Type an answer, whatever it is asked with; what is not asked of this applicant is left alone."""
    if page.locator(f"input[name={field}-year]").count():
        for part, text in zip(("year", "month", "day"), value.split("-"), strict=True):
            page.locator(f"input[name={field}-{part}]").fill(text)
    elif page.locator(f"input[type=radio][name={field}]").count():
        page.locator(f"input[name={field}][value='{value}']").check()
    elif page.locator(f"select#{field}").count():
        page.locator(f"#{field}").select_option(value)
    elif value is True:
        page.locator(f"#{field}").check()
    elif page.locator(f"#{field}").count():
        page.locator(f"#{field}").fill(value)


def _use_card(window: Window, of: Application, button: str, person: Person) -> None:
    with window.page.expect_popup() as opened:
        press(window, of.says(button))
    popup = opened.value
    popup.locator(f"input[value='{person.id}']").check()
    popup.locator("#pin").fill(person.pin)
    popup.locator("#form button[type=submit]").click()


def sign_in_officer(window: Window, origin: str, username: str, secret: str, language: str) -> None:
    """Sign in to the console with password and code, in a language."""
    page = window.page
    page.goto(f"{origin}/console/?lang={language}")
    page.locator("input[autocomplete=username]").fill(username)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    field = page.locator("input[autocomplete=one-time-code]")
    field.wait_for()
    if seconds_left(int(time.time())) < 4:
        time.sleep(5)
    field.fill(code(secret, int(time.time())))
    page.locator("button[type=submit]").click()
    page.get_by_role("heading", level=1, name=words(language)["console.queue.title"]).wait_for()


def propose(window: Window, origin: str, case_id: str, of: Application) -> None:
    """The examiner claims and proposes to approve."""
    page = window.page
    page.goto(f"{origin}/console/cases/{case_id}?lang={of.language}")
    page.get_by_role("button", name=of.says("console.claim.do"), exact=True).first.wait_for()
    press(window, of.says("console.claim.do"))
    page.get_by_label(of.says("console.propose.approve"), exact=True).check()
    window.look(f"{of.shots}-console-case")
    press(window, of.says("console.propose.next"))
    page.get_by_role("dialog").get_by_role("button", name=of.says("console.propose.do_approve")).click()
    page.get_by_text(of.says("console.decide.own_title")).first.wait_for()


def decide(window: Window, origin: str, case_id: str, of: Application) -> None:
    """Another officer approves what was proposed."""
    page = window.page
    page.goto(f"{origin}/console/cases/{case_id}?lang={of.language}")
    page.get_by_role("radio", name=re.compile("^" + re.escape(of.says("console.decide.approve")))).check()
    window.look(f"{of.shots}-console-decide")
    press(window, of.says("console.decide.next"))
    page.get_by_role("dialog").get_by_role(
        "button", name=of.says("console.decide.do_approve"), exact=True
    ).click()
    page.get_by_role("dialog").wait_for(state="hidden")


def pay(window: Window, origin: str, case_id: str, of: Application, amount: str) -> None:
    """Pay the fee that is shown; the receipt says the same."""
    page = window.page
    page.goto(f"{origin}/{of.language}/cases/{case_id}/payment")
    page.locator("input[name=number]").wait_for()
    page.get_by_text(amount).first.wait_for()
    window.look(f"{of.shots}-payment")
    _type_card(page, "4242424242424242")
    page.get_by_role("heading", level=1, name=of.says("case.payment.paid")).wait_for()
    window.look(f"{of.shots}-paid")
    page.goto(f"{origin}/{of.language}/cases/{case_id}/receipt")
    page.get_by_text(amount).first.wait_for()
    window.look(f"{of.shots}-receipt")


def book(window: Window, origin: str, case_id: str, of: Application) -> None:
    """Book the first time that is free."""
    page = window.page
    page.goto(f"{origin}/{of.language}/cases/{case_id}/appointment")
    page.locator("input[name=slot]").first.check()
    window.look(f"{of.shots}-appointment")
    press(window, of.says("case.appointment.do"))
    page.get_by_text(of.says("case.appointment.yours")).first.wait_for()
    window.look(f"{of.shots}-booked")


def hand_over(window: Window, origin: str, case_id: str, of: Application) -> None:
    """At the counter: compared, confirmed, handed over."""
    page = window.page
    page.goto(f"{origin}/console/counter/{case_id}?lang={of.language}")
    for key in ("camera.start", "camera.take", "camera.compare"):
        press(window, of.says(f"console.{key}"))
    page.get_by_text(of.says("console.band.very_close")).first.wait_for()
    window.look(f"{of.shots}-console-compared")
    page.get_by_role("checkbox").check()
    page.get_by_label(of.says("console.handover.returned")).check()
    press(window, of.says("console.handover.next"))
    page.get_by_role("dialog").get_by_role("button", name=of.says("console.handover.do"), exact=True).click()
    page.get_by_text(of.says("console.handover.done")).first.wait_for()
    window.look(f"{of.shots}-console-handed-over")
