"""The one state machine: where each move leads, and where none does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.states import OPEN, SENT, Move, MoveRefused, ReportState, after, moves_from


def test_an_ordinary_report_goes_from_the_clerk_to_its_approval() -> None:
    state = ReportState.DRAFT
    for move in (Move.SEND, Move.BEGIN_REVIEW, Move.RETURN, Move.SEND, Move.BEGIN_REVIEW, Move.APPROVE):
        state = after(state, move)
    assert state is ReportState.APPROVED


def test_once_it_is_reviewed_a_report_cannot_be_withdrawn() -> None:
    with pytest.raises(MoveRefused) as refused:
        after(ReportState.REVIEWING, Move.WITHDRAW)
    assert (refused.value.state, refused.value.move) == (ReportState.REVIEWING, Move.WITHDRAW)


@given(st.lists(st.sampled_from(Move)))
def test_whatever_is_tried_the_clerk_never_changes_what_lies_with_the_office(moves: list[Move]) -> None:
    state = ReportState.DRAFT
    for move in moves:
        if move in moves_from(state):
            state = after(state, move)
        else:
            with pytest.raises(MoveRefused):
                after(state, move)
        # It is the clerk's, or the head's, or the office's: never two at once.
        assert (state in OPEN) + (state is ReportState.SIGNING) + (state in SENT) == 1


@pytest.mark.parametrize("state", ReportState)
def test_every_state_can_be_left(state: ReportState) -> None:
    assert moves_from(state)


@pytest.mark.parametrize("state", set(ReportState) - {ReportState.DRAFT})
def test_every_state_can_be_reached(state: ReportState) -> None:
    assert any(after(before, move) is state for before in ReportState for move in moves_from(before))
