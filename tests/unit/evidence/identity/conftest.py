"""Keys are slow to make: one of each for the whole session."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from ryoji.evidence.finding import Finding
from tests.unit.evidence.identity.authority import Issuer, new_key, root
from tests.unit.evidence.identity.bench import Bench


@pytest.fixture(scope="session")
def card_key() -> rsa.RSAPrivateKey:
    return new_key()


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return root(new_key())


@pytest.fixture
def bench(card_key: rsa.RSAPrivateKey, issuer: Issuer) -> Bench:
    return Bench(card_key, issuer)


@pytest.fixture
def codes() -> Callable[[Finding], list[str]]:
    return lambda finding: [reason.code for reason in finding.reasons]
