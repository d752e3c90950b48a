import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { needs } from '../../support/needs.ts'
import { baton, fence, folderOf, repoOf } from './baton.ts'
import { onlyRecord, outcomesOf, recordFiles } from './records-of.ts'
import { onTerminal, whyNoTerminal } from './terminal.ts'

const token = 'tok-Ä8f3-"$x"-値'

/** How a step of each shell prints a variable and looks for its value in a folder, `CHECKED`. */
const shells: readonly (readonly [string, string, readonly string[]])[] = [
  ['bash', 'bash', ['echo "has $TOKEN"', 'grep -rlFe "$TOKEN" "$CHECKED" || true']],
  ['sh', 'sh', ['echo "has $TOKEN"', 'grep -rlFe "$TOKEN" "$CHECKED" || true']],
  ['zsh', 'zsh', ['echo "has $TOKEN"', 'grep -rlFe "$TOKEN" "$CHECKED" || true']],
  ['fish', 'fish', ['echo "has $TOKEN"', 'grep -rlFe "$TOKEN" "$CHECKED"; true']],
  [
    'python',
    'python3',
    [
      'import os, subprocess',
      'print("has", os.environ["TOKEN"])',
      'subprocess.run(["grep", "-rlFe", os.environ["TOKEN"], os.environ["CHECKED"]])',
    ],
  ],
  [
    'js',
    'node',
    [
      'console.log("has", process.env.TOKEN)',
      'require("child_process").spawnSync("grep", ["-rlFe", process.env.TOKEN, process.env.CHECKED], { stdio: "inherit" })',
    ],
  ],
  ['ruby', 'ruby', ['puts "has #{ENV["TOKEN"]}"', 'system("grep", "-rlFe", ENV["TOKEN"], ENV["CHECKED"])']],
  ['perl', 'perl', ['print "has $ENV{TOKEN}\\n";', 'system("grep", "-rlFe", $ENV{TOKEN}, $ENV{CHECKED});']],
  ['pwsh', 'pwsh', ['"has $env:TOKEN"', 'grep -rlFe $env:TOKEN $env:CHECKED', '$global:LASTEXITCODE = 0']],
]
const here = shells.filter(([, program]) => {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})

/** How a step of each shell gets the value from a file, and complains about it on stderr. */
const fetching: Readonly<Record<string, readonly string[]>> = {
  bash: ['echo "careful with $(cat "$SOURCE")" >/dev/stderr', 'cat "$SOURCE"'],
  sh: ['echo "careful with $(cat "$SOURCE")" >&2', 'cat "$SOURCE"'],
  zsh: ['echo "careful with $(cat "$SOURCE")" >&2', 'cat "$SOURCE"'],
  fish: ['echo "careful with "(cat "$SOURCE") >&2', 'cat "$SOURCE"'],
  python: [
    'import os, sys',
    'value = open(os.environ["SOURCE"], encoding="utf8").read()',
    'print("careful with", value, file=sys.stderr)',
    'print(value)',
  ],
  js: [
    'const value = require("fs").readFileSync(process.env.SOURCE, "utf8")',
    'console.error("careful with", value)',
    'console.log(value)',
  ],
  pwsh: ['Get-Content $env:SOURCE'],
}

describe('a secret that a step captures', function () {
  this.timeout(120_000)

  for (const [language] of here.filter(([name]) => name in fetching)) {
    it(`in ${language} reaches the steps of every shell, and neither the screen nor a file`, async () => {
      // Apart from the repo, since that is looked through.
      const source = join(folderOf({ source: token }), 'source')
      const root = repoOf({
        'a.md': [
          fence(`${language} {name=fetch capture=TOKEN sensitive=true}`, ...(fetching[language] ?? [])),
          ...here.map(([name, , lines]) => fence(`${name} {name=in-${name}}`, ...lines)),
        ].join('\n'),
      })
      const above = dirname(root)
      mkdirSync(join(above, 'tmp'))
      const { code, stdout, stderr } = await baton(['run', 'a.md', '--yes'], {
        cwd: root,
        env: { SOURCE: source, CHECKED: above, TMPDIR: join(above, 'tmp') },
      })
      assert.equal(code, 0, stdout + stderr)
      assert.ok(!`${stdout}${stderr}`.includes(token), stdout)
      assert.match(stdout, /▸ fetch .*\n\*\*\*\n/)
      if (language !== 'pwsh') assert.match(stdout, /careful with \*\*\*/)
      assert.equal(stdout.match(/has \*\*\*/g)?.length, here.length, stdout)
      assert.ok(!stdout.includes(above.slice(1)), 'no file held it while the steps ran')
      assert.throws(() => execFileSync('grep', ['-rlF', '-e', token, above], { stdio: 'pipe' }), { status: 1 })
    })
  }

  it('fails its step when it is too short, and says why in both languages', async () => {
    const root = repoOf({
      'a.md': `${fence('sh {name=fetch capture=TOKEN sensitive=true}', 'echo x7; echo "got x7" >&2')}\n${fence('sh', 'echo unreached')}`,
    })
    const english = await baton(['run', 'a.md', '--yes'], { cwd: root })
    const japanese = await baton(['run', 'a.md', '--yes'], { cwd: root, env: { BATON_LANG: 'ja' } })
    assert.deepEqual([english.code, japanese.code], [1, 1])
    assert.match(english.stdout + english.stderr, /gives for TOKEN is too short to be masked/)
    assert.match(japanese.stdout + japanese.stderr, /TOKEN に出力した値は4文字未満/)
    assert.ok(!`${english.stdout}${english.stderr}${japanese.stdout}`.match(/x7|unreached/))
    for (const file of recordFiles(root)) {
      const lines = readFileSync(file, 'utf8').split('\n')
      assert.ok(!lines.some((line) => line.includes('"output"') && line.includes('x7')))
    }
  })
})

describe('going on with a run whose secret was captured', function () {
  this.timeout(60_000)
  const book = [
    fence('sh {name=fetch capture=TOKEN sensitive=true}', 'echo tok-from-the-first-run'),
    fence('sh {name=use}', 'printf %s "$TOKEN" > got; test -e ready'),
  ].join('\n')

  async function stopped() {
    const root = repoOf({ 'a.md': book })
    const first = await baton(['run', 'a.md', '--yes'], { cwd: root })
    assert.equal(first.code, 1, first.stderr)
    assert.deepEqual(outcomesOf(onlyRecord(root)), { fetch: 'succeeded', use: 'failed' })
    assert.equal(readFileSync(join(root, 'got'), 'utf8'), 'tok-from-the-first-run')
    writeFileSync(join(root, 'ready'), '')
    writeFileSync(join(root, 'got'), 'not run')
    return { root, record: recordFiles(root)[0] ?? '' }
  }

  it('is refused where nobody can give it, and names the step that does', async () => {
    const { root, record } = await stopped()
    const { code, stderr } = await baton(['run', '--resume', record, '--yes'], { cwd: root })
    assert.equal(code, 2)
    assert.match(stderr, /This needs TOKEN, which the step “fetch” gives and which is kept nowhere\./)
    assert.equal(readFileSync(join(root, 'got'), 'utf8'), 'not run')
    const again = await baton(['run', '--resume', record, '--from', 'fetch', '--yes'], { cwd: root })
    assert.equal(again.code, 0, again.stderr)
    assert.equal(readFileSync(join(root, 'got'), 'utf8'), 'tok-from-the-first-run')
  })

  it('asks for it, unseen', async function () {
    needs(this, whyNoTerminal())
    const { root, record } = await stopped()
    const terminal = onTerminal(['run', '--resume', record], { cwd: root, env: { BATON_LANG: 'ja' } })
    await terminal.shows('「use」には、ステップ「fetch」で得る TOKEN が必要です')
    terminal.type('typed-by-hand\r')
    const { code, screen } = await terminal.end()
    assert.equal(code, 0, screen)
    assert.ok(!screen.includes('typed-by-hand'))
    assert.equal(readFileSync(join(root, 'got'), 'utf8'), 'typed-by-hand')
  })
})
