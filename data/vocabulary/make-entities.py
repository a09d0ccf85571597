#!/usr/bin/env python3
"""Writes entities.txt, the HTML5 character references that a text may hold.

    make-entities.py > entities.txt

The names and values are those of the HTML standard, section "Named character
references", as Python's html.entities has them. One reference a line, in the
order of its bytes, so that it is found by bisection without any loading:

    NAME <tab> code points in hexadecimal, parted by blanks [<tab> ^]

A line with ^ is no name of the standard: it is a lower-case name in capitals
("&EACUTE;", from data that were made upper case) with its value in capitals.
Only names that cannot be read otherwise are there.
"""
import html
import html.entities
import sys


def lines():
    names = html.entities.html5
    for name, value in names.items():
        yield name, value, ""
        capital = "&" + name.upper()
        if name.endswith(";") and name == name.lower() and html.unescape(capital) == capital:
            yield name.upper(), value.upper(), "\t^"


for name, value, mark in sorted(lines()):
    sys.stdout.write(f"{name}\t{' '.join('%X' % ord(c) for c in value)}{mark}\n")
