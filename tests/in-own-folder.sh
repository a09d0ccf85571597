#!/bin/sh
# in-own-folder.sh COMMAND [ARGUMENT...]: runs a test with a temporary folder of
# its own and removes that with all that was left there, also when the test, or
# this, is told to end.
folder=$(mktemp -d "${TMPDIR:-/tmp}/handful-test-XXXXXX") || exit 1
# Some tests go on as another user.
chmod 711 "$folder"
trap 'rm -rf "$folder"' EXIT
trap 'exit 143' HUP INT TERM
TMPDIR=$folder "$@"
