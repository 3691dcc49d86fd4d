"""Addresses of appointments and slots, below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from bookings.api.views import appointments, slots

router = SimpleRouter(use_regex_path=False)
router.register("hosts", slots.HostViewSet, basename="host")
router.register(
    "appointments/customer/<uuid:customer_id>",
    appointments.CustomerAppointmentViewSet,
    basename="customer-appointment",
)
router.register("appointments", appointments.AppointmentViewSet, basename="appointment")

urlpatterns = [
    path(
        "appointments/<uuid:pk>/calendar.ics",
        appointments.AppointmentCalendarView.as_view(),
        name="appointment-calendar",
    ),
    *router.urls,
]
