"""Addresses of people, organizations, buildings and papers, below /api/v1/."""

from rest_framework.routers import SimpleRouter

from accounts.api.views import (
    buildings,
    connections,
    directory,
    members,
    organizations,
    papers,
    people,
    residencies,
    verifications,
)

router = SimpleRouter(use_regex_path=False)
router.register("users", people.UserViewSet, basename="user")
router.register("me/following", connections.FollowingViewSet, basename="following")
router.register("me/followers", connections.FollowersViewSet, basename="followers")
router.register("me/blocks", connections.BlocksViewSet, basename="blocks")
router.register("me/invitations", members.InvitationsViewSet, basename="invitations")
router.register("organizations", organizations.OrganizationViewSet, basename="organization")
router.register(
    "organizations/<uuid:organization_id>/members", members.MemberViewSet, basename="member"
)
router.register("buildings", buildings.BuildingViewSet, basename="building")
router.register("residencies", residencies.ResidencyViewSet, basename="residency")
router.register("contractors", directory.ContractorViewSet, basename="contractor")
router.register("papers", papers.PaperViewSet, basename="paper")
router.register("verifications", verifications.VerificationViewSet, basename="verification")

urlpatterns = router.urls
