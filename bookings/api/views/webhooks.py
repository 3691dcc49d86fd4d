"""Where gateways send their messages."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api import payment_examples as examples
from bookings.choices import GatewayName
from bookings.services.webhooks import receive_message
from config.shared.operations import Idempotency, documented
from config.shared.parameters import refuse_unknown
from config.shared.parsers import RawParser
from config.shared.permissions import Public
from config.shared.viewsets import APIView

GATEWAY = OpenApiParameter(
    "gateway",
    str,
    OpenApiParameter.PATH,
    enum=[GatewayName.STRIPE, GatewayName.TEST],
    description="Whose messages these are.",
)


class WebhookView(APIView):
    """The inbox of a payment gateway: each message is checked, kept, and applied once."""

    permission_classes = [Public]
    authentication_classes = []
    parser_classes = [RawParser]
    idempotency = Idempotency.EXEMPT
    tag = "payments"

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Whatever a gateway accepts, it gets the bare status, or a problem document."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(request={"application/json": OpenApiTypes.OBJECT})
    @documented(
        summary="Receive a gateway's message",
        operation_id="webhooks_receive",
        nothing=True,
        example=examples.EVENT,
        errors=(404, 503),
        parameters=(GATEWAY,),
    )
    def post(self, request: Request, gateway: str) -> Response:
        """Receive a gateway's message.

        The signature covers the raw body and a time not more than five minutes away. A message
        that is known already changes nothing. One that cannot be applied is kept and answered
        with 503, so that the gateway sends it again.
        """
        refuse_unknown(request, (), ())
        receive_message(gateway=gateway, body=request.body, headers=request.headers)
        return self.answer()
