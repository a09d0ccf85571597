#!/usr/bin/env bash
# demo.sh HANDFUL_CLI SAMPLE OUT: what one does in the window, in the terminal:
# vectors, zero-shot, ten labels a class, doubtful labels, held-out rates,
# bundle, check, verdicts. Everything it writes lies in OUT, which it empties;
# it ends with 0 only if every step did what it must.
set -euo pipefail
cli=$(realpath "$1")
sample=$(realpath "$2")
out=$3
classes=(good rusty cracked scratched)
per_class=10
template="a photo of a {class} bearing ring"

if [[ -e $out && ! -w $out/commands.log ]]; then
  printf "%s is there and was not made by the demo, or is another user's: remove it, or name another folder.\n" "$out" >&2
  exit 1
fi
rm -rf "$out"
mkdir -p "$out"
out=$(realpath "$out")
cd "$out"
exec 3>commands.log
cp -R "$sample/rings" "$sample/given.csv" "$sample/truth.csv" .

fail () {
  printf 'The demo stopped: %s\nWhat was written until then lies in %s.\n' "$1" "$out" >&2
  exit 1
}

title () { if [[ -t 1 ]]; then printf '\n\033[1m%s\033[0m\n' "$1"; else printf '\n%s\n' "$1"; fi; }

# ask STATUS FILE ARGUMENT...: runs handful-cli, its answer to FILE. STATUS is
# what it must end with: 3 where the picture that cannot be read is met.
ask () {
  local wanted=$1 file=$2 status=0
  shift 2
  { printf 'handful-cli' && printf ' %q' "$@" && printf '\n'; } >&3
  "$cli" "$@" >"$file" 2>messages.txt || status=$?
  [[ $status == "$wanted" ]] && return
  cat messages.txt >&2
  fail "handful-cli $1 ended with $status, not $wanted."
}

# The given labels, wrong ones too, and true ones up to ten a class: of each
# class one a lot, and again, so that every class is seen in several lots.
choose_labels () {
  awk -F, -v n="$per_class" '
    NR == FNR { if (FNR > 1) given[$1] = $2; next }
    FNR == 1 { print "path,label,group"; next }
    $1 in given { print $1 "," given[$1] "," $3; n_of[$2]++; next }
    $2 != "" { rows[++m] = $0 }
    END {
      for (turn = 1; turn <= n; turn++) {
        split("", met)
        for (i = 1; i <= m; i++) {
          split(rows[i], f, ",")
          if (i in done || n_of[f[2]] >= n || (f[2], f[3]) in met) continue
          met[f[2], f[3]] = done[i] = 1
          n_of[f[2]]++
          print f[1] "," f[2] "," f[3]
        }
      }
    }' given.csv truth.csv
}

# What a person makes of the labels who looks at them again, and is right.
correct_labels () {
  awk -F, '
    NR == FNR { truth[$1] = $2; next }
    FNR == 1 { print; next }
    { print $1 "," truth[$1] "," $3 }' truth.csv labels.csv
}

# rate NAME PROBE: a line of evaluate's answer, without its name.
rate () {
  awk -v name="  $1" -v probe="$2" '
    /^[^ ]/ { at = $1 }
    at == probe && index($0, name) == 1 { print substr($0, 18); exit }' evaluate.txt
}

# k of n over verdicts, against the truth.
count_verdicts () {
  awk -F, '
    NR == FNR { truth[$1] = $2; next }
    FNR == 1 { for (i = 1; i <= NF; i++) if ($i == "verdict") v = i; if (!v) exit 1; next }
    truth[$1] == "" { strangers++; strange += $v == "unknown"; next }
    truth[$1] == "good" { good++; overkill += $v != "pass"; next }
    { defects++; escapes += $v == "pass" }
    END {
      if (!good || !defects || !strangers) exit 1
      printf "%d of %d defects pass as good.\n", escapes, defects
      printf "%d of %d good rings do not pass.\n", overkill, good
      printf "%d of %d things that are no ring are unknown.\n", strange, strangers
    }' truth.csv verdicts.csv
}

title "1  Vectors of all pictures"
ask 3 answer.txt embed -o rings.safetensors rings
torn=$(awk -F, '$4 ~ /cannot be read/ { print $1 }' truth.csv)
grep -F "$torn" messages.txt || fail "$torn cannot be read, and was not named."

title "2  Words only, no label"
class_options=()
for class in "${classes[@]}"; do class_options+=(--class "$class"); done
ask 3 zero-shot.txt classify "${class_options[@]}" --template "$template" rings
head -n 4 zero-shot.txt

title "3  Ten labels a class"
choose_labels >labels.csv
ask 0 answer.txt project new rings.handful rings
ask 0 answer.txt project class rings.handful --kind good good
ask 0 answer.txt project class rings.handful --kind defect rusty cracked scratched
ask 0 answer.txt project template rings.handful "$template"
ask 0 answer.txt label import -P rings.handful --good good labels.csv
cat answer.txt

title "4  Labels to look at again"
ask 0 doubt.txt doubt -P rings.handful -n 8
cat doubt.txt
correct_labels >corrected.csv
wrong=$(grep -vxFf corrected.csv labels.csv | cut -d, -f1)
(($(wc -l <<<"$wrong") == 2)) || fail "the sample has two wrong labels, and these are wrong: $wrong"
n_found=$(grep -cF "$wrong" doubt.txt || true)
printf 'Two of the labels that came with the sample are wrong; found in this list: %d. Both are put right.\n' "$n_found"
ask 0 answer.txt label import -P rings.handful --good good corrected.csv

title "5  On lots that the probe has not seen"
ask 0 evaluate.txt evaluate -P rings.handful --probe zero-shot --probe auto
for name in "escape rate" overkill accuracy; do
  words=$(rate "$name" zero-shot)
  trained=$(rate "$name" auto)
  [[ -n $words && -n $trained ]] || fail "evaluate did not say the $name."
  printf '%-12s  words only   %s\n%-12s  %d a class   %s\n' "$name" "$words" "" "$per_class" "$trained"
done

title "6  A bundle for the line PC"
ask 0 train.txt train -P rings.handful --include-model -o rings.probe
ask 0 answer.txt verify rings.probe
cat answer.txt

title "7  Verdicts on the pictures without a label"
awk -F, 'NR == FNR { labelled[$1] = 1; next } FNR > 1 && !($1 in labelled) { print $1 }' corrected.csv truth.csv >new.txt
ask 3 verdicts.csv predict rings.probe --csv - <new.txt
(($(wc -l <verdicts.csv) == $(wc -l <new.txt))) || fail "not every new picture but the torn one has a verdict."
count_verdicts || fail "the verdicts do not fit the truth file."

rm -f answer.txt messages.txt new.txt
title "In $out"
printf '%-18s  %s\n' \
  rings.handful "the project, to go on with: ./run window $(printf %q "$out/rings.handful")" \
  rings.probe "the bundle, with the model inside" \
  rings.safetensors "the vectors of all pictures" \
  labels.csv "ten labels a class; corrected.csv is without the wrong ones" \
  evaluate.txt "all rates, class by class" \
  verdicts.csv "a line a picture" \
  commands.log "every command of this demo"
