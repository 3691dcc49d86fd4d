"""A seller's statement of one month, on the screen and as a file."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from bookings.api.downloads import send_pieces
from bookings.api.serializers.sale_statements import CSV_EXAMPLE, EXAMPLE, StatementSerializer
from bookings.api.views.exports import CSV
from bookings.models import Transaction
from bookings.services.sale_statements import present_month, statement_csv, statement_of
from config.shared.errors import InvalidInputError
from config.shared.operations import documented
from config.shared.parameters import refuse_unknown
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import APIView

FIRST_YEAR, LAST_YEAR = 2020, 2100
PARAMETERS = (
    OpenApiParameter(
        "year",
        {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
        description="The year; this one by default.",
    ),
    OpenApiParameter(
        "month",
        {"type": "integer", "minimum": 1, "maximum": 12},
        description="The month, by UTC; this one by default.",
    ),
)


class MonthlyView(APIView):
    """Something of one month of the caller's own sales."""

    queryset = Transaction.objects.none()
    permission_classes = [IsSignedIn]
    tag = "transactions"

    def month(self, request: Request) -> dict[str, int]:
        """The year and month that are asked for."""
        refuse_unknown(request, {"year", "month"}, ())
        year, month = present_month()
        return {
            "year": _number(request, "year", year, FIRST_YEAR, LAST_YEAR),
            "month": _number(request, "month", month, 1, 12),
        }


class StatementView(MonthlyView):
    """A seller's month in figures."""

    serializer_class = StatementSerializer

    @documented(
        summary="Get a seller's statement",
        operation_id="transactions_statement",
        answer=EXAMPLE,
        parameters=PARAMETERS,
    )
    def get(self, request: Request) -> Response:
        """Get the statement of what you sold in a month.

        By currency: what buyers paid, fees, refunds and payouts, and what was owed to you before
        and after. It is read from the ledger, and adds up.
        """
        return self.answer(statement_of(seller=caller_of(request), **self.month(request)))


class StatementFileView(MonthlyView):
    """A seller's month as a file."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Whatever a browser accepts, it gets the file, or a problem document."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    @documented(
        summary="Get a seller's statement as CSV",
        operation_id="transactions_statement_csv",
        answer=CSV_EXAMPLE,
        parameters=PARAMETERS,
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Get every movement of a month of your sales.

        UTF-8 with a byte order mark; cells that spreadsheet programs would take for formulae begin
        with an apostrophe.
        """
        month = self.month(request)
        name = f"statement-{month['year']}-{month['month']:02d}.csv"
        pieces = statement_csv(seller=caller_of(request), **month)
        return send_pieces(request, pieces, content_type=CSV, name=name)


def _number(request: Request, name: str, default: int, lowest: int, highest: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    fits = text.isascii() and text.isdecimal() and len(text) <= 4
    if not fits or not lowest <= int(text) <= highest:
        raise InvalidInputError.in_parameter(
            name, "out_of_range", f"Must be a whole number from {lowest} to {highest}."
        )
    return int(text)
