"""Examples of appointments for the description of the API."""

from typing import Any

HOST = "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"
GUEST = "0199c3a4-6c71-7d3f-8a5b-2e3c4d5e6f70"
DEVELOPMENT = "0199c3a4-7d82-7e4f-9b6c-3f4d5e6f7081"

REQUEST: dict[str, Any] = {
    "kind": "site_visit",
    "host": HOST,
    "development": DEVELOPMENT,
    "starts_at": "2026-12-05T06:00:00Z",
    "minutes": 60,
    "notes": "We would like to see the show flat.",
}
CALENDAR = """\
BEGIN:VCALENDAR\r
PRODID:-//Courtyard//Appointments//EN\r
VERSION:2.0\r
METHOD:PUBLISH\r
BEGIN:VEVENT\r
UID:0199c3a4-8e93-7f5a-8c7d-405e6f708192@courtyard.example\r
SEQUENCE:0\r
DTSTAMP:20261128T093000Z\r
DTSTART:20261205T060000Z\r
DTEND:20261205T070000Z\r
STATUS:CONFIRMED\r
SUMMARY:Site visit\\, Marina Heights\r
END:VEVENT\r
END:VCALENDAR\r
"""
MOVE = {"starts_at": "2026-12-06T06:00:00Z", "reason": "My flight was moved."}
APPOINTMENT: dict[str, Any] = {
    "kind": "site_visit",
    "status": "requested",
    "host": {"id": HOST, "name": "Priya Nair", "username": "priya.nair", "avatar_url": None},
    "guest": {"id": GUEST, "name": "Omar Haddad", "username": "omar", "avatar_url": None},
    "development": {"id": DEVELOPMENT, "name": "Marina Heights", "city": "Dubai"},
    "unit": None,
    "starts_at": "2026-12-05T06:00:00Z",
    "ends_at": "2026-12-05T07:00:00Z",
    "time_zone": "Asia/Dubai",
    "location": "",
    "meeting_url": "",
    "notes": "We would like to see the show flat.",
    "outcome_note": "",
    "cancelled_by": None,
    "cancel_reason": "",
    "rescheduled_from": None,
    "rescheduled_to": None,
}
