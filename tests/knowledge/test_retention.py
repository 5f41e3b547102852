import threading

from knowledge.retention import keep


def test_old_questions_are_removed_again_and_again_also_after_a_failure():
    stop, enough, asked = threading.Event(), threading.Event(), []

    def expire(days: int) -> None:
        asked.append(days)
        if len(asked) == 1:
            raise OSError("the database is locked")
        if len(asked) >= 3:
            enough.set()

    thread = keep(expire, 90, stop, every=0.001)
    assert enough.wait(10)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert set(asked) == {90}
