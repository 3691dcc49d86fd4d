"""The words that bookings and payments know: one enum per closed list."""

from django.db import models


class BookingStatus(models.TextChoices):
    HELD = "held", "Held"
    PENDING_PAYMENT = "pending_payment", "Pending payment"
    CONFIRMED = "confirmed", "Confirmed"
    CONTRACTED = "contracted", "Contracted"
    COMPLETED = "completed", "Completed"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"
    TRANSFERRED = "transferred", "Transferred"


# The claims that only one may have: the database allows one of them per unit.
LIVE_BOOKINGS = (
    BookingStatus.HELD,
    BookingStatus.PENDING_PAYMENT,
    BookingStatus.CONFIRMED,
    BookingStatus.CONTRACTED,
)
# Those that end by themselves once their time is over.
LAPSING_BOOKINGS = (BookingStatus.HELD, BookingStatus.PENDING_PAYMENT)
SOLD_BOOKINGS = (BookingStatus.CONFIRMED, BookingStatus.CONTRACTED, BookingStatus.COMPLETED)


class WaitlistStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    OFFERED = "offered", "Offered"
    HELD = "held", "Held"
    LAPSED = "lapsed", "Lapsed"
    LEFT = "left", "Left"


class ClaimSubject(models.TextChoices):
    UNIT = "unit", "Unit"
    WAITLIST_OFFER = "waitlist_offer", "Waiting-list offer"
    SLOT = "slot", "Appointment slot"
    PRODUCT = "product", "Product"


class ClaimOutcome(models.TextChoices):
    WON = "won", "Won"
    LOST = "lost", "Lost"
    EXPIRED = "expired", "Expired"
    RELEASED = "released", "Released"


class RequestStatus(models.TextChoices):
    """Where a request that others decide on stands."""

    ASKED = "asked", "Asked"
    ACCEPTED = "accepted", "Accepted"
    SECOND_NEEDED = "second_needed", "Second person needed"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class InstalmentStatus(models.TextChoices):
    SCHEDULED = "scheduled", "Scheduled"
    DUE = "due", "Due"
    PARTIALLY_PAID = "partially_paid", "Partially paid"
    PAID = "paid", "Paid"
    OVERDUE = "overdue", "Overdue"
    WAIVED = "waived", "Waived"
    CANCELLED = "cancelled", "Cancelled"


# What a customer may pay now, or ahead of time.
PAYABLE_INSTALMENTS = (
    InstalmentStatus.SCHEDULED,
    InstalmentStatus.DUE,
    InstalmentStatus.PARTIALLY_PAID,
    InstalmentStatus.OVERDUE,
)
# What nobody has to pay any more.
LET_GO_INSTALMENTS = (InstalmentStatus.WAIVED, InstalmentStatus.CANCELLED)
# What is owed today.
OWED_INSTALMENTS = (
    InstalmentStatus.DUE,
    InstalmentStatus.PARTIALLY_PAID,
    InstalmentStatus.OVERDUE,
)

# Where an instalment may stand while it has not become due: what was paid ahead of time and given
# back, or made due by a phase that was not finished after all, is among them without ``due_at``.
WAITING_INSTALMENTS = (
    InstalmentStatus.SCHEDULED,
    InstalmentStatus.DUE,
    InstalmentStatus.PARTIALLY_PAID,
)


class InstalmentKind(models.TextChoices):
    DEPOSIT = "deposit", "Deposit"
    PLAN = "plan", "Payment plan"
    CHANGE = "change", "Change request"


class ObjectionOutcome(models.TextChoices):
    UPHELD = "upheld", "Upheld"
    DISMISSED = "dismissed", "Dismissed"


class DueRule(models.TextChoices):
    """What makes a line of a payment plan due."""

    DEPOSIT = "deposit", "With the deposit"
    DATE = "date", "On a date"
    DAYS = "days", "So many days after the booking is confirmed"
    PHASE = "phase", "When a construction phase is completed"
    HANDOVER = "handover", "Before the handover"


class AppointmentKind(models.TextChoices):
    SITE_VISIT = "site_visit", "Site visit"
    MEETING = "meeting", "Meeting"
    INSPECTION = "inspection", "Inspection"
    INTERVIEW = "interview", "Interview"
    CONTRACTOR_VISIT = "contractor_visit", "Contractor's visit"


class AppointmentStatus(models.TextChoices):
    REQUESTED = "requested", "Requested"
    CONFIRMED = "confirmed", "Confirmed"
    DECLINED = "declined", "Declined"
    CANCELLED = "cancelled", "Cancelled"
    RESCHEDULED = "rescheduled", "Rescheduled"
    COMPLETED = "completed", "Completed"
    NO_SHOW = "no_show", "No-show"


# Those that take the time of a host and a guest.
TAKING_APPOINTMENTS = (AppointmentStatus.REQUESTED, AppointmentStatus.CONFIRMED)


class ChangeCategory(models.TextChoices):
    LAYOUT = "layout", "Layout"
    FINISHES = "finishes", "Finishes"
    KITCHEN = "kitchen", "Kitchen"
    BATHROOM = "bathroom", "Bathroom"
    ELECTRICAL = "electrical", "Electrical"
    PLUMBING = "plumbing", "Plumbing"
    OTHER = "other", "Other"


class ChangeRequestStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    UNDER_REVIEW = "under_review", "Under review"
    QUOTED = "quoted", "Quoted"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETED = "completed", "Completed"


class PaymentPurpose(models.TextChoices):
    DEPOSIT = "deposit", "Deposit"
    INSTALMENT = "instalment", "Instalment"
    CHANGE = "change", "Change request"
    LATE_FEE = "late_fee", "Late fee"
    SALE = "sale", "Sale"


class PaymentStatus(models.TextChoices):
    PENDING = "pending", "Pending"
    PROCESSING = "processing", "Processing"
    COMPLETED = "completed", "Completed"
    FAILED = "failed", "Failed"
    PARTIALLY_REFUNDED = "partially_refunded", "Partially refunded"
    REFUNDED = "refunded", "Refunded"


# Payments whose money has arrived, whatever was given back since.
RECEIVED_PAYMENTS = (
    PaymentStatus.COMPLETED,
    PaymentStatus.PARTIALLY_REFUNDED,
    PaymentStatus.REFUNDED,
)


class PaymentMethod(models.TextChoices):
    CARD = "card", "Card"
    BANK_TRANSFER = "bank_transfer", "Bank transfer"
    CHEQUE = "cheque", "Cheque"
    CASH = "cash", "Cash"


OFFLINE_METHODS = (PaymentMethod.BANK_TRANSFER, PaymentMethod.CHEQUE, PaymentMethod.CASH)


class GatewayName(models.TextChoices):
    TEST = "test", "Test gateway"
    STRIPE = "stripe", "Stripe"
    OFFLINE = "offline", "Outside any gateway"


class FactKind(models.TextChoices):
    """What a gateway can say of a payment; facts are kept, states are worked out from them."""

    PROCESSING = "processing", "Being processed"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
    REFUNDED = "refunded", "Refunded"
    REFUND_FAILED = "refund_failed", "Refund failed"


class RefundStatus(models.TextChoices):
    REQUESTED = "requested", "Requested"
    APPROVED = "approved", "Approved"
    PROCESSING = "processing", "Processing"
    COMPLETED = "completed", "Completed"
    REJECTED = "rejected", "Rejected"
    FAILED = "failed", "Failed"


class RefundReason(models.TextChoices):
    LATE_MONEY = "late_money", "Arrived after it was taken"
    SURPLUS = "surplus", "More than was owed"
    CANCELLATION = "cancellation", "Cancellation"
    GOODWILL = "goodwill", "Goodwill"
    DISPUTE = "dispute", "Dispute"
    MISTAKE = "mistake", "Mistake"


class LedgerAccount(models.TextChoices):
    CUSTOMER = "customer", "Customer"
    BUILDER = "builder", "Builder"
    SELLER = "seller", "Seller"
    PLATFORM_FEE = "platform_fee", "Platform fee"
    GATEWAY_CLEARING = "gateway_clearing", "Gateway clearing"
    HELD = "held", "Held"
    REFUND = "refund", "Refund"


class WebhookOutcome(models.TextChoices):
    APPLIED = "applied", "Applied"
    IGNORED = "ignored", "Nothing of ours"
    FAILED = "failed", "Failed"


class TransactionStatus(models.TextChoices):
    PENDING = "pending", "Pending"
    COMPLETED = "completed", "Completed"
    DISPUTED = "disputed", "Disputed"
    REFUNDED = "refunded", "Refunded"
    FAILED = "failed", "Failed"


# The claims that only one may have: the database allows one of them per product.
LIVE_TRANSACTIONS = (
    TransactionStatus.PENDING,
    TransactionStatus.COMPLETED,
    TransactionStatus.DISPUTED,
)


class ReleaseState(models.TextChoices):
    """Where the money of a sale is, between buyer and seller."""

    NONE = "none", "Not here yet"
    HELD = "held", "Held until the handover"
    RELEASED = "released", "Released to the seller"
    FROZEN = "frozen", "Frozen by a dispute"
    RETURNED = "returned", "Returned to the buyer"


class TransactionOrigin(models.TextChoices):
    """How a reservation came about."""

    OFFER = "offer", "Accepted offer"
    CHECKOUT = "checkout", "Bought at its price"
    SELLER = "seller", "Reserved by the seller"


class SaleMethod(models.TextChoices):
    CARD = "card", "Card, held until the handover"
    CASH = "cash", "Cash, when they meet"


class DisputeOutcome(models.TextChoices):
    RELEASED = "released", "Released to the seller"
    REFUNDED = "refunded", "Refunded to the buyer"
    SPLIT = "split", "Refunded in part"
    WITHDRAWN = "withdrawn", "Withdrawn by the buyer"
