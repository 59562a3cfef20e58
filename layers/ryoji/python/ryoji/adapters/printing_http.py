"""The printing partner over HTTP: `POST /orders`, `GET /orders/{order_id}` (see simulators/printing/README.md)."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException

from pydantic import ValidationError

from ryoji.errors import Invalid, NotFound, Refused, RyojiError, Unavailable
from ryoji.partners.printing import Order, OrderState

_LARGEST_ANSWER = 64 * 1024
_REFUSALS: dict[int, type[RyojiError]] = {404: NotFound, 409: Refused, 422: Refused}
_CODES = {404: "printing.unknown_order", 409: "printing.order_differs", 422: "printing.order_refused"}


class HttpPrinting:
    """A `ryoji.partners.printing.Printing`. `api_key` is sent as a bearer token when the partner wants one.

    The timeout is short: an order that is not answered is sent again by the state machine, under the same id.
    """

    def __init__(self, url: str, api_key: str | None = None, timeout: float = 4.0) -> None:
        if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
            raise Invalid("partner_address_wrong", partner="printing")
        self._url = url.rstrip("/")
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"
        self._timeout = timeout

    def order(self, order: Order) -> OrderState:
        """See the port."""
        return self._ask("POST", "/orders", order.model_dump_json(exclude_none=True).encode())

    def _ask(self, method: str, path: str, body: bytes | None) -> OrderState:
        request = urllib.request.Request(self._url + path, body, self._headers, method=method)  # noqa: S310 - checked above
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:  # noqa: S310 - as above
                return OrderState.model_validate_json(answer.read(_LARGEST_ANSWER))
        except urllib.error.HTTPError as error:
            with error:
                raise _refusal(error.code) from error
        except (OSError, HTTPException, ValidationError) as error:
            raise Unavailable("printing.unavailable") from error


def _refusal(status: int) -> RyojiError:
    refusal = _REFUSALS.get(status, Unavailable)
    return refusal(_CODES.get(status, "printing.unavailable"))
