"""Lists as files: bookings, instalments and payments, as CSV and as XLSX."""

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from accounts.api.callers import caller_of
from bookings.api.downloads import send_pieces
from bookings.api.filters.bookings import BookingFilter
from bookings.api.filters.instalments import InstalmentFilter
from bookings.api.filters.payments import PaymentFilter
from bookings.models import Booking, Instalment, Payment
from bookings.services.exports import (
    BOOKINGS,
    INSTALMENTS,
    PAYMENTS,
    Export,
    begin_export,
    csv_pieces,
    exportable,
    file_name,
    xlsx_pieces,
)
from config.shared.operations import documented
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ViewSet

CSV = "text/csv; charset=utf-8"
BOOKING_ROWS = """\
reference,development,block,unit,customer,status,price,currency
BK-2026-000123,Marina Heights,A,1204,Amina Rahman,contracted,1850000.00,AED
"""
INSTALMENT_ROWS = """\
booking,label,status,amount,late_fee,paid,outstanding,currency,due_date
BK-2026-000123,Structure,due,555000.00,0.00,0.00,555000.00,AED,2026-11-20
"""
PAYMENT_ROWS = """\
reference,receipt,booking,instalment,status,amount,currency
PY-2026-000045,RC-2026-000031,BK-2026-000123,Deposit,completed,185000.00,AED
"""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_SCHEMA = extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
XLSX_SCHEMA = extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})


class ExportView(ViewSet):
    """One list as a file, filtered as the list is."""

    permission_classes = [IsSignedIn]
    pagination_class = None
    export: ClassVar[Export]
    tag = "exports"

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Whatever a browser accepts, it gets the file, or a problem document."""
        return super().perform_content_negotiation(request, force=True)

    def get_queryset(self) -> Any:
        return exportable(export=self.export, user=caller_of(self.request))

    def sent(self, request: Request, kind: str) -> HttpResponseBase:
        """The file, after it was written down that it is taken."""
        rows = self.filter_queryset(self.get_queryset())
        begin_export(
            export=self.export,
            rows=rows,
            user=caller_of(request),
            kind=kind,
            filters=request.query_params,
        )
        make, content_type = (csv_pieces, CSV) if kind == "csv" else (xlsx_pieces, XLSX)
        name = file_name(export=self.export, kind=kind)
        pieces = make(export=self.export, rows=rows)
        return send_pieces(request, pieces, content_type=content_type, name=name)


class BookingExportView(ExportView):
    """Bookings as a file."""

    queryset = Booking.objects.none()
    filterset_class = BookingFilter
    export = BOOKINGS

    @CSV_SCHEMA
    @documented(
        summary="Take bookings away as CSV",
        operation_id="exports_bookings_csv",
        answer=BOOKING_ROWS,
    )
    def csv(self, request: Request) -> HttpResponseBase:
        """One's own bookings, those of one's builder, or all for staff who may export them.

        UTF-8 with a byte order mark; cells that spreadsheet programs would take for formulae begin
        with an apostrophe.
        """
        return self.sent(request, "csv")

    @XLSX_SCHEMA
    @documented(
        summary="Take bookings away as XLSX", operation_id="exports_bookings_xlsx", errors=(409,)
    )
    def xlsx(self, request: Request) -> HttpResponseBase:
        """The same as a workbook, of at most 20,000 rows."""
        return self.sent(request, "xlsx")


class InstalmentExportView(ExportView):
    """Instalments as a file."""

    queryset = Instalment.objects.none()
    filterset_class = InstalmentFilter
    ordering = ["booking_id", "order"]
    export = INSTALMENTS

    @CSV_SCHEMA
    @documented(
        summary="Take instalments away as CSV",
        operation_id="exports_instalments_csv",
        answer=INSTALMENT_ROWS,
    )
    def csv(self, request: Request) -> HttpResponseBase:
        """What one owes, what is owed to one's builder, or all for staff who may export it.

        UTF-8 with a byte order mark; cells that spreadsheet programs would take for formulae begin
        with an apostrophe.
        """
        return self.sent(request, "csv")

    @XLSX_SCHEMA
    @documented(
        summary="Take instalments away as XLSX",
        operation_id="exports_instalments_xlsx",
        errors=(409,),
    )
    def xlsx(self, request: Request) -> HttpResponseBase:
        """The same as a workbook, of at most 20,000 rows."""
        return self.sent(request, "xlsx")


class PaymentExportView(ExportView):
    """Payments as a file."""

    queryset = Payment.objects.none()
    filterset_class = PaymentFilter
    export = PAYMENTS

    @CSV_SCHEMA
    @documented(
        summary="Take payments away as CSV",
        operation_id="exports_payments_csv",
        answer=PAYMENT_ROWS,
    )
    def csv(self, request: Request) -> HttpResponseBase:
        """What one paid, what was paid to one's builder, or all for staff who may export it.

        UTF-8 with a byte order mark; cells that spreadsheet programs would take for formulae begin
        with an apostrophe.
        """
        return self.sent(request, "csv")

    @XLSX_SCHEMA
    @documented(
        summary="Take payments away as XLSX", operation_id="exports_payments_xlsx", errors=(409,)
    )
    def xlsx(self, request: Request) -> HttpResponseBase:
        """The same as a workbook, of at most 20,000 rows."""
        return self.sent(request, "xlsx")
