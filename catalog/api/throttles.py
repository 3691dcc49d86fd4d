"""Limits on what people show, and on how often they say that they are watching."""

from rest_framework.request import Request

from accounts.api.throttles import NetworkThrottle, PersonThrottle, SettingThrottle


class ShowThrottle(PersonThrottle):
    """One person announces so many shows an hour."""

    purpose = "streams"
    limit = 30


class WatchingThrottle(PersonThrottle):
    """One person's players say so many times an hour that they are there."""

    purpose = "stream_heartbeats"
    limit = 3000


class VisitorThrottle(NetworkThrottle):
    """The same for everybody of one network who is not signed in."""

    purpose = "stream_visitors"
    limit = 30_000

    def allow_request(self, request: Request, view: object) -> bool:
        """Count the request of somebody who is not signed in."""
        return request.user.is_authenticated or super().allow_request(request, view)


class SellingThrottle(SettingThrottle):
    """One person begins to sell so many things a day."""

    purpose = "products"
    setting = "products_per_day"


class LikingThrottle(PersonThrottle):
    """One person likes and looks at so many things an hour."""

    purpose = "product_likes"
    limit = 2000


class LookingThrottle(VisitorThrottle):
    """Views of everybody of one network who is not signed in."""

    purpose = "product_views"
