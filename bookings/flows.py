"""The state machines of bookings and payments, as data. Services make the moves."""

from bookings.choices import (
    AppointmentStatus,
    BookingStatus,
    ChangeRequestStatus,
    InstalmentStatus,
    PaymentStatus,
    RefundStatus,
    ReleaseState,
    RequestStatus,
    TransactionStatus,
    WaitlistStatus,
)
from bookings.market_choices import OfferStatus, ReviewStatus
from config.shared.flows import Flow

_B, _I, _P, _A, _C, _R, _Q, _W = (
    BookingStatus,
    InstalmentStatus,
    PaymentStatus,
    AppointmentStatus,
    ChangeRequestStatus,
    RefundStatus,
    RequestStatus,
    WaitlistStatus,
)

BOOKING_FLOW = Flow(
    "bookings.booking",
    {
        _B.HELD: {_B.PENDING_PAYMENT, _B.CANCELLED, _B.EXPIRED},
        _B.PENDING_PAYMENT: {_B.CONFIRMED, _B.CANCELLED, _B.EXPIRED},
        # Late money, while the unit is still free.
        _B.EXPIRED: {_B.CONFIRMED},
        _B.CONFIRMED: {_B.CONTRACTED, _B.CANCELLED, _B.TRANSFERRED},
        _B.CONTRACTED: {_B.COMPLETED, _B.CANCELLED, _B.TRANSFERRED},
    },
    # A transfer makes a booking that is confirmed from its beginning.
    initial=(_B.HELD, _B.CONFIRMED),
)

WAITLIST_FLOW = Flow(
    "bookings.waitlistentry",
    {
        _W.WAITING: {_W.OFFERED, _W.LEFT},
        _W.OFFERED: {_W.HELD, _W.LAPSED, _W.LEFT},
    },
    initial=_W.WAITING,
)

CANCELLATION_FLOW = Flow(
    "bookings.cancellationrequest",
    {
        _Q.ASKED: {_Q.APPROVED, _Q.SECOND_NEEDED, _Q.REJECTED, _Q.WITHDRAWN},
        _Q.SECOND_NEEDED: {_Q.APPROVED, _Q.REJECTED, _Q.WITHDRAWN},
    },
    initial=_Q.ASKED,
)

TRANSFER_FLOW = Flow(
    "bookings.transferrequest",
    {
        _Q.ASKED: {_Q.ACCEPTED, _Q.DECLINED, _Q.WITHDRAWN},
        _Q.ACCEPTED: {_Q.APPROVED, _Q.REJECTED, _Q.WITHDRAWN},
    },
    initial=_Q.ASKED,
)

INSTALMENT_FLOW = Flow(
    "bookings.instalment",
    {
        # Whoever pays ahead of time has paid.
        _I.SCHEDULED: {_I.DUE, _I.PARTIALLY_PAID, _I.PAID, _I.WAIVED, _I.CANCELLED},
        _I.DUE: {_I.PARTIALLY_PAID, _I.PAID, _I.OVERDUE, _I.WAIVED, _I.CANCELLED},
        _I.PARTIALLY_PAID: {_I.PAID, _I.DUE, _I.OVERDUE, _I.WAIVED, _I.CANCELLED},
        # An objection or an extension makes what was overdue merely due again.
        _I.OVERDUE: {_I.PARTIALLY_PAID, _I.PAID, _I.DUE, _I.WAIVED, _I.CANCELLED},
        # Money that is given back, or a late fee, is owed again.
        _I.PAID: {_I.PARTIALLY_PAID, _I.DUE, _I.CANCELLED},
    },
    initial=(_I.SCHEDULED, _I.DUE),
)

PAYMENT_FLOW = Flow(
    "bookings.payment",
    {
        _P.PENDING: {_P.PROCESSING, _P.COMPLETED, _P.FAILED},
        _P.PROCESSING: {_P.COMPLETED, _P.FAILED},
        # A second card, or news that arrive in another order, may still bring the money.
        _P.FAILED: {_P.PROCESSING, _P.COMPLETED},
        _P.COMPLETED: {_P.PARTIALLY_REFUNDED, _P.REFUNDED},
        _P.PARTIALLY_REFUNDED: {_P.REFUNDED},
    },
    initial=_P.PENDING,
)

REFUND_FLOW = Flow(
    "bookings.refund",
    {
        _R.REQUESTED: {_R.APPROVED, _R.REJECTED},
        _R.APPROVED: {_R.PROCESSING, _R.COMPLETED, _R.FAILED},
        _R.PROCESSING: {_R.COMPLETED, _R.FAILED},
        _R.FAILED: {_R.PROCESSING, _R.COMPLETED},
    },
    initial=(_R.REQUESTED, _R.APPROVED),
)

APPOINTMENT_FLOW = Flow(
    "bookings.appointment",
    {
        _A.REQUESTED: {_A.CONFIRMED, _A.DECLINED, _A.CANCELLED},
        _A.CONFIRMED: {_A.CANCELLED, _A.RESCHEDULED, _A.COMPLETED, _A.NO_SHOW},
    },
    initial=(_A.REQUESTED, _A.CONFIRMED),
)

CHANGE_REQUEST_FLOW = Flow(
    "bookings.changerequest",
    {
        _C.DRAFT: {_C.SUBMITTED},
        _C.SUBMITTED: {_C.UNDER_REVIEW, _C.WITHDRAWN},
        _C.UNDER_REVIEW: {_C.QUOTED, _C.REJECTED},
        _C.QUOTED: {_C.APPROVED, _C.DECLINED},
        _C.APPROVED: {_C.IN_PROGRESS},
        _C.IN_PROGRESS: {_C.COMPLETED},
    },
    initial=_C.DRAFT,
)

OFFER_FLOW = Flow(
    "bookings.offer",
    {
        OfferStatus.PENDING: {
            OfferStatus.ACCEPTED,
            OfferStatus.DECLINED,
            OfferStatus.COUNTERED,
            OfferStatus.WITHDRAWN,
            OfferStatus.EXPIRED,
        },
    },
    initial=OfferStatus.PENDING,
)

TRANSACTION_FLOW = Flow(
    "bookings.transaction",
    {
        TransactionStatus.PENDING: {TransactionStatus.COMPLETED, TransactionStatus.FAILED},
        # Late money, while the product is still free.
        TransactionStatus.FAILED: {TransactionStatus.COMPLETED},
        TransactionStatus.COMPLETED: {TransactionStatus.DISPUTED, TransactionStatus.REFUNDED},
        TransactionStatus.DISPUTED: {TransactionStatus.COMPLETED, TransactionStatus.REFUNDED},
    },
    initial=TransactionStatus.PENDING,
)

RELEASE_FLOW = Flow(
    "bookings.transaction.release_state",
    {
        # Without holding, and for cash, the seller has the money as soon as it comes.
        ReleaseState.NONE: {ReleaseState.HELD, ReleaseState.RELEASED},
        ReleaseState.HELD: {ReleaseState.RELEASED, ReleaseState.FROZEN, ReleaseState.RETURNED},
        ReleaseState.FROZEN: {ReleaseState.RELEASED, ReleaseState.RETURNED, ReleaseState.HELD},
        ReleaseState.RELEASED: {ReleaseState.RETURNED},
    },
    initial=ReleaseState.NONE,
)

REVIEW_FLOW = Flow(
    "bookings.review",
    {
        ReviewStatus.PUBLISHED: {ReviewStatus.HIDDEN},
        ReviewStatus.HIDDEN: {ReviewStatus.PUBLISHED},
    },
    initial=ReviewStatus.PUBLISHED,
)
