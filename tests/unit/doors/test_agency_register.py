"""The register of agencies in a stand-in of DynamoDB, and their staff as Cognito tells of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from botocore.stub import Stubber

from ryoji.adapters import aws
from ryoji.adapters.accounts import in_group, join, leave
from ryoji.adapters.agency_table import PAGE, AgencyTable
from ryoji.cases.agency import MOST_CHANGES, Agency, Change
from ryoji.errors import Conflict, Invalid, NotFound, Unavailable

CHANGE = Change(at=datetime(2026, 11, 23, tzinfo=UTC), by="officer-1", did="suspended")


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A table with its index."""
    import boto3
    from moto import mock_aws

    monkeypatch.setenv("AGENCY_TABLE", "agencies")
    monkeypatch.setenv("AWS_REGION", "ap-northeast-1")
    aws.client.cache_clear()
    with mock_aws():
        boto3.client("dynamodb", region_name="ap-northeast-1").create_table(
            TableName="agencies",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("code", "desk")],
            KeySchema=[{"AttributeName": "code", "KeyType": "HASH"}],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by_desk",
                    "KeySchema": [
                        {"AttributeName": "desk", "KeyType": "HASH"},
                        {"AttributeName": "code", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        yield
    aws.client.cache_clear()


def agency(code: str, desk: str = "beijing") -> Agency:
    return Agency(code=code, name=code, desk=desk, procedures=("visa-tourism-china",), monthly_quota=9)


@pytest.mark.usefixtures("cloud")
def test_a_desks_agencies_are_listed_page_by_page_and_no_other_desks() -> None:
    register = AgencyTable()
    codes = [f"a{n:03}" for n in range(PAGE + 3)]
    for code in codes:
        register.put(agency(code))
    register.put(agency("a000x", "london"))
    first, cursor = register.of_desk("beijing")
    second, end = register.of_desk("beijing", cursor)
    assert [each.code for each in (*first, *second)] == codes
    assert (len(first), end) == (PAGE, None)
    assert register.of_desk("nowhere") == ([], None)


@pytest.mark.usefixtures("cloud")
def test_a_suspension_keeps_the_agency_in_its_desks_list() -> None:
    register = AgencyTable()
    register.put(agency("sunrise"))
    register.suspend("sunrise", suspended=True, reason="False documents.", change=CHANGE)
    ((listed,), _) = register.of_desk("beijing")
    assert (listed.suspended, listed.reason, listed.suspended_by) == (True, "False documents.", "officer-1")
    assert listed.changes == (CHANGE,)
    with pytest.raises(NotFound):
        register.suspend("nobody", suspended=True, reason="x", change=CHANGE)


@pytest.mark.usefixtures("cloud")
def test_of_two_officers_at_once_one_is_told_to_look_again() -> None:
    register = AgencyTable()

    def while_another_writes(held: Agency | None) -> Agency:
        register.put((held or agency("sunrise")).model_copy(update={"monthly_quota": 77}))
        return agency("sunrise")

    for _ in range(2):  # the agency is new, then it is known
        with pytest.raises(Conflict):
            register.change("sunrise", while_another_writes)
        found = register.agency("sunrise")
        assert found is not None
        assert found.monthly_quota == 77
        register.change("sunrise", lambda held: (held or agency("x")).model_copy(update={"monthly_quota": 5}))


def test_only_the_latest_changes_stand_with_the_agency() -> None:
    changed = agency("sunrise")
    for _ in range(MOST_CHANGES + 3):
        changed = changed.with_change(CHANGE)
    assert len(changed.changes) == MOST_CHANGES


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize("cursor", ["", "A", "x" * 99, "a b"])
def test_a_cursor_that_no_page_said_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid, match="validation_failed"):
        AgencyTable().of_desk("beijing", cursor)


@pytest.fixture
def cognito(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """A pool that answers what it is told to."""
    monkeypatch.setenv("APPLICANT_POOL", "ap-northeast-1_pool")
    aws.client.cache_clear()
    with Stubber(aws.client("cognito-idp")) as stub:
        yield stub
    aws.client.cache_clear()


def person(email: str, *, enabled: bool = True) -> dict[str, object]:
    return {"Username": "u", "Enabled": enabled, "Attributes": [{"Name": "email", "Value": email}]}


def test_an_agencys_people_are_named_with_whether_they_may_sign_in(cognito: Stubber) -> None:
    asked = {"UserPoolId": "ap-northeast-1_pool", "GroupName": "organisation:sunrise"}
    first = {"Users": [person("b@example.cn", enabled=False)], "NextToken": "more"}
    cognito.add_response("list_users_in_group", first, asked)
    cognito.add_response(
        "list_users_in_group", {"Users": [person("a@example.cn")]}, {**asked, "NextToken": "more"}
    )
    assert in_group("organisation:sunrise") == [
        {"email": "a@example.cn", "enabled": True},
        {"email": "b@example.cn", "enabled": False},
    ]


def test_a_group_that_does_not_exist_has_nobody(cognito: Stubber) -> None:
    cognito.add_client_error("list_users_in_group", "ResourceNotFoundException")
    assert in_group("organisation:nobody") == []


def test_an_account_joins_a_group_that_is_made_for_it_and_leaves_it(cognito: Stubber) -> None:
    pool, group = {"UserPoolId": "ap-northeast-1_pool"}, {"GroupName": "organisation:sunrise"}
    cognito.add_response("create_group", {}, {**pool, **group})
    cognito.add_response("admin_add_user_to_group", {}, {**pool, **group, "Username": "a@example.cn"})
    join("organisation:sunrise", "a@example.cn")
    cognito.add_client_error("create_group", "GroupExistsException")
    cognito.add_client_error("admin_add_user_to_group", "UserNotFoundException")
    with pytest.raises(NotFound, match="account_not_found"):
        join("organisation:sunrise", "b@example.cn")
    cognito.add_response("admin_remove_user_from_group", {}, {**pool, **group, "Username": "a@example.cn"})
    leave("organisation:sunrise", "a@example.cn")
    cognito.add_client_error("admin_remove_user_from_group", "TooManyRequestsException")
    with pytest.raises(Unavailable):
        leave("organisation:sunrise", "a@example.cn")
    cognito.assert_no_pending_responses()


def test_a_pool_that_does_not_answer_is_unavailable(cognito: Stubber) -> None:
    cognito.add_client_error("list_users_in_group", "TooManyRequestsException")
    with pytest.raises(Unavailable):
        in_group("organisation:sunrise")
