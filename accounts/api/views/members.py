"""Members of organizations: inviting, answering, changing, leaving."""

from functools import partial
from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.api.filters.organizations import MemberFilter
from accounts.api.serializers.organizations import (
    InvitationSerializer,
    InviteByAddressSerializer,
    InvitedSerializer,
    InviteSerializer,
    MemberSerializer,
    MemberUpdateSerializer,
    ReasonSerializer,
)
from accounts.api.throttles import InvitationThrottle
from accounts.api.versions import refuse_other_version
from accounts.models import Membership, Organization
from accounts.services.invitations import invite_by_address, invite_member
from accounts.services.memberships import (
    accept_invitation,
    change_member,
    decline_invitation,
    end_membership,
    require_member,
)
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ReadOnlyViewSet, ViewSet

INVITATION = {
    "user": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
    "role": "committee",
    "title": "Treasurer",
}
INVITED_MEMBER = {"role": "committee", "title": "Treasurer", "status": "invited", "since": None}
ENDED = {"status": "ended", "until": "2026-11-21T09:30:00Z"}
INVITED = {"detail": "If anybody has this address, they have been invited."}


class MemberViewSet(ReadOnlyViewSet):
    """The members of an organization, for its members."""

    queryset = Membership.objects.none()
    serializer_class = MemberSerializer
    permission_classes = [IsSignedIn]
    filterset_class = MemberFilter
    ordering_fields = {"newest": "created_at", "since": "since"}
    conditional_writes = True
    tag = "organizations"

    def get_queryset(self) -> Any:
        seen = Membership.objects.visible_to(self.request.user).with_people()
        return seen.filter(organization=self.kwargs["organization_id"])

    def get_throttles(self) -> list[Any]:
        return [InvitationThrottle()] if self.action in {"create", "by_address"} else []

    def organization(self) -> Organization:
        """The organization that the path names, if the caller may see it."""
        seen = Organization.objects.visible_to(self.request.user)
        return get_object_or_404(seen, pk=self.kwargs["organization_id"])

    @documented(summary="List the members of your organization")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        require_member(actor=caller_of(request), organization=self.organization())
        return self.listed(self.get_queryset())

    @documented(summary="Get a member of your organization")
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(self.get_object())

    @documented(takes=InviteSerializer, status=201, example=INVITATION, answer=INVITED_MEMBER)
    def create(self, request: Request, organization_id: UUID) -> Response:
        """Invite a person to the organization.

        They are a member once they accept. Owners and administrators invite; only owners make
        owners and administrators.
        """
        organization = self.organization()
        invitation = self.validated()
        made = invite_member(organization=organization, inviter=caller_of(request), **invitation)
        return self.answer(made)

    @action(detail=False, methods=["post"], url_path="by-address")
    @documented(
        takes=InviteByAddressSerializer,
        gives=InvitedSerializer,
        status=202,
        example={"phone_number": "+971501234567", "role": "member"},
        answer=INVITED,
    )
    def by_address(self, request: Request, organization_id: UUID) -> Response:
        """Invite whoever has a phone number or an e-mail address.

        The answer is the same whether anybody has it or not, and nobody but they see the
        invitation before they accept it.
        """
        organization = self.organization()
        invite_by_address(organization=organization, inviter=caller_of(request), **self.validated())
        return self.answer(INVITED)

    @documented(takes=MemberUpdateSerializer, example={"role": "committee", "title": "Treasurer"})
    def partial_update(self, request: Request, organization_id: UUID, pk: UUID) -> Response:
        """Give a member another role or title.

        Owners change everybody, administrators everybody but owners and administrators. The last
        owner stays one.
        """
        member, actor = self.get_object(), caller_of(request)
        check = partial(refuse_other_version, request)
        changes = self.validated()
        return self.answer(change_member(membership=member, actor=actor, check=check, **changes))

    @action(detail=True, methods=["post"])
    @documented()
    def accept(self, request: Request, organization_id: UUID, pk: UUID) -> Response:
        """Accept an invitation to an organization. Only the invited person can."""
        return self.answer(accept_invitation(membership=self.get_object(), user=caller_of(request)))

    @action(detail=True, methods=["post"])
    @documented(answer={**ENDED, "since": None})
    def decline(self, request: Request, organization_id: UUID, pk: UUID) -> Response:
        """Decline an invitation to an organization. Only the invited person can."""
        return self.answer(
            decline_invitation(membership=self.get_object(), user=caller_of(request))
        )

    @action(detail=True, methods=["post"])
    @documented(takes=ReasonSerializer, example={"reason": "Moved away."}, answer=ENDED)
    def end(self, request: Request, organization_id: UUID, pk: UUID) -> Response:
        """End a membership, or withdraw an invitation.

        One's own, or that of a member one may decide about. The last owner stays.
        """
        member = self.get_object()
        return self.answer(
            end_membership(membership=member, actor=caller_of(request), **self.validated())
        )


class InvitationsViewSet(ViewSet):
    """The invitations that the caller has not answered."""

    queryset = Membership.objects.none()
    serializer_class = InvitationSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    ordering = ["-id"]
    tag = "organizations"

    def get_queryset(self) -> Any:
        return Membership.objects.invitations_of(self.request.user).with_people()

    @documented(summary="List the invitations you have not answered")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.listed(self.get_queryset())
