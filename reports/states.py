"""Where a report stands on its way, and the moves that take it on: the one state machine."""

from enum import StrEnum
from typing import Final


class ReportState(StrEnum):
    """Where a report stands; whether its documents are made is told by their job."""

    DRAFT = "draft"
    SIGNING = "signing"
    SUBMITTED = "submitted"
    REVIEWING = "reviewing"
    RETURNED = "returned"
    APPROVED = "approved"


class Move(StrEnum):
    """What is done with a report by the clerk, the head of the unit, or the reviewer."""

    ASK_HEAD = "ask_head"
    HAND_BACK = "hand_back"
    SEND = "send"
    WITHDRAW = "withdraw"
    BEGIN_REVIEW = "begin_review"
    RETURN = "return"
    APPROVE = "approve"
    REOPEN = "reopen"


_DRAFT, _SIGNING = ReportState.DRAFT, ReportState.SIGNING
_SUBMITTED, _REVIEWING = ReportState.SUBMITTED, ReportState.REVIEWING
_RETURNED, _APPROVED = ReportState.RETURNED, ReportState.APPROVED

_WAYS: Final = {
    Move.ASK_HEAD: {_DRAFT: _SIGNING, _RETURNED: _SIGNING},
    Move.HAND_BACK: {_SIGNING: _DRAFT},
    Move.SEND: {_DRAFT: _SUBMITTED, _RETURNED: _SUBMITTED, _SIGNING: _SUBMITTED},
    Move.WITHDRAW: {_SUBMITTED: _DRAFT, _SIGNING: _DRAFT},
    Move.BEGIN_REVIEW: {_SUBMITTED: _REVIEWING},
    Move.RETURN: {_SUBMITTED: _RETURNED, _REVIEWING: _RETURNED},
    Move.APPROVE: {_SUBMITTED: _APPROVED, _REVIEWING: _APPROVED},
    # A mistake found after the approval; what was published stays readable, with a note.
    Move.REOPEN: {_APPROVED: _RETURNED},
}
# In these the clerk may change what is filled in.
OPEN: Final = frozenset({_DRAFT, _RETURNED})
# In these the answers last sent are the ones that count.
SENT: Final = frozenset({_SUBMITTED, _REVIEWING, _APPROVED})


class MoveRefused(ValueError):
    """The report stands where this move does not lead on."""

    code = "move_refused"

    def __init__(self, state: ReportState, move: Move) -> None:
        self.state, self.move = state, move
        super().__init__(f"{move.value} from {state.value}")


def after(state: ReportState, move: Move) -> ReportState:
    """The state that a move leads to; MoveRefused when it leads nowhere from here."""
    try:
        return _WAYS[move][state]
    except KeyError:
        raise MoveRefused(state, move) from None


def moves_from(state: ReportState) -> frozenset[Move]:
    """Every move that is possible in this state."""
    return frozenset(move for move, ways in _WAYS.items() if state in ways)
