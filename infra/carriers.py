"""What carriers need beside the API: a client each, and the way by which an answer that has changed reaches them."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.functions import PARTNER_SETTINGS, Functions
from infra.keeping import Keeping

SCOPE = "ask"
# With the pauses of adapters/carriers_http.py: about eight hours of trying, and an hour later the people are told.
TRIES = 14
# Of what is written about inquiries, only this is handed on: what is to be watched, and a change when it is written
# down. Each try of sending one writes to it too, and must not begin another.
NEWS: tuple[dict[str, object], ...] = (
    {"eventName": ["INSERT"], "dynamodb": {"Keys": {"item": {"S": ["watch"]}}}},
    {"eventName": ["INSERT"], "dynamodb": {"Keys": {"subject": {"S": [{"prefix": "O#"}]}}}},
)


class Carriers(Construct):
    """Clients with the scope `inquiry/ask`, the settings that bind each to its carrier, and the outbox's queue."""

    def __init__(self, scope: Construct, name: str, keeping: Keeping, functions: Functions) -> None:
        super().__init__(scope, name)
        self.keeping = keeping
        agreed: list[dict[str, object]] = keeping.target.partners.get("carriers", {}).get("carriers", [])
        self.clients = self._clients([str(each["code"]) for each in agreed])
        bound = [{**each, "client": self.clients[str(each["code"])].user_pool_client_id} for each in agreed]
        ssm.StringParameter(
            self,
            "Settings",
            parameter_name=f"{PARTNER_SETTINGS}/carriers",
            string_value=Stack.of(self).to_json_string({"carriers": bound}),
        )
        self.dead_letters = self._queue("UndeliveredChanges", Duration.days(14))
        self.queue = self._queue("Changes", Duration.days(4), self.dead_letters)
        self._notify(functions.by_name["notify_carriers"])

    def _clients(self, codes: list[str]) -> dict[str, cognito.UserPoolClient]:
        ask = cognito.ResourceServerScope(
            scope_name=SCOPE, scope_description="Ask whether passengers may board"
        )
        server = cognito.UserPoolResourceServer(
            self, "Inquiry", user_pool=self.keeping.partners, identifier="inquiry", scopes=[ask]
        )
        return {
            code: cognito.UserPoolClient(
                self,
                f"Client{code}",
                user_pool=self.keeping.partners,
                generate_secret=True,
                o_auth=cognito.OAuthSettings(
                    flows=cognito.OAuthFlows(client_credentials=True),
                    scopes=[cognito.OAuthScope.resource_server(server, ask)],
                ),
                access_token_validity=Duration.minutes(15),
            )
            for code in codes
        }

    def _queue(self, name: str, kept: Duration, dead: sqs.Queue | None = None) -> sqs.Queue:
        return sqs.Queue(
            self,
            name,
            # Messages name a carrier and a change, nobody else.
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=not self.keeping.target.local,
            visibility_timeout=Duration.seconds(180),
            retention_period=kept,
            dead_letter_queue=sqs.DeadLetterQueue(queue=dead, max_receive_count=TRIES) if dead else None,
        )

    def _notify(self, function: lambda_.Function) -> None:
        function.add_environment("CHANGE_QUEUE", self.queue.queue_url)
        self.queue.grant_send_messages(function)
        self.queue.grant_consume_messages(function)
        function.add_event_source(self._stream(self.keeping.permissions))
        function.add_event_source(self._stream(self.keeping.inquiries, NEWS))
        function.add_event_source(
            sources.SqsEventSource(self.queue, batch_size=5, report_batch_item_failures=True)
        )

    def _stream(
        self, table: dynamodb.TableV2, only: Sequence[dict[str, object]] = ()
    ) -> sources.DynamoEventSource:
        return sources.DynamoEventSource(
            table,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=20,
            filters=[lambda_.FilterCriteria.filter(each) for each in only] or None,
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            retry_attempts=20,
            on_failure=sources.SqsDlq(self.dead_letters),
        )
