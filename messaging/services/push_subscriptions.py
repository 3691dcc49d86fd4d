"""Browsers that take notifications."""

import hashlib

from accounts.models import User
from config.shared.locks import lock
from config.shared.retries import retry_transaction
from messaging.delivery_exceptions import PushOffError
from messaging.gateways import web_push
from messaging.models import PushSubscription

MOST_BROWSERS = 20


def push_key() -> str:
    """The key that browsers subscribe with. Raises ``PushOffError`` on a site without one."""
    if not web_push.is_on():
        raise PushOffError
    return web_push.public_key()


@retry_transaction
def subscribe(
    *, user: User, endpoint: str, p256dh: str, auth: str, device: str = ""
) -> PushSubscription:
    """Tell a browser of ``user`` from now on; one that is known gets its new keys.

    A browser belongs to whoever signed in with it last. Of more than twenty the oldest go.
    """
    if not web_push.is_on():
        raise PushOffError
    (user,) = lock(user)
    made, _ = PushSubscription.objects.update_or_create(
        endpoint_hash=hashlib.sha256(endpoint.encode()).hexdigest(),
        defaults={
            "user": user,
            "endpoint": endpoint,
            "p256dh": p256dh,
            "auth": auth,
            "device": device,
            "failures": 0,
        },
    )
    others = PushSubscription.objects.filter(user=user).exclude(pk=made.pk)
    surplus = others.order_by("-created_at", "-pk")[MOST_BROWSERS - 1 :]
    PushSubscription.objects.filter(pk__in=list(surplus.values_list("pk", flat=True))).delete()
    return made


@retry_transaction
def forget_browser(*, subscription: PushSubscription) -> None:
    """Tell a browser nothing any more."""
    PushSubscription.objects.filter(pk=subscription.pk).delete()
