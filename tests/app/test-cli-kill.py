"""A dozen kills; tests/bench/bench-kill.py has hundreds, and says what holds."""
import importlib.util
import os

from tap import CLI, ROOT, main

# As in bench-kill.py, the even ones at a random moment, the odd ones in a write.
SEED = 8


def load_bench():
    path = os.path.join(ROOT, "tests", "bench", "bench-kill.py")
    spec = importlib.util.spec_from_file_location("bench_kill", path)
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    return bench


def strike(home, name, kills):
    result = load_bench().run_trial(name, CLI, home.file(name), kills, SEED)
    assert result["kills"] >= kills, "only %d of %d kills met a process" % (result["kills"], kills)


def labels_that_were_reported_done_outlive_kills(home):
    strike(home, "labelling", 4)


def a_project_is_made_whole_or_not_at_all(home):
    strike(home, "making", 2)


def a_killed_run_leaves_a_sound_cache_to_go_on_from(home):
    strike(home, "embedding", 2)


def a_bundle_is_the_old_or_the_new_one_after_a_kill(home):
    strike(home, "training", 2)


def an_exported_list_is_whole_after_a_kill(home):
    strike(home, "export", 1)


def no_verdict_and_no_file_is_lost_with_the_watcher(home):
    strike(home, "watching", 2)


main(labels_that_were_reported_done_outlive_kills, a_project_is_made_whole_or_not_at_all,
     a_killed_run_leaves_a_sound_cache_to_go_on_from, a_bundle_is_the_old_or_the_new_one_after_a_kill,
     an_exported_list_is_whole_after_a_kill, no_verdict_and_no_file_is_lost_with_the_watcher)
