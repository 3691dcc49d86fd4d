"""The colours by which staff know states at a glance."""

from bookings.choices import (
    AppointmentStatus,
    BookingStatus,
    ChangeRequestStatus,
    ClaimOutcome,
    InstalmentStatus,
    PaymentStatus,
    RefundStatus,
    ReleaseState,
    RequestStatus,
    TransactionStatus,
    WaitlistStatus,
    WebhookOutcome,
)
from bookings.market_choices import OfferStatus, ReviewStatus

BOOKING_COLOURS = {
    BookingStatus.HELD: "warning",
    BookingStatus.PENDING_PAYMENT: "warning",
    BookingStatus.CONFIRMED: "success",
    BookingStatus.CONTRACTED: "success",
    BookingStatus.COMPLETED: "primary",
    BookingStatus.CANCELLED: "danger",
    BookingStatus.EXPIRED: "info",
    BookingStatus.TRANSFERRED: "info",
}
WAITLIST_COLOURS = {
    WaitlistStatus.WAITING: "info",
    WaitlistStatus.OFFERED: "warning",
    WaitlistStatus.HELD: "success",
    WaitlistStatus.LAPSED: "danger",
    WaitlistStatus.LEFT: "info",
}
CLAIM_COLOURS = {
    ClaimOutcome.WON: "success",
    ClaimOutcome.LOST: "danger",
    ClaimOutcome.EXPIRED: "info",
    ClaimOutcome.RELEASED: "info",
}
REQUEST_COLOURS = {
    RequestStatus.ASKED: "warning",
    RequestStatus.ACCEPTED: "warning",
    RequestStatus.SECOND_NEEDED: "warning",
    RequestStatus.APPROVED: "success",
    RequestStatus.REJECTED: "danger",
    RequestStatus.DECLINED: "danger",
    RequestStatus.WITHDRAWN: "info",
}
INSTALMENT_COLOURS = {
    InstalmentStatus.SCHEDULED: "info",
    InstalmentStatus.DUE: "warning",
    InstalmentStatus.PARTIALLY_PAID: "warning",
    InstalmentStatus.PAID: "success",
    InstalmentStatus.OVERDUE: "danger",
    InstalmentStatus.WAIVED: "info",
    InstalmentStatus.CANCELLED: "info",
}
APPOINTMENT_COLOURS = {
    AppointmentStatus.REQUESTED: "warning",
    AppointmentStatus.CONFIRMED: "success",
    AppointmentStatus.DECLINED: "danger",
    AppointmentStatus.CANCELLED: "danger",
    AppointmentStatus.RESCHEDULED: "info",
    AppointmentStatus.COMPLETED: "primary",
    AppointmentStatus.NO_SHOW: "danger",
}
CHANGE_COLOURS = {
    ChangeRequestStatus.DRAFT: "info",
    ChangeRequestStatus.SUBMITTED: "warning",
    ChangeRequestStatus.UNDER_REVIEW: "warning",
    ChangeRequestStatus.QUOTED: "info",
    ChangeRequestStatus.APPROVED: "success",
    ChangeRequestStatus.DECLINED: "danger",
    ChangeRequestStatus.REJECTED: "danger",
    ChangeRequestStatus.WITHDRAWN: "info",
    ChangeRequestStatus.IN_PROGRESS: "warning",
    ChangeRequestStatus.COMPLETED: "success",
}
PAYMENT_COLOURS = {
    PaymentStatus.PENDING: "info",
    PaymentStatus.PROCESSING: "warning",
    PaymentStatus.COMPLETED: "success",
    PaymentStatus.FAILED: "danger",
    PaymentStatus.PARTIALLY_REFUNDED: "warning",
    PaymentStatus.REFUNDED: "info",
}
REFUND_COLOURS = {
    RefundStatus.REQUESTED: "warning",
    RefundStatus.APPROVED: "info",
    RefundStatus.PROCESSING: "info",
    RefundStatus.COMPLETED: "success",
    RefundStatus.REJECTED: "danger",
    RefundStatus.FAILED: "danger",
}
WEBHOOK_COLOURS = {
    WebhookOutcome.APPLIED: "success",
    WebhookOutcome.IGNORED: "info",
    WebhookOutcome.FAILED: "danger",
}
OFFER_COLOURS = {
    OfferStatus.PENDING: "warning",
    OfferStatus.ACCEPTED: "success",
    OfferStatus.DECLINED: "danger",
    OfferStatus.COUNTERED: "info",
    OfferStatus.WITHDRAWN: "info",
    OfferStatus.EXPIRED: "info",
}
REVIEW_COLOURS = {
    ReviewStatus.PUBLISHED: "success",
    ReviewStatus.HIDDEN: "danger",
}
TRANSACTION_COLOURS = {
    TransactionStatus.PENDING: "warning",
    TransactionStatus.COMPLETED: "success",
    TransactionStatus.DISPUTED: "danger",
    TransactionStatus.REFUNDED: "info",
    TransactionStatus.FAILED: "info",
}
RELEASE_COLOURS = {
    ReleaseState.NONE: "info",
    ReleaseState.HELD: "warning",
    ReleaseState.RELEASED: "success",
    ReleaseState.FROZEN: "danger",
    ReleaseState.RETURNED: "info",
}
