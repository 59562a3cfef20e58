"""The console before its stand-in: every screen without barriers, nothing typed lost, nothing decided by one person."""

from __future__ import annotations

import pytest

from tests.browser.console_static.conftest import Officer, control
from tests.browser.looking import settle

SIZES = [(1920, 1080), (1280, 900), (768, 1024), (640, 450)]  # the last is 1280 x 900 at 200 %


@pytest.mark.in_each_language
def test_screens_have_no_barriers(officer: Officer) -> None:
    page = officer.page
    page.goto(f"{officer.desk}/console/")
    page.wait_for_selector("form")
    officer.see(SIZES)
    officer.sign_in()
    page.wait_for_selector("table")
    officer.see(SIZES)
    officer.open_case(0)
    officer.see(SIZES)
    page.goto(f"{officer.desk}/console/counter")
    page.wait_for_selector("table")
    officer.see(SIZES)


@pytest.mark.in_each_language
def test_setting_up_the_second_factor(officer: Officer) -> None:
    officer.page.goto(f"{officer.desk}/console/")
    officer.field("sign_in.username").fill("setup")
    officer.field("sign_in.password").fill("officer")
    officer.button("sign_in.next").click()
    assert "otpauth://totp/" in officer.page.get_by_test_id("otpauth").inner_text()
    officer.field("sign_in.code").fill("000000")
    officer.button("sign_in.finish").click()
    officer.page.get_by_role("alert").wait_for()
    assert officer.barriers() == []
    officer.field("sign_in.code").fill("123456")
    officer.button("sign_in.finish").click()
    officer.page.wait_for_selector("table")


def test_unknown_user_and_wrong_password_look_the_same(officer: Officer) -> None:
    said = []
    officer.page.goto(f"{officer.desk}/console/")
    for username in ("nobody", "hana"):
        officer.field("sign_in.username").fill(username)
        officer.field("sign_in.password").fill("wrong")
        officer.button("sign_in.next").click()
        said.append(officer.page.get_by_role("alert").inner_text())
        officer.page.reload()
    assert said[0] == said[1]


def test_queue_by_keyboard(officer: Officer) -> None:
    officer.sign_in()
    page = officer.page
    page.wait_for_selector("table")
    page.keyboard.press("j")
    page.keyboard.press("j")
    chosen = page.evaluate("document.activeElement.dataset.case")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/console/cases/{chosen}")
    page.keyboard.press("g")
    page.keyboard.press("q")
    page.wait_for_selector("table")
    settle(page)
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    assert page.get_by_role("dialog").count() == 1
    assert officer.barriers() == []


def test_a_refusal_needs_ground_and_reasons_and_a_conflict_keeps_them(officer: Officer) -> None:
    officer.sit_down()
    officer.open_case(3)
    page = officer.page
    officer.field("propose.refuse").check()
    officer.button("propose.next").click()
    for key in ("propose.error.ground", "propose.error.reasons"):
        assert page.get_by_text(officer.texts[key]).count() == 1
    page.wait_for_function("document.activeElement.name === 'ground'")
    page.locator("input[name=ground]").nth(2).check()
    officer.field("propose.reasons").fill("Reasons in writing.")
    control(officer.desk, conflict=True)
    officer.button("propose.next").click()
    officer.button("propose.do_refuse").click()
    page.get_by_text(officer.texts["conflict.title"]).wait_for()
    assert officer.field("propose.reasons").input_value() == "Reasons in writing."
    assert officer.barriers() == []
    page.reload()
    assert officer.field("propose.reasons").input_value() == "Reasons in writing."


def test_nobody_decides_on_their_own_proposal(officer: Officer) -> None:
    officer.sit_down()
    officer.open_case(5)
    assert officer.page.get_by_text(officer.texts["decide.own"]).count() == 1
    assert officer.page.get_by_role("radio").count() == 0


def test_another_officer_agrees_or_sends_back_with_a_note(officer: Officer) -> None:
    officer.sit_down()
    officer.open_case(2)
    choices = officer.page.locator("input[name=decision]")
    assert choices.count() == 2
    choices.nth(1).check()
    officer.button("decide.next").click()
    assert officer.page.get_by_text(officer.texts["decide.error.note"]).count() == 1
    assert officer.barriers() == []


def test_a_case_is_found_by_its_number_whatever_its_status(officer: Officer) -> None:
    officer.sign_in()
    page = officer.page
    page.wait_for_selector("table")
    status = page.locator(".desk-filters select").first
    waiting = page.locator("a[data-case]").first.get_attribute("data-case")
    status.select_option("completed")
    done = page.locator("a[data-case]").first
    page.wait_for_url("**/console/?**status=completed")
    # Until then the rows are those of the list before.
    page.locator(f"a[data-case='{waiting}']").wait_for(state="detached")
    done.wait_for()
    number, case_id = done.inner_text(), done.get_attribute("data-case")
    status.select_option("in_review")
    page.wait_for_url("**/console/?**status=in_review")
    officer.field("queue.find").fill(number.lower())
    officer.button("queue.find_do").click()
    page.wait_for_url(f"**/console/cases/{case_id}")
    page.goto(f"{officer.desk}/console/")
    page.wait_for_selector("table")
    officer.field("queue.find").fill("RJ-0000-0000")
    officer.button("queue.find_do").click()
    page.get_by_text(officer.texts["queue.find_none"]).wait_for()
    assert (officer.barriers(), officer.too_wide()) == ([], 0)


def test_what_was_withdrawn_or_lapsed_can_be_listed(officer: Officer) -> None:
    officer.look_at_queue()
    for status in ("withdrawn", "lapsed"):
        officer.page.locator(".desk-filters select").first.select_option(status)
        officer.page.wait_for_url(f"**/console/?**status={status}")


@pytest.mark.in_each_language
def test_the_languages_that_are_offered_are_those_that_there_are(officer: Officer) -> None:
    officer.page.goto(f"{officer.desk}/console/")
    officer.page.wait_for_selector("form")
    assert officer.page.locator(".desk-bar__language option").evaluate_all(
        "all => all.map(o => o.value)"
    ) == [
        "ja",
        "en",
    ]


# Tells of every camera that was opened, and opens each only after a while, as when a permission is asked for.
SLOW_CAMERA = """
  window.opened = [];
  const media = navigator.mediaDevices;
  const open = media.getUserMedia.bind(media);
  media.getUserMedia = async (what) => {
    await new Promise((go) => setTimeout(go, 800));
    const stream = await open(what);
    window.opened.push(...stream.getTracks());
    return stream;
  };
"""


def test_a_camera_that_is_allowed_after_the_officer_left_is_turned_off(officer: Officer) -> None:
    page = officer.page
    page.add_init_script(SLOW_CAMERA)
    officer.sit_down("/console/counter")
    page.locator("a[href*='/console/counter/']").first.click()
    officer.button("camera.start").click()
    page.locator(".desk-head__back").click()
    page.wait_for_timeout(1500)
    assert page.evaluate("window.opened.map((track) => track.readyState)") == ["ended"]


def test_a_visit_that_could_not_be_read_is_read_again(officer: Officer) -> None:
    page = officer.page
    officer.sit_down("/console/counter")
    page.locator("a[href*='/console/counter/']").first.wait_for()
    page.route("**/desk/cases/*", lambda route: route.fulfill(status=503, json={"code": "unavailable"}))
    page.locator("a[href*='/console/counter/']").first.click()
    officer.button("again").wait_for()
    assert officer.barriers() == []
    page.unroute("**/desk/cases/*")
    officer.button("again").click()
    officer.button("camera.start").wait_for()


@pytest.mark.in_each_language
def test_counter_from_camera_to_confirmation(officer: Officer) -> None:
    officer.sit_down("/console/counter")
    page = officer.page
    visits = page.locator("a[href*='/console/counter/']")
    visits.nth({"ja": 0, "en": 1}[officer.language]).click()
    officer.button("handover.next").click()
    assert page.get_by_text(officer.texts["handover.compare_first"]).count() == 1
    officer.button("camera.start").click()
    officer.button("camera.take").click()
    officer.button("camera.compare").click()
    page.get_by_text(officer.texts["band.very_close"]).wait_for()
    assert officer.barriers() == []
    page.get_by_role("checkbox").check()
    page.get_by_role("radio").last.check()
    officer.button("handover.next").click()
    page.get_by_role("dialog").get_by_role("button", name=officer.texts["handover.do"], exact=True).wait_for()
    assert officer.barriers() == []
