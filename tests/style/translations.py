"""What is wrong with the translations in po/, read without gettext: a language
without its file, a fuzzy or empty string, one whose formats or accelerator
differ from the English, a wrong number of plurals; and a language that lacks a
string of the program.
"""
import ast
import re
import xml.etree.ElementTree as ElementTree

FIELD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) (".*")$')
STRING = r'"(?:[^"\\]|\\.)*"'
STRINGS = rf"((?:{STRING}\s*)+)"
CALLS = [re.compile(rf"(?<!\w)(?:_|N_) ?\(\s*{STRINGS}[,)]"),
         re.compile(rf"(?<!\w)(?:C_|NC_) ?\(\s*{STRING},\s*{STRINGS}[,)]"),
         re.compile(rf"(?<!\w)ngettext ?\(\s*{STRINGS},"),
         re.compile(rf"(?<!\w)g_dngettext ?\(\s*\w+,\s*{STRINGS},")]
FORMAT = re.compile(r"%(?:(\d+)\$)?([-'+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?:hh|h|ll|l|z|j)?[diuxXeEfgGsc%])")


def entries(path):
    """Each as a dict of its fields; "flags" are those of its comment."""
    entry, field = {"flags": ""}, None
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        start = FIELD.match(line)
        if not line:
            if "msgid" in entry:
                yield entry
            entry, field = {"flags": ""}, None
        elif line.startswith("#,"):
            entry["flags"] += line
        elif start:
            field = start[1]
            entry[field] = ast.literal_eval(start[2])
        elif line.startswith('"'):
            entry[field] += ast.literal_eval(line)


def texts(entry):
    return [text for name, text in entry.items() if name.startswith("msgstr")]


def formats(text):
    """The formats in the order of their arguments."""
    found = [(int(place) if place else at, what)
             for at, (place, what) in enumerate(
                 (found for found in FORMAT.findall(text) if found[1] != "%"), 1)]
    return [what for _, what in sorted(found)]


def is_format(entry):
    return "c-format" in entry["flags"] and "no-c-format" not in entry["flags"]


def fault(entry, n_plurals):
    english = entry["msgid"]
    if "fuzzy" in entry["flags"]:
        return "is fuzzy"
    if not all(texts(entry)):
        return "is not translated"
    if len(texts(entry)) != (n_plurals if "msgid_plural" in entry else 1):
        return "has a wrong number of plurals"
    wanted = formats(entry.get("msgid_plural", english))
    if is_format(entry) and any(formats(text) != wanted for text in texts(entry)):
        return f"must have {' '.join(wanted) or 'no format'}"
    if re.search(r"(?<![\w<])_\w", english) and not all("_" in text for text in texts(entry)):
        return "lacks its accelerator"
    if any(text.endswith("\n") != english.endswith("\n") for text in texts(entry)):
        return "begins or ends a line where the English does not"
    return None


def of_c(literal):
    """The escapes of a string in C are of bytes."""
    return literal[1:-1].encode("utf-8").decode("unicode_escape").encode("latin-1").decode("utf-8")


def in_code(text):
    for call in CALLS:
        for found in call.findall(text):
            yield "".join(of_c(part) for part in re.findall(STRING, found))


def in_window(path):
    for element in ElementTree.parse(path).iter():
        if element.get("translatable") == "yes" and element.text:
            yield element.text


def program_strings(root, names):
    found = set()
    for name in names:
        path = root / name
        if name.endswith(".c"):
            found.update(in_code(path.read_text(encoding="utf-8")))
        elif name.endswith(".ui"):
            found.update(in_window(path))
    return found


def faults_of(path, strings):
    found = list(entries(path))
    n_plurals = int(re.search(r"nplurals=(\d+)", found[0]["msgstr"])[1])
    for entry in found[1:]:
        what = fault(entry, n_plurals)
        if what:
            yield f"po/{path.name}: “{entry['msgid']}” {what}"
    lacking = sorted(strings - {entry["msgid"] for entry in found})
    if lacking:
        yield (f"po/{path.name} lacks {len(lacking)} of {len(strings)} strings, as “{lacking[0]}”: "
               "update it with the target handful-update-po, or take it out of po/LINGUAS")


def faults(root, names):
    """Sentences; @names are the files with strings."""
    lines = (root / "po/LINGUAS").read_text(encoding="utf-8").splitlines()
    languages = {line for line in lines if line and not line.startswith("#")}
    files = {path.stem for path in (root / "po").glob("*.po")}
    found = [f"po/LINGUAS names {name}, which has no file" for name in sorted(languages - files)]
    found += [f"po/LINGUAS lacks {name}" for name in sorted(files - languages)]
    strings = program_strings(root, names)
    for name in sorted(files):
        found += faults_of(root / f"po/{name}.po", strings)
    return found
