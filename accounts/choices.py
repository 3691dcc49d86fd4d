"""The words that identity knows: one enum per closed list."""

from django.db import models


class Role(models.TextChoices):
    """What a person is in the community; a person can be several."""

    RESIDENT = "resident", "Resident"
    CUSTOMER = "customer", "Customer"
    BUYER = "buyer", "Buyer"
    SELLER = "seller", "Seller"
    CONTRACTOR = "contractor", "Contractor"
    SOCIETY = "society", "Society"
    BUILDER = "builder", "Builder"
    ADMIN = "admin", "Admin"


# Roles that people give themselves; none of them grants anything by itself.
SELF_ASSIGNABLE_ROLES = frozenset(Role.values) - {Role.ADMIN.value}


class ChosenRole(models.TextChoices):
    """What people say they are on opening an account; ``both`` is buyer and seller."""

    RESIDENT = "resident", "Resident"
    CUSTOMER = "customer", "Customer"
    BUYER = "buyer", "Buyer"
    SELLER = "seller", "Seller"
    CONTRACTOR = "contractor", "Contractor"
    SOCIETY = "society", "Society"
    BUILDER = "builder", "Builder"
    BOTH = "both", "Buyer and seller"


class UserStatus(models.TextChoices):
    PENDING = "pending", "Pending"
    ACTIVE = "active", "Active"
    INACTIVE = "inactive", "Inactive"
    SUSPENDED = "suspended", "Suspended"


class RemotePreference(models.TextChoices):
    ONSITE = "onsite", "On site"
    HYBRID = "hybrid", "Hybrid"
    REMOTE = "remote", "Remote"
    ANY = "any", "Any"


class HomePurpose(models.TextChoices):
    LIVE_IN = "live_in", "To live in"
    INVEST = "invest", "To invest"
    RENT = "rent", "To rent"


class OrganizationKind(models.TextChoices):
    BUILDER = "builder", "Builder"
    SOCIETY = "society", "Society"
    CONTRACTOR = "contractor", "Contractor"
    EMPLOYER = "employer", "Employer"


class OrganizationStatus(models.TextChoices):
    ACTIVE = "active", "Active"
    SUSPENDED = "suspended", "Suspended"


class MembershipRole(models.TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    SALES = "sales", "Sales"
    SITE = "site", "Site"
    FINANCE = "finance", "Finance"
    COMMITTEE = "committee", "Committee"
    MEMBER = "member", "Member"


class MembershipStatus(models.TextChoices):
    INVITED = "invited", "Invited"
    LIVE = "live", "Live"
    ENDED = "ended", "Ended"


class ResidencyRelation(models.TextChoices):
    OWNER = "owner", "Owner"
    TENANT = "tenant", "Tenant"
    FAMILY = "family", "Family"
    STAFF = "staff", "Staff"


class ResidencyStatus(models.TextChoices):
    CLAIMED = "claimed", "Claimed"
    VERIFIED = "verified", "Verified"
    REJECTED = "rejected", "Rejected"
    ENDED = "ended", "Ended"


class ResidencyMethod(models.TextChoices):
    BOOKING = "booking", "Booking"
    COMMITTEE = "committee", "Committee"
    CODE = "code", "Code"
    DOCUMENT = "document", "Document"


class VerificationType(models.TextChoices):
    EMIRATES_ID = "emirates_id", "Emirates ID"
    TRADE_LICENSE = "trade_license", "Trade licence"
    BOTH = "both", "Both"


class VerificationStatus(models.TextChoices):
    PENDING = "pending", "Pending"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    REVOKED = "revoked", "Revoked"


class PaperKind(models.TextChoices):
    LICENSE = "license", "Licence"
    INSURANCE = "insurance", "Insurance"


class MediaKind(models.TextChoices):
    IMAGE = "image", "Image"
    VIDEO = "video", "Video"
    DOCUMENT = "document", "Document"
    MODEL = "model", "3D model"


class MediaStatus(models.TextChoices):
    ANNOUNCED = "announced", "Announced"
    UPLOADED = "uploaded", "Uploaded"
    CLEAN = "clean", "Clean"
    REJECTED = "rejected", "Rejected"


class MediaPurpose(models.TextChoices):
    MESSAGE = "message", "Message"
    LISTING = "listing", "Listing"
    UPDATE = "update", "Construction update"
    PHASE = "phase", "Progress phase"
    CHANGE_REQUEST = "change_request", "Change request"
    VERIFICATION = "verification", "Verification"
    DEVELOPMENT = "development", "Development"
    UNIT = "unit", "Unit"
    ORGANIZATION = "organization", "Organization"
    AVATAR = "avatar", "Avatar"
    WORK_REQUEST = "work_request", "Work request"
    APPLICATION = "application", "Application"
    PAPER = "paper", "Contractor paper"
    CONTRACT = "contract", "Signed contract"
    EXPORT = "export", "Archive of a person's data"


class SettingType(models.TextChoices):
    STRING = "string", "Text"
    INTEGER = "integer", "Whole number"
    DECIMAL = "decimal", "Decimal number"
    BOOLEAN = "boolean", "Yes or no"
    JSON = "json", "JSON"


class IdempotencyStatus(models.TextChoices):
    IN_PROGRESS = "in_progress", "In progress"
    DONE = "done", "Done"


class ErasureStatus(models.TextChoices):
    SCHEDULED = "scheduled", "Scheduled"
    CANCELLED = "cancelled", "Cancelled"
    RUNNING = "running", "Running"
    FINISHED = "finished", "Finished"


class MessageChannel(models.TextChoices):
    EMAIL = "email", "E-mail"
    SMS = "sms", "SMS"


class OutgoingStatus(models.TextChoices):
    QUEUED = "queued", "Queued"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"


class CodeKind(models.TextChoices):
    CODE = "code", "Code"
    LINK = "link", "Link"


class CodePurpose(models.TextChoices):
    LOGIN = "login", "Sign-in"
    REGISTRATION = "registration", "Registration"
    VERIFICATION = "verification", "Verification"
    PASSWORD_RESET = "password_reset", "Password reset"
    CHANGE_PHONE = "change_phone", "Change of phone"
    CHANGE_EMAIL = "change_email", "Change of e-mail"
    STEP_UP = "step_up", "Fresh sign-in"


class OpenPurpose(models.TextChoices):
    """What anybody may ask a code for."""

    LOGIN = "login", "Sign-in"
    REGISTRATION = "registration", "Registration"
    VERIFICATION = "verification", "Verification"
    PASSWORD_RESET = "password_reset", "Password reset"


class ShownPurpose(models.TextChoices):
    """What a code does by being shown; a new password takes more than that."""

    LOGIN = "login", "Sign-in"
    REGISTRATION = "registration", "Registration"
    VERIFICATION = "verification", "Verification"


class SessionEnd(models.TextChoices):
    LOGOUT = "logout", "Signed out"
    REUSE = "reuse", "Old token used again"
    PASSWORD = "password", "Password or phone changed"
    ADMIN = "admin", "Ended by staff"


class CodeState(models.TextChoices):
    ISSUED = "issued", "Issued"
    USED = "used", "Used"
    DEAD = "dead", "Tried too often"
    EXPIRED = "expired", "Expired"
    SUPERSEDED = "superseded", "Replaced by a newer one"


class SessionState(models.TextChoices):
    LIVE = "live", "Live"
    ROTATED = "rotated", "Renewed"
    REVOKED = "revoked", "Ended"
