"""The carriers of the deployment: a client each, and the settings that bind it to its carrier.

They have a stack of their own: a stack holds 500 resources and 200 outputs, and each carrier adds one of both.
"""

from __future__ import annotations

import zlib
from typing import Any

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.carriers import IDENTIFIER, SCOPE
from infra.functions import PARTNER_SETTINGS
from infra.keeping import Keeping
from infra.partner_settings import PartnerSettings
from infra.target import Target
from ryoji.adapters.settings import CARRIERS, PARTS, parts_of

Settings = dict[str, Any]
# As long as Cognito's ids of clients are.
_CLIENT_ID = "0" * 26


class CarrierClients(Stack):
    """Clients with the scope `inquiry/ask`, and the parameters over which their carriers are spread."""

    def __init__(self, scope: Construct, name: str, target: Target, keeping: Keeping, **kwargs: Any) -> None:
        super().__init__(scope, name, **kwargs)
        spread: list[list[tuple[Settings, str]]] = [[] for _ in range(PARTS)]
        for agreed in target.partners.get(CARRIERS, []):
            code = str(agreed["code"])
            client = self._client(keeping, code, int(agreed.get("renewed", 0)))
            settings = {key: value for key, value in agreed.items() if key != "renewed"}
            spread[_part(code)].append((settings, client))
            CfnOutput(self, f"Carrier{code}Client", value=client)
        for place, path in enumerate(parts_of(f"{PARTNER_SETTINGS}/{CARRIERS}")):
            bound = [{**settings, "client": client} for settings, client in spread[place]]
            written = [{**settings, "client": _CLIENT_ID} for settings, _ in spread[place]]
            PartnerSettings(self, f"Settings{place}", path, bound, written)

    def _client(self, keeping: Keeping, code: str, renewed: int) -> str:
        """The client's id; under another name it is another client, and the one before ends."""
        client = cognito.UserPoolClient(
            self,
            f"Client{code}-{renewed}" if renewed else f"Client{code}",
            user_pool=keeping.partners,
            generate_secret=True,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(client_credentials=True),
                scopes=[cognito.OAuthScope.custom(f"{IDENTIFIER}/{SCOPE}")],
            ),
            access_token_validity=Duration.minutes(15),
        )
        return str(client.user_pool_client_id)


def _part(code: str) -> int:
    """Where a carrier stands, whoever comes or goes: one that moved could for a moment be in none of them."""
    return zlib.crc32(code.encode()) % PARTS
