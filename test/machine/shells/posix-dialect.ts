import type { Dialect } from './behaviours.ts'

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

export const posixDialect = (shell: string): Dialect => ({
  shell,
  say: (text) => `printf '%s\\n' ${quoted(text)}`,
  sayOnStderr: (text) => `echo ${quoted(text)} >&2`,
  sayUnfinished: (text) => `printf %s ${quoted(text)}`,
  sayVariable: (name) => `printf '[%s]\\n' "$${name}"`,
  set: (name, value) => `export ${name}=${quoted(value)}`,
  unset: (name) => `unset ${name}`,
  go: (folder) => `cd ${quoted(folder)}`,
  sayFolder: 'pwd',
  exit: (code) => `exit ${code}`,
  fail: 'no-such-command',
  continues: true,
  brokenSyntax: 'if true\nfi',
  place: /joining\.md:( line)? ?44: /,
  nativeCommand: (command) => command,
  join: '\n',
})
