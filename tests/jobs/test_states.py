"""The table of moves, judged as a whole: PURE."""

import pytest

from videos.states import (
    ENDED,
    MOVES,
    OBSERVED,
    PAID_AND_OPEN,
    SHOWN,
    UNFINISHED,
    Event,
    IllegalMove,
    State,
    after,
)

# Moves that leave behind an attempt which is charged or which nobody knows about.
LEAVES_MONEY = {
    State.UNKNOWN,
    State.RUNNING,
    State.EXPIRED,
    State.LOST,
    State.DOWNLOADING,
    State.DOWNLOAD_FAILED,
    State.SUCCEEDED,
}


def ways_out(state):
    return {event: to for (came_from, event), to in MOVES.items() if came_from == state}


def reachable(start, without=frozenset()):
    seen, todo = set(), [start]
    while todo:
        state = todo.pop()
        for event, to in ways_out(state).items():
            if event not in without and to not in seen:
                seen.add(to)
                todo.append(to)
    return seen


@pytest.mark.parametrize("state", sorted(LEAVES_MONEY))
def test_from_money_there_is_no_way_back_to_sending_but_a_persons_word(state):
    sending = {State.QUEUED, State.SUBMITTING}
    assert reachable(state, without={Event.TRY_AGAIN}) & sending == set()


def test_the_only_repetition_without_a_person_is_the_replay():
    back = {event for event, to in ways_out(State.SUBMITTING).items() if to == State.SUBMITTING}
    assert back == {Event.REPLAY}
    into = {event for (_state, event), to in MOVES.items() if to == State.SUBMITTING}
    assert into == {Event.CLAIM, Event.REPLAY}


def test_an_end_is_an_end():
    assert ways_out(State.CANCELED) == {}


def test_a_success_is_only_fetched_again():
    assert ways_out(State.SUCCEEDED) == {Event.FETCH_AGAIN: State.DOWNLOADING}


def test_f31_from_failed_a_film_is_the_only_way():
    assert ways_out(State.FAILED) == {Event.MADE: State.DOWNLOADING}


def test_what_is_lost_or_late_still_accepts_a_success():
    for state in (State.EXPIRED, State.LOST):
        assert ways_out(state)[Event.MADE] == State.DOWNLOADING


def test_only_a_stored_file_is_a_success():
    assert [way for way, to in MOVES.items() if to == State.SUCCEEDED] == [(State.DOWNLOADING, Event.STORED)]


def test_every_state_is_reached_and_every_event_used():
    assert reachable(State.QUEUED) | {State.QUEUED} == set(State)
    assert {event for _state, event in MOVES} == set(Event)


def test_everything_unfinished_can_end_without_a_person_or_waits_for_one():
    for state in UNFINISHED - {State.UNKNOWN}:
        assert (
            reachable(state, without={Event.CANCEL, Event.TRY_AGAIN, Event.GIVE_UP, Event.FETCH_AGAIN})
            & ENDED
        )


def test_the_sets_fit_each_other():
    assert ENDED | UNFINISHED == set(State)
    assert OBSERVED <= UNFINISHED
    assert PAID_AND_OPEN <= UNFINISHED
    assert State.QUEUED not in PAID_AND_OPEN
    assert set(SHOWN) == set(State)


@pytest.mark.parametrize("state", State)
def test_what_the_table_does_not_have_is_illegal(state):
    for event in set(Event) - set(ways_out(state)):
        with pytest.raises(IllegalMove):
            after(state, event)
