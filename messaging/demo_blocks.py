"""Conversations of a larger demo, made by the database: every other neighbour asks the next one
about what they sell, eight lines each."""

# ruff: noqa: S608 - only words of these files stand in the statements

from typing import Any

from django.db import connections, transaction

from catalog.demo_market_blocks import generated_people, new_key, share
from config.shared.seeding import BLOCK, Seed

LINES = (
    "Hello, is this still available?",
    "Yes, it is. Come and have a look.",
    "Would tomorrow at seven suit you?",
    "Seven is fine. Ring at the gate.",
    "Is there anything that I should know about it?",
    "A small scratch on the left, otherwise none.",
    "Then I will take it. See you tomorrow.",
    "See you.",
)

# For each pair a buyer, the product of a seller, and a moment after it was published.
_PAIRS = f"""
    WITH pairs AS (
        SELECT buyer, seller, product.id AS product, buyer::text || seller::text AS k,
            product.published_at + (%(now)s - product.published_at)
                * {share("(buyer::text || seller::text)", "talk")} * 0.9 AS at
        FROM unnest(%(buyers)s::uuid[], %(sellers)s::uuid[]) AS given(buyer, seller)
        JOIN catalog_product product ON product.seller_id = seller
        WHERE product.published_at IS NOT NULL
    ), talks AS (SELECT *, {new_key("k", "conversation")} AS id FROM pairs)
"""
CONVERSATIONS = (
    _PAIRS
    + """
    INSERT INTO messaging_conversation (id, created_at, updated_at, kind, product_id, subject_type,
        pair_key, buyer_id, seller_id, last_message_at, last_seq, is_closed)
    SELECT id, at, at, 'product', product, '', buyer::text, buyer, seller,
        at + interval '28 minutes', cardinality(%(lines)s::text[]), false
    FROM talks ON CONFLICT DO NOTHING
"""
)
PARTICIPANTS = (
    _PAIRS
    + f"""
    INSERT INTO messaging_participant (id, conversation_id, user_id, role, last_read_seq,
        notified_seq, is_archived, joined_seq, joined_at)
    SELECT {new_key("(k || role)", "place")}, talks.id, person, role,
        cardinality(%(lines)s::text[]) - CASE WHEN role = 'buyer' AND
            {share("k", "unread")} < 0.2 THEN 1 ELSE 0 END,
        cardinality(%(lines)s::text[]), {share("(k || role)", "archived")} < 0.1, 0, at
    FROM talks, LATERAL (VALUES (buyer, 'buyer'), (seller, 'seller')) AS sides(person, role)
    WHERE EXISTS (SELECT FROM messaging_conversation there WHERE there.id = talks.id)
    ON CONFLICT DO NOTHING
"""
)
MESSAGES = (
    _PAIRS
    + f"""
    INSERT INTO messaging_message (id, created_at, updated_at, conversation_id, seq, sender_id,
        message_type, content, offer_data, client_id, flags)
    SELECT {new_key("(k || seq)", "message")},
        at + make_interval(mins => 4 * (seq::int - 1)), at, talks.id, seq,
        CASE WHEN seq %% 2 = 1 THEN buyer ELSE seller END, 'text', line, '{{}}', '', '[]'
    FROM talks, unnest(%(lines)s::text[]) WITH ORDINALITY AS said(line, seq)
    WHERE EXISTS (SELECT FROM messaging_conversation there WHERE there.id = talks.id)
    ON CONFLICT DO NOTHING
"""
)
LAST = """
    UPDATE messaging_conversation talk SET last_message_id = message.id
    FROM messaging_message message
    WHERE talk.buyer_id = ANY(%(buyers)s::uuid[]) AND talk.last_message_id IS NULL
        AND message.conversation_id = talk.id AND message.seq = talk.last_seq
"""
STEPS = (
    ("conversations", CONVERSATIONS),
    ("participants", PARTICIPANTS),
    ("messages", MESSAGES),
    ("", LAST),
)


def add_generated_conversations(seed: Seed) -> None:
    """Add what the generated neighbours say to each other."""
    for people in generated_people(seed):
        seed.step("conversations", people.start / seed.people)
        buyers = [seed.key("person", index) for index in people[::2]]
        # The last of a block asks the first of it: everybody's seller is a neighbour.
        sellers = [
            seed.key("person", index - index % BLOCK + (index + 1) % BLOCK) for index in people[::2]
        ]
        given: dict[str, Any] = {
            "number": str(seed.number),
            "now": seed.present,
            "buyers": buyers,
            "sellers": sellers,
            "lines": list(LINES),
        }
        with transaction.atomic(), connections["default"].cursor() as cursor:
            for name, statement in STEPS:
                cursor.execute(statement, given)
                if name:
                    seed.made[name] += cursor.rowcount
