"""The text that clients give back to go on from where they were."""

from hypothesis import given
from hypothesis import strategies as st

from messaging.services.positions import HIGHEST, MAX_LENGTH, Position

NUMBERS = st.integers(0, HIGHEST)
SECONDS = st.integers(0, 10**12 - 1)


@given(NUMBERS, SECONDS, st.none() | st.tuples(NUMBERS, NUMBERS))
def test_a_position_is_read_as_it_was_written(
    horizon: int, seconds: int, after: tuple[int, int] | None
) -> None:
    position = Position(horizon, seconds, after)

    text = str(position)

    assert len(text) <= MAX_LENGTH
    assert Position.read(text) == position


@given(st.text(max_size=100))
def test_any_other_text_is_none(text: str) -> None:
    position = Position.read(text)

    assert position is None or Position.read(str(position)) == position
