"""What holds for all operations and would be tiresome to repeat at each."""

CONVENTIONS = """

## Signing in
Send `Authorization: Bearer <access token>`. A token lasts a few minutes; the refresh token that
came with it gets the next one.

## Errors
Every error is `application/problem+json` (RFC 9457) with a stable `code`, a `detail` for people
and a `request_id` to quote. A 400 lists in `errors` what is wrong, each with a JSON pointer into
the body or the name of a query parameter. What you may not see is a 404, as if it were not there;
what you see but may not do is a 403; what the present state forbids is a 409. 429 and 503 say in
`Retry-After` when to come back.

## Lists
Lists that people leaf through have `page` and `page_size` and count up to 1,000 results
(`count_is_capped` says whether there are more). Lists that grow without end have `cursor`; follow
`next` and `previous` as they are. Filters, `search` and `ordering` are those that each list names;
any other parameter is a 400, an empty one counts as not given.

## Doing things once
A POST with an `Idempotency-Key` can be sent again after a lost answer: within 24 hours the same
key with the same body returns the first answer and does nothing more. The same key with another
body is a 422, and a 409 while the first request is still being worked on.

## Changing what others change, too
Such things have an `ETag`. Send it back in `If-Match`, and a change of somebody else's in between
answers with a 412 instead of being overwritten.

## Forms of values
Times are RFC 3339 in UTC, days ISO 8601, money is a decimal string beside an ISO 4217 `currency`,
identifiers are UUIDs that sort by time. Members of a body that an operation does not know are
ignored.

## Live updates
Get a ticket from `POST /api/v1/realtime/ticket/` and open the WebSocket `/ws/?ticket=…` within 30
seconds; add `&position=…` to go on from where you were. Frames are JSON. Courtyard sends

    {"type": "welcome", "position": "90113.1795867200", "ping_seconds": 25}
    {"type": "event", "id": 48211, "event": "booking.changed", "data": {"booking": "…", "status":
     "confirmed"}, "at": "2026-11-28T12:00:00Z", "position": "90113.1795867200"}
    {"type": "now", "topic": "conversation:…", "event": "typing", "data": {"user": "…"}}
    {"type": "resumed", "position": "…"}, {"type": "reset", "position": "…"}
    {"type": "following", "topic": "…"}, {"type": "unfollowed", "topic": "…"}
    {"type": "ping", "position": "…"}, {"type": "pong"}
    {"type": "error", "code": "not_found", "detail": "There is no such topic."}

and understands `{"type": "follow", "topic": "conversation:<id>"}` (or `stream:<id>`), `unfollow`
in the same way, `{"type": "typing", "conversation": "<id>"}`, `{"type": "resume", "position":
"…"}`, `ping` and `pong`. Keep the last `position`: whoever comes back with it misses nothing, and
knows what comes twice by its `id`. After `reset`, fetch your lists anew. Answer a `ping`. The
socket closes with 4401 when the session has ended or the ticket was not good, 4408 when you read
too slowly, 4400 after junk, 4429 for too much, 4000 when nothing was heard from you, 1012 and 1013
when you should come back in a while. Events carry identifiers and states; the things themselves
are fetched as ever. Without a WebSocket, `GET /api/v1/realtime/events/` tells the same.
"""
