"""The words that messaging knows: one enum per closed list."""

from django.db import models


class NotificationPriority(models.TextChoices):
    """How somebody is told: urgent ones on every proved channel, normal ones on one."""

    NORMAL = "normal", "Normal"
    URGENT = "urgent", "Urgent"


class NotificationCategory(models.TextChoices):
    """What notifications are about; people choose their channels for each."""

    SECURITY = "security", "Security and account"
    MESSAGES = "messages", "Messages"
    MARKET = "market", "Market: offers, sales and streams"
    HOMES = "homes", "Homes: bookings and construction"
    MONEY = "money", "Money: payments, instalments and refunds"
    APPOINTMENTS = "appointments", "Appointments"
    COMMUNITY = "community", "Community: residents and organizations"


class NotificationChannel(models.TextChoices):
    IN_APP = "in_app", "In the app"
    EMAIL = "email", "E-mail"
    SMS = "sms", "SMS"
    PUSH = "push", "Web Push"


class Digest(models.TextChoices):
    """How often what can wait is told by e-mail in one piece."""

    OFF = "off", "Each at once"
    DAILY = "daily", "Once a day"
    WEEKLY = "weekly", "Once a week"


class DeliveryStatus(models.TextChoices):
    QUEUED = "queued", "Queued"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    SUPPRESSED = "suppressed", "Suppressed"


class ConversationKind(models.TextChoices):
    DIRECT = "direct", "Direct"
    PRODUCT = "product", "Product"
    BOOKING = "booking", "Booking"
    APPOINTMENT = "appointment", "Appointment"
    APPLICATION = "application", "Application"
    WORK = "work", "Work request"
    CIRCLE = "circle", "Circle"
    SUPPORT = "support", "Support"


class ParticipantRole(models.TextChoices):
    MEMBER = "member", "Member"
    BUYER = "buyer", "Buyer"
    SELLER = "seller", "Seller"
    CUSTOMER = "customer", "Customer"
    TEAM = "team", "Builder's team"
    HOST = "host", "Host"
    STAFF = "staff", "Staff"


class MessageType(models.TextChoices):
    TEXT = "text", "Text"
    IMAGE = "image", "Image"
    OFFER = "offer", "Offer"
    SYSTEM = "system", "System"


class ReportReason(models.TextChoices):
    SPAM = "spam", "Spam"
    SCAM = "scam", "Scam or fraud"
    PROHIBITED = "prohibited", "Prohibited item"
    HARASSMENT = "harassment", "Harassment"
    HATE = "hate", "Hate or violence"
    NUDITY = "nudity", "Nudity"
    COUNTERFEIT = "counterfeit", "Counterfeit"
    PRIVACY = "privacy", "Private information"
    OTHER = "other", "Something else"


class ReportStatus(models.TextChoices):
    OPEN = "open", "Open"
    TRIAGED = "triaged", "Being looked at"
    ACTIONED = "actioned", "Acted on"
    DISMISSED = "dismissed", "Dismissed"


class ReportAction(models.TextChoices):
    """What staff did about a report."""

    CONTENT_REMOVED = "content_removed", "Content removed"
    STREAM_ENDED = "stream_ended", "Stream ended"
    CONVERSATION_CLOSED = "conversation_closed", "Conversation closed"
    PERSON_WARNED = "person_warned", "Person warned"
    PERSON_SUSPENDED = "person_suspended", "Person suspended"


class LiveEventType(models.TextChoices):
    """What clients are told of at once."""

    MESSAGE_CREATED = "message.created", "A message came"
    MESSAGE_EDITED = "message.edited", "A message was changed"
    MESSAGE_DELETED = "message.deleted", "A message was deleted"
    CONVERSATION_READ = "conversation.read", "A conversation was read"
    NOTIFICATION_CREATED = "notification.created", "A notification came"
    OFFER_CHANGED = "offer.changed", "An offer changed"
    TRANSACTION_CHANGED = "transaction.changed", "A sale changed"
    BOOKING_CHANGED = "booking.changed", "A booking changed"
    STREAM_CHANGED = "stream.changed", "A stream changed"
