"""What the ministry's CA remembers, and what is due now: an authority, a signer that may sign, a fresh list.

Pure and idempotent: on records that need nothing, nothing is made. Keys are named; the same key serves one signer
after another, and never again after its compromise.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from ryoji.errors import NotFound, Unavailable
from ryoji.issuance.certificates import (
    Certificate,
    Reason,
    Revoked,
    key_until,
    make_authority,
    make_revocations,
    make_signer,
    read_certificate,
    read_revocations,
)
from ryoji.issuance.seal_profile import SealRules
from ryoji.issuance.signer import Signer
from ryoji.issuance.trust import Authority, fingerprint, published


class SignerRecord(BaseModel):
    """A signer's certificate (base64 of DER) and the name of the key behind it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    certificate: str
    key: str

    @property
    def read(self) -> Certificate:
        """The certificate."""
        return read_certificate(b64decode(self.certificate))


class RevokedRecord(BaseModel):
    """A revoked signer: serial in hex."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    serial: str
    at: datetime
    reason: Reason


class Records(BaseModel):
    """Everything that was made, oldest signer first; certificates and list are base64 of DER."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    authority: str | None = None
    signers: tuple[SignerRecord, ...] = ()
    revoked: tuple[RevokedRecord, ...] = ()
    revocations: str | None = None
    number: int = 0


@dataclass(frozen=True)
class Keys:
    """The authority's key, and the signers' by name in the order in which they are taken."""

    authority: Signer
    signers: Mapping[str, Signer]


@dataclass(frozen=True)
class Kept:
    """The records after a round, what was made in it, and for how many days the newest signer may still sign."""

    records: Records
    made: tuple[str, ...]
    signer_days_left: int


def keep(
    records: Records, keys: Keys, rules: SealRules, now: datetime, new_serial: Callable[[], int]
) -> Kept:
    """Make what is missing or due. Raises `Unavailable("no_signer_key")` when every key is compromised, ValueError
    when a signer would outlive the authority."""
    made: list[str] = []
    if records.authority is None:
        certificate = make_authority(keys.authority, rules, new_serial(), now)
        records = records.model_copy(update={"authority": _text(certificate)})
        made.append("authority")
    if _days_left(records, rules, now) < rules.certificates.signer.renew_before_days:
        records = _with_signer(records, keys, rules, now, new_serial)
        made.append("signer")
    if _is_list_due(records, rules, now):
        records = _with_list(records, keys, rules, now)
        made.append("revocations")
    return Kept(records, tuple(made), _days_left(records, rules, now))


def revoke(records: Records, serial: str, reason: Reason, now: datetime) -> Records:
    """Revoke a signer by its serial (hex); again is harmless. Raises `NotFound("signer_not_found")`."""
    if serial not in {_serial(signer) for signer in records.signers}:
        raise NotFound("signer_not_found")
    if any(entry.serial == serial for entry in records.revoked):
        return records
    entry = RevokedRecord(serial=serial, at=now.replace(microsecond=0), reason=reason)
    # Without a list the next round makes one.
    return records.model_copy(update={"revoked": (*records.revoked, entry), "revocations": None})


def current(records: Records, rules: SealRules, now: datetime) -> SignerRecord:
    """The signer that seals now. Raises `Unavailable("no_signer")`."""
    usable = _usable(records, rules, now)
    if not usable:
        raise Unavailable("no_signer")
    return usable[-1]


def authority_of(records: Records, rules: SealRules) -> Authority:
    """The authority with its list. Raises `Unavailable("trust_list_missing")` before the first round."""
    if records.authority is None or records.revocations is None:
        raise Unavailable("trust_list_missing")
    revocations = read_revocations(b64decode(records.revocations))
    return Authority(rules.state, read_certificate(b64decode(records.authority)), revocations)


def files(records: Records, keys: Keys, rules: SealRules, now: datetime) -> dict[str, tuple[bytes, str]]:
    """What is published, by name below /trust/: the list, each certificate, the revocation list; with media types."""
    authority = authority_of(records, rules)
    signers = [signer.read for signer in records.signers]
    found = {
        f"{fingerprint(each.der)}.cer": (each.der, "application/pkix-cert")
        for each in (authority.certificate, *signers)
    }
    if authority.revocations is not None:
        found["revocations.crl"] = (authority.revocations.der, "application/pkix-crl")
    found["authority.cer"] = (authority.certificate.der, "application/pkix-cert")
    text = published(authority, keys.authority, signers, rules, now)
    # The list last: it names no file that is not there yet.
    return {**found, "list.json": (text.encode(), "application/json")}


def _with_signer(
    records: Records, keys: Keys, rules: SealRules, now: datetime, new_serial: Callable[[], int]
) -> Records:
    name = _next_key(records, keys)
    authority = read_certificate(b64decode(records.authority or ""))
    der = make_signer(keys.signers[name], authority, keys.authority, rules, new_serial(), now)
    signer = SignerRecord(certificate=_text(der), key=name)
    return records.model_copy(update={"signers": (*records.signers, signer)})


def _next_key(records: Records, keys: Keys) -> str:
    compromised = {entry.serial for entry in records.revoked if entry.reason == "key_compromise"}
    bad = {signer.key for signer in records.signers if _serial(signer) in compromised}
    last_use = {signer.key: place for place, signer in enumerate(records.signers)}
    free = [name for name in keys.signers if name not in bad]
    if not free:
        raise Unavailable("no_signer_key")
    return min(free, key=lambda name: last_use.get(name, -1))


def _usable(records: Records, rules: SealRules, now: datetime) -> list[SignerRecord]:
    revoked = {entry.serial for entry in records.revoked}
    return [
        signer
        for signer in records.signers
        if _serial(signer) not in revoked and signer.read.not_before <= now < key_until(signer.read, rules)
    ]


def _days_left(records: Records, rules: SealRules, now: datetime) -> int:
    usable = _usable(records, rules, now)
    return (key_until(usable[-1].read, rules) - now).days if usable else 0


def _is_list_due(records: Records, rules: SealRules, now: datetime) -> bool:
    if records.revocations is None:
        return True
    age = now - read_revocations(b64decode(records.revocations)).this_update
    return age >= timedelta(days=rules.certificates.crl.renew_after_days)


def _with_list(records: Records, keys: Keys, rules: SealRules, now: datetime) -> Records:
    authority = read_certificate(b64decode(records.authority or ""))
    lines = [Revoked(int(entry.serial, 16), entry.at, entry.reason) for entry in records.revoked]
    number = records.number + 1
    made = make_revocations(authority, keys.authority, lines, rules, number, now)
    return records.model_copy(update={"revocations": _text(made), "number": number})


def _serial(signer: SignerRecord) -> str:
    return f"{signer.read.serial:x}"


def _text(der: bytes) -> str:
    return b64encode(der).decode()
