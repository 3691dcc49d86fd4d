"""What Courtyard promises to do, row by row; each row is proved by tests that carry its id."""

from dataclasses import dataclass

MUST = "must"
SHOULD = "should"


@dataclass(frozen=True, slots=True)
class Capability:
    """One promise: its id in the specification, how binding it is, and a sentence."""

    id: str
    priority: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Vertical:
    """The promises of one part of the platform."""

    title: str
    rows: tuple[Capability, ...]


def must(identifier: str, sentence: str) -> Capability:
    """A promise that the platform is nothing without."""
    return Capability(identifier, MUST, sentence)


def should(identifier: str, sentence: str) -> Capability:
    """A promise that the platform would be poorer without."""
    return Capability(identifier, SHOULD, sentence)
