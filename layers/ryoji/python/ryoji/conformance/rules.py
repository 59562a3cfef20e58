"""The rules that a carrier may rely on: each is asked of the service, and holds or says what was seen instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from ryoji.conformance.asking import JSON, Carrier, Reply
from ryoji.conformance.passports import answered, passports
from ryoji.errors import Invalid
from ryoji.permissions.edifact.cusres import CODES

# Of a full flight; most have a permission, as on a real one.
MANIFEST = 400
Seen = str | None
Look = Callable[[Carrier], Seen]


@dataclass(frozen=True)
class Verdict:
    """Whether a rule holds; `seen` is what was seen when it does not."""

    rule: str
    says: str
    seen: Seen

    @property
    def holds(self) -> bool:
        """Whether nothing else was seen."""
        return self.seen is None


def verdicts(carrier: Carrier) -> Iterator[Verdict]:
    """Each rule's verdict, in order. Raises Unavailable when the service stops answering."""
    for rule, says, look in RULES:
        try:
            seen = look(carrier)
        except (Invalid, AttributeError, KeyError, TypeError, IndexError, ValueError) as error:
            seen = f"an answer of another form ({type(error).__name__})"
        yield Verdict(rule, says, seen)


def _no_token(carrier: Carrier) -> Seen:
    return _status(carrier.call("GET", "/carriers/changes", token=""), 401)


def _wrong_token(carrier: Carrier) -> Seen:
    return _status(carrier.call("GET", "/carriers/changes", token=carrier.token[:-8] + "AAAAAAAA"), 401)


def _json_answers(carrier: Carrier) -> Seen:
    answer = carrier.ask([each.asked for each in passports()])
    got = [(each["reference"], each["answer"]) for each in answer.json["answers"]]
    for place, each in enumerate(passports()):
        if got[place] != (str(place), each.answer):
            return f"{each.what}: {got[place][1]}"
    return _differs("answers", len(got), len(passports()))


def _unable(carrier: Carrier) -> Seen:
    answer = carrier.ask([answered("UNABLE"), answered("OK_TO_BOARD")]).json
    got = [each["answer"] for each in answer["answers"]]
    if answer["outage_procedure"] is None:
        return "no outage procedure"
    return _differs("answers", got, ["UNABLE", "OK_TO_BOARD"])


def _same_bytes(carrier: Carrier) -> Seen:
    said = []
    for each in passports():
        if each.answer == "NO_BOARD":
            answer = carrier.ask([{**each.asked, "reference": "1"}])
            body = answer.body
            for own in (answer.json["inquiry"], answer.json["receipt"]):
                body = body.replace(own.encode(), b"")
            said.append(body)
    return _differs("kinds of answers", len(set(said)), 1)


def _manifest(carrier: Carrier) -> Seen:
    answer = carrier.ask([answered("OK_TO_BOARD")] * MANIFEST)
    got = [each["answer"] for each in answer.json["answers"]]
    return _differs("answers that let board", got.count("OK_TO_BOARD"), MANIFEST)


def _form(carrier: Carrier) -> Seen:
    answer = carrier.call("POST", "/carriers/inquiries", {"flight": carrier.flight(), "passengers": []})
    return _status(answer, 422) or _differs(
        "pointer", [each["pointer"] for each in answer.json["errors"]], ["/passengers"]
    )


def _their_flight(carrier: Carrier) -> Seen:
    return _status(carrier.ask([answered("OK_TO_BOARD")], designator="ZZ900"), 422)


def _arrival(carrier: Carrier) -> Seen:
    late = carrier.arrival + timedelta(days=300)
    return _status(carrier.ask([answered("OK_TO_BOARD")], arrives_at=f"{late:%Y-%m-%dT%H:%M}"), 422)


def _zone(carrier: Carrier) -> Seen:
    asked = {**answered("OK_TO_BOARD"), "zone": ["P<UTO".ljust(44, "<"), "K000000010UTO".ljust(44, "<")]}
    answer = carrier.ask([asked])  # type: ignore[list-item]  # a zone is a list
    return _differs("answer", answer.json["answers"][0]["answer"], "INSUFFICIENT_DATA")


def _proof(carrier: Carrier) -> Seen:
    asked = carrier.ask([answered("OK_TO_BOARD"), answered("NO_BOARD")]).json
    kept = carrier.call("GET", f"/carriers/inquiries/{asked['inquiry']}").json
    if kept["intact"] is not True:
        return "a record that is not intact"
    if kept["receipt"] != asked["receipt"]:
        return "another receipt"
    return _differs("answers", kept["answers"], ["OK_TO_BOARD", "NO_BOARD"])


def _nobody_s_proof(carrier: Carrier) -> Seen:
    return _status(carrier.call("GET", "/carriers/inquiries/AAAAAAAAAAAAAAAA"), 404)


def _edifact_answers(carrier: Carrier) -> Seen:
    answer = carrier.send(carrier.interchange([each.asked for each in passports()]))
    got = _codes(answer)
    for place, each in enumerate(passports()):
        if got[place] != CODES[each.answer]:  # type: ignore[index]  # the file's answers are the four
            return f"{each.what}: {got[place]}"
    return _differs("answers", len(got), len(passports()))


def _envelope(carrier: Carrier) -> Seen:
    answer = carrier.send(carrier.interchange([answered("OK_TO_BOARD")]))
    head, group, *message, group_end, end = answer.segments
    got = (head.part(1), head.part(2), head.part(4), group.part(0), end.part(1), group_end.part(0))
    return _differs("envelope", got, ("RYOJI", carrier.code, "KIT1", "CUSRES", "KIT1", "1")) or _differs(
        "UNT", message[-1].part(0), str(len(message))
    )


def _references(carrier: Carrier) -> Seen:
    answer = carrier.send(carrier.interchange([answered("OK_TO_BOARD")] * 2))
    got = [(each.part(0), each.part(0, 1)) for each in answer.segments if each.tag == "RFF"]
    ours = next((value for name, value in answer.headers.items() if name.lower() == "inquiry-id"), None)
    head = [("TN", "KIT0001"), ("AF", carrier.flight_number), ("AEA", ours)]
    people = [pair for place in range(2) for pair in (("AVF", f"BKG{place}"), ("ABO", f"P{place}"))]
    return _differs("references", got, [*head, *people])


def _interactive(carrier: Carrier) -> Seen:
    ten = carrier.send(carrier.interchange([answered("OK_TO_BOARD")] * 10, application="IAPI"))
    eleven = carrier.send(carrier.interchange([answered("OK_TO_BOARD")] * 11, application="IAPI"))
    return _differs("of ten", _codes(ten), ["0Z"] * 10) or _differs("of eleven", _codes(eleven), ["1"])


def _batch(carrier: Carrier) -> Seen:
    answer = carrier.send(carrier.interchange([answered("OK_TO_BOARD")] * MANIFEST))
    return _differs("answers that let board", _codes(answer).count("0Z"), MANIFEST)


def _counts(carrier: Carrier) -> Seen:
    text = carrier.interchange([answered("OK_TO_BOARD")])
    return _differs("codes", _codes(carrier.send(text.replace("UNT+", "UNT+1"))), ["1"])


def _released(carrier: Carrier) -> Seen:
    text = carrier.interchange([answered("OK_TO_BOARD")], name="O'EXAMPLE+?:")
    with_advice = carrier.send("UNA:+.? '\r\n" + text)
    return _differs("with UNA", _codes(with_advice), ["0Z"]) or _differs(
        "without", _codes(carrier.send(text)), ["0Z"]
    )


def _content(carrier: Carrier) -> Seen:
    return _status(carrier.send("{}", JSON), 415)


def _no_interchange(carrier: Carrier) -> Seen:
    return _status(carrier.send("nothing that ends"), 422)


def _nobody_s_change_in_edifact(carrier: Carrier) -> Seen:
    answer = carrier.send(carrier.acknowledgement("AAAAAAAAAAAAAAAA-0-1"))
    words = [each.part(3) for each in answer.segments if each.tag == "FTX"]
    return _differs("codes", _codes(answer), ["1"]) or _differs("words", words, ["ACKNOWLEDGEMENT UNKNOWN"])


def _changes(carrier: Carrier) -> Seen:
    told = carrier.call("GET", "/carriers/changes").json
    return _differs("key's bytes", len(bytes.fromhex(told["push_key"])), 32)


def _nobody_s_change(carrier: Carrier) -> Seen:
    path = "/carriers/changes/AAAAAAAAAAAAAAAA-0-1/acknowledgement"
    return _status(carrier.call("POST", path, {}), 404)


def _status(answer: Reply, wanted: int) -> Seen:
    return _differs("status", answer.status, wanted)


def _differs(what: str, seen: object, wanted: object) -> Seen:
    return None if seen == wanted else f"{what}: {seen} in place of {wanted}"


def _codes(answer: Reply) -> list[str]:
    return [each.part(0) for each in answer.segments if each.tag == "ERC"]


RULES: tuple[tuple[str, str, Look], ...] = (
    ("token.needed", "Without a token nobody is answered.", _no_token),
    ("token.genuine", "A token with a changed signature is none.", _wrong_token),
    ("json.answers", "Every sandbox passport gets its answer, in order, under its reference.", _json_answers),
    ("json.unable", "UNABLE names the outage procedure, and is the answer for that passenger only.", _unable),
    ("json.same_bytes", "Every NO_BOARD is the same bytes, unknown or refused.", _same_bytes),
    ("json.manifest", f"{MANIFEST} passengers are answered in one call.", _manifest),
    ("json.form", "A wrong form is told by its place.", _form),
    ("json.flight", "Only flights of one's own are asked about.", _their_flight),
    ("json.arrival", "Only flights that arrive soon are asked about.", _arrival),
    ("json.zone", "A zone whose check digits fail is not enough data.", _zone),
    ("proof.kept", "An inquiry reads again with the same answers and receipt.", _proof),
    ("proof.own", "An inquiry of nobody does not exist.", _nobody_s_proof),
    ("edifact.answers", "Every sandbox passport gets its code: 0Z, 1Z, 2Z or 4Z.", _edifact_answers),
    ("edifact.envelope", "The answer's envelope mirrors the question's; its counts are exact.", _envelope),
    ("edifact.references", "TN, AVF and ABO are echoed; AEA is the inquiry.", _references),
    ("edifact.interactive", "Ten passengers are answered interactively, eleven are not.", _interactive),
    ("edifact.batch", f"{MANIFEST} passengers are answered in one batch.", _batch),
    ("edifact.counts", "A message whose count is wrong is answered as a whole: ERP+1, ERC+1.", _counts),
    ("edifact.released", "UNA and released signs are read.", _released),
    ("edifact.content", "The EDIFACT address reads application/edifact only.", _content),
    ("edifact.syntax", "What is no interchange gets a problem, not an interchange.", _no_interchange),
    ("changes.read", "Changes are listed, with the key that signs pushes.", _changes),
    ("changes.own", "A change of nobody cannot be acknowledged.", _nobody_s_change),
    ("changes.own_edifact", "Nor by BGM+312: its answer says so as a whole.", _nobody_s_change_in_edifact),
)
