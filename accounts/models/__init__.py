"""The models of identity. Code outside the app imports them from here."""

from accounts.models.audit import AuditEvent
from accounts.models.buildings import Building, Residency
from accounts.models.connections import Block, Follow
from accounts.models.erasure import ErasureRequest
from accounts.models.media import MediaFile
from accounts.models.organizations import Membership, Organization
from accounts.models.people import User
from accounts.models.platform import IdempotencyKey, OutgoingMessage, RateBucket, SystemSetting
from accounts.models.profiles import Profile
from accounts.models.sign_in import RevokedSession
from accounts.models.verifications import ContractorPaper, Verification

__all__ = [
    "AuditEvent",
    "Block",
    "Building",
    "ContractorPaper",
    "ErasureRequest",
    "Follow",
    "IdempotencyKey",
    "MediaFile",
    "Membership",
    "Organization",
    "OutgoingMessage",
    "Profile",
    "RateBucket",
    "Residency",
    "RevokedSession",
    "SystemSetting",
    "User",
    "Verification",
]
