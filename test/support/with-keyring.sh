#!/usr/bin/env bash
# Runs a command with a session bus, a fresh home and a real keyring (gnome-keyring) of its own.
#   with-keyring.sh COMMAND [ARG…]            the keyring is unlocked and empty
#   with-keyring.sh --locked COMMAND [ARG…]   it is locked and holds service "baton", account "LOCKED_AWAY"
#   with-keyring.sh --asking COMMAND [ARG…]   it is locked, and asks on a screen of its own (DISPLAY): nobody sees it,
#                                             but xdotool can type there. The password is "practice".
#   with-keyring.sh --check                   says what is missing, if anything (exit code 1), and installs nothing
# The command sees HOME (removed afterwards) and BATON_KEYRING=unlocked|locked|asking; caches stay those of the caller. The
# exit code is the command's, 69 when there can be no keyring here. Root gets what is missing installed.
set -euo pipefail
packages='dbus gnome-keyring libsecret-1-0 libsecret-tools'

missing() {
  local tool
  for tool in dbus-daemon dbus-send gnome-keyring-daemon secret-tool "$@"; do
    command -v "$tool" >/dev/null || printf '%s ' "$tool"
  done
}

case ${1:-} in
  '')
    sed -n '2,9p' "$0" >&2
    exit 2
    ;;
  --check)
    shift
    [ -z "$(missing "$@")" ] && exit 0
    echo "missing: $(missing "$@")(Debian: apt-get install $packages gcr xdotool xvfb)"
    exit 1
    ;;
  --locked) state=locked; shift ;;
  --asking) state=asking; shift ;;
  *) state=unlocked ;;
esac

wanted=''
[ "$state" = asking ] && wanted='Xvfb xdotool' && packages="$packages gcr xdotool xvfb"
# shellcheck disable=SC2086
if [ -n "$(missing $wanted)" ]; then
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "A keyring needs $(missing $wanted): install the packages $packages." >&2
    exit 69
  fi
  apt-get update -qq >/dev/null
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
fi

export XDG_CACHE_HOME=${XDG_CACHE_HOME:-$HOME/.cache} npm_config_cache=${npm_config_cache:-$HOME/.npm}
HOME=$(mktemp -d "${TMPDIR:-/tmp}/baton-keyring.XXXXXX")
export HOME XDG_RUNTIME_DIR=$HOME/runtime XDG_CONFIG_HOME=$HOME/.config XDG_DATA_HOME=$HOME/.local/share \
  BATON_KEYRING=$state
mkdir -m 700 "$XDG_RUNTIME_DIR"
# An unlock prompt must not open on the screen of whoever runs this.
unset DISPLAY WAYLAND_DISPLAY GNOME_KEYRING_CONTROL

bus='' keyring='' command='' screen=''
end() {
  local process
  for process in "$@"; do
    [ -z "$process" ] && continue
    kill "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
  done
}
trap 'end "$command" "$keyring" "$bus" "$screen"; rm -rf "$HOME"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# What the daemons say (limits, no display for a prompter) is of no use to the reader of the command's output.
log=$HOME/daemons.log
if [ "$state" = asking ]; then
  # It says itself which number was free, and the bus hands that on to the program that asks.
  mkfifo "$HOME/display"
  Xvfb -displayfd 3 -screen 0 800x600x24 -nolisten tcp 3>"$HOME/display" </dev/null >"$log" 2>&1 &
  screen=$!
  read -r number <"$HOME/display"
  export DISPLAY=:$number
fi
mkfifo "$HOME/address"
dbus-daemon --session --nofork --nopidfile --print-address=3 3>"$HOME/address" </dev/null >"$log" 2>&1 &
bus=$!
read -r DBUS_SESSION_BUS_ADDRESS <"$HOME/address"
export DBUS_SESSION_BUS_ADDRESS

reply() { dbus-send --session --print-reply=literal "$@" 2>/dev/null || true; }

# start_keyring true|false OPTION…: returns when the default keyring answers that it is locked, or that it is not.
start_keyring() {
  local locked=$1 attempt
  shift
  printf practice | gnome-keyring-daemon --foreground --components=secrets "$@" >>"$log" 2>&1 &
  keyring=$!
  for attempt in $(seq 250); do
    # Asking the service before it has its name would start a second daemon.
    if reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets |
      grep -q true &&
      reply --dest=org.freedesktop.secrets /org/freedesktop/secrets/aliases/default \
        org.freedesktop.DBus.Properties.Get string:org.freedesktop.Secret.Collection string:Locked |
      grep -q "$locked"; then
      return
    fi
    sleep 0.02
  done
  echo "The keyring did not start in 5 seconds:" >&2
  cat "$log" >&2
  exit 69
}

start_keyring false --unlock
if [ "$state" != unlocked ]; then
  printf 'nobody reads this' | secret-tool store --label=baton/LOCKED_AWAY \
    service baton account LOCKED_AWAY xdg:schema org.freedesktop.Secret.Generic
  end "$keyring"
  start_keyring true
fi

# In the background, so that a signal to this script is heard while the command runs; a shell without job control
# would let it ignore Ctrl-C.
env --default-signal=INT,QUIT "$@" <&0 &
command=$!
status=0
wait "$command" || status=$?
command=''
exit "$status"
