"""Words in a search for products, also misspelt ones."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection, transaction

from catalog.querysets.feeds import plain_words, words

# So few finds are little: then words that look alike are looked for as well.
LITTLE = 5
# Longer searches are not somebody's mistyped wish.
MOST_CORRECTED = 4
SHORTEST = 3
MOST_ALIKE = 3
TITLES_LOOKED_AT = 100
# How many of a word's pieces of three letters a title has to have, for the index to bring it up:
# one wrong letter in a word of four leaves two of five.
LEAST_SHARE = 0.4
# How alike two words are, letter by letter, for one to be taken for the other.
LEAST_LIKENESS = 0.75
# From so many matches on a search cannot have found little.
COMMON = 20_000
DELIBERATE = re.compile(r'"|(?:^|\s)-\w|\sor\s', re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, and about how many products of the feed are expected to match."""

    query: SearchQuery
    expected: int


def search_for(text: str, *, feed: Any) -> Search:
    """What to look for in ``feed`` when somebody types ``text``.

    Every word counts in any of its forms. Where the whole feed has less than five products that
    have all of them, typing errors are forgiven: for each word the ones that look like it in the
    titles of the feed will do. Who writes quotes, "or" or a minus knows what they want and gets
    just that.
    """
    exact = words(text)
    typed = WORD.findall(text)
    expected = _expected(feed.with_words(exact))
    if expected >= COMMON or not _is_little(feed.with_words(exact)):
        return Search(exact, expected)
    if DELIBERATE.search(text) or not 0 < len(typed) <= MOST_CORRECTED:
        return Search(exact, 0)
    query = exact | _forgiving(typed, feed)
    found = feed.with_words(query)
    return Search(query, 0 if _is_little(found) else _expected(found))


def _expected(found: Any) -> int:
    """How many matches PostgreSQL expects, which knows how common every common word is."""
    plan = json.loads(found.order_by().values("pk").explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])


def _is_little(found: Any) -> bool:
    """Whether next to nothing has the words; it is the index of words that is asked."""
    with _told(enable_seqscan="off", enable_indexscan="off"):
        return len(found.order_by().values_list("pk")[:LITTLE]) < LITTLE


def _forgiving(typed: list[str], feed: Any) -> SearchQuery:
    choices = [
        reduce(or_, (plain_words(word) for word in [each, *_alike(each, feed)])) for each in typed
    ]
    query: SearchQuery = reduce(and_, choices)
    return query


def _alike(word: str, feed: Any) -> list[str]:
    """Words in titles of ``feed`` that look like ``word``, the likest first."""
    if len(word) < SHORTEST:
        return []
    with _told(**{"pg_trgm.word_similarity_threshold": str(LEAST_SHARE)}):
        titles = feed.with_similar_title(word).order_by().values_list("title", flat=True)
        seen = {each.lower() for title in titles[:TITLES_LOOKED_AT] for each in WORD.findall(title)}
    others = sorted(seen - {word.lower()})
    return get_close_matches(word.lower(), others, n=MOST_ALIKE, cutoff=LEAST_LIKENESS)


@contextmanager
def _told(**parameters: str) -> Iterator[None]:
    """Parameters of the planner and of indexes, for what is read inside."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for name, value in parameters.items():
                cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        yield
        # Nothing was written; what was told is forgotten, also by a transaction around this one.
        transaction.set_rollback(True)
