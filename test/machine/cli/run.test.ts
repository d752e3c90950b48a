import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { baton, fence, folderOf, repoOf, startBaton } from './baton.ts'
import { onlyRecord, outcomesOf, recordFiles } from './records-of.ts'

const parameters = [
  '---',
  'title: 入社',
  'parameters:',
  "  - { name: USER_ID, label: ユーザーID, type: text, pattern: '[a-z][a-z0-9.-]{2,19}', hint: 半角英小文字で始まる3〜20文字 }",
  '  - { name: DEPARTMENT, type: choice, choices: [営業, 総務], default: 総務 }',
  '---',
  fence('sh {name=show}', `printf '<%s>' "$USER_ID" "$DEPARTMENT"`),
].join('\n')

describe('baton run', () => {
  it('runs a whole runbook, shows it, and records it', async () => {
    const root = repoOf({
      'a.md': [fence('sh {name=one}', 'export A=carried; echo first'), fence('sh {name=two}', 'echo "$A"')].join('\n'),
    })
    const { code, stdout, stderr } = await baton(['run', '--yes', 'a.md'], { cwd: root })
    assert.equal(code, 0, stderr)
    assert.match(stdout, /first\n/)
    assert.match(stdout, /carried\n/)
    assert.match(stdout, /✓ succeeded · 2 steps · \d+\.\d s · \.baton\/runs\/.*\.jsonl\n$/)
    const record = onlyRecord(root)
    assert.deepEqual(outcomesOf(record), { one: 'succeeded', two: 'succeeded' })
    const [start] = record
    assert.equal(start?.origin, 'command-line')
    assert.deepEqual(start?.operator, { name: 'Sato Kenji', email: 'k.sato@example.co.jp' })
  })

  it('runs one step, or one procedure', async () => {
    const root = repoOf({
      'a.md': [
        '# A',
        '## 最初の手順',
        fence('sh {name=one}', 'echo ran-one'),
        fence('sh {name=two}', 'echo ran-two'),
        '## 次',
        fence('sh {name=three}', 'echo ran-three'),
      ].join('\n\n'),
    })
    const step = await baton(['run', '--yes', 'a.md#two'], { cwd: root })
    assert.match(step.stdout, /ran-two/)
    assert.doesNotMatch(step.stdout, /ran-(one|three)/)
    const procedure = await baton(['run', '--yes', 'a.md#最初の手順'], { cwd: root })
    assert.match(procedure.stdout, /ran-one[\s\S]*ran-two/)
    assert.doesNotMatch(procedure.stdout, /ran-three/)
  })

  it('fails with the step, tells where, and goes no further', async () => {
    const root = repoOf({
      'a.md': [fence('sh {name=one}', 'echo out; exit 3'), fence('sh {name=two}', 'echo no')].join('\n'),
    })
    const { code, stdout } = await baton(['run', '--yes', 'a.md'], { cwd: root })
    assert.equal(code, 1)
    assert.match(stdout, /✗ failed · exit code 3 · .* · a\.md:1\n/)
    assert.doesNotMatch(stdout, /^no$/m)
    assert.equal(onlyRecord(root).at(-1)?.outcome, 'failed')
    const own = await baton(['run', '--yes', 'a.md'], { cwd: root, env: { BATON_LANG: 'ja' } })
    assert.match(own.stdout, /✗ 失敗 · 終了コード 3/)
  })

  it('prints the events as JSON, one a line', async () => {
    const root = repoOf({ 'a.md': fence('sh {name=one}', 'printf "a\\nb"; exit 4') })
    const { code, stdout } = await baton(['run', '--yes', 'a.md', '--json'], { cwd: root })
    assert.equal(code, 1)
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line): { type: string; path?: string; text?: string; exitCode?: number } => JSON.parse(line))
    assert.equal(events[0]?.type, 'run-started')
    assert.equal(events.flatMap(({ type, text }) => (type === 'output' ? [text] : [])).join(''), 'a\nb')
    assert.equal(events.find(({ type }) => type === 'step-ended')?.exitCode, 4)
    assert.equal(events.at(-2)?.type, 'run-ended')
    assert.deepEqual(events.at(-1), { type: 'record', path: recordFiles(root)[0] })
  })

  it('lets the colours of a step through, and adds none of its own', async () => {
    const root = repoOf({ 'a.md': fence('sh', `printf '\\033[31mred\\033[0m\\n'`) })
    const { stdout } = await baton(['run', '--yes', 'a.md'], { cwd: root })
    assert.equal(stdout.split('\x1b').length - 1, 2)
    const coloured = await baton(['run', '--yes', 'a.md'], { cwd: root, env: { FORCE_COLOR: '1' } })
    assert.ok(coloured.stdout.split('\x1b').length - 1 > 2)
    const plain = await baton(['run', '--yes', 'a.md'], { cwd: root, env: { FORCE_COLOR: '1', NO_COLOR: '1' } })
    assert.equal(plain.stdout.split('\x1b').length - 1, 2)
  })

  it('is complete with much output', async () => {
    const root = repoOf({ 'a.md': fence('bash', 'for i in {1..20000}; do echo "line $i of many"; done') })
    const { code, stdout } = await baton(['run', '--yes', 'a.md'], { cwd: root })
    assert.equal(code, 0)
    assert.equal(stdout.match(/^line \d+ of many$/gm)?.length, 20000)
  })
})

describe('a step with a check, in baton run', () => {
  it('says why it is passed over', async () => {
    const text = [fence('sh {name=make check=made}', 'touch made'), fence('sh {name=made}', 'test -e made')].join('\n')
    const root = repoOf({ 'a.md': text })
    const first = await baton(['run', '--yes', 'a.md'], { cwd: root })
    assert.match(first.stdout, /^▸ made .*\n\S not done yet/m)
    const second = await baton(['run', '--yes', 'a.md'], { cwd: root })
    assert.match(second.stdout, /^▸ made .*\n✓ done already .*\n▸ make .*\n– skipped/m)
  })
})

describe('the output that a record of baton run holds', () => {
  it('is as much as --output-limit says; what is shown is all of it', async () => {
    const root = repoOf({ 'a.md': fence('sh {name=much}', 'seq 1 100000') })
    const { code, stdout } = await baton(['run', '--yes', 'a.md', '--output-limit', '10K'], { cwd: root })
    assert.equal(code, 0)
    assert.match(stdout, /^1\n2\n(.*\n)*100000\n/m)
    const [file = ''] = recordFiles(root)
    const record = readFileSync(file, 'utf8')
    assert.ok(record.length < 20_000, `${record.length}`)
    assert.match(record, /99999\\n100000\\n/)
    for (const size of ['much', '-1', '10X', '']) {
      const wrong = await baton(['run', '--yes', 'a.md', `--output-limit=${size}`], { cwd: root })
      assert.equal(wrong.code, 2)
      assert.match(wrong.stderr, /--output-limit takes a size, such as 64K or 10M/)
    }
  })
})

describe('baton run, used wrongly', () => {
  const root = repoOf({ 'a.md': parameters, 'README.md': '# Nothing', 'c#d.md': fence('sh {name=x}', 'echo sharp') })

  const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
    [['missing.md'], /missing\.md cannot be read: it does not exist\./],
    [['missing.md#step'], /missing\.md cannot be read/],
    [['a.md#nosuch', '--param', 'USER_ID=tanaka'], /This runbook has no step #nosuch\. It has: #show/],
    [['README.md'], /README\.md: This file has no step that could run\./],
    [['.'], /cannot be read: it is a folder\./],
    [['a.md'], /ユーザーID \(USER_ID\) needs a value\. Give it with --param USER_ID=…/],
    [['a.md', '--param', 'USER_ID=X'], /ユーザーID \(USER_ID\): 半角英小文字で始まる3〜20文字/],
    [['a.md', '-p', 'USER_ID=tanaka', '-p', 'DEPARTMENT=宇宙'], /DEPARTMENT must be one of: 営業, 総務\./],
    [['a.md', '-p', 'USER_ID=tanaka', '-p', 'OTHER=1'], /no parameter OTHER\. It has: USER_ID, DEPARTMENT\./],
    [['a.md', '-p', '__proto__=1', '-p', 'USER_ID=tanaka'], /no parameter __proto__/],
    [['a.md', '--param', 'USER_ID'], /--param takes NAME=VALUE, not “USER_ID”\./],
    [['a.md', '--param', '=x'], /--param takes NAME=VALUE/],
  ]
  for (const [words, sentence] of mistakes) {
    it(`runs nothing: baton run ${words.join(' ')}`, async () => {
      const { code, stdout, stderr } = await baton(['run', ...words], { cwd: root })
      assert.match(stderr, sentence)
      assert.equal(code, 2)
      assert.equal(stdout, '')
      assert.ok(!existsSync(join(root, '.baton')))
    })
  }

  it('refuses a runbook whose frontmatter cannot be understood', async () => {
    const text = ['---', 'cwd: ["', '---', fence('sh', 'touch ran')].join('\n')
    const broken = repoOf({ 'a.md': text })
    const { code, stderr } = await baton(['run', '--yes', 'a.md'], { cwd: broken })
    assert.equal(code, 2)
    assert.match(stderr, /^a\.md:\d+:\d+ /)
    assert.deepEqual(readdirSync(broken).sort(), ['.git', 'a.md'])
  })

  it('takes a file whose name holds #', async () => {
    const sharp = repoOf({ 'c#d.md': fence('sh {name=x}', 'echo sharp') })
    for (const name of ['c#d.md', 'c#d.md#x']) {
      const { code, stdout } = await baton(['run', '--yes', name], { cwd: sharp })
      assert.equal(code, 0)
      assert.match(stdout, /^sharp$/m)
    }
  })
})

describe('parameters of baton run', () => {
  const given = async (value: string) => {
    const root = repoOf({
      'a.md': ['---', 'parameters: [{ name: VALUE }]', '---', fence('sh', `printf '%s' "$VALUE" > got`)].join('\n'),
    })
    const ended = await baton(['run', '--yes', 'a.md', '--param', `VALUE=${value}`], { cwd: root })
    return { ...ended, files: readdirSync(root).sort(), got: readFileSync(join(root, 'got'), 'utf8') }
  }

  for (const value of [
    '$(touch x)',
    '`touch x`',
    '"; touch x; "',
    "'; touch x; '",
    'a\ntouch x',
    'a=b=c',
    '-n',
    '全角　値',
    '\\$HOME %PATH% !x!',
  ]) {
    it(`reach the step as they are: ${JSON.stringify(value)}`, async () => {
      const { code, got, files, stderr } = await given(value)
      assert.equal(code, 0, stderr)
      assert.equal(got, value)
      assert.deepEqual(files, ['.baton', '.git', 'a.md', 'got'])
    })
  }

  it('go by their labels, too, unless two have the same', async () => {
    const declared =
      '[{ name: A, label: 氏名 }, { name: B, label: 部署, default: x }, { name: C, label: 部署, default: x }]'
    const root = repoOf({ 'a.md': `---\nparameters: ${declared}\n---\n${fence('sh', `printf '%s' "$A" > got`)}` })
    const labelled = await baton(['run', '--yes', 'a.md', '--param', '氏名=田中'], { cwd: root })
    assert.equal(labelled.code, 0, labelled.stderr)
    assert.equal(readFileSync(join(root, 'got'), 'utf8'), '田中')
    const ambiguous = await baton(['run', '--yes', 'a.md', '--param', 'A=1', '--param', '部署=営業'], { cwd: root })
    assert.equal(ambiguous.code, 2)
    assert.match(ambiguous.stderr, /no parameter 部署\. It has: A, B, C/)
  })

  it('come from defaults where nobody gives them', async () => {
    const root = repoOf({ 'a.md': parameters })
    const { code, stdout } = await baton(['run', '--yes', 'a.md', '--param', 'USER_ID=tanaka'], { cwd: root })
    assert.equal(code, 0)
    assert.match(stdout, /<tanaka><総務>/)
    assert.deepEqual(onlyRecord(root)[0]?.parameters, { USER_ID: 'tanaka', DEPARTMENT: '総務' })
  })

  it('are masked where the runbook calls them sensitive', async () => {
    const root = repoOf({
      'a.md': ['---', 'parameters: [{ name: PIN, sensitive: true }]', '---', fence('sh', 'echo "pin $PIN"')].join('\n'),
    })
    const { stdout } = await baton(['run', '--yes', 'a.md', '-p', 'PIN=98765-abc'], { cwd: root })
    assert.doesNotMatch(stdout, /98765/)
    assert.match(stdout, /^pin \S+$/m)
    assert.doesNotMatch(JSON.stringify(onlyRecord(root)), /98765/)
  })
})

describe('baton run without a terminal', () => {
  it('skips manual steps and decisions, says so, and records it', async () => {
    const root = repoOf({
      'a.md': [
        '## 準備',
        '- [ ] ケーブルを挿す',
        '',
        '## 選ぶ',
        '- [つながった](#つながった)',
        '- [だめ](#だめ)',
        '',
        '## つながった',
        fence('sh {name=up}', 'echo way-up'),
        '## だめ',
        fence('sh {name=down}', 'echo way-down'),
        '## 最後',
        fence('sh {name=last}', 'echo the-end'),
      ].join('\n'),
    })
    const { code, stdout, stderr } = await baton(['run', '--yes', 'a.md'], { cwd: root, env: { BATON_LANG: 'ja' } })
    assert.equal(code, 0, stderr)
    assert.match(stderr, /「ケーブルを挿す」を手で行う人がいないため、対象外として記録します。/)
    assert.match(stderr, /選ぶ人がいないため/)
    assert.doesNotMatch(stdout, /way-(up|down)/)
    const kinds = onlyRecord(root).filter(({ type }) => type === 'step-end')
    assert.deepEqual(
      kinds.map(({ outcome }) => outcome),
      ['skipped', 'skipped', 'succeeded'],
    )
  })

  it('runs nothing when a step asks and --yes is missing', async () => {
    const root = repoOf({
      'a.md': [fence('sh {name=one}', 'touch ran'), fence('sh {name=two confirm=true}', 'echo sure')].join('\n'),
    })
    const refused = await baton(['run', 'a.md'], { cwd: root })
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /asks before it runs.*--yes/)
    assert.deepEqual(readdirSync(root).sort(), ['.git', 'a.md'])
    const allowed = await baton(['run', '--yes', 'a.md'], { cwd: root })
    assert.equal(allowed.code, 0)
    assert.match(allowed.stdout, /^sure$/m)
    assert.equal((await baton(['run', 'a.md#one'], { cwd: root })).code, 0)
  })
})

describe('the record of baton run', () => {
  it('lies under the repo of the runbook, wherever the command starts', async () => {
    const root = repoOf({ 'x/手順 書.md': fence('sh', 'pwd') }, '社内 手順書')
    const elsewhere = repoOf({})
    const fromElsewhere = await baton(['run', '--yes', join(root, 'x/手順 書.md')], { cwd: elsewhere })
    assert.equal(fromElsewhere.code, 0, fromElsewhere.stderr)
    assert.ok(fromElsewhere.stdout.includes(`${join(root, 'x')}\n`))
    assert.ok(fromElsewhere.stdout.includes(recordFiles(root)[0] ?? 'no record'))
    await baton(['run', '--yes', '手順 書.md'], { cwd: join(root, 'x') })
    assert.equal(recordFiles(root).length, 2)
    assert.ok(!existsSync(join(root, 'x/.baton')))
    assert.ok(!existsSync(join(elsewhere, '.baton')))
    assert.equal(onlyPath(await baton(['runs', '--json'], { cwd: join(root, 'x') })), 'x/手順 書.md')
  })

  it('is kept without git, and that is said once', async () => {
    const folder = folderOf({ 'sub/a.md': fence('sh', 'echo done') })
    const { code, stderr } = await baton(['run', '--yes', 'sub/a.md'], { cwd: folder })
    assert.equal(code, 0)
    assert.equal(stderr.match(/not in a git repository/g)?.length, 1)
    assert.equal(onlyRecord(folder)[0]?.git, undefined)
    const outside = folderOf({})
    await baton(['run', '--yes', join(folder, 'sub/a.md')], { cwd: outside })
    assert.equal(recordFiles(join(folder, 'sub')).length, 1)
  })

  it('is kept without the program git, too', async function () {
    if (process.platform === 'win32') {
      console.log('      no /bin here')
      this.skip()
    }
    const root = repoOf({ 'a.md': fence('sh', 'echo here') })
    mkdirSync(join(root, 'bin'))
    for (const folder of ['/bin', '/usr/bin']) {
      for (const name of readdirSync(folder).filter((name) => !name.startsWith('git'))) {
        if (!existsSync(join(root, 'bin', name))) symlinkSync(join(folder, name), join(root, 'bin', name))
      }
    }
    const env = { PATH: join(root, 'bin'), GIT_AUTHOR_NAME: undefined, GIT_AUTHOR_EMAIL: undefined }
    const { code, stdout, stderr } = await baton(['run', '--yes', 'a.md'], { cwd: root, env })
    assert.equal(code, 0, stdout + stderr)
    assert.match(stdout, /^here$/m)
    assert.equal(onlyRecord(root)[0]?.git, undefined)
  })

  it('must be possible, or nothing runs', async () => {
    const root = repoOf({ 'a.md': fence('sh', 'touch ran'), '.baton': 'a file in the way' })
    const { code, stderr, stdout } = await baton(['run', '--yes', 'a.md'], { cwd: root, env: { BATON_LANG: 'ja' } })
    assert.equal(code, 3)
    assert.match(stderr, /記録を書き込めないため、実行しません: .*\(\.baton\/runs.*\)/)
    assert.doesNotMatch(stderr, /ENOTDIR|Error/)
    assert.equal(stdout.includes('✓'), false)
    assert.ok(!existsSync(join(root, 'ran')))
  })

  it('of a run that was cut off is closed at the next one', async () => {
    const root = repoOf({ 'b.md': fence('sh', 'true'), 'c.md': fence('sh', 'sleep 60') })
    const child = startBaton(['run', '--yes', 'c.md'], { cwd: root })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
    const { stderr, code } = await baton(['run', '--yes', 'b.md'], { cwd: root })
    assert.equal(code, 0)
    assert.match(stderr, /^Cut off before the end, and kept as abandoned: c\.md \(.+\)\.$/m)
    assert.equal((await baton(['verify'], { cwd: root })).code, 0)
    const again = await baton(['run', '--yes', 'b.md'], { cwd: root })
    assert.doesNotMatch(again.stderr, /Cut off/)
  })
})

describe('baton run where something is missing', () => {
  it('says which interpreter, and how many steps use it', async () => {
    const root = repoOf({ 'a.md': [fence('sh', 'touch ran'), fence('bash', 'true'), fence('bash', 'true')].join('\n') })
    mkdirSync(join(root, 'bin'))
    for (const name of ['sh', 'git']) {
      symlinkSync(
        execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(),
        join(root, 'bin', name),
      )
    }
    const { code, stderr } = await baton(['run', '--yes', 'a.md'], { cwd: root, env: { PATH: join(root, 'bin') } })
    assert.equal(code, 3)
    assert.match(stderr, /bash was not found\. 2 steps of this runbook use it\. Install it and run again\./)
    assert.ok(!existsSync(join(root, 'ran')))
  })

  it('says so of a shell that nobody knows', async () => {
    const root = repoOf({ 'a.md': fence('sh {shell=no-such-shell-anywhere}', 'true') })
    const { code, stderr } = await baton(['run', '--yes', 'a.md'], { cwd: root })
    assert.equal(code, 3)
    assert.match(stderr, /no-such-shell-anywhere/)
  })
})

function onlyPath({ stdout }: { readonly stdout: string }): string {
  const paths = new Set(JSON.parse(stdout).map(({ runbook }: { runbook: { path: string } }) => runbook.path))
  assert.equal(paths.size, 1)
  return String([...paths][0])
}
