"""What processes tell each other, within PostgreSQL's bounds."""

from uuid import uuid4

import pytest

from messaging.services.live_notes import (
    MAX_BYTES,
    Happened,
    Mark,
    Passing,
    Recheck,
    note_of_passing,
    note_of_recheck,
    notes_of_events,
    read_note,
)


def test_many_events_are_told_in_short_notes() -> None:
    events = [(uuid4(), 2**63 - 1 - number) for number in range(500)]

    notes = list(notes_of_events(events))

    assert max(len(note) for note in notes) <= MAX_BYTES
    read = [read_note(note) for note in notes]
    told = [pair for note in read if isinstance(note, Happened) for pair in note.events]
    assert told == events


def test_notes_are_read_as_they_were_written() -> None:
    person = uuid4()
    data = {"conversation": "x", "count": 3}

    assert read_note(note_of_recheck(person)) == Recheck(person)
    passing = note_of_passing("stream:1", "stream.viewers", data)
    assert read_note(passing) == Passing("stream:1", "stream.viewers", data)
    assert read_note("m 17 1795867200") == Mark(17, 1795867200)


@pytest.mark.parametrize("text", ["", "z 1", "e", "e x:1", "e :", "p {", "p []", "r x", "m 1"])
def test_notes_of_another_version_are_passed_over(text: str) -> None:
    assert read_note(text) is None


def test_what_passes_must_be_short() -> None:
    with pytest.raises(ValueError, match="too much"):
        note_of_passing("stream:1", "stream.viewers", {"x": "y" * 8000})
