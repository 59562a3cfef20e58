"""What carriers need beside the API: the scope that they ask with, and the way by which changed answers reach them."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.functions import Functions
from infra.keeping import Keeping

IDENTIFIER, SCOPE = "inquiry", "ask"
# With the pauses of adapters/carriers_http.py: about eight hours of trying, and an hour later the people are told.
TRIES = 14
# Of what is written about inquiries, only this is handed on: what is to be watched, and a change when it is written
# down. Each try of sending one writes to it too, and must not begin another.
NEWS: tuple[dict[str, object], ...] = (
    {"eventName": ["INSERT"], "dynamodb": {"Keys": {"item": {"S": ["watch"]}}}},
    {"eventName": ["INSERT"], "dynamodb": {"Keys": {"subject": {"S": [{"prefix": "O#"}]}}}},
)


class Carriers(Construct):
    """The scope `inquiry/ask`, and the outbox's queue; the carriers themselves are in infra/carrier_clients.py."""

    def __init__(self, scope: Construct, name: str, keeping: Keeping, functions: Functions) -> None:
        super().__init__(scope, name)
        self.keeping = keeping
        ask = cognito.ResourceServerScope(
            scope_name=SCOPE, scope_description="Ask whether passengers may board"
        )
        cognito.UserPoolResourceServer(
            self, "Inquiry", user_pool=keeping.partners, identifier=IDENTIFIER, scopes=[ask]
        )
        self.dead_letters = self._queue("UndeliveredChanges", Duration.days(14))
        self.queue = self._queue("Changes", Duration.days(4), self.dead_letters)
        self._notify(functions.by_name["notify_carriers"])

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
