"""Orders that are sent again: addresses, bodies and keys that tests of idempotency share."""

from typing import Any

from rest_framework.test import APIClient

ORDERS = "/api/v1/orders/"
PAID, SECRET, STEPWISE = f"{ORDERS}paid/", f"{ORDERS}secret/", f"{ORDERS}stepwise/"
HOUSE = {"name": "Palm Heights", "city": "Dubai"}


def post(api: APIClient, body: Any = HOUSE, *, key: str | None = "k-1", to: str = ORDERS) -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return api.post(to, body, headers=headers)
