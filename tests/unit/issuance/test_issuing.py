"""Seals verify with somebody else's reader; certificates are kept, renewed, revoked; the page's code is read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from ryoji.catalogue.messages import Messages
from ryoji.errors import Invalid, NotFound, TooLarge, Unavailable
from ryoji.evidence.travel_document.document import parse_mrz
from ryoji.issuance import qr, records, vdsnc
from ryoji.issuance.certificates import Revoked, key_until, make_signer, read_certificate
from ryoji.issuance.page_texts import page_texts
from ryoji.issuance.pdf import QR_MM, page
from ryoji.issuance.records import Kept, Keys, Records, SignerRecord
from ryoji.issuance.trust import Trust, fingerprint, read_trust
from ryoji.issuance.verification import verify
from ryoji.issuance.zone import visa_zone
from tests.independent_reader import read_elsewhere
from tests.unit.issuance.sealing import AUTHORIZATION, NOW, ROOT, RULES, VISA, MemoryKey, Ministry, ministry

TEXTS = page_texts(Messages.load(ROOT / "procedures" / "messages"), "visa", "https://ryoji.example")
DAY = timedelta(days=1)


@pytest.mark.parametrize("issued", [VISA, AUTHORIZATION], ids=["visa", "authorization"])
def test_an_independent_reader_verifies_our_seals(issued: object) -> None:
    assert read_elsewhere(ministry().seal(issued), ministry().ca.der)  # type: ignore[arg-type]  # any of its fields


def test_the_independent_reader_refuses_what_was_changed() -> None:
    seal = ministry().seal()
    assert not read_elsewhere(seal.replace("ERIKSSON", "ERIKSSOM"), ministry().ca.der)
    assert not read_elsewhere(seal, Ministry().ca.der)


def test_a_signer_has_the_profile() -> None:
    signer = ministry().signer
    assert (signer.uses, signer.uses_critical) == (("2.23.136.1.1.14.2",), True)
    assert (signer.country, signer.document_types) == ("JP", ("A", "V"))
    assert signer.authority_key_id == ministry().ca.key_id
    assert len(signer.der) < 420


def status(house: Ministry, trust: Trust | None = None, days: int = 0, **other: object) -> str:
    return verify(house.seal(**other), trust or house.trust(), RULES, NOW + days * DAY).status  # type: ignore[arg-type]  # any of its fields


def test_each_status_has_its_cause() -> None:
    house, stranger = Ministry(), Ministry()
    assert status(house) == "VALID"
    assert status(house, signer=stranger.signer_key) == "INVALID_SIGNATURE"
    assert status(house, Trust()) == "UNKNOWN_CERTIFICATE"
    # The names are the authority's, the signature is not.
    forged = read_certificate(make_signer(house.signer_key, house.ca, stranger.ca_key, RULES, 9, NOW))
    assert status(house, certificate=forged.der) == "UNTRUSTED_CERTIFICATE"
    assert status(house, state="UTO") == "UNTRUSTED_CERTIFICATE"
    assert status(house, certificate=house.ca.der) != "VALID"
    assert status(house, version=2) == "INVALID_DOCUMENTTYPE"
    assert status(house, days=-1) == "EXPIRED_CERTIFICATE"
    assert status(house, days=5000) == "EXPIRED_CERTIFICATE"
    assert status(house, message={"no": "A"}) == "WRONG_FORMAT"
    house.revoked = (Revoked(house.signer.serial, NOW, "key_compromise"),)
    assert status(house) == "REVOKED_CERTIFICATE"
    # An old list still knows who was revoked.
    assert status(house, days=100) == "REVOKED_CERTIFICATE"


def test_an_old_list_says_that_it_is_old() -> None:
    verdict = verify(ministry().seal(), ministry().trust(), RULES, NOW + 20 * DAY)
    assert (verdict.status, verdict.warnings) == ("VALID", ("STALE_REVOCATION_LIST",))
    assert verdict.checks["revocation"] == "not_checked"


@pytest.mark.parametrize(("days", "said"), [(0, "not_yet"), (30, "current"), (120, "past")])
def test_the_seals_own_dates_are_told_apart_from_its_being_genuine(days: int, said: str) -> None:
    verdict = verify(ministry().seal(), ministry().trust(), RULES, NOW + days * DAY)
    assert (verdict.status, verdict.validity) == ("VALID", said)


@pytest.mark.parametrize(
    "other",
    [{"passport_number": ""}, {"number": "x" * 40}, {"valid_until": date(2026, 1, 1)}, {"entries": 300}],
)
def test_what_no_verifier_would_accept_is_not_sealed(other: dict[str, object]) -> None:
    with pytest.raises(Invalid, match="seal_content"):
        ministry().seal(replace(VISA, **other))  # type: ignore[arg-type]  # any of its fields


def test_the_list_is_signed_and_believed_only_unchanged() -> None:
    text = ministry().list()
    trust = read_trust(text)
    assert verify(ministry().seal(), trust, RULES, NOW).status == "VALID"
    for changed in (text.replace("JPN", "UTO"), text[:-2], "{}", Ministry().seal()):
        with pytest.raises(Invalid, match="trust_list_wrong"):
            read_trust(changed)
    with pytest.raises(Invalid, match="trust_list_wrong"):
        read_trust(text, expected="0" * 64)


@pytest.fixture
def keys() -> Keys:
    return Keys([MemoryKey()], {"a": MemoryKey(), "b": MemoryKey()})


@pytest.fixture
def serials() -> Iterator[int]:
    return count(1000)


def test_a_round_makes_what_is_missing_and_the_next_makes_nothing(keys: Keys, serials: Iterator[int]) -> None:
    first = records.keep(Records(), keys, RULES, NOW, lambda: next(serials))
    assert (first.made, first.lacks) == (("authority", "revocations", "signer"), None)
    again = records.keep(first.records, keys, RULES, NOW + timedelta(hours=6), lambda: next(serials))
    assert (again.made, again.records) == ((), first.records)
    assert Records.model_validate_json(first.records.model_dump_json()) == first.records
    assert records.keep(first.records, keys, RULES, NOW + DAY, lambda: next(serials)).made == ("revocations",)


def test_a_signer_is_followed_by_another_under_the_other_key(keys: Keys, serials: Iterator[int]) -> None:
    made = records.keep(Records(), keys, RULES, NOW, lambda: next(serials)).records
    for year, name in ((1, "b"), (2, "a")):
        then = NOW + timedelta(days=340 * year)
        kept = records.keep(made, keys, RULES, then, lambda: next(serials))
        made = kept.records
        assert "signer" in kept.made
        assert records.current(made, RULES, then).key == name
        assert key_until(records.current(made, RULES, then).read, RULES) > then
    assert set(records.files(made, keys, RULES, NOW)) >= {"list.json", "revocations.crl", "authority.cer"}


def listed(made: Records, then: datetime) -> set[str]:
    """The serials (hex) in the latest list of the only authority."""
    (authority,) = records.authorities_of(made, RULES, then)
    assert authority.revocations is not None
    return {f"{entry.serial:x}" for entry in authority.revocations.revoked}


def test_a_compromised_key_signs_nothing_more(keys: Keys, serials: Iterator[int]) -> None:
    made = records.keep(Records(), keys, RULES, NOW, lambda: next(serials)).records
    revoked: set[str] = set()
    for expected in ("b", None):
        serial = f"{records.current(made, RULES, NOW).read.serial:x}"
        made = records.revoke(made, serial, "key_compromise", NOW)
        assert records.revoke(made, serial, "superseded", NOW) == made
        kept = records.keep(made, keys, RULES, NOW, lambda: next(serials))
        made, revoked = kept.records, revoked | {serial}
        # The list is there, whether or not there is a key for a successor.
        assert listed(made, NOW) == revoked
        assert kept.lacks == (None if expected else "no_signer_key")
        if expected:
            assert records.current(made, RULES, NOW).key == expected
    with pytest.raises(Unavailable, match="no_signer"):
        records.current(made, RULES, NOW)
    assert records.signer_days_left(made, RULES, NOW) == 0
    assert records.revoked_signers(made, NOW) == revoked
    assert records.revoked_signers(made, NOW + 5000 * DAY) == set()


def year_by_year(keys: Keys, serials: Iterator[int], years: int) -> tuple[Records, datetime]:
    """The records after so many signers, and when the last of them was made."""
    made, then = Records(), NOW
    for year in range(years):
        then = NOW + timedelta(days=340 * year)
        made = records.keep(made, keys, RULES, then, lambda: next(serials)).records
    return made, then


def test_a_compromised_key_takes_along_every_signer_that_it_stood_behind(
    keys: Keys, serials: Iterator[int]
) -> None:
    made, then = year_by_year(keys, serials, 3)
    assert [each.key for each in made.signers] == ["a", "b", "a"]
    first, other, last = made.signers
    made = records.revoke(made, f"{last.read.serial:x}", "key_compromise", then)
    made = records.keep(made, keys, RULES, then, lambda: next(serials)).records
    trust = read_trust(records.files(made, keys, RULES, then)["list.json"][0])
    # Whoever has stolen the key seals under no certificate of it; what the other key sealed is good.
    for stolen in (first, last):
        assert verify(_sealed(stolen, keys), trust, RULES, then).status == "REVOKED_CERTIFICATE"
    assert verify(_sealed(other, keys), trust, RULES, then).status == "VALID"
    assert records.current(made, RULES, then).key == "b"
    assert records.revoked_signers(made, then) == {f"{each.read.serial:x}" for each in (first, last)}


def test_a_weaker_reason_ends_one_signer_and_not_its_key(keys: Keys, serials: Iterator[int]) -> None:
    made, then = year_by_year(keys, serials, 3)
    serial = f"{made.signers[-1].read.serial:x}"
    assert records.taken_along(made, serial, "superseded") == (serial,)
    made = records.revoke(made, serial, "superseded", then)
    assert records.revoked_signers(made, then) == {serial}


def test_a_key_that_turns_out_to_be_compromised_has_no_weaker_reason_any_more(
    keys: Keys, serials: Iterator[int]
) -> None:
    made, then = year_by_year(keys, serials, 3)
    serial, late = f"{made.signers[0].read.serial:x}", then + DAY
    made = records.revoke(made, serial, "superseded", then)
    made = records.keep(made, keys, RULES, then, lambda: next(serials)).records
    made = records.revoke(made, serial, "key_compromise", late)
    made = records.keep(made, keys, RULES, late, lambda: next(serials)).records
    (authority,) = records.authorities_of(made, RULES, late)
    assert authority.revocations is not None
    told = {f"{each.serial:x}": (each.reason, each.at) for each in authority.revocations.revoked}
    # Revoked it has been since it was revoked first; the key's other signer is since today.
    assert told == {
        serial: ("key_compromise", then),
        f"{made.signers[2].read.serial:x}": ("key_compromise", late),
    }
    assert records.current(made, RULES, late).key == "b"
    # Neither now nor at the next rotation does the key seal again.
    far = late + 340 * DAY
    made = records.keep(made, keys, RULES, far, lambda: next(serials)).records
    assert records.current(made, RULES, far).key == "b"
    assert records.revoke(made, serial, "cessation_of_operation", far) == made
    assert records.revoke(made, serial, "key_compromise", far) == made


class Silent(MemoryKey):
    """A key that does not answer."""

    def public_key(self) -> bytes:
        raise Unavailable("signing_unavailable")


def test_a_signers_key_that_does_not_answer_keeps_no_list_from_being_made(
    keys: Keys, serials: Iterator[int]
) -> None:
    made = records.keep(Records(), keys, RULES, NOW, lambda: next(serials)).records
    serial = f"{records.current(made, RULES, NOW).read.serial:x}"
    made = records.revoke(made, serial, "key_compromise", NOW)
    silent = Keys(keys.authorities, {**keys.signers, "b": Silent()})
    kept = records.keep(made, silent, RULES, NOW, lambda: next(serials))
    assert (kept.made, kept.lacks) == (("revocations",), "signing_unavailable")
    assert listed(kept.records, NOW) == {serial}


# From here on no signer that is made would end before the first authority does.
TOO_LATE = NOW + timedelta(days=7300 - 365 - 3660)


def test_an_authority_that_ends_too_soon_for_a_signer_still_makes_lists(
    keys: Keys, serials: Iterator[int]
) -> None:
    made = records.keep(Records(), keys, RULES, NOW, lambda: next(serials)).records
    assert records.authority_days_left(made, RULES, NOW) == 7300 - 365 - 3660
    kept = records.keep(made, keys, RULES, TOO_LATE, lambda: next(serials))
    assert kept.lacks is None
    made, then = kept.records, TOO_LATE + 340 * DAY
    assert records.authority_days_left(made, RULES, then) == 0
    # A signer is due and would outlive the authority, which has no successor: list and revocations go on.
    kept = records.keep(made, keys, RULES, then, lambda: next(serials))
    assert (kept.made, kept.lacks) == (("revocations",), "authority_ending")
    serial = f"{records.current(made, RULES, then).read.serial:x}"
    made = records.revoke(kept.records, serial, "key_compromise", then)
    made = records.keep(made, keys, RULES, then, lambda: next(serials)).records
    assert serial in listed(made, then)
    assert records.files(made, keys, RULES, then)


def test_an_authority_is_followed_by_another_that_the_old_one_vouches_for(
    keys: Keys, serials: Iterator[int]
) -> None:
    both = Keys([*keys.authorities, MemoryKey()], keys.signers)

    def keep(made: Records, then: datetime) -> Kept:
        return records.keep(made, both, RULES, then, lambda: next(serials))

    def published(made: Records, then: datetime) -> Trust:
        return read_trust(records.files(made, both, RULES, then)["list.json"][0])

    made = keep(Records(), NOW).records
    old = fingerprint(made.authorities[0].read.der)
    early = TOO_LATE - 366 * DAY
    made = keep(made, early).records
    assert len(made.authorities) == 1
    # A year before it is needed: whoever verifies offline has the new one by then.
    then = TOO_LATE - 360 * DAY
    kept = keep(made, then)
    assert "authority" in kept.made
    made = kept.records
    assert Records.model_validate_json(made.model_dump_json()) == made
    assert records.authority_days_left(made, RULES, then) > 3000
    assert "authority" not in keep(made, then + DAY).made

    # A list that is pinned to the old one names both, each with its own revocation list.
    names = records.files(made, both, RULES, then)
    assert read_trust(names["list.json"][0], expected=old).authorities == published(made, then).authorities
    assert len(published(made, then).authorities) == 2
    assert len([name for name in names if name.endswith(".crl")]) == 3

    # While the old one lasts long enough it certifies; then the new one does.
    by = records.current(made, RULES, then).read.authority_key_id
    assert by == made.authorities[0].read.key_id
    last = TOO_LATE + 2 * DAY
    serial = f"{records.current(made, RULES, then).read.serial:x}"
    made = keep(records.revoke(made, serial, "key_compromise", last), last).records
    signer = records.current(made, RULES, last)
    assert signer.read.authority_key_id == made.authorities[1].read.key_id
    seal = _sealed(signer, both)
    assert verify(seal, published(made, last), RULES, last).status == "VALID"
    lists = [each.revocations for each in records.authorities_of(made, RULES, last)]
    assert [len(each.revoked) for each in lists if each is not None] == [1, 0]

    # The old one's end: the new one, which every kept list names, signs alone.
    over = NOW + 7301 * DAY
    made = keep(made, over).records
    assert [fingerprint(each.certificate.der) for each in published(made, over).authorities] != [old]
    assert len(published(made, over).authorities) == 1


def _sealed(signer: SignerRecord, keys: Keys) -> str:
    return ministry().seal(certificate=signer.read.der, signer=keys.signers[signer.key])


def test_an_authoritys_key_is_no_other_authoritys(keys: Keys, serials: Iterator[int]) -> None:
    made = records.keep(Records(), keys, RULES, NOW, lambda: next(serials)).records
    with pytest.raises(Unavailable, match="no_authority_key"):
        records.keep(made, keys, RULES, NOW + 7301 * DAY, lambda: next(serials))
    with pytest.raises(Unavailable, match="no_authority_key"):
        records.files(made, Keys([MemoryKey()], keys.signers), RULES, NOW)


def test_a_clock_that_is_slow_takes_a_new_signer_and_its_authority_for_valid(
    keys: Keys, serials: Iterator[int]
) -> None:
    made = records.keep(Records(), keys, RULES, NOW, lambda: next(serials)).records
    trust = read_trust(records.files(made, keys, RULES, NOW)["list.json"][0])
    seal = _sealed(records.current(made, RULES, NOW), keys)
    for slow in (timedelta(seconds=40), timedelta(minutes=59)):
        assert verify(seal, trust, RULES, NOW - slow).status == "VALID"
    assert verify(seal, trust, RULES, NOW - timedelta(hours=2)).status == "EXPIRED_CERTIFICATE"


def test_a_seal_says_who_signed_it() -> None:
    assert records.sealed_by(ministry().seal()) == "2"
    with pytest.raises(Invalid):
        records.sealed_by("no seal")


def test_nobody_revokes_a_stranger() -> None:
    with pytest.raises(NotFound, match="signer_not_found"):
        records.revoke(Records(), "ff", "superseded", NOW)


@pytest.fixture(scope="module")
def document() -> bytes:
    return page(VISA, ministry().seal(), TEXTS, NOW, zone=visa_zone(VISA, RULES))


@pytest.mark.parametrize(
    ("dpi", "turned", "blurred"), [(150, 0, 0), (150, 7, 1.0), (200, 20, 1.5), (200, 90, 0.6)]
)
def test_a_telephone_reads_the_code(document: bytes, dpi: int, turned: int, blurred: float) -> None:
    picture = pypdfium2.PdfDocument(document)[0].render(scale=dpi / 72).to_pil().convert("L")
    seen = picture.rotate(turned, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    # In a square of dots a reader of stripes may find a few: a telephone looks for QR codes.
    (code,) = zxingcpp.read_barcodes(
        seen.filter(ImageFilter.GaussianBlur(blurred)), zxingcpp.barcode_formats_from_str("QRCode")
    )
    assert verify(code.text, ministry().trust(), RULES, NOW).status == "VALID"


def test_the_code_is_large_enough_and_the_page_small(document: bytes) -> None:
    code = qr.encode(ministry().seal())
    assert (code.level, code.version <= 25) == ("M", True)
    assert qr.module_mm(code, QR_MM) >= 0.33
    assert len(document) < 120_000
    with pytest.raises(TooLarge):
        qr.encode("x" * 2800)


def test_the_page_prints_the_zone_and_embeds_its_fonts(document: bytes) -> None:
    text = pypdfium2.PdfDocument(document)[0].get_textpage().get_text_range()
    assert "電子査証" in text
    zone = parse_mrz("\n".join(visa_zone(VISA, RULES)), NOW.date())
    assert (zone.format, zone.valid, zone.fields.number) == ("MRVB", True, VISA.passport_number)
    assert document.count(b"/FontFile2") >= 2
    assert visa_zone(AUTHORIZATION, RULES) == ()


def test_a_character_that_cannot_be_printed_is_said() -> None:
    with pytest.raises(Invalid, match="page_characters"):
        page(replace(VISA, given_names="محمد"), ministry().seal(), TEXTS, NOW)


def test_the_largest_seal_still_fits() -> None:
    long = replace(
        VISA, surname="W" * 39, number="N" * 15, place_of_issue="P" * 15, type="T" * 48, additional="A" * 100
    )
    code = qr.encode(ministry().seal(long))
    assert qr.module_mm(code, QR_MM) >= 0.33
    assert len(vdsnc.read(ministry().seal(long)).message["nam"]) == 39
