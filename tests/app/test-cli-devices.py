"""Tests of what a first start compiles, and of the helpers it begins."""
import os
import subprocess
import time

from tap import CLI, PATIENCE_S, PICTURES, STARTER, main

PICTURE = os.path.join(PICTURES, sorted(os.listdir(PICTURES))[0])


def compiled(cache):
    """Names of the kernels in @cache that PoCL has compiled, each with its program's folder."""
    return {os.path.join(folder, name) for folder, _, names in os.walk(cache) for name in names
            if name.endswith(".so") and not name.startswith("tempfile_")}


def helpers(cache):
    """Processes that compile into @cache."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/environ" % pid, "rb") as env, open("/proc/%s/cmdline" % pid, "rb") as line:
                if cache.encode() in env.read() and b"--part=" in line.read():
                    found.append(pid)
        except OSError:
            pass
    return found


def uses_pocl(home):
    return "PoCL" in home.run("devices").expect(0).out


def compile_leaves_nothing_for_the_next_start(home):
    if not uses_pocl(home):
        return "no PoCL here"
    cache = home.file("cache")
    env = {"XDG_CACHE_HOME": cache}
    home.run("devices", "--compile", env=env).expect(0)
    before = compiled(cache)
    home.run("embed", "-m", STARTER, PICTURE, "-o", "out.safetensors", env=env).expect(0)
    assert len(before) > 10 and compiled(cache) == before, compiled(cache) - before


def helpers_end_with_the_first_start(home):
    if not uses_pocl(home):
        return "no PoCL here"
    cache = home.file("cache")
    env = {"XDG_CACHE_HOME": cache}
    first = home.run("devices", "--json", env=env).expect(0)
    assert not helpers(cache)
    # Sealed as they were left: nothing is thrown away, nothing is half.
    before = compiled(cache)
    second = home.run("devices", "--json", env=env).expect(0)
    assert before and compiled(cache) >= before
    assert [d["name"] for d in first.lines()[0]] == [d["name"] for d in second.lines()[0]]


def wait_until(condition):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def a_crash_ends_its_helpers(home):
    if not uses_pocl(home) or os.cpu_count() < 2:
        return "no helpers here"
    cache = home.file("cache")
    first = subprocess.Popen([CLI, "devices"], env=home.environment(XDG_CACHE_HOME=cache), stdout=subprocess.DEVNULL)
    wait_until(lambda: helpers(cache) or first.poll() is not None)
    assert first.poll() is None
    first.kill()
    first.wait()
    wait_until(lambda: not helpers(cache))


def a_share_is_a_fraction(home):
    for share in ("", "1", "2/2", "-1/2", "x"):
        home.run("devices", "--part=" + share).expect(2, "--part")


main(compile_leaves_nothing_for_the_next_start, helpers_end_with_the_first_start, a_crash_ends_its_helpers,
     a_share_is_a_fraction)
