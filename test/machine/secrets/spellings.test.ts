import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'mocha'
import { createMasker } from '../../../src/secrets/create-masker.ts'
import { MASK } from '../../../src/secrets/mask.ts'

/** Values that bring every rule of quoting and escaping into play, by what is special about them. */
const values = {
  ordinary: 'Correct-Horse7+battery/staple',
  'full of signs': 'P@$$ w0rd"\'<&>\\%日本#1+/=~`!;*',
  Japanese: '秘密のパスワード２０２６',
  'of eight characters': 'hunter2!',
  'with a tab and quotes': "two words\tand 'quotes'",
  'of several lines': `-----BEGIN KEY-----\n${'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n'.repeat(3)}Q2h4==\n-----END KEY-----\n`,
}

const shell = (command: string, interpreter = 'bash', ...options: readonly string[]) => [
  interpreter,
  ...options,
  '-c',
  command,
]
const bash = (operator: string) => shell(`echo "[\${VALUE${operator}}]"`)
const zsh = (flags: string) => shell(`print -r -- "[\${(${flags})VALUE}]"`, 'zsh')
const python = (expression: string) => [
  'python3',
  '-c',
  [
    'import os, sys, json, base64, urllib.parse, html, shlex, xml.sax.saxutils',
    "value = os.environ['VALUE']",
    `print('[' + str(${expression}) + ']')`,
  ].join('\n'),
]
const node = (expression: string) => [
  process.execPath,
  '-e',
  `const value = process.env.VALUE; console.log('[' + (${expression}) + ']')`,
]
const perl = (expression: string) => [
  'perl',
  '-MData::Dumper',
  '-e',
  `my $value = $ENV{VALUE}; print "[", ${expression}, "]\\n"`,
]
const ruby = (expression: string) => [
  'ruby',
  '-rjson',
  '-rcgi',
  '-rshellwords',
  '-e',
  `value = ENV['VALUE']; print '[', ${expression}, "]\\n"`,
]
const piped = (to: string, before = '', after = '') =>
  shell(`printf '[%s]' "$(printf '%s%s%s' '${before}' "$VALUE" '${after}' | ${to})"`)

/** Programs, and what may be left of what they print beside masks: letters that belong to what stands around the value. */
const programs: Readonly<Record<string, readonly [command: readonly string[], left?: RegExp]>> = {
  printf: [shell('printf "[%s]" "$VALUE"')],
  base64: [piped('base64')],
  'base64 in one line': [piped('base64 -w0')],
  'base64 with the line end of echo': [shell('printf "[%s]" "$(echo "$VALUE" | base64)"')],
  'base64 of user:value@host': [piped('base64 -w0', 'user:', '@host'), /^\[dXNlcj[op-r][\s\S]{0,10}\]$/],
  'base64 of HTTP Basic': [piped('base64 -w0', 'k.sato:'), /^\[ay5zYXRvO.\]$/],
  'base64 behind one byte': [piped('base64 -w0', 'x'), /^\[e.\]$/],
  base64url: [piped('basenc --base64url -w0', 'u:'), /^\[dT.\]$/],
  'openssl base64': [piped('openssl base64 -A')],
  'od in one line': [piped('od -An -v -tx1 -w9999'), /^\[( 0a| )*\]$/],
  hexadecimal: [piped("od -An -v -tx1 | tr -d ' \\n'"), /^\[(0a)?\]$/],
  'hexadecimal in capitals': [piped("od -An -v -tx1 | tr -d ' \\n' | tr a-f A-F"), /^\[(0A)?\]$/],
  'xxd -p': [piped('od -An -v -tx1 | tr -d " \\n" | fold -w 60'), /^\[(0a)?\]$/],
  'bash: printf %q': [shell('printf "[%q]" "$VALUE"')],
  'bash: printf %q without a locale': [shell('LC_ALL=C; printf "[%q]" "$VALUE"')],
  'bash: declare -p': [shell('declare -p VALUE'), /^declare -x VALUE=$/],
  'bash: set -x': [shell('set -x; : "$VALUE"'), /^\+ : $/],
  'bash: set -x without a locale': [shell('export LC_ALL=C; set -x; : "$VALUE"'), /^\+ : $/],
  'bash: @Q': [bash('@Q')],
  'bash: @A': [bash('@A'), /^\[declare -x VALUE=\]$/],
  'sh: set': [shell('set | sed -n "/^VALUE=/,/^[^V]/p" | grep -v ^_=', 'sh'), /^VALUE=$/],
  'sh: set -x': [shell('set -x; : "$VALUE"', 'sh'), /^\+ : $/],
  'zsh: q': [zsh('q')],
  'zsh: qq': [zsh('qq')],
  'zsh: qqq': [zsh('qqq')],
  'zsh: qqqq': [zsh('qqqq')],
  'zsh: set -x': [shell('set -x; : "$VALUE"', 'zsh', '-f'), /^\+zsh:1> : $/],
  'zsh: typeset -p': [shell('typeset -p VALUE', 'zsh', '-f'), /^export VALUE=$/],
  'fish: string escape': [shell('string escape -- "[$VALUE]"', 'fish', '--no-config')],
  'fish: string escape without quotes': [shell('string escape --no-quoted -- "[$VALUE]"', 'fish', '--no-config')],
  'fish: url': [shell('echo "["(string escape --style=url -- $VALUE)"]"', 'fish', '--no-config'), /^\[(%0A)?\]$/],
  'Python: json': [python('json.dumps(value)')],
  'Python: json in json': [python('json.dumps(json.dumps(value))')],
  'Python: json with letters': [python('json.dumps(value, ensure_ascii=False)')],
  'Python: repr': [python('repr(value)')],
  'Python: ascii': [python('ascii(value)')],
  'Python: bytes': [python('value.encode()'), /^\[b\]$/],
  'Python: quote': [python('urllib.parse.quote(value)'), /^\[(%0A)?\]$/],
  'Python: quote all': [python("urllib.parse.quote(value, safe='')"), /^\[(%0A)?\]$/],
  'Python: quote_plus': [python('urllib.parse.quote_plus(value)'), /^\[(%0A)?\]$/],
  'Python: html': [python('html.escape(value)')],
  'Python: XML': [python('xml.sax.saxutils.escape(value)')],
  'Python: XML attribute': [python('xml.sax.saxutils.quoteattr(value)'), /^\[(&#10;)*\]$/],
  'Python: character references': [python("value.encode('ascii', 'xmlcharrefreplace').decode()")],
  'Python: shlex': [python('shlex.quote(value)')],
  'PowerShell -EncodedCommand, alone': [python("base64.b64encode(value.encode('utf-16le')).decode()")],
  'PowerShell -EncodedCommand, inside of a command': [
    python("base64.b64encode(('net use z: ' + value + ' /y').encode('utf-16le')).decode()"),
    /^\[bgBlAHQAIAB1AHMAZQAgAHoAOgAgA[A-Z].{0,2}[\w=+/]{8,14}\]$/,
  ],
  'UTF-16 in hexadecimal': [python("value.encode('utf-16le').hex()"), /^\[(0a00)?\]$/],
  'UTF-16 as it is': [
    ['python3', '-c', "import os, sys; sys.stdout.buffer.write(os.environ['VALUE'].encode('utf-16le'))"],
    /^\0*$/,
  ],
  'Node.js: JSON': [node('JSON.stringify(value)')],
  'Node.js: JSON in JSON': [node('JSON.stringify({ a: JSON.stringify({ p: value }) })'), /^\[\{a:\{p:\}\}\]$/],
  'Node.js: encodeURIComponent': [node('encodeURIComponent(value)'), /^\[(%0A)?\]$/],
  'Node.js: encodeURI': [node('encodeURI(value)'), /^\[(%0A)?\]$/],
  'Node.js: escape': [node('escape(value)'), /^\[(%0A)?\]$/],
  'Node.js: inspect': [node("require('util').inspect(value, { breakLength: Infinity })"), /^\[[\s+]*\]$/],
  'Node.js: URL': [
    node(
      "(() => { const url = new URL('https://h'); url.password = value; url.searchParams.set('q', value); return url.href })()",
    ),
    /^\[https:\/\/:(%0A)?@h\/\?q=(%0A)?\]$/,
  ],
  'Node.js: query': [node("require('querystring').stringify({ value })"), /^\[value=(%0A)?\]$/],
  'Ruby: inspect': [ruby('value.inspect')],
  'Ruby: dump': [ruby('value.dump')],
  'Ruby: JSON': [ruby('value.to_json')],
  'Ruby: JSON in ASCII': [ruby('JSON.generate(value, ascii_only: true)')],
  'Ruby: CGI': [ruby('CGI.escape(value)'), /^\[(%0A)?\]$/],
  'Ruby: HTML': [ruby('CGI.escapeHTML(value)')],
  'Ruby: Shellwords': [ruby('Shellwords.escape(value)')],
  'Perl: Dumper': [perl('Dumper($value)'), /^\[VAR1 = ;\]$/],
  'Perl: Dumper with escapes': [perl('do { $Data::Dumper::Useqq = 1; Dumper($value) }'), /^\[VAR1 = ;\]$/],
  colours: [shell(`printf '[%s]' "$VALUE" | sed 's/./&\x1b[1m/4'`), /^\[\]$/],
}

/** What quotes and ends lines around a value. */
const frame = /['"\\$`\r\n]|\\n/g

const isThere = ([program = '']: readonly string[]) =>
  process.platform !== 'win32' && spawnSync(program, ['--version']).error === undefined

describe('secrets as programs write them', () => {
  for (const [name, [command, left = /^\[\]$/]] of Object.entries(programs)) {
    it(name, function () {
      if (!isThere(command)) {
        console.log(`      ${command[0]} is not there`)
        this.skip()
      }
      for (const [kind, value] of Object.entries(values)) {
        const [program = '', ...args] = command
        const { stdout, stderr, status } = spawnSync(program, args, {
          env: { ...process.env, VALUE: value, LC_ALL: 'C.UTF-8' },
        })
        const printed = `${stdout}${stderr}`
        assert.equal(status, 0, printed)
        const masked = createMasker([{ name: 'VALUE', value }]).mask(printed)
        assert.ok(masked.includes(MASK), `${kind}: ${masked}`)
        // What a line end of the value became may stand between masks.
        assert.match(masked.replaceAll(MASK, '').replaceAll('\\n', '').replace(frame, ''), left, `${kind}: ${masked}`)
      }
    })
  }
})
