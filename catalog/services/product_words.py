"""Words in a search for products, also misspelt ones."""

import re
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Upper

# So few finds are little: then titles with something like the words are looked for as well.
LITTLE = 5
MOST_SIMILAR = 200
# One wrong letter in a word of four leaves two of five pieces of three letters as they were.
LEAST_SIMILARITY = 0.4
DELIBERATE = re.compile(r'"|(?:^|\s)-\w|\sor\s', re.IGNORECASE)


def found_by(products: Any, text: str, *, feed: Any) -> Any:
    """Those of ``products`` that ``text`` finds.

    Every word counts in any of its forms, in the title, the tags or the description. Where the
    whole ``feed`` has less than five such products, typing errors are forgiven: titles that have
    something like ``text`` are found, too, the two hundred most similar ones of the feed. Who
    writes quotes, "or" or a minus knows what they want and gets just that.
    """
    enough = feed.with_words(text).order_by().values("pk")[:LITTLE]
    if DELIBERATE.search(text) or enough.count() >= LITTLE:
        return products.with_words(text)
    return products.filter(
        Q(pk__in=products.with_words(text).order_by().values("pk"))
        | Q(pk__in=similar_to(feed=feed, text=text))
    )


def similar_to(*, feed: Any, text: str) -> list[UUID]:
    """The products of ``feed`` whose titles have something like ``text``, most similar first."""
    likeness = TrigramWordSimilarity(Value(text.upper()), Upper("title"))
    with transaction.atomic():
        _forgive()
        found = (
            feed.with_similar_title(text)
            .annotate(likeness=likeness)
            .order_by(F("likeness").desc(), "-pk")
            .values_list("pk", flat=True)
        )
        return list(found[:MOST_SIMILAR])


def _forgive() -> None:
    """Let the index find what is this similar, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)",
            [str(LEAST_SIMILARITY)],
        )
