"""What messaging promises: conversations, live updates and notifications."""

from config.capabilities.table import Vertical, must, should

MESSAGING = Vertical(
    "Messaging",
    (
        must(
            "M01",
            "Conversations are direct, or about a product, a booking, an appointment or support; "
            "there is one for each kind, subject and pair, however often it is opened.",
        ),
        must(
            "M02",
            "Messages are texts, images, offers or notes of the system, with what the offer said "
            "then, and with whether and when they were read.",
        ),
        must("M03", "A message that is sent twice with one client id is one message."),
        must(
            "M04",
            "Messages come in one order that never changes, without gaps or duplicates for any "
            "reader; an edited one is marked, a deleted one leaves its place behind.",
        ),
        must(
            "M05",
            "Unread messages are counted from one read pointer; each side archives and mutes for "
            "itself; typing and presence are told and not kept.",
        ),
        must(
            "M06",
            "One WebSocket per client, opened with a ticket that is good once and for seconds, "
            "tells what happened; whoever comes back misses nothing, and whoever is too slow is "
            "let go.",
        ),
        must("M07", "Everything that is told live can be had by asking as well."),
        must(
            "M08",
            "People block each other and report what is wrong; staff see the reported message "
            "with ten around it, and nothing else.",
        ),
        should(
            "M09",
            "Contact details before a deal are flagged to both and left as they are; messages and "
            "new conversations have limits.",
        ),
        must(
            "M10",
            "Notifications are listed, filtered, counted and marked as read, one by one or all; "
            "each happening is one of them.",
        ),
        must(
            "M11",
            "People choose channels by category, quiet hours, a digest, mute a conversation, and "
            "unsubscribe with one click; security notices always go out.",
        ),
        must(
            "M12",
            "E-mails are templates in text and HTML, in English, Arabic and Hindi, shown in the "
            "back office before they are sent.",
        ),
        should("M13", "One searches one's own conversations by words."),
    ),
)
