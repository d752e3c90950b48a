import { isLiteral } from './acceptance.ts'
import { type CredentialRule, literal, tick } from './rule.ts'

const command = (programs: string, option: string, flags = 'gi') =>
  new RegExp(String.raw`\b(?:${programs})(?:\.exe)?\b[^|;&]{0,400}?${option}${literal}`, flags)

/** `user:password` as one word, in quotes or without. */
const pair = (separator: string) => {
  const user = String.raw`[^\s${separator}"'$%]{1,100}${separator}`
  return [
    String.raw`(?:"${user}(?<dq>[^"\r\n]{1,200})"|'${user}(?<sq>[^'\r\n]{1,200})'`,
    String.raw`|${user}(?<bare>[^\s"'${tick};&|<>()\\\u0080-\uffff]{1,200}))`,
  ].join('')
}

/** What a program takes on its command line, in the form that it takes it. */
export const commandRules: readonly CredentialRule[] = [
  {
    code: 'net-user',
    pattern: new RegExp(
      String.raw`\bnet1?(?:\.exe)?\s+user\s+(?:"[^"\r\n]{1,80}"|[^\s"/]{1,80})[ \t]+(?!\/)${literal}`,
      'gi',
    ),
    name: 'USER_PASSWORD',
  },
  {
    code: 'net-use',
    pattern: new RegExp(
      String.raw`\bnet1?(?:\.exe)?\s+use\s+(?:\S{1,3}\s+)?"?\\\\[^\s"]{1,200}"?[ \t]+(?!\/)${literal}`,
      'gi',
    ),
    name: 'SHARE_PASSWORD',
  },
  {
    code: 'cmdkey',
    pattern: command('cmdkey|netdom|xfreerdp|wfreerdp', String.raw`\s\/(?:p|pass|pd|po|passwordd|passwordo):`),
    name: 'WINDOWS_PASSWORD',
  },
  { code: 'schtasks', pattern: command('schtasks', String.raw`\s\/rp[ \t]+`), name: 'TASK_PASSWORD' },
  {
    code: 'mysql',
    pattern: command(String.raw`mysql(?:dump|admin|import|check|show|binlog)?|mariadb(?:-\w+)?`, String.raw`\s-p`, 'g'),
    name: 'MYSQL_PASSWORD',
  },
  { code: 'sshpass', pattern: command('sshpass', String.raw`\s-p\s*`, 'g'), name: 'SSH_PASSWORD' },
  { code: 'putty', pattern: command('plink|pscp|psftp|putty|kitty', String.raw`\s-pw\s+`), name: 'SSH_PASSWORD' },
  {
    code: 'curl-user',
    pattern: new RegExp(
      String.raw`\b(?:curl|wget)(?:\.exe)?\b[^|;]{0,400}?\s(?:-u|-U|--user|--proxy-user)(?:[\s=]+)?${pair(':')}`,
      'g',
    ),
    name: 'HTTP_PASSWORD',
  },
  {
    code: 'ldap',
    pattern: command('ldap(?:add|search|modify|delete|modrdn|compare|whoami|passwd|exop)', String.raw`\s-w\s*`, 'g'),
    name: 'LDAP_PASSWORD',
  },
  { code: 'ldappasswd', pattern: command('ldappasswd', String.raw`\s-[as]\s*`, 'g'), name: 'NEW_USER_PASSWORD' },
  {
    code: 'samba',
    pattern: new RegExp(
      String.raw`\b(?:smbclient|rpcclient|winexe|net\s+(?:rpc|ads))\b[^|;&]{0,300}?\s-U[\s=]*${pair('%')}`,
      'g',
    ),
    name: 'SMB_PASSWORD',
  },
  {
    code: 'login',
    pattern: command(
      String.raw`(?:docker|podman|buildah|skopeo|oras|crane|az|oc)\s+login|helm\s+registry\s+login|mongo(?:sh|dump|restore|import|export)?|psexec(?:64)?`,
      String.raw`\s-p\s+`,
      'g',
    ),
    name: 'LOGIN_PASSWORD',
  },
  { code: 'redis', pattern: command('redis-cli', String.raw`\s-a\s+`, 'g'), name: 'REDIS_PASSWORD' },
  { code: 'sql-server', pattern: command('sqlcmd|bcp|osql|isql', String.raw`\s-P\s*`, 'g'), name: 'SQL_PASSWORD' },
  { code: 'ipmi', pattern: command('ipmitool', String.raw`\s-P\s+`, 'g'), name: 'IPMI_PASSWORD' },
  { code: 'archive', pattern: command('7z[ar]?|7zz|7za', String.raw`\s-p`, 'g'), name: 'ARCHIVE_PASSWORD' },
  { code: 'archive-zip', pattern: command('zip|unzip', String.raw`\s-P\s+`, 'g'), name: 'ARCHIVE_PASSWORD' },
  {
    code: 'openssl',
    pattern: new RegExp(
      String.raw`\bopenssl\b[^|;&]{0,400}?\s(?:"pass:(?<dq>[^"\r\n]{1,200})"|'pass:(?<sq>[^'\r\n]{1,200})'|pass:(?<bare>[^\s"'${tick};&|<>()\\]{1,200}))`,
      'g',
    ),
    name: 'KEY_PASSPHRASE',
  },
  {
    code: 'wifi',
    pattern: command(
      'nmcli|wpa_passphrase',
      String.raw`\s(?:password|"[^"]{1,32}"|'[^']{1,32}'|(?<=wpa_passphrase\s)[^\s"']{1,32})\s+`,
    ),
    name: 'WIFI_PASSWORD',
  },
  {
    code: 'piped',
    pattern: new RegExp(
      String.raw`\b(?:echo|printf)\s+(?:-\w+\s+|%s\s+|'%s(?:\\n)?'\s+)?${literal}\s*\|\s*(?:sudo\s+)?(?:sudo\s+(?:-\w+\s+)*?-S|-S|passwd\s+--stdin|kinit|chpasswd|smbpasswd|cryptsetup|(?:docker|podman|helm|az)\s[^|;&]{0,200}--password-stdin)`,
      'g',
    ),
    name: 'PASSWORD',
  },
].map((rule) => ({ ...rule, kind: 'password' as const, accepts: isLiteral }))
