"""The market of a larger demo: one product for each generated neighbour, made by the database.

Everything follows from the keys of the people, so that the same number gives the same products.
They have no photographs.
"""

# ruff: noqa: S608 - only words of these files stand in the statements

from collections.abc import Sequence
from typing import Any

from django.db import connections, transaction

from catalog.demo_market import table
from config.shared.seeding import BLOCK, Seed, chunks

PEOPLE_AT_ONCE = 10_000
KINDS = ("Blue", "Green", "Red", "Grey", "White", "Black", "Small", "Large", "Sturdy", "Elegant")
LIFESTYLES = ("minimal", "cosy", "nordic", "boho", "vintage", "outdoor")
DAYS = 120

# A fraction from 0 to 1 that follows from a key and a word; and a UUIDv7 that does.
_SHARE = "(('x' || substr(md5({key} || %(number)s || '{word}'), 1, 7))::bit(28)::int / 268435456.0)"
_KEY = (
    "(lpad(to_hex((extract(epoch FROM timestamptz '2025-01-01') * 1000"
    " + {share} * 86400000 * 300)::bigint), 12, '0') || '7' || "
    "substr(md5({key} || %(number)s || '{word}'), 1, 3) || 'a' || "
    "substr(md5({key} || %(number)s || '{word}'), 4, 15))::uuid"
)


def share(key: str, word: str) -> str:
    """SQL for a fraction that follows from ``key`` (SQL of a text) and ``word``."""
    return _SHARE.format(key=key, word=word)


def new_key(key: str, word: str) -> str:
    """SQL for a key that follows from ``key`` and ``word``, the same on every day."""
    return _KEY.format(key=key, word=word, share=share(key, f"{word} at"))


PRODUCTS = f"""
    WITH sellers AS (
        SELECT person.*, person.id::text AS k
        FROM unnest(%(people)s::uuid[]) AS given(id) JOIN accounts_user person USING (id)
        WHERE person.status = 'active'
    ), drawn AS (
        SELECT sellers.*,
            1 + floor({share("k", "title")} * cardinality(%(titles)s::text[]))::int AS place,
            %(now)s - make_interval(secs => {share("k", "age")} * 86400 * {DAYS}) AS at,
            {share("k", "feed")} AS feed,
            {share("k", "fate")} AS fate,
            (SELECT building_id FROM accounts_residency
             WHERE user_id = sellers.id AND status = 'verified' ORDER BY id LIMIT 1) AS house
        FROM sellers
    )
    INSERT INTO catalog_product (
        id, created_at, updated_at, seller_id, title, description, price, currency, category,
        condition, feed_type, building_id, also_discover, discover_from, neighborhood,
        meeting_note, status, tags, view_count, like_count, published_at, sold_at, removal_reason,
        lat, lng
    )
    SELECT {new_key("k", "product")}, at, at, id,
        (%(kinds)s::text[])[1 + floor({share("k", "kind")} * cardinality(%(kinds)s::text[]))::int]
            || ' ' || (%(titles)s::text[])[place],
        (%(texts)s::text[])[place],
        10 + floor({share("k", "price")} * {share("k", "price")} * 3000),
        CASE WHEN city = ANY(%(indian)s) THEN 'INR' ELSE 'AED' END,
        (%(categories)s::text[])[place],
        (ARRAY['new', 'like_new', 'good', 'fair'])[1 + floor({share("k", "condition")} * 4)::int],
        CASE WHEN house IS NOT NULL AND feed < 0.25 THEN 'community' ELSE 'discover' END,
        CASE WHEN house IS NOT NULL AND feed < 0.25 THEN house END,
        house IS NOT NULL AND feed < 0.1,
        CASE WHEN house IS NULL OR feed >= 0.25 THEN at
             WHEN feed < 0.1 THEN at + interval '1 day' END,
        neighborhood, '',
        CASE WHEN fate < 0.85 THEN 'active' ELSE 'sold' END,
        jsonb_build_object('lifestyle', jsonb_build_array(
            (%(styles)s::text[])[1 + floor({share("k", "style")} * 6)::int])),
        floor({share("k", "views")} * 90), 0, at,
        CASE WHEN fate >= 0.85 THEN at + (%(now)s - at) / 2 END, '', lat, lng
    FROM drawn
    ON CONFLICT DO NOTHING
"""


def add_generated_products(seed: Seed) -> None:
    """Add a product for everybody in the generated blocks."""
    for people in generated_people(seed):
        seed.step("products", people.start / seed.people)
        with transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute(PRODUCTS, values(seed, people))
            seed.made["products"] += cursor.rowcount
            seed.found["products"] += len(people) - cursor.rowcount


def generated_people(seed: Seed) -> Sequence[range]:
    """The places of generated people, in pieces."""
    return list(chunks(range(BLOCK, seed.people), PEOPLE_AT_ONCE))


def values(seed: Seed, people: range) -> dict[str, Any]:
    """What the statement is told."""
    words = [each for each in table().values() if "status" not in each]
    return {
        "number": str(seed.number),
        "now": seed.present,
        "people": [seed.key("person", index) for index in people],
        "titles": [each["title"] for each in words],
        "texts": [each["description"] for each in words],
        "categories": [each["category"] for each in words],
        "kinds": list(KINDS),
        "styles": list(LIFESTYLES),
        "indian": ["Pune", "Mumbai", "Bengaluru", "Kochi"],
    }
