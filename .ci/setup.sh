# Sourced by run and test: installs what is missing and builds in build/.
# Everything it says goes to stderr.

say () { printf '%s\n' "$*" >&2; }

# Whether line "PACKAGE KIND WHAT" of .ci/packages is satisfied.
is_there () {
  local path
  case $2 in
    command) command -v "$3" >/dev/null ;;
    module) command -v pkg-config >/dev/null && pkg-config --exists "$3" ;;
    file)
      for path in $3; do
        [[ -e $path ]] && return
      done
      return 1 ;;
  esac
}

can_be_root () { [[ $EUID -eq 0 ]] || command -v sudo >/dev/null; }

missing_packages () {
  local package kind what
  while read -r package kind what; do
    [[ -z $package || $package == \#* ]] && continue
    is_there "$package" "$kind" "$what" || printf '%s\n' "$package"
  done < .ci/packages
}

# Asks at a terminal; elsewhere goes on only as root or in a CI.
may_install () {
  can_be_root || return
  if [[ -t 0 && -t 2 ]]; then
    local answer
    read -r -p "Install them now with apt-get? [Y/n] " answer
    [[ -z $answer || $answer == [Yy]* ]]
  else
    [[ $EUID -eq 0 || -n ${CI:-} ]]
  fi
}

install_packages () {
  local as_root=()
  [[ $EUID -eq 0 ]] || as_root=(sudo)
  "${as_root[@]}" apt-get update >&2 || return
  # For a test of the layout, which is skipped where no such package is.
  apt-cache show clang-format-14 >/dev/null 2>&1 && set -- "$@" clang-format-14
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >&2
}

set_up () {
  local missing
  mapfile -t missing < <(missing_packages)
  ((${#missing[@]} == 0)) && return
  say "Handful needs these packages (Debian's names): ${missing[*]}"
  if ! command -v apt-get >/dev/null; then
    say "Install them with the package manager of this system and run this again."
    exit 1
  fi
  if ! may_install || ! install_packages "${missing[@]}"; then
    if can_be_root; then
      say "Install them with: sudo apt-get install ${missing[*]}"
    else
      say "There is no sudo here; install them as root: apt-get install ${missing[*]}"
    fi
    exit 1
  fi
}

# Says what a compiler only hints at: that FOLDER is somebody else's, as after
# `sudo ./run`, or lies where nothing can be written.
explain_permissions () {
  local path=$PWD/$1
  [[ -e $path ]] || path=$PWD
  [[ -w $path ]] && return
  say "$(id -un) cannot write to $path (owner: $(stat -c %U "$path"))."
}

# Whether FOLDER has all of $target as the sources are now.
is_built () {
  [[ -f $1/build.ninja ]] && ninja -C "$1" -n ${target:+"$target"} 2>/dev/null | grep -q "no work to do"
}

# build FOLDER OPTION...: silent if all goes well. $target names what is built,
# as a rule everything.
build () {
  local folder=$1 log
  shift
  log=$(mktemp)
  is_built "$folder" || say "Building Handful in $folder, this can take a minute or two ..."
  if { [[ -f $folder/build.ninja ]] || meson setup "$folder" "$@"; } >"$log" 2>&1 &&
    ninja -C "$folder" ${target:+"$target"} >>"$log" 2>&1; then
    rm -f "$log"
  else
    cat "$log" >&2
    rm -f "$log"
    say "Handful could not be built; the lines above say why."
    explain_permissions "$folder"
    exit 1
  fi
}

# Tests wait as much as they compute: with one more than there are processors
# none of these is idle meanwhile.
export MESON_TESTTHREADS=${MESON_TESTTHREADS:-$(($(nproc) + 1))}
