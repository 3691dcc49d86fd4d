"""Messages of the built-in gateway, signed as it signs them."""

from bookings.gateways.built_in import signed_event
from bookings.services.webhooks import receive_message


def intent_of(payment, status, charge=None, error=None, **changes):
    return {
        "id": payment.stripe_payment_intent_id,
        "status": status,
        "amount": 10_000_000,
        "amount_received": 10_000_000 if status == "succeeded" else 0,
        "currency": "aed",
        "metadata": {"payment": str(payment.pk)},
        "latest_charge": charge,
        "last_payment_error": error,
        **changes,
    }


def refund_of(payment, name="test_re_1", status="succeeded", amount=1_000_000):
    return {
        "id": name,
        "payment_intent": payment.stripe_payment_intent_id,
        "amount": amount,
        "currency": "aed",
        "status": status,
        "metadata": {},
    }


def send(kind, thing, name=""):
    body, headers = signed_event(kind, thing, name=name)
    return receive_message(gateway="test", body=body, headers=headers)
