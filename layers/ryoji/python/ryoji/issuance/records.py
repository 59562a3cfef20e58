"""What the ministry's CA remembers, and what is due now: an authority, a fresh list, a signer that may sign.

Pure and idempotent: on records that need nothing, nothing is made. Keys are named and taken in turn: the same key
stands behind one signer after another. Its compromise revokes them all, and it is never taken again. An authority's
key serves that authority alone.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
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
    names_authority,
    read_certificate,
    read_revocations,
    signer_until,
)
from ryoji.issuance.seal_profile import SealRules
from ryoji.issuance.signer import Signer
from ryoji.issuance.trust import Authority, fingerprint, published
from ryoji.issuance.vdsnc import read


class AuthorityRecord(BaseModel):
    """An authority's certificate, its revocation list (base64 of DER; None: one is due) and the number of that list."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    certificate: str
    revocations: str | None = None
    number: int = 0

    @property
    def read(self) -> Certificate:
        """The certificate."""
        return read_certificate(b64decode(self.certificate))


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
    """A revoked signer: serial in hex, since when, and the gravest reason that was given."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    serial: str
    at: datetime
    reason: Reason


class Records(BaseModel):
    """Everything that was made, the oldest authority and the oldest signer first."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    authorities: tuple[AuthorityRecord, ...] = ()
    signers: tuple[SignerRecord, ...] = ()
    revoked: tuple[RevokedRecord, ...] = ()


@dataclass(frozen=True)
class Keys:
    """The authorities' keys, a successor's behind its predecessor's, and the signers' by name in the order in which
    they are taken."""

    authorities: Sequence[Signer]
    signers: Mapping[str, Signer]


@dataclass(frozen=True)
class Kept:
    """The records after a round and what was made in it. `lacks`: why a signer that is due could not be made."""

    records: Records
    made: tuple[str, ...] = ()
    lacks: str | None = None


def keep(
    records: Records, keys: Keys, rules: SealRules, now: datetime, new_serial: Callable[[], int]
) -> Kept:
    """Make what is missing or due: authority and lists first, for a revocation waits for them; then a signer.

    What keeps a signer from being made (`lacks`: `no_signer_key` when every key is compromised, `authority_ending`
    when it would outlive every authority, or that a key does not answer) keeps no list from being made. Raises
    Unavailable when an authority's key does not answer, or there is none.
    """
    made: list[str] = []
    if _is_authority_due(records, keys, rules, now):
        records = _with_authority(records, keys, rules, now, new_serial)
        made.append("authority")
    listed = _with_lists(records, keys, rules, now)
    if listed != records:
        made.append("revocations")
    records, lacks = listed, None
    if signer_days_left(records, rules, now) < rules.certificates.signer.renew_before_days:
        try:
            records = _with_signer(records, keys, rules, now, new_serial)
            made.append("signer")
        except Unavailable as error:
            lacks = error.code
    return Kept(records, tuple(made), lacks)


def revoke(records: Records, serial: str, reason: Reason, now: datetime) -> Records:
    """Revoke a signer by its serial (hex), and for a compromised key all signers of that key; again is harmless.

    A compromise takes the place of a weaker reason, never the other way round. The moment stays that of the first
    revocation: a later one would say that the signer was good in between. Raises `NotFound("signer_not_found")`.
    """
    before = {entry.serial: entry for entry in records.revoked}
    fresh = {
        each: _revoked(each, before.get(each), reason, now)
        for each in taken_along(records, serial, reason)
        if each not in before or _is_graver(reason, before[each].reason)
    }
    if not fresh:
        return records
    signers = [each.read for each in records.signers if _serial(each) in fresh]
    # Without a list the next round makes one.
    authorities = tuple(
        each.model_copy(update={"revocations": None})
        if any(names_authority(signer, each.read) for signer in signers)
        else each
        for each in records.authorities
    )
    revoked = tuple({**before, **fresh}.values())
    return records.model_copy(update={"revoked": revoked, "authorities": authorities})


def taken_along(records: Records, serial: str, reason: Reason) -> tuple[str, ...]:
    """The serials (hex) of the signers that a revocation is of: who has stolen a key seals under any of its signers.

    Raises `NotFound("signer_not_found")`.
    """
    signer = next((each for each in records.signers if _serial(each) == serial), None)
    if signer is None:
        raise NotFound("signer_not_found")
    if reason != "key_compromise":
        return (serial,)
    return tuple(_serial(each) for each in records.signers if each.key == signer.key)


def current(records: Records, rules: SealRules, now: datetime) -> SignerRecord:
    """The signer that seals now. Raises `Unavailable("no_signer")`."""
    usable = _usable(records, rules, now)
    if not usable:
        raise Unavailable("no_signer")
    return usable[-1]


def revoked_signers(records: Records, now: datetime) -> frozenset[str]:
    """The serials (hex) of the revoked signers whose seals would else still be good today."""
    revoked = {entry.serial for entry in records.revoked}
    return frozenset(
        _serial(each) for each in records.signers if _serial(each) in revoked and each.read.not_after >= now
    )


def sealed_by(seal: str) -> str:
    """The serial (hex) of the signer of a seal. Raises Invalid for what is none."""
    return f"{read_certificate(read(seal).certificate).serial:x}"


def signer_days_left(records: Records, rules: SealRules, now: datetime) -> int:
    """For how many days the newest signer may still sign."""
    usable = _usable(records, rules, now)
    return (key_until(usable[-1].read, rules) - now).days if usable else 0


def authority_days_left(records: Records, rules: SealRules, now: datetime) -> int:
    """For how many days the newest authority may still be asked for a signer: each must end before it does."""
    if not records.authorities:
        return 0
    return max(0, (records.authorities[-1].read.not_after - signer_until(rules, now)).days)


def authorities_of(records: Records, rules: SealRules, now: datetime) -> tuple[Authority, ...]:
    """The authorities that have not ended, with their lists, oldest first.

    Raises `Unavailable("trust_list_missing")` before the first round, and while a list is due after a revocation.
    """
    living = _living(records, now)
    if not living or any(each.revocations is None for each in living):
        raise Unavailable("trust_list_missing")
    return tuple(
        Authority(rules.state, each.read, read_revocations(b64decode(each.revocations or "")))
        for each in living
    )


def files(records: Records, keys: Keys, rules: SealRules, now: datetime) -> dict[str, tuple[bytes, str]]:
    """What is published, by name below /trust/: the list, each certificate, the revocation lists; with media types.

    The oldest authority that has not ended signs the list and so names its successor: who believes the one learns of
    the other. `authority.cer` and `revocations.crl` are its own. What an ended one certified has ended with it.
    """
    authorities = authorities_of(records, rules, now)
    eldest = authorities[0]
    signers = [
        signer.read
        for signer in records.signers
        if any(names_authority(signer.read, each.certificate) for each in authorities)
    ]
    found = {
        f"{fingerprint(each.der)}.cer": (each.der, "application/pkix-cert")
        for each in (*(authority.certificate for authority in authorities), *signers)
    }
    for each in authorities:
        if each.revocations is not None:
            lists = each.revocations.der, "application/pkix-crl"
            found[f"{fingerprint(each.certificate.der)}.crl"] = lists
            found.setdefault("revocations.crl", lists)
    found["authority.cer"] = (eldest.certificate.der, "application/pkix-cert")
    text = published(authorities, _key_of(eldest.certificate, keys), signers, rules, now)
    # The list last: it names no file that is not there yet.
    return {**found, "list.json": (text.encode(), "application/json")}


def _is_authority_due(records: Records, keys: Keys, rules: SealRules, now: datetime) -> bool:
    """Whether one is missing, or a successor is due and has a key. Without a key it is a matter for the ministry."""
    if not _living(records, now):
        return True
    left = authority_days_left(records, rules, now)
    return left < rules.certificates.authority.renew_before_days and bool(_free_authority_keys(records, keys))


def _with_authority(
    records: Records, keys: Keys, rules: SealRules, now: datetime, new_serial: Callable[[], int]
) -> Records:
    free = _free_authority_keys(records, keys)
    if not free:
        raise Unavailable("no_authority_key")
    record = AuthorityRecord(certificate=_text(make_authority(free[0], rules, new_serial(), now)))
    return records.model_copy(update={"authorities": (*records.authorities, record)})


def _free_authority_keys(records: Records, keys: Keys) -> list[Signer]:
    taken = {each.read.public_key for each in records.authorities}
    return [key for key in keys.authorities if key.public_key() not in taken]


def _key_of(authority: Certificate, keys: Keys) -> Signer:
    for key in keys.authorities:
        if key.public_key() == authority.public_key:
            return key
    raise Unavailable("no_authority_key")


def _living(records: Records, now: datetime) -> list[AuthorityRecord]:
    return [each for each in records.authorities if now <= each.read.not_after]


def _with_signer(
    records: Records, keys: Keys, rules: SealRules, now: datetime, new_serial: Callable[[], int]
) -> Records:
    name = _next_key(records, keys)
    until = signer_until(rules, now)
    # The oldest that lives long enough: verifiers have known it longest.
    lasting = next((each.read for each in records.authorities if until <= each.read.not_after), None)
    if lasting is None:
        raise Unavailable("authority_ending")
    der = make_signer(keys.signers[name], lasting, _key_of(lasting, keys), rules, new_serial(), now)
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


def _is_graver(reason: Reason, than: Reason) -> bool:
    return reason == "key_compromise" and than != reason


def _revoked(serial: str, before: RevokedRecord | None, reason: Reason, now: datetime) -> RevokedRecord:
    since = before.at if before else now.replace(microsecond=0)
    return RevokedRecord(serial=serial, at=since, reason=reason)


def _usable(records: Records, rules: SealRules, now: datetime) -> list[SignerRecord]:
    revoked = {entry.serial for entry in records.revoked}
    return [
        signer
        for signer in records.signers
        if _serial(signer) not in revoked and signer.read.not_before <= now < key_until(signer.read, rules)
    ]


def _with_lists(records: Records, keys: Keys, rules: SealRules, now: datetime) -> Records:
    living = _living(records, now)
    authorities = tuple(
        _with_list(each, records, keys, rules, now)
        if each in living and _is_list_due(each, rules, now)
        else each
        for each in records.authorities
    )
    return records.model_copy(update={"authorities": authorities})


def _is_list_due(record: AuthorityRecord, rules: SealRules, now: datetime) -> bool:
    if record.revocations is None:
        return True
    age = now - read_revocations(b64decode(record.revocations)).this_update
    return age >= timedelta(days=rules.certificates.crl.renew_after_days)


def _with_list(
    record: AuthorityRecord, records: Records, keys: Keys, rules: SealRules, now: datetime
) -> AuthorityRecord:
    authority = record.read
    own = {_serial(signer) for signer in records.signers if names_authority(signer.read, authority)}
    lines = [
        Revoked(int(each.serial, 16), each.at, each.reason) for each in records.revoked if each.serial in own
    ]
    number = record.number + 1
    made = make_revocations(authority, _key_of(authority, keys), lines, rules, number, now)
    return record.model_copy(update={"revocations": _text(made), "number": number})


def _serial(signer: SignerRecord) -> str:
    return f"{signer.read.serial:x}"


def _text(der: bytes) -> str:
    return b64encode(der).decode()
