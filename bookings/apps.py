from django.apps import AppConfig


class BookingsConfig(AppConfig):
    """What people agree on: holds, offers, payments, appointments."""

    name = "bookings"
    verbose_name = "Bookings"

    def ready(self) -> None:
        from bookings.services import (  # noqa: F401 - they declare settings, messages and erasers
            appointment_messages,
            booking_messages,
            change_messages,
            deal_messages,
            homes_settings,
            instalment_messages,
            market_personal_data,
            market_settings,
            message_categories,
            offer_messages,
            payment_messages,
            personal_data,
            review_messages,
            review_personal_data,
            review_reports,
            sale_messages,
            sale_personal_data,
            update_messages,
        )

        _hook_into_catalog()
        _hook_into_messaging()
        _register_facts()


def _hook_into_catalog() -> None:
    """What happens here in the same transaction as something there."""
    from bookings.services.due import on_development_ready, on_phase_completed
    from bookings.services.product_claims import settle_product
    from bookings.services.product_withdrawals import withdraw_product
    from bookings.services.reopened import on_phase_reopened
    from bookings.services.settling import archive_obstacles, settle_unit
    from catalog.services import hooks

    hooks.settle_unit.register(settle_unit)
    hooks.archive_obstacles.register(archive_obstacles)
    hooks.settle_product.register(settle_product)
    hooks.withdraw_product.register(withdraw_product)
    hooks.phase_completed.register(on_phase_completed)
    hooks.phase_reopened.register(on_phase_reopened)
    hooks.development_ready.register(on_development_ready)


def _hook_into_messaging() -> None:
    """What people talk about, and who of them have a deal."""
    from bookings.services.conversation_subjects import (
        have_deal,
        people_of_appointment,
        people_of_booking,
    )
    from messaging.choices import ConversationKind
    from messaging.services.deals import register_deals
    from messaging.services.subjects import register_subject

    register_subject(ConversationKind.BOOKING, "bookings.booking", people_of_booking)
    register_subject(ConversationKind.APPOINTMENT, "bookings.appointment", people_of_appointment)
    register_deals(have_deal)


def _register_facts() -> None:
    """What lower apps ask for without knowing this one."""
    from accounts.querysets.media import register_audience
    from accounts.services.directory import register_figure
    from bookings.services.ratings import average_rating
    from config.shared.locks import register_rank

    register_figure("rating", average_rating)
    for rank, label in enumerate(RANKED, 300):
        register_rank(f"bookings.{label}", rank * 10)
    for label in ("booking", "changerequest"):
        register_audience(f"bookings.{label}")


# In the order in which they are locked.
RANKED = (
    "booking",
    "waitlistentry",
    "cancellationrequest",
    "transferrequest",
    "instalment",
    "changerequest",
    "appointment",
    "offer",
    "transaction",
    "payment",
    "refund",
    "webhookevent",
    "numberseries",
    "review",
)
