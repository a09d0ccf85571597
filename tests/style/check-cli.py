#!/usr/bin/env python3
"""Refuses a man page or a shell completion that does not say what handful-cli
can do: every verb and option of --help must be in both, and no other, and every
verb in an example of the man page, too.

    check-cli.py HANDFUL_CLI SOURCE_ROOT
"""
import pathlib
import re
import subprocess
import sys

program, root = sys.argv[1], pathlib.Path(sys.argv[2])
# These have verbs of their own.
NESTED = ("label", "models", "project")


def ask(*verb):
    done = subprocess.run([program, *verb, "--help"], stdout=subprocess.PIPE, check=True)
    return done.stdout.decode("utf-8")


def verbs_of(text):
    """The names in the list of a help text: two blanks, a word or more, a sentence."""
    return re.findall(r"^  ((?:[a-z]+ )?[a-z-]+) {2,}[A-Z]", text, re.M)


def faults():
    manual = (root / "data/man/handful-cli.1").read_text(encoding="utf-8")
    completion = (root / "data/completions/handful-cli").read_text(encoding="utf-8")
    examples = manual.partition(".Sh EXAMPLES")[2]
    written = set(re.findall(r"\bFl -([a-z0-9-]+)", manual))
    offered = set(re.findall(r"--([a-z0-9-]+)", completion))
    verbs = [[verb] for verb in verbs_of(ask()) if verb not in NESTED]
    verbs += [verb.split() for nested in NESTED for verb in verbs_of(ask(nested))]
    known = {"help", "version"}
    if len(verbs) < 8:
        yield f"--help names only the verbs {verbs}"
    for verb in verbs:
        name = " ".join(verb)
        if not re.search(rf"\bCm {name}\b", manual):
            yield f"the man page does not know the verb {name}"
        if f"handful-cli {name} " not in examples.replace("\n", " "):
            yield f"the man page has no example of {name}"
        if not re.search(rf"\b{verb[-1]}\b", completion):
            yield f"the completion does not know the verb {name}"
        options = set(re.findall(r"--([a-z0-9-]+)[ =,]", ask(*verb)))
        known |= options
        for option in sorted(options - written):
            yield f"the man page does not know --{option} of {name}"
        for option in sorted(options - offered):
            yield f"the completion does not know --{option} of {name}"
    for option in sorted(written - known):
        yield f"the man page has --{option}, which no verb has"
    # The completion asks handful-cli for names by options of its own.
    for option in sorted(offered - known):
        yield f"the completion has --{option}, which no verb has"


found = list(faults())
for line in found:
    print(line)
sys.exit(1 if found else 0)
