"""The content security policy of the pages: one list of directives; each target has its own origins."""

from __future__ import annotations


def content_security_policy(*, scripts: str, pictures: str, connections: str, frames: str) -> str:
    """What pages may load and talk to beside their own origin; each argument is origins with spaces between, or ""."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {scripts}".strip(),
            "style-src 'self'",
            f"img-src 'self' blob: {pictures}".strip(),
            "font-src 'self'",
            f"connect-src 'self' {connections}".strip(),
            f"frame-src 'self' {frames}".strip(),
            "manifest-src 'self'",
            "media-src 'self' blob:",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            # `default` is for Stripe's own script alone and admits nothing but its origin.
            "trusted-types ryoji-payment ryoji-worker default",
        )
    )
