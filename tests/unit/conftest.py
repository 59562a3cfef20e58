"""What tests in several folders stand on."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest
from botocore.loaders import JSONFileLoader
from hypothesis import HealthCheck, settings

from ryoji.adapters import aws, keys

# Nothing here is a measurement: a busy machine draws examples slowly and runs them slowly, and that is no fault.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

REGION = "ap-northeast-1"
TABLES = {"permissions": ("document",), "inquiries": ("subject", "item"), "attempts": ("subject",)}


@pytest.fixture(scope="session", autouse=True)
def _models_are_read_once() -> Iterator[None]:
    """Each test has clients of its own; what AWS's operations look like is the same for all of them."""
    read = functools.cache(JSONFileLoader().load_file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JSONFileLoader, "load_file", lambda _self, path: read(path))
        yield


@pytest.fixture(scope="module")
def _tables_and_key() -> Iterator[str]:
    """Made once for a file: a key takes moto longer than most of the tests. The key's address."""
    import boto3
    from moto import mock_aws

    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "test")
        for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
            patch.setenv(name, REGION)
        _forget()
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        for table, names in TABLES.items():
            dynamodb.create_table(
                TableName=table,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in names],
                KeySchema=[
                    {"AttributeName": n, "KeyType": "RANGE"}
                    if place
                    else {"AttributeName": n, "KeyType": "HASH"}
                    for place, n in enumerate(names)
                ],
            )
        kms = boto3.client("kms", region_name=REGION)
        yield kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["Arn"]
        _forget()


def _forget() -> None:
    """As in a worker that has just begun."""
    aws.client.cache_clear()
    keys._derived.clear()


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, _tables_and_key: str) -> Iterator[None]:
    """The tables of permissions and inquiries, empty, and KMS in a stand-in within the test's own process."""
    from moto.core.models import DEFAULT_ACCOUNT_ID
    from moto.dynamodb.models import dynamodb_backends

    monkeypatch.setenv("PERMISSION_TABLE", "permissions")
    monkeypatch.setenv("INQUIRY_TABLE", "inquiries")
    monkeypatch.setenv("ATTEMPT_TABLE", "attempts")
    monkeypatch.setenv("DOCUMENT_KEY", _tables_and_key)
    yield
    for table in dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables.values():
        table.items.clear()
