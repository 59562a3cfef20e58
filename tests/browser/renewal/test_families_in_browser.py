"""Children: a father applies for a girl of nine, in Japanese to the collected book; a boy of sixteen for himself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from local.journey import Pictures, passport_page, person, signature_picture
from tests.browser.looking import SHOTS
from tests.browser.renewal import families, people
from tests.browser.renewal.families import Application
from tests.integration.renewal.walking import finish_book, reaches
from tests.sandbox import PEOPLE, Sandbox


def _pictures(name: str) -> Pictures:
    # There are no pictures of children here: the sandbox's portraits stand for everybody.
    portrait = (PEOPLE / "hanako.jpg").read_bytes()
    who = person(name)
    return Pictures(portrait, passport_page(who, portrait), signature_picture(who))


def _application(child: str, signer: str, **more: Any) -> Application:
    return Application(person(child), person(signer), pictures=_pictures(child), **more)


@pytest.fixture
def secrets(ryoji: Sandbox) -> dict[str, str]:
    """The officers' second factors."""
    read: dict[str, str] = json.loads((ryoji.running.home.folder / "authenticator.json").read_text())
    return read


def _decided(
    ryoji: Sandbox, browser: Browser, secrets: dict[str, str], case_id: str, of: Application
) -> None:
    examiner = _window(browser, language=of.language)
    families.sign_in_officer(examiner, ryoji.origin, "sato.examiner", secrets["sato.examiner"], of.language)
    examiner.look(f"{of.shots}-console-queue")
    families.propose(examiner, ryoji.origin, case_id, of)
    approver = _window(browser, language=of.language)
    families.sign_in_officer(
        approver, ryoji.origin, "suzuki.approver", secrets["suzuki.approver"], of.language
    )
    families.decide(approver, ryoji.origin, case_id, of)
    for window in (examiner, approver):
        _without_complaints(window)
        window.page.context.close()


def _window(browser: Browser, **options: Any) -> people.Window:
    # Axe looks at all these pages elsewhere: before a stand-in, also at those for a child's (portal_static), and in the
    # walk of who renews alone.
    return people.open_window(browser, SHOTS, axe=False, **options)


def _without_complaints(window: people.Window) -> None:
    assert window.complaints == []


def test_a_father_applies_for_a_girl_of_nine_in_japanese(
    ryoji: Sandbox, chromium: Browser, secrets: dict[str, str]
) -> None:
    of = _application(
        "takahashi-yui",
        "takahashi-makoto",
        email="makoto@example.jp",
        office="prefecture-tokyo",
        language="ja",
        shots="child",
    )
    window = _window(chromium, width=360, language="ja")
    case_id = families.apply(window, ryoji.origin, of, of.signer)
    father = ryoji.applicant("makoto@example.jp")
    case = reaches(father, case_id, "in_review")
    assert case["identity"]["holder"] == "legal_representative"
    seen = ryoji.officer("sato.examiner").ok("GET", f"/desk/cases/{case_id}")
    signed = next(found for found in seen["findings"] if found["check"] == "identity")
    assert signed["outcome"] == "pass"
    assert signed["facts"]["signer"] == "legal_representative"
    assert signed["facts"]["comparison"] == {
        "name": "same",
        "birth_date": "same",
        "sex": "not_compared",
        "address": "same",
    }

    _decided(ryoji, chromium, secrets, case_id, of)
    reaches(father, case_id, "payment")
    # The state's 4,000 yen for a child under 12 and the prefecture's 1,900 for an online application.
    families.pay(window, ryoji.origin, case_id, of, "5,900")
    reaches(father, case_id, "production")
    finish_book(ryoji, father, case_id)
    families.book(window, ryoji.origin, case_id, of)
    counter = _window(chromium, language="ja")
    families.sign_in_officer(counter, ryoji.origin, "tanaka.counter", secrets["tanaka.counter"], "ja")
    families.hand_over(counter, ryoji.origin, case_id, of)
    reaches(father, case_id, "completed")
    window.page.goto(f"{ryoji.origin}/ja/cases/{case_id}")
    window.page.wait_for_selector("h1")
    window.look("child-completed")
    expect(window.page.locator("html")).to_have_attribute("lang", "ja")
    _without_complaints(window)
    _without_complaints(counter)


def test_a_boy_of_sixteen_signs_himself_and_sends_his_mothers_consent(
    ryoji: Sandbox, chromium: Browser, secrets: dict[str, str]
) -> None:
    of = _application(
        "suzuki-haruto",
        "suzuki-haruto",
        email="haruto@example.jp",
        office="prefecture-osaka",
        language="en",
        shots="youth",
    )
    window = _window(chromium, language="en")
    case_id = families.apply(window, ryoji.origin, of, person("suzuki-misaki"))
    youth = ryoji.applicant("haruto@example.jp")
    case = reaches(youth, case_id, "in_review")
    assert case["identity"]["holder"] == "applicant"
    guardian = next(section for section in case["sections"] if section["id"] == "guardian")
    answered = {field for field, answer in guardian["answers"].items() if answer is not None}
    assert answered == {"family_name", "given_name", "relation", "phone"}
    consent = next(document for document in case["documents"] if document["id"] == "guardian_consent")
    assert consent["upload_id"]

    _decided(ryoji, chromium, secrets, case_id, of)
    assert reaches(youth, case_id, "payment")["fee"]["total"] == 10_900
    _without_complaints(window)
