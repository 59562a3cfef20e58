"""Passenger lists read, answers written, counts exact, and nothing that is sent breaks it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ryoji.errors import Invalid
from ryoji.permissions.edifact import cusres
from ryoji.permissions.edifact.interchange import Envelope, close_envelope, open_envelope
from ryoji.permissions.edifact.moments import day_of
from ryoji.permissions.edifact.paxlst import PassengerList, faults_of, read_list
from ryoji.permissions.edifact.segments import Segment, cut, write
from ryoji.permissions.inquiry import Answer
from ryoji.permissions.transaction import Flight, References

EXAMPLES = Path(__file__).parents[3] / "docs" / "carriers" / "examples"
NOW = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
ASKED = (EXAMPLES / "interactive.paxlst.edi").read_text(encoding="ascii")
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=8)
TAGS = st.from_regex(r"[A-Z]{3}", fullmatch=True).filter(lambda tag: tag != "UNA")
SEGMENTS = st.lists(
    st.builds(
        Segment,
        TAGS,
        st.lists(st.lists(TEXTS, min_size=1, max_size=3).map(tuple), max_size=4).map(tuple),
    ),
    max_size=6,
)


def opened(text: str = ASKED) -> tuple[Envelope, PassengerList]:
    envelope = open_envelope(cut(text))
    return envelope, read_list(envelope.messages[0])


def faults(text: str) -> list[str]:
    envelope, asked = opened(text)
    return faults_of(envelope.messages[0], asked, interactive=envelope.interactive)


@given(SEGMENTS)
def test_what_is_written_reads_the_same(segments: list[Segment]) -> None:
    assert cut(write(segments)) == segments


@given(st.text(max_size=120))
def test_any_text_is_cut_or_refused(text: str) -> None:
    try:
        segments = cut(text)
    except Invalid:
        return
    assert all(each.tag.isalnum() for each in segments)


@given(st.integers(0, len(ASKED) - 1), st.characters(codec="ascii"))
def test_a_changed_sign_is_read_faulted_or_refused(place: int, sign: str) -> None:
    try:
        envelope, asked = opened(ASKED[:place] + sign + ASKED[place + 1 :])
    except Invalid:
        return
    faults_of(envelope.messages[0], asked, interactive=envelope.interactive)
    for line in asked.lines:
        assert line.asked()


@given(st.integers(0, len(ASKED) - 2))
def test_a_text_that_was_cut_short_is_refused(length: int) -> None:
    with pytest.raises(Invalid):
        opened(ASKED[:length])


def test_separators_of_one_s_own() -> None:
    other = ASKED.strip().translate(str.maketrans("+:'", "*|~"))
    assert opened(f"UNA|*.? ~{other}")[1] == opened()[1]
    assert opened(f"UNA:+.? '\r\n{ASKED}")[1] == opened()[1]


@pytest.mark.parametrize("advice", ["UNA:+", "UNA++.? '", "UNAA+.? '"])
def test_separators_that_cannot_be(advice: str) -> None:
    with pytest.raises(Invalid):
        cut(advice)


def test_released_signs_are_text() -> None:
    (only,) = cut("FTX+AAP+++O?'BRIEN ?+ SONS?: 100??'")
    assert only.part(3) == "O'BRIEN + SONS: 100?"


def test_a_list_is_read() -> None:
    envelope, asked = opened()
    assert envelope.interactive
    assert (asked.transaction, asked.flight, asked.departure_port, asked.arrival_port) == (
        "0000100",
        "XA339",
        "PVG",
        "NRT",
    )
    assert asked.arrival == date(2026, 11, 24)
    first = asked.lines[0]
    assert (first.issuing_state, first.number, first.birth_date, first.nationality) == (
        "UTO",
        "K00000001",
        "800517",
        "UTO",
    )
    assert first.references("0000100") == References("P1", "MWZRDQ", "0000100")
    assert faults(ASKED) == []


def test_a_visa_s_own_lines_are_not_the_passport_s() -> None:
    visa = "DOC+V:110:ZZZ+5576'LOC+91+JPN'"
    assert "DOC+V" in ASKED
    _, asked = opened(ASKED.replace("DOC+V:110:ZZZ+5576'", visa))
    assert asked.lines[0].issuing_state == "UTO"
    assert asked.lines[0].number == "K00000001"


@pytest.mark.parametrize(
    ("told", "nationality"),
    [
        ("NAT+2+UTO'NAT+1+JPN'", "UTO"),
        ("NAT+1+JPN'NAT+2+UTO'", "UTO"),
        ("NAT+2+UTO'NAT+3+JPN'", "UTO"),
        ("NAT+2+UTO'NAT+2+UTO'", "UTO"),
        # Which of them is the passport's nobody knows, and a third does not say it.
        ("NAT+2+UTO'NAT+2+JPN'", ""),
        ("NAT+2+JPN'NAT+2+UTO'NAT+2+UTO'", ""),
        ("NAT+1+JPN'", ""),
        ("NAT++JPN'", ""),
    ],
)
def test_only_the_present_nationality_counts(told: str, nationality: str) -> None:
    _, asked = opened(ASKED.replace("NAT+2+UTO'", told, 1))
    assert [line.asked().nationality for line in asked.lines] == [nationality, "UTO"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("CNT+42:2", "CNT+42:3", "passenger_count"),
        ("UNE+1+", "UNE+2+", "group_count"),
        ("UNZ+1+", "UNZ+2+", "interchange_count"),
        ("UNZ+1+REF0001", "UNZ+1+REF0002", "interchange_count"),
        ("D:05B:UN", "D:96A:UN", "release_unknown"),
        ("BGM+745", "BGM+250", "list_unknown"),
        ("TDT+20+XA339", "TDT+20+", "flight_missing"),
        ("LOC+87+NRT", "LOC+88+NRT", "flight_missing"),
        ("DTM+232:2611242035:201", "DTM+232:2613242035:201", "flight_missing"),
        ("RFF+TN:0000100", "RFF+TX:0000100", "transaction_missing"),
        ("TDT+20+XA339", "TDT+20+XA 339", "flight_form"),
        ("TDT+20+XA339", f"TDT+20+XA{'3' * 400_000}", "flight_form"),
        ("LOC+87+NRT", "LOC+87+Narita", "port_form"),
        ("LOC+125+PVG", "LOC+125+PV", "port_form"),
        ("DTM+232:2611242035:201", "DTM+232:2611249935:201", "time_form"),
        ("DTM+189:2611241620:201", "DTM+189:2613241620:201", "time_form"),
        ("DTM+189:2611241620:201", "DTM+189:2611241660:201", "time_form"),
        ("DTM+189:2611241620:201", "DTM+189:2611241620:201:more", "time_form"),
        ("DTM+189:2611241620:201", "DTM+189:soon", "time_form"),
        ("RFF+TN:0000100", f"RFF+TN:{'1' * 36}", "reference_form"),
        ("RFF+AVF:MWZRCY", f"RFF+AVF:{'M' * 36}", "reference_form"),
        ("RFF+ABO:P2", "RFF+ABO:旅客", "reference_form"),
        ("RFF+ABO:P2", "RFF+ABO:P\n2", "reference_form"),
    ],
)
def test_what_is_wrong_with_a_list(old: str, new: str, fault: str) -> None:
    assert ASKED.count(old) >= 1
    assert fault in faults(ASKED.replace(old, new))


@pytest.mark.parametrize(
    "when", ["2611241620", "261124:101", "20261124:102", "202611240000:203", "2611242359"]
)
def test_a_time_that_exists(when: str) -> None:
    assert faults(ASKED.replace("DTM+189:2611241620:201", f"DTM+189:{when}")) == []


def test_passengers_in_transit_are_asked_about_and_crew_in_transit_is_not() -> None:
    first, _, _ = ASKED.partition("NAD+FL+++ONE:TRE")
    assert first != ASKED
    _, asked = opened(ASKED.replace("NAD+FL+++ONE:TRE", "NAD+DDU+++ONE:TRE"))
    assert [line.passenger for line in asked.lines] == ["P1", "P2"]
    for crew in ("DDT", "FM"):
        text = ASKED.replace("NAD+FL+++ONE:TRE", f"NAD+{crew}+++ONE:TRE").replace("CNT+42:2", "CNT+42:1")
        assert [line.passenger for line in opened(text)[1].lines] == ["P1"]
        assert faults(text) == []


def test_a_wrong_count_of_segments() -> None:
    begin = ASKED.index("UNT+") + 4
    assert faults(ASKED[:begin] + "9" + ASKED[begin:]) == ["message_count"]


def test_d12b_is_read_alike() -> None:
    assert faults(ASKED.replace("D:05B", "D:12B")) == []


def test_eleven_at_a_desk_are_too_many_and_in_a_batch_they_are_not() -> None:
    envelope, asked = opened()
    asked.lines = asked.lines[:1] * 11
    asked.count = "11"
    assert faults_of(envelope.messages[0], asked, interactive=True) == ["too_many_passengers"]
    assert faults_of(envelope.messages[0], asked, interactive=False) == []


@pytest.mark.parametrize(
    "text", ["", "UNB+UNOA:4'", "UNH+1'UNT+2+1'", "UNB+UNOA:4+A+B+260101:0000+R'UNZ+0+R'"]
)
def test_an_envelope_that_nobody_can_answer(text: str) -> None:
    with pytest.raises(Invalid):
        open_envelope(cut(text))


def test_an_answer_echoes_and_counts() -> None:
    envelope, asked = opened()
    message = cusres.answered(envelope.messages[0], asked, ["OK_TO_BOARD", "NO_BOARD"], "ABCDEFGHIJKLMNOP")
    text = write(close_envelope(envelope, [message], NOW))
    assert text == (EXAMPLES / "interactive.cusres.edi").read_text(encoding="ascii").replace("\n", "")
    back = open_envelope(cut(text))
    assert not back.messages[0].faults
    assert (back.sender, back.recipient) == (envelope.recipient, envelope.sender)


@given(st.lists(st.sampled_from(sorted(cusres.CODES)), min_size=2, max_size=2))
def test_answers_stand_in_the_order_of_the_questions(answers: list[Answer]) -> None:
    envelope, asked = opened()
    message = cusres.answered(envelope.messages[0], asked, answers, "INQUIRY1")
    codes = [each.part(0) for each in message if each.tag == "ERC"]
    assert codes == [cusres.CODES[each] for each in answers]
    assert (codes.count("0Z") > 0) == ("OK_TO_BOARD" in answers)


def test_what_is_wrong_with_all_of_it_boards_nobody() -> None:
    envelope, asked = opened()
    message = cusres.faulty(envelope.messages[0], asked, ["passenger_count"])
    assert [each.part(0) for each in message if each.tag in ("ERP", "ERC")] == ["1", "1"]
    assert "ERP+2" not in write(message)


def test_a_change_is_acknowledged_by_its_echo() -> None:
    flight = Flight("XA339", "PVG", "NRT", "2611241620:201", "2026-11-24T20:35", date(2026, 11, 24))
    change = cusres.ChangeMessage("INQ-0-1", flight, References("P1", "MWZRDQ", "0000100"), "NO_BOARD")
    text = cusres.changed(change, "XA", NOW)
    told = open_envelope(cut(text))
    assert not told.messages[0].faults
    assert cusres.acknowledgement_of(told.messages[0]) is None
    echoed = open_envelope(cut(text.replace("BGM+132", "BGM+312")))
    assert cusres.acknowledgement_of(echoed.messages[0]) == cusres.Acknowledgement("INQ-0-1")
    assert "DTM+189:2611241620:201'DTM+232:2611242035:201'" in text


def test_what_nobody_gave_is_not_written_as_an_empty_reference() -> None:
    flight = Flight("XA339", "PVG", "NRT", "2026-11-24T16:20", "2026-11-24T20:35", date(2026, 11, 24))
    text = cusres.changed(cusres.ChangeMessage("INQ-0-1", flight, References(), "NO_BOARD"), "XA", NOW)
    envelope = open_envelope(cut(text))
    assert not envelope.messages[0].faults
    named = [each.elements[0] for each in envelope.messages[0].segments if each.tag == "RFF"]
    assert named == [("AF", "XA339"), ("AEA", "INQ-0-1")]
    asking, asked = opened()
    unable = write(cusres.answered(asking.messages[0], asked, ["UNABLE", "UNABLE"], ""))
    assert "RFF+AEA" not in unable
    assert "RFF+TN:0000100'" in unable


@pytest.mark.parametrize(
    ("example", "kind", "begins"),
    [
        ("interactive.paxlst", "PAXLST", "745"),
        ("batch.paxlst", "PAXLST", "745"),
        ("interactive.cusres", "CUSRES", cusres.ANSWERED),
        ("batch.cusres", "CUSRES", cusres.ANSWERED),
        ("fault.cusres", "CUSRES", cusres.ANSWERED),
        ("change.cusres", "CUSRES", cusres.CHANGED),
        ("acknowledgement.cusres", "CUSRES", cusres.ACKNOWLEDGED),
    ],
)
def test_every_example_is_an_interchange_without_a_fault(example: str, kind: str, begins: str) -> None:
    envelope = open_envelope(cut((EXAMPLES / f"{example}.edi").read_text(encoding="ascii")))
    (message,) = envelope.messages
    assert (message.kind, message.segments[0].part(0), message.faults) == (kind, begins, ())
    # Who answers or tells a change is the ministry; who asks or acknowledges is the carrier.
    told = begins in (cusres.ANSWERED, cusres.CHANGED)
    assert (envelope.sender, envelope.recipient) == ((("RYOJI",), ("XA",)) if told else (("XA",), ("RYOJI",)))
    if kind == "PAXLST":
        assert faults_of(message, read_list(message), interactive=envelope.interactive) == []


def test_there_is_no_other_example() -> None:
    answers = ("batch.cusres", "batch.paxlst", "change.cusres", "fault.cusres", "interactive.cusres")
    names = ["acknowledgement.cusres", *answers, "interactive.paxlst"]
    assert sorted(path.stem for path in EXAMPLES.iterdir()) == names


def test_the_example_of_a_change_is_what_is_sent_and_the_acknowledgement_is_of_it() -> None:
    flight = Flight("XA339", "PVG", "NRT", "2026-11-24T16:20", "2026-11-24T20:35", date(2026, 11, 24))
    references = References("P1", "MWZRDQ", "0000100")
    change = cusres.ChangeMessage("ABCDEFGHIJKLMNOP-0-1", flight, references, "NO_BOARD")
    sent = cusres.changed(change, "XA", NOW.replace(hour=10))
    assert sent == (EXAMPLES / "change.cusres.edi").read_text(encoding="ascii").replace("\n", "")
    said = open_envelope(cut((EXAMPLES / "acknowledgement.cusres.edi").read_text(encoding="ascii")))
    assert cusres.acknowledgement_of(said.messages[0]) == cusres.Acknowledgement(change.change)


@pytest.mark.parametrize(
    ("when", "day"),
    [
        (("261124", "101"), date(2026, 11, 24)),
        (("20261124", "102"), date(2026, 11, 24)),
        (("2611242035", "201"), date(2026, 11, 24)),
        (("202611242035", "203"), date(2026, 11, 24)),
        (("261124",), date(2026, 11, 24)),
        (("261131", "101"), None),
        (("26112４", "101"), None),
        ((), None),
    ],
)
def test_days(when: tuple[str, ...], day: date | None) -> None:
    assert day_of(when) == day
