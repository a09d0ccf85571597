"""The pages of docs/how-to and the tutorial: every command in them is run as it
stands, page by page, in a copy of data/sample. Of README.md, too, where what
it prints must be what the page shows.

In a page a block ```sh is a script. Its first line may say `# needs: TOOL`,
then it is run where that program is, or `# not run: needs the network ...`."""
import os
import re
import shutil
import subprocess

from tap import CLI, ROOT, main

BLOCK = re.compile(r"^( *)```sh\n(.*?)^ *```$", re.M | re.S)
DOCS = os.path.join(ROOT, "docs")
PAGES = [os.path.join("how-to", name) for name in sorted(os.listdir(os.path.join(DOCS, "how-to")))
         if name != "read-a-bundle.md"] + ["tutorial.md"]
# One picture of the sample is torn; what meets it ends with 3, and no page minds.
CALM = """#!/bin/sh
status=0
errors=$(mktemp -p "{folder}")
"{cli}" "$@" 2> "$errors" || status=$?
cat "$errors" >&2
[ "$status" = 3 ] && grep -q lot19__32.jpg "$errors" && ! grep -qv lot19__32.jpg "$errors" && exit 0
exit "$status"
"""
# How many blocks of all pages may stay unrun for want of a network.
UNRUN = 2


def read(page):
    with open(os.path.join(DOCS, page), encoding="utf-8") as f:
        return f.read()


def blocks(page):
    for indent, text in BLOCK.findall(read(page)):
        yield "".join(line[len(indent):] for line in text.splitlines(True))


def settle(home):
    """A clone's data folder, and handful-cli on the path. What a reader has made
    in the sample stays where it is."""
    sample = home.file("clone", "data", "sample")
    os.makedirs(sample)
    shutil.copytree(os.path.join(ROOT, "data", "sample", "rings"), os.path.join(sample, "rings"))
    for name in ("given.csv", "truth.csv"):
        shutil.copy(os.path.join(ROOT, "data", "sample", name), sample)
    os.symlink(os.path.join(ROOT, "data", "models"), home.file("clone", "data", "models"))
    os.mkdir(home.file("bin"))
    with open(home.file("bin", "handful-cli"), "w", encoding="utf-8") as f:
        f.write(CALM.format(cli=CLI, folder=home.path))
    os.chmod(home.file("bin", "handful-cli"), 0o755)
    return home.environment(PATH=home.file("bin") + os.pathsep + os.environ["PATH"])


def works(tool, env):
    """Whether a program is there and starts: half an installation is none."""
    return shutil.which(tool) is not None and subprocess.run(
        [tool, "--version"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env=env, check=False).returncode == 0


def run_page(home, page):
    env = settle(home)
    n = 0
    for text in blocks(page):
        first = text.splitlines()[0]
        needs = re.match(r"# needs: ([\w-]+)$", first)
        if first.startswith("# not run: needs the network"):
            continue
        if needs and not works(needs.group(1), env):
            print("# %s: %s is not here, a block was left out" % (page, needs.group(1)), flush=True)
            continue
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", text], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env, timeout=400,
                              cwd=home.file("clone", "data", "sample"), check=False)
        assert done.returncode == 0, "%s ended with %d:\n%s\n%s" % (
            page, done.returncode, text, done.stdout.decode("utf-8", "replace")[-3000:])
        n += 1
    assert n > 0, "nothing of %s was run" % page


def agrees(shown, printed):
    """Whether a line was printed as it is shown: "..." stands for anything, and
    the last digits of a fraction may differ from one device to another."""
    form = re.escape(shown.strip()).replace(r"\.\.\.", ".*")
    form = re.sub(r"(\\ )+", " +", re.sub(r"\d+(?:\\\.\d+)?", r"([\\d.]+)", form))
    found = re.fullmatch(form, printed.strip())
    if found is None:
        return False
    pairs = zip(re.findall(r"\d+(?:\.\d+)?", shown), found.groups())
    return all(a == b or ("." in a and abs(float(a) - float(b)) <= 2 * 10 ** -min(len(a.partition(".")[2]), 4))
               for a, b in pairs)


def readme_examples():
    """(command, lines that it prints), of those that need no network."""
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as f:
        found = re.findall(r"^    \$ ((?:.*\\\n)*.*)\n((?:    (?!\$ ).*\n)*)", f.read(), re.M)
    for command, shown in found:
        if not re.search(r"models (get|add)|--model mine", command):
            yield command, shown.splitlines()


def the_readme_shows_what_is_printed(home):
    env = settle(home)
    folder = home.file("clone")
    n = 0
    for command, shown in readme_examples():
        if command.startswith("cd "):
            folder = os.path.join(folder, command[3:])
            continue
        done = subprocess.run(["bash", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=env, timeout=400, cwd=folder, check=False)
        assert done.returncode == 0, (command, done.stderr)
        if shown:
            lines = done.stdout.decode("utf-8").splitlines()
            assert len(lines) == len(shown) and all(map(agrees, shown, lines)), (command, lines)
        n += bool(shown)
    assert n >= 4, "the README shows what %d commands print" % n


def only_what_needs_the_network_is_not_run(home):
    unrun = [text for page in PAGES for text in blocks(page) if "# not run" in text]
    assert len(unrun) <= UNRUN, unrun
    for text in unrun:
        assert text.startswith("# not run: needs the network"), text
    for page in PAGES:
        # A command outside of a block is a command that no test sees.
        rest = BLOCK.sub("", read(page))
        assert not re.search(r"^ {0,6}(\$ )?handful-cli ", rest, re.M), page


def test_of(page):
    def test(home):
        run_page(home, page)
    test.__name__ = "the_commands_of_" + re.sub(r"\W", "_", page[:-3])
    return test


main(the_readme_shows_what_is_printed, only_what_needs_the_network_is_not_run, *map(test_of, PAGES))
