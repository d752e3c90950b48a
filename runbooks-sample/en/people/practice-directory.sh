#!/usr/bin/env bash
# Sets up a practice directory (OpenLDAP) inside this PC, without an administrator.
#
#   bash practice-directory.sh start     makes it, or starts it, or says that it is running
#   bash practice-directory.sh stop      stops it; the data stays
#   bash practice-directory.sh remove    stops it and deletes the data
#
# Environment: LDAPURI (such as ldap://127.0.0.1:3891), LDAP_PASSWORD (the directory manager's password)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
base='dc=midori,dc=example'
port=${LDAPURI##*:}
home="${XDG_CACHE_HOME:-$HOME/.cache}/baton/practice-directory-$port"
# On Debian, the folder of slapd is not on the PATH of ordinary users.
PATH="$PATH:/usr/local/sbin:/usr/sbin"

stop_with() {
  echo "$*" >&2
  exit 1
}

# A password among the arguments would be seen by everyone in ps, so it goes through a pipe. What listens there may be no LDAP server and never answer, hence the limit.
admin_can_bind() {
  timeout 3 ldapwhoami -x -H "$LDAPURI" -D "cn=admin,$base" -y <(printf %s "$LDAP_PASSWORD") >/dev/null 2>&1
}

# The process that this script started. Even its configuration file is compared, so that no other program is ever stopped.
own_pid() {
  local pid
  pid=$(cat "$home/slapd.pid" 2>/dev/null) || return 1
  [[ $(ps -o args= -p "$pid" 2>/dev/null) == *"$home/slapd.conf"* ]] && echo "$pid"
}

stop() {
  local pid
  pid=$(own_pid) || return 0
  kill "$pid"
  for _ in {1..50}; do
    own_pid >/dev/null || return 0
    sleep 0.1
  done
  stop_with "The practice directory (process $pid) did not end within 5 seconds."
}

configure() {
  mkdir -p "$home/data"
  chmod 700 "$home"
  # Ubuntu's AppArmor limits where /usr/sbin/slapd may read and write, so a copy is used.
  install -m 700 "$(command -v slapd)" "$home/slapd"
  (
    umask 077
    cat >"$home/slapd.conf" <<CONF
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile $home/slapd.pid
loglevel none
database mdb
suffix "$base"
rootdn "cn=admin,$base"
rootpw $(slappasswd -n -T <(printf %s "$LDAP_PASSWORD"))
directory $home/data
maxsize 16777216
index objectClass,uid,memberUid,uidNumber eq
access to attrs=userPassword by self write by anonymous auth by * none
access to * by users read by * none
CONF
  )
}

# Takes every environment variable and every open file away. A process that stays must not hold the password, must not
# hold on to its caller's output, and must not be ended together with the run that started it.
launch() (
  for fd in /proc/self/fd/*; do
    fd=${fd##*/}
    if ((fd > 2 && fd != 255)); then eval "exec $fd>&-"; fi
  done
  exec env -i PATH="$PATH" setsid "$home/slapd" -f "$home/slapd.conf" -h "$LDAPURI" </dev/null >"$home/slapd.log" 2>&1
)

start() {
  for program in slapd slappasswd ldapadd ldapwhoami; do
    command -v "$program" >/dev/null ||
      stop_with "$program was not found. Install it and run this again: sudo apt-get install slapd ldap-utils"
  done
  [[ -n ${LDAP_PASSWORD:-} ]] || stop_with 'LDAP_PASSWORD (the directory manager'\''s password) is missing.'
  [[ $LDAPURI =~ ^ldap://127\.0\.0\.1:[0-9]+$ ]] || stop_with "The practice directory runs at ldap://127.0.0.1:PORT only (given: $LDAPURI)."

  if admin_can_bind; then
    echo "The practice directory is running at $LDAPURI."
    return
  fi
  # It runs but does not let us in: the password has changed. It is set up again with the new one.
  stop
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    stop_with "Another program uses port $port. Give LDAPURI another port."
  fi

  configure
  launch || stop_with "slapd could not be started: $(tail -n 1 "$home/slapd.log")"
  for _ in {1..50}; do
    admin_can_bind && break
    sleep 0.1
  done
  admin_can_bind || stop_with "slapd started, but the manager cannot sign in. Its log: $home/slapd.log"

  if ldapsearch -x -H "$LDAPURI" -D "cn=admin,$base" -y <(printf %s "$LDAP_PASSWORD") -b "$base" -s base dn >/dev/null 2>&1; then
    echo "The practice directory is running at $LDAPURI (with the data from last time)."
  else
    ldapadd -x -H "$LDAPURI" -D "cn=admin,$base" -y <(printf %s "$LDAP_PASSWORD") -f "$here/practice-directory.ldif" >/dev/null
    echo "The practice directory is ready at $LDAPURI (three people, three departments)."
  fi
}

: "${LDAPURI:?LDAPURI (such as ldap://127.0.0.1:3891) is missing.}"
case "${1:-}" in
  start) start ;;
  stop)
    stop
    echo "The practice directory is stopped. Its data stays in $home."
    ;;
  remove)
    stop
    rm -rf -- "$home"
    echo "The practice directory is stopped, and $home is deleted."
    ;;
  *) stop_with 'Usage: bash practice-directory.sh start | stop | remove' ;;
esac
