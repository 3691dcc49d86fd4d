"""The bookings' part in forgetting a person: what forbids it, and what is taken out.

Bookings, instalments and payments stay: the builder and the books need them. The row of the
person to whom they point has no name by then. What the person wrote goes, wherever it stands.
"""

from collections.abc import Iterable

from django.db.models import Q

from accounts.models import MediaFile, User
from accounts.services import media
from accounts.services.erasure_steps import scrub_history
from bookings.choices import TAKING_APPOINTMENTS, RequestStatus
from bookings.flows import TRANSFER_FLOW
from bookings.models import (
    Appointment,
    Booking,
    CancellationRequest,
    ChangeRequest,
    Instalment,
    Refund,
    TransferRequest,
    WaitlistEntry,
)
from bookings.services.appointment_answers import cancel_appointment
from bookings.services.cancellation_terms import ON_ITS_WAY
from bookings.services.open_requests import OPEN_REQUESTS
from bookings.services.waitlist import leave_waitlist
from config.shared.clock import database_now
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.personal_data import Obstacle, erases, obstructs
from messaging.models import Notification

# An objection cannot be without a text.
ERASED = "(erased)"
# What messages say of somebody else, by the names of their values.
WORDS_ABOUT_PEOPLE = {"name", "person", "reason"}


@obstructs("bookings.live")
def live_bookings(person: User) -> Iterable[Obstacle]:
    """Units that the person holds or has bought without having been handed them."""
    for booking in Booking.objects.claiming().filter(customer=person).select_related("unit"):
        yield Obstacle(
            "live_booking",
            f"The booking {booking.reference} is not over: cancel it, or wait for the handover.",
            {"booking": str(booking.pk), "reference": booking.reference},
        )


@obstructs("bookings.refunds")
def refunds_on_their_way(person: User) -> Iterable[Obstacle]:
    """Money that is still to be given back to the person."""
    rows = Refund.objects.filter(payment__payer=person, status__in=ON_ITS_WAY)
    for refund in rows.order_by("pk"):
        yield Obstacle(
            "refund_open",
            f"The refund {refund.reference} is still on its way to you.",
            {"refund": str(refund.pk), "reference": refund.reference},
        )


@erases("bookings.offers")
def refuse_offers(person: User) -> int:
    """Refuse bookings that others want to pass on to the person."""
    offered = TransferRequest.objects.filter(to_customer=person, status__in=OPEN_REQUESTS)
    for row in offered.select_related("booking").order_by("pk"):
        _, request = lock(row.booking, row)
        asked = request.status == RequestStatus.ASKED
        end = RequestStatus.DECLINED if asked else RequestStatus.WITHDRAWN
        move(request, end, flow=TRANSFER_FLOW, actor=None, decided_at=database_now())
    return len(offered)


@erases("bookings.waiting_lists")
def leave_waiting_lists(person: User) -> int:
    """Give up the person's places on waiting lists; what was offered goes to the next."""
    places = WaitlistEntry.objects.open().filter(customer=person).select_related("unit")
    for place in places.order_by("unit_id"):
        leave_waitlist(actor=person, unit=place.unit)
    return len(places)


@erases("bookings.appointments")
def forget_appointments(person: User) -> int:
    """Call off what is ahead of the person, and take out what was noted about their visits."""
    taking = Appointment.objects.filter(_of(person), status__in=TAKING_APPOINTMENTS)
    ahead = taking.filter(during__startswith__gt=database_now()).select_related("host", "guest")
    for visit in ahead.order_by("pk"):
        cancel_appointment(appointment=visit, actor=person)
    visits = Appointment.objects.filter(guest=person)
    return visits.update(notes="", outcome_note="", cancel_reason="", location="", meeting_url="")


@erases("bookings.changes")
def forget_changes(person: User) -> int:
    """Take out how the person wanted their home changed, with the pictures."""
    changes = ChangeRequest.objects.filter(customer=person)
    files = MediaFile.objects.filter(
        owner=person,
        target_type=ChangeRequest._meta.label_lower,
        target_id__in=changes.order_by().values("pk"),
    )
    for row in files:
        media.discard(row)
    return changes.update(description="", decision_note="")


@erases("bookings.words")
def forget_words(person: User) -> int:
    """Take out what the person wrote into bookings, objections and requests, and its history."""
    booked = Booking.objects.filter(customer=person)
    changed = booked.update(notes="", cancel_reason="", handover_customer_note="")
    scrub_history(booked, cancel_reason="")
    objected = Instalment.objects.filter(booking__customer=person, objected_at__isnull=False)
    changed += objected.update(objection=ERASED, objection_answer="")
    scrub_history(objected, objection=ERASED, objection_answer="")
    changed += CancellationRequest.objects.filter(asked_by=person).update(reason="")
    return changed + TransferRequest.objects.filter(from_customer=person).update(reason="")


@erases("bookings.notices")
def forget_in_notices(person: User) -> int:
    """Take the person's name and words out of what others were told of them."""
    visits = Appointment.objects.filter(_of(person)).values_list("pk", flat=True)
    owed = Instalment.objects.filter(booking__customer=person).values_list("pk", flat=True)
    links = [f"/api/v1/appointments/{key}/" for key in visits]
    links += [f"/api/v1/instalments/{key}/" for key in owed]
    changed = 0
    for notice in Notification.objects.filter(link__in=links).exclude(user=person):
        said = WORDS_ABOUT_PEOPLE & notice.data.keys()
        if any(notice.data[name] for name in said):
            notice.data |= dict.fromkeys(said, "")
            notice.save(update_fields=["data"])
            changed += 1
    return changed


def _of(person: User) -> Q:
    return Q(guest=person) | Q(host=person)
