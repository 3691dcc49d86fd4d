"""Products that contradict their sales are found, and put right on request."""

from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import AuditEvent
from bookings.services.product_integrity import check_products
from bookings.tests.factories.market import ReservationFactory, lapse_reservation, released
from catalog.models import Product
from catalog.tests.factories.market import ProductFactory
from config.shared.clock import database_now

pytestmark = pytest.mark.django_db


def state(product):
    product.refresh_from_db()
    return product.status, product.claimed_until, product.sold_at


@pytest.mark.capability("K07", "K10")
def test_what_the_services_write_agrees():
    ReservationFactory()
    lapse_reservation(ReservationFactory())
    released()
    Product.objects.filter(pk=released().product_id).update(status="removed")
    ProductFactory(draft=True)
    ProductFactory(status="sold", sold_at=database_now())

    report = check_products()

    assert (report.products, report.problems) == (6, 0)


@pytest.mark.capability("K07", "K10")
def test_what_contradicts_the_sales_is_found_and_put_right():
    reserved, sold, free = ReservationFactory().product, released().product, ProductFactory()
    right = {product: state(product) for product in (reserved, sold, free)}
    Product.objects.filter(pk=reserved.pk).update(status="active", claimed_until=None)
    Product.objects.filter(pk=sold.pk).update(status="active", sold_at=None)
    Product.objects.filter(pk=free.pk).update(status="reserved", claimed_until=database_now())

    assert check_products().problems == 3
    assert state(free)[0] == "reserved"
    assert check_products(repair=True).problems == 3

    assert check_products().problems == 0
    assert {product: state(product) for product in right} == right
    events = AuditEvent.objects.about(free).values_list("action", flat=True)
    assert "catalog.product.mended" in events


def test_the_command_mends_products_too():
    product = ProductFactory()
    Product.objects.update(status="reserved", claimed_until=database_now())
    said = StringIO()

    call_command("check_integrity", "--fix", stdout=said, stderr=StringIO())

    assert "1 products looked at; 1 whose state contradicts their sales." in said.getvalue()
    assert state(product)[0] == "active"
