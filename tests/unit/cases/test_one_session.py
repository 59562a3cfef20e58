"""boto3 and PynamoDB with one session of botocore."""

from __future__ import annotations

import boto3
import pytest
from pynamodb.connection import Connection

from ryoji.adapters.case_table import Entry
from ryoji.adapters.mark_table import Kept


def test_all_tables_and_boto3_have_one_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    connection = Connection(region="ap-northeast-1")
    assert connection.session is boto3._get_default_session()._session
    for model in (Entry, Kept):
        monkeypatch.setattr(model, "_connection", None)
        assert model._get_connection().connection.session is connection.session
