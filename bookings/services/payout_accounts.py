"""The account that a seller is paid to: opened at the gateway, and filled in there."""

from dataclasses import dataclass

from django.conf import settings

from accounts.models import User
from bookings.gateways.choosing import gateway_named
from bookings.gateways.payments import GatewayRefusalError
from bookings.services.intents import present_name
from bookings.services.payouts import TEST_ACCOUNT, account_of, retry_payouts
from config.shared import audit
from config.shared.errors import ConflictError
from config.shared.locks import lock
from config.shared.retries import retry_transaction


@dataclass(frozen=True, slots=True)
class PayoutAccount:
    """An account at the gateway, and where its owner fills in what is missing."""

    gateway: str
    is_test: bool
    account: str
    onboarding_url: str


def open_payout_account(*, seller: User) -> PayoutAccount:
    """The account of ``seller``, opened if there is none, with a link for filling it in.

    What waited for the account is passed on. Bears repetition: the key of the call is the
    person's own. Raises ``GatewayDownError``, and ``ConflictError`` where the gateway refuses.
    """
    name = present_name()
    gateway = gateway_named(name)
    try:
        account = account_of(seller, name)
        if not account:
            made = gateway.account(user=str(seller.pk), key=f"cy:{seller.pk}:account")
            account = _keep(seller=seller, account=made)
        url = gateway.onboarding(account, back=settings.PUBLIC_BASE_URL)
    except GatewayRefusalError as refusal:
        raise ConflictError("The gateway opens no account for you.") from refusal
    retry_payouts(seller=seller)
    is_test = account.startswith(TEST_ACCOUNT)
    return PayoutAccount(gateway=name, is_test=is_test, account=account, onboarding_url=url)


@retry_transaction
def _keep(*, seller: User, account: str) -> str:
    """Keep ``account``, in place of one of another gateway; what is there already stays."""
    (seller,) = lock(seller)
    kept = account_of(seller, present_name())
    if kept:
        return kept
    seller.stripe_connect_account_id = account
    seller.save(update_fields=["stripe_connect_account_id", "updated_at"])
    audit.record("accounts.user.payout_account_opened", target=seller, actor=seller)
    return account
