import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { needShell, type Operator, operator } from './operator.ts'

/** Writes the variable's bytes in base64, so that no decoding of output stands between. */
const encoders: Readonly<Record<string, (name: string) => string>> = {
  bash: (name) => `printf %s "$${name}" | base64`,
  sh: (name) => `printf %s "$${name}" | base64`,
  zsh: (name) => `printf %s "$${name}" | base64`,
  fish: (name) => `printf %s "$${name}" | base64`,
  python: (name) => `import base64, os\nprint(base64.b64encode(os.environb[b'${name}']).decode())`,
  node: (name) => `console.log(Buffer.from(process.env.${name}).toString('base64'))`,
  ruby: (name) => `puts [ENV['${name}']].pack('m0')`,
  perl: (name) => `use MIME::Base64; print encode_base64($ENV{${name}}, '');`,
  pwsh: (name) => `[Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($env:${name}))`,
  dash: (name) => `printf %s "$${name}" | base64`,
}

const hostile: Readonly<Record<string, string>> = {
  quotes: `'"'\\''"" \\" \\' \`\``,
  'commands of shells':
    '$(touch /tmp/pwned) `touch /tmp/pwned` ; touch /tmp/pwned & | || && > /tmp/pwned < /dev/null #{x} @{x}',
  'variables of shells': `$HOME \${HOME} $env:HOME %PATH% !PATH! $$ $? $0 ~ * [a-z] {a,b} <(x) =ls ^foo`,
  'signs of cmd': '&|<>^!%PATH%"',
  'formats and escapes': '%s %n \\n \\x41 \\e[31m \x1b[31m \x01\x7f',
  'several lines': '\nfirst\nsecond\n\n',
  'line ends of Windows': 'first\r\nsecond\r\n\r',
  'spaces around': '  \t x \t  ',
  'the end mark of a handover': '.\n.',
  'what looks like a declaration': 'x"\ndeclare -x PATH="/evil"\nexport B=1',
  emoji: '🍣👩‍👩‍👧‍👦🇯🇵é é ㈱①髙﨑\u202e\u200b\ufeff',
  'a dash first': '-n -e --',
  'a long text': '日'.repeat(30_000),
}

describe('a value', function () {
  this.timeout(60_000)
  let someone: Operator
  beforeEach(() => {
    someone = operator(tmpdir())
  })
  afterEach(() => someone.run.close())

  for (const [shell, encode] of Object.entries(encoders)) {
    it(`arrives byte for byte in ${shell}`, async function () {
      await needShell(this, someone, shell)
      const decoded = async (name: string) => {
        const done = await someone.step(shell, encode(name), {
          grants: { ...hostileGrants, VENDOR: 'あ b', USER: 'c d', FILE_PATH: 'a::b c:', GROUPS: 'e f' },
        })
        assert.equal(done.code, 0, done.output)
        return Buffer.from(done.output.replaceAll(/\s/g, ''), 'base64').toString()
      }
      const named = Object.entries(hostile).map(([what, value], n) => [`VALUE_${n}`, what, value] as const)
      const hostileGrants = Object.fromEntries(named.map(([name, , value]) => [name, value]))
      for (const [name, what, value] of named) assert.equal(await decoded(name), value, what)
      assert.equal(await decoded('VENDOR'), 'あ b')
      assert.equal(await decoded('USER'), 'c d')
      assert.equal(await decoded('FILE_PATH'), 'a::b c:')
      assert.equal(await decoded('GROUPS'), 'e f')
    })

    // It runs as any interpreter does, which hands nothing on.
    if (shell === 'dash') continue
    it(`is handed on by ${shell} as it came`, async function () {
      await needShell(this, someone, shell)
      const env = Object.fromEntries(Object.values(hostile).map((value, n) => [`VALUE_${n}`, value]))
      someone.state = { ...someone.state, env: { ...someone.state.env, ...env } }
      const before = someone.state.env
      for (let n = 0; n < 2; n++) assert.equal((await someone.step(shell, shell === 'perl' ? '1;' : '')).code, 0)
      for (const [name, value] of Object.entries(env)) assert.equal(someone.state.env[name], value, hostileName(name))
      assert.equal(someone.state.env.PATH, before.PATH)
      assert.equal(someone.state.env.B, undefined)
    })
  }

  const hostileName = (name: string) => Object.keys(hostile)[Number(name.slice('VALUE_'.length))]
})
