#!/usr/bin/env bash
# 練習用のディレクトリ（OpenLDAP）を、管理者権限なしで、この PC の中だけに用意します。
#
#   bash practice-directory.sh start     なければ作り、止まっていれば起動し、動いていればそう言います
#   bash practice-directory.sh stop      止めます。データは残ります
#   bash practice-directory.sh remove    止めて、データも消します
#
# 環境変数: LDAPURI（例 ldap://127.0.0.1:3890）、LDAP_PASSWORD（ディレクトリ管理者のパスワード）
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
base='dc=midori,dc=example'
port=${LDAPURI##*:}
home="${XDG_CACHE_HOME:-$HOME/.cache}/baton/practice-directory-$port"
# Debian では、slapd のあるフォルダーが一般ユーザーの PATH に入っていません。
PATH="$PATH:/usr/local/sbin:/usr/sbin"

stop_with() {
  echo "$*" >&2
  exit 1
}

# パスワードを引数で渡すと ps で誰にでも見えるので、パイプで渡します。ポートの先が LDAP でなければ返事が来ないので、3秒で打ち切ります。
admin_can_bind() {
  timeout 3 ldapwhoami -x -H "$LDAPURI" -D "cn=admin,$base" -y <(printf %s "$LDAP_PASSWORD") >/dev/null 2>&1
}

# 自分が起動した slapd の番号。ほかのプログラムを止めてしまわないよう、設定ファイルの名前まで確かめます。
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
  stop_with "練習用ディレクトリ（プロセス $pid）が5秒たっても終わりません。"
}

configure() {
  mkdir -p "$home/data"
  chmod 700 "$home"
  # Ubuntu の AppArmor は /usr/sbin/slapd が読み書きできる場所を限っているので、コピーを使います。
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

# 環境変数と開いたままのファイルをすべて手放させます。残り続けるプロセスがパスワードを持ったり、
# 呼び出し元の出力をつかんだままにしたり、実行の終わりに一緒に止められたりしないようにするためです。
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
      stop_with "$program が見つかりません。次のコマンドで入れてから、もう一度実行してください: sudo apt-get install slapd ldap-utils"
  done
  [[ -n ${LDAP_PASSWORD:-} ]] || stop_with 'LDAP_PASSWORD（ディレクトリ管理者のパスワード）がありません。'
  [[ $LDAPURI =~ ^ldap://127\.0\.0\.1:[0-9]+$ ]] || stop_with "練習用ディレクトリは ldap://127.0.0.1:ポート番号 でだけ動きます（指定: $LDAPURI）。"

  if admin_can_bind; then
    echo "練習用ディレクトリは $LDAPURI で動いています。"
    return
  fi
  # 動いているのに入れないときは、パスワードが変わっています。新しいパスワードで設定し直します。
  stop
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    stop_with "ポート $port は別のプログラムが使っています。入力項目 LDAPURI に別のポート番号を指定してください。"
  fi

  configure
  launch || stop_with "slapd を起動できませんでした: $(tail -n 1 "$home/slapd.log")"
  for _ in {1..50}; do
    admin_can_bind && break
    sleep 0.1
  done
  admin_can_bind || stop_with "slapd は起動しましたが、管理者として入れません。記録: $home/slapd.log"

  if ldapsearch -x -H "$LDAPURI" -D "cn=admin,$base" -y <(printf %s "$LDAP_PASSWORD") -b "$base" -s base dn >/dev/null 2>&1; then
    echo "練習用ディレクトリを $LDAPURI で起動しました（前回のデータを使います）。"
  else
    ldapadd -x -H "$LDAPURI" -D "cn=admin,$base" -y <(printf %s "$LDAP_PASSWORD") -f "$here/practice-directory.ldif" >/dev/null
    echo "練習用ディレクトリを $LDAPURI に作りました（社員3人、部署3つ）。"
  fi
}

: "${LDAPURI:?LDAPURI（例 ldap://127.0.0.1:3890）がありません。}"
case "${1:-}" in
  start) start ;;
  stop)
    stop
    echo "練習用ディレクトリは止まっています。データは $home に残っています。"
    ;;
  remove)
    stop
    rm -rf -- "$home"
    echo "練習用ディレクトリを止め、$home を消しました。"
    ;;
  *) stop_with '使い方: bash practice-directory.sh start | stop | remove' ;;
esac
