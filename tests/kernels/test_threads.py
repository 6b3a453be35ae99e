"""Work shared among threads: all of it done once, errors told, nothing left running."""

import os
import signal
import threading
import time
import weakref

import numpy as np
import pytest

from minitf.kernels import threads


@pytest.fixture(params=[2, 3])
def count(request):
    with threads.limited(request.param):
        yield request.param


@pytest.mark.parametrize("total", [1, 2, 7, 1000])
def test_every_item_is_worked_on_once(count, total):
    seen = np.zeros(total, int)

    def work(start, stop):
        seen[start:stop] += 1

    for _ in range(20):
        threads.parallel(work, total, 1)
    assert (seen == 20).all()


def test_no_thread_gets_less_than_a_grain(count):
    parts = []
    threads.parallel(lambda start, stop: parts.append((start, stop)), 99, 50)
    assert parts == [(0, 99)]


def test_work_goes_on_several_threads_that_are_used_again(count):
    names = [set(), set()]
    for found in names:
        barrier = threading.Barrier(count)

        def work(start, stop, found=found, barrier=barrier):
            barrier.wait(10)  # all at once, or never
            found.add(threading.get_ident())

        threads.parallel(work, count, 1)
    assert len(names[0]) == count
    assert names[0] == names[1]


def test_several_callers_at_once_wait_for_their_own_work_only(count):
    def call_once():
        seen = np.zeros(8, int)

        def work(start, stop):
            seen[start:stop] += 1

        threads.parallel(work, 8, 1)
        return seen.sum()

    def call(results):
        results.extend(call_once() for _ in range(50))

    results = []
    callers = [threading.Thread(target=call, args=(results,)) for _ in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert results == [8] * 200


def test_an_error_in_any_part_is_raised_when_all_are_done(count):
    for failing in range(count):
        done = []

        def work(start, stop, failing=failing, done=done):
            if start == failing:
                raise ZeroDivisionError(start)
            time.sleep(0.01)
            done.append(start)

        with pytest.raises(ZeroDivisionError, match=str(failing)):
            threads.parallel(work, count, 1)
        assert len(done) == count - 1


def test_work_that_is_done_holds_no_arrays(count):
    def call():
        held = np.zeros(count)
        threads.parallel(lambda start, stop: held[start:stop].fill(1), count, 1)
        return weakref.ref(held)

    assert call()() is None


def test_an_interrupt_waits_for_all_parts(count):
    done = []

    def work(start, stop):
        if start == 0:
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)
        done.append(start)

    with pytest.raises(KeyboardInterrupt):
        threads.parallel(work, count, 1)
    assert sorted(done) == list(range(count))
    threads.parallel(lambda start, stop: done.append(start), count, 1)
    assert len(done) == 2 * count


@pytest.mark.filterwarnings("ignore:This process .*is multi-threaded:DeprecationWarning")
def test_a_forked_child_has_threads_of_its_own(count):
    threads.parallel(lambda start, stop: None, count, 1)
    child = os.fork()
    if child == 0:
        done = []
        threads.parallel(lambda start, stop: done.append(start), count, 1)
        os._exit(0 if len(done) == count else 1)
    for _ in range(100):
        finished, status = os.waitpid(child, os.WNOHANG)
        if finished:
            break
        time.sleep(0.1)
    else:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        pytest.fail("the child waits for threads that it does not have")
    assert os.waitstatus_to_exitcode(status) == 0
