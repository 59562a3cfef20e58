"""Who may sign in from where: one client for the portal, one for the console, one for each partner."""

from __future__ import annotations

from aws_cdk import Duration, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.keeping import Keeping


class Clients(Construct):
    """The clients, domains and scopes of the three pools."""

    def __init__(self, scope: Construct, name: str, keeping: Keeping) -> None:
        super().__init__(scope, name)
        self.keeping = keeping
        # Classic pages are in English only. The local cloud has one page of its own and knows no style.
        managed = not keeping.target.local
        self.applicant_domain = self._domain("ApplicantDomain", keeping.applicants, "apply", managed=managed)
        self.partner_domain = self._domain("PartnerDomain", keeping.partners, "partners", managed=False)
        self.portal = self._portal()
        if managed:
            self._style_portal_pages()
        self.console = self._console()
        self.printing = self._printing()
        self.border = self._border()

    def _domain(
        self, name: str, pool: cognito.UserPool, prefix: str, *, managed: bool
    ) -> cognito.UserPoolDomain:
        pages = cognito.ManagedLoginVersion
        return cognito.UserPoolDomain(
            self,
            name,
            user_pool=pool,
            cognito_domain=cognito.CognitoDomainOptions(
                domain_prefix=f"ryoji-{prefix}-{Stack.of(self).account}"
            ),
            managed_login_version=pages.NEWER_MANAGED_LOGIN if managed else pages.CLASSIC_HOSTED_UI,
        )

    def _style_portal_pages(self) -> None:
        """Managed pages are shown only to clients that have a style: here Cognito's own."""
        cognito.CfnManagedLoginBranding(
            self,
            "PortalBranding",
            user_pool_id=self.keeping.applicants.user_pool_id,
            client_id=self.portal.user_pool_client_id,
            use_cognito_provided_values=True,
        )

    def _portal(self) -> cognito.UserPoolClient:
        scope = cognito.ResourceServerScope(
            scope_name="apply", scope_description="File and follow one's own cases"
        )
        server = cognito.UserPoolResourceServer(
            self, "Ryoji", user_pool=self.keeping.applicants, identifier="ryoji", scopes=[scope]
        )
        site = self.keeping.target.site
        return cognito.UserPoolClient(
            self,
            "Portal",
            user_pool=self.keeping.applicants,
            generate_secret=False,
            auth_flows=cognito.AuthFlow(user_srp=True),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[
                    cognito.OAuthScope.OPENID,
                    cognito.OAuthScope.EMAIL,
                    cognito.OAuthScope.resource_server(server, scope),
                ],
                callback_urls=[f"{site}/signed-in"],
                logout_urls=[f"{site}/"],
            ),
            prevent_user_existence_errors=True,
            access_token_validity=Duration.minutes(60),
            refresh_token_validity=Duration.hours(8),
        )

    def _console(self) -> cognito.UserPoolClient:
        return cognito.UserPoolClient(
            self,
            "Console",
            user_pool=self.keeping.officers,
            generate_secret=False,
            auth_flows=cognito.AuthFlow(user_password=True, user_srp=True),
            disable_o_auth=True,
            prevent_user_existence_errors=True,
            access_token_validity=Duration.minutes(30),
            refresh_token_validity=Duration.hours(10),
        )

    def _border(self) -> cognito.UserPoolClient:
        scope = cognito.ResourceServerScope(
            scope_name="report", scope_description="Report entries and overstays"
        )
        server = cognito.UserPoolResourceServer(
            self, "Border", user_pool=self.keeping.partners, identifier="border", scopes=[scope]
        )
        return cognito.UserPoolClient(
            self,
            "BorderControl",
            user_pool=self.keeping.partners,
            generate_secret=True,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(client_credentials=True),
                scopes=[cognito.OAuthScope.resource_server(server, scope)],
            ),
            access_token_validity=Duration.minutes(15),
        )

    def _printing(self) -> cognito.UserPoolClient:
        scope = cognito.ResourceServerScope(scope_name="report", scope_description="Register a produced book")
        server = cognito.UserPoolResourceServer(
            self, "Production", user_pool=self.keeping.partners, identifier="production", scopes=[scope]
        )
        return cognito.UserPoolClient(
            self,
            "PrintingPartner",
            user_pool=self.keeping.partners,
            generate_secret=True,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(client_credentials=True),
                scopes=[cognito.OAuthScope.resource_server(server, scope)],
            ),
            access_token_validity=Duration.minutes(15),
        )
