"""Products in the back office: looked at, found, and taken down with a reason."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.groups import MODERATION, SITE_ADMINISTRATION, SUPPORT
from accounts.models import AuditEvent
from accounts.tests.factories.organizations import staff_in
from catalog.models import Product
from catalog.tests.factories.market import ProductFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/catalog/product/"


def office_of(group: str) -> Client:
    client = Client()
    client.force_login(staff_in(group))
    return client


def take_down(client: Client, product: Product) -> int:
    address = reverse("admin:catalog_product_remove", args=[product.pk])
    return client.post(address, {"reason": "It is a copy.", "_form_submitted": "1"}).status_code


@pytest.mark.capability("K01", "K07")
def test_moderators_look_at_a_product_and_take_it_down(client: Client) -> None:
    product = ProductFactory(min_offer=123, lat=25.07871, lng=55.14031)
    office = office_of(MODERATION)

    listed = office.get(LIST).content.decode()
    shown = office.get(f"{LIST}{product.pk}/change/").content.decode()
    take_down(office, product)

    assert product.title in listed
    assert "123" not in shown.replace(str(product.pk), "")
    assert "25.07871" not in shown
    product.refresh_from_db()
    assert (product.status, product.removal_reason) == ("removed", "It is a copy.")
    assert AuditEvent.objects.filter(action="catalog.product.removed").exists()


@pytest.mark.capability("K07")
def test_who_only_supports_takes_nothing_down() -> None:
    product = ProductFactory()

    take_down(office_of(SUPPORT), product)

    product.refresh_from_db()
    assert product.status == "active"


@pytest.mark.capability("K01")
def test_the_list_costs_the_same_however_long(assert_constant_queries) -> None:
    office = office_of(SITE_ADMINISTRATION)

    assert_constant_queries(lambda: office.get(LIST), grow=ProductFactory)


@pytest.mark.capability("K06")
@pytest.mark.parametrize("model", ["productlike", "productview", "productimage"])
def test_likes_views_and_photographs_are_listed(model: str) -> None:
    assert office_of(SITE_ADMINISTRATION).get(f"/admin/catalog/{model}/").status_code == 200
