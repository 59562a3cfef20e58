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


@pytest.fixture(scope="session", autouse=True)
def _models_are_read_once() -> Iterator[None]:
    """Each test has clients of its own; what AWS's operations look like is the same for all of them."""
    read = functools.cache(JSONFileLoader().load_file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JSONFileLoader, "load_file", lambda _self, path: read(path))
        yield


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The tables of permissions and inquiries in a stand-in of DynamoDB and KMS, within the test's own process."""
    import boto3
    from moto import mock_aws

    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "ap-northeast-1",
        "AWS_DEFAULT_REGION": "ap-northeast-1",
        "PERMISSION_TABLE": "permissions",
        "INQUIRY_TABLE": "inquiries",
        "ATTEMPT_TABLE": "attempts",
    }.items():
        monkeypatch.setenv(name, value)
    aws.client.cache_clear()
    keys.derived_key.cache_clear()
    with mock_aws():
        dynamodb = boto3.client("dynamodb", region_name="ap-northeast-1")
        for table, names in {
            "permissions": ("document",),
            "inquiries": ("subject", "item"),
            "attempts": ("subject",),
        }.items():
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
        kms = boto3.client("kms", region_name="ap-northeast-1")
        key = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["Arn"]
        monkeypatch.setenv("DOCUMENT_KEY", key)
        yield
    aws.client.cache_clear()
    keys.derived_key.cache_clear()
