"""People for tests, and a way to sign them in that is the real one."""

from typing import Any

import factory
from rest_framework.test import APIClient

from accounts.choices import Role, UserStatus
from accounts.models import User
from accounts.services import sign_in as sign_in_service
from accounts.services.facts import RequestFacts
from accounts.services.sign_in import SignedIn

PASSWORD = "correct horse battery staple"
FACTS = RequestFacts(ip_prefix="192.0.2.0/24", user_agent="Tests/1.0")


class UserFactory(factory.django.DjangoModelFactory):
    """An active person with a verified phone number and no password.

    Traits: ``pending``, ``inactive``, ``suspended``; ``staff``, ``superuser``; ``contractor``,
    ``society``, ``builder``, ``seller``, ``buyer``; ``with_email`` (verified) and ``unverified``
    (neither phone nor e-mail is). ``password="…"`` gives a password.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    phone_number = factory.Sequence(lambda n: f"+97150{1000000 + n:07d}")
    full_name = factory.Sequence(lambda n: f"Person {n}")
    first_name = "Person"
    last_name = factory.Sequence(str)
    status = UserStatus.ACTIVE
    is_active = factory.LazyAttribute(lambda person: person.status == UserStatus.ACTIVE)
    phone_verified = factory.LazyAttribute(lambda person: person.phone_number is not None)
    roles = factory.LazyAttribute(lambda person: [person.primary_role])
    primary_role = Role.RESIDENT

    class Params:
        pending = factory.Trait(status=UserStatus.PENDING, phone_verified=False)
        inactive = factory.Trait(status=UserStatus.INACTIVE)
        suspended = factory.Trait(status=UserStatus.SUSPENDED)
        unverified = factory.Trait(phone_verified=False, email_verified=False)
        with_email = factory.Trait(
            email=factory.Sequence(lambda n: f"person{n}@example.com"), email_verified=True
        )
        staff = factory.Trait(is_staff=True)
        superuser = factory.Trait(is_staff=True, is_superuser=True)
        contractor = factory.Trait(primary_role=Role.CONTRACTOR)
        society = factory.Trait(primary_role=Role.SOCIETY)
        builder = factory.Trait(primary_role=Role.BUILDER)
        seller = factory.Trait(primary_role=Role.SELLER)
        buyer = factory.Trait(primary_role=Role.BUYER)

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        """Make the person, and their row in the credentials database as registration does."""
        password = kwargs.pop("password", None)
        user = model_class(*args, **kwargs)
        if password is None:
            user.set_unusable_password()
        else:
            user.set_password(password)
        user.save(force_insert=True)
        user.refresh_from_db()
        return user


def open_session(user: User, *, amr: tuple[str, ...] = ("otp", "sms")) -> SignedIn:
    """A session of ``user``, opened by the service that opens every session."""
    signed_in = sign_in_service.begin(user, amr=amr, request_facts=FACTS)
    if not isinstance(signed_in, SignedIn):
        raise TypeError(f"{user} has a second factor: use amr=('passkey',).")
    return signed_in


def sign_in(api: APIClient, user: User, *, amr: tuple[str, ...] = ("otp", "sms")) -> SignedIn:
    """Let ``api`` speak for ``user`` with a real access token, and return the session."""
    signed_in = open_session(user, amr=amr)
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {signed_in.tokens.access_token}")
    return signed_in
