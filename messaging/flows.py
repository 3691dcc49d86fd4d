"""The state machines of messaging, as data. Services make the moves."""

from config.shared.flows import Flow
from messaging.choices import DeliveryStatus, ReportStatus

REPORT_FLOW = Flow(
    "messaging.report",
    {
        ReportStatus.OPEN: {ReportStatus.TRIAGED, ReportStatus.ACTIONED, ReportStatus.DISMISSED},
        ReportStatus.TRIAGED: {ReportStatus.ACTIONED, ReportStatus.DISMISSED, ReportStatus.OPEN},
    },
    initial=ReportStatus.OPEN,
)

DELIVERY_FLOW = Flow(
    "messaging.delivery",
    {
        DeliveryStatus.QUEUED: {
            DeliveryStatus.SENT,
            DeliveryStatus.FAILED,
            DeliveryStatus.SUPPRESSED,
        },
        # Somebody of the staff has it tried again.
        DeliveryStatus.FAILED: {DeliveryStatus.QUEUED, DeliveryStatus.SENT},
    },
    initial=(DeliveryStatus.QUEUED, DeliveryStatus.SUPPRESSED),
)
