"""The state machines of identity, as data. Services make the moves; docs/flows.md draws them."""

from accounts.choices import (
    CodeState,
    ErasureStatus,
    MembershipStatus,
    OrganizationStatus,
    ResidencyStatus,
    SessionState,
    UserStatus,
    VerificationStatus,
)
from config.shared.flows import Flow

USER_FLOW = Flow(
    "accounts.user",
    {
        UserStatus.PENDING: {UserStatus.ACTIVE, UserStatus.SUSPENDED},
        UserStatus.ACTIVE: {UserStatus.INACTIVE, UserStatus.SUSPENDED},
        UserStatus.INACTIVE: {UserStatus.ACTIVE, UserStatus.SUSPENDED},
        UserStatus.SUSPENDED: {UserStatus.ACTIVE},
    },
    initial=UserStatus.PENDING,
)

CODE_FLOW = Flow(
    "credentials.onetimecode",
    {
        CodeState.ISSUED: {
            CodeState.USED,
            CodeState.DEAD,
            CodeState.EXPIRED,
            CodeState.SUPERSEDED,
        },
    },
    initial=CodeState.ISSUED,
)

SESSION_FLOW = Flow(
    "credentials.session",
    {
        SessionState.LIVE: {SessionState.ROTATED, SessionState.REVOKED},
        SessionState.ROTATED: {SessionState.ROTATED, SessionState.REVOKED},
    },
    initial=SessionState.LIVE,
)

VERIFICATION_FLOW = Flow(
    "accounts.verification",
    {
        VerificationStatus.PENDING: {VerificationStatus.APPROVED, VerificationStatus.REJECTED},
        VerificationStatus.APPROVED: {VerificationStatus.REVOKED, VerificationStatus.PENDING},
        VerificationStatus.REJECTED: {VerificationStatus.PENDING},
    },
    initial=VerificationStatus.PENDING,
)

RESIDENCY_FLOW = Flow(
    "accounts.residency",
    {
        ResidencyStatus.CLAIMED: {ResidencyStatus.VERIFIED, ResidencyStatus.REJECTED},
        ResidencyStatus.VERIFIED: {ResidencyStatus.ENDED},
    },
    initial=ResidencyStatus.CLAIMED,
)

MEMBERSHIP_FLOW = Flow(
    "accounts.membership",
    {
        MembershipStatus.INVITED: {MembershipStatus.LIVE, MembershipStatus.ENDED},
        MembershipStatus.LIVE: {MembershipStatus.ENDED},
    },
    initial=MembershipStatus.INVITED,
)

ORGANIZATION_FLOW = Flow(
    "accounts.organization",
    {
        OrganizationStatus.ACTIVE: {OrganizationStatus.SUSPENDED},
        OrganizationStatus.SUSPENDED: {OrganizationStatus.ACTIVE},
    },
    initial=OrganizationStatus.ACTIVE,
)

ERASURE_FLOW = Flow(
    "accounts.erasurerequest",
    {
        ErasureStatus.SCHEDULED: {ErasureStatus.CANCELLED, ErasureStatus.RUNNING},
        ErasureStatus.RUNNING: {ErasureStatus.FINISHED},
    },
    initial=ErasureStatus.SCHEDULED,
)
