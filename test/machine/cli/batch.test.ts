import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { needs, needsUnix } from '../../support/needs.ts'
import { baton, fence, program, repoOf, startBaton } from './baton.ts'
import { recordFiles, recordsOf } from './records-of.ts'
import { onSized } from './sized-terminal.ts'
import { onTerminal, whyNoTerminal } from './terminal.ts'

const runbook = [
  '---',
  'title: Joining',
  'parameters:',
  "  - { name: USER_ID, label: ユーザーID, pattern: '[a-z]+' }",
  '  - { name: TEAM, label: 部署, type: choice, choices: [営業, 総務], default: 総務 }',
  '  - { name: HOST, default: here }',
  '---',
  fence('sh {name=join}', 'echo "$USER_ID $TEAM $HOST" >> log', '[ "$USER_ID" != bad ] || [ -e mended ]'),
].join('\n')
const csv = 'ユーザーID,部署\ntanaka,営業\nbad,\nsuzuki,総務\n'
const log = (root: string) => readFileSync(join(root, 'log'), 'utf8')

/** The row, the key and the outcome of each line of the summary. */
function summaryOf(stdout: string): readonly string[] {
  return stdout.split('\n').filter((text) => /^ +\d+ {2}/.test(text))
}

describe('baton batch', function () {
  this.timeout(60_000)

  it('runs a runbook for each row, one record a row, and stops at a failure', async () => {
    const root = repoOf({ 'a.md': runbook, 'rows.csv': csv })
    const { code, stdout, stderr } = await baton(['batch', 'a.md', 'rows.csv', '--yes', '-p', 'HOST=h'], { cwd: root })
    assert.equal(code, 1)
    assert.equal(log(root), 'tanaka 営業 h\nbad 総務 h\n')
    const starts = recordsOf(root).map(([start]) => start)
    const [{ id } = { id: '' }] = starts.map((start) => start?.batch as { id: string })
    assert.match(id, /^[0-9a-f]{12}$/)
    assert.deepEqual(
      starts.map((start) => start?.batch),
      [1, 2].map((row) => ({ id, row, rows: 3 })),
    )
    assert.ok(starts.every((start) => start?.unattended === true))
    const [first, second, third] = summaryOf(stdout)
    assert.match(first ?? '', /^ {3}1 {2}✓ succeeded {2}tanaka {2}\.baton\/runs\/.*\.jsonl$/)
    assert.match(second ?? '', /^ {3}2 {2}✗ failed {2}bad {2}\.baton/)
    assert.match(third ?? '', /^ {3}3 {2}· not run {2}suzuki$/)
    assert.match(stdout, /Rows that succeeded: 1 of 3 · failed: 1 · not run: 1\n$/)
    assert.match(stderr, /^1\/3 tanaka ✓ succeeded$/m)
    assert.match(stderr, new RegExp(`--resume ${id}`))
  })

  it('goes on after a failure with --continue, and resumes with the rows that failed or never ran', async () => {
    const root = repoOf({ 'a.md': runbook, 'rows.csv': csv })
    const ja = { BATON_LANG: 'ja' }
    const first = await baton(['batch', 'a.md', 'rows.csv', '--yes', '--continue', '-p', 'HOST=h'], {
      cwd: root,
      env: ja,
    })
    assert.equal(first.code, 1)
    assert.match(first.stdout, /成功: 3行のうち2行 · 失敗: 1\n$/)
    const id = /--resume (\S+)/.exec(first.stderr)?.[1] ?? ''

    writeFileSync(join(root, 'rows.csv'), csv.replace('bad', 'worse'))
    const changed = await baton(['batch', 'a.md', 'rows.csv', '--resume', id], { cwd: root })
    assert.equal(changed.code, 2)
    assert.match(changed.stderr, /Line 3 is not what ran: USER_ID is another one/)
    writeFileSync(join(root, 'rows.csv'), `${csv}saito,\n`)
    const longer = await baton(['batch', 'a.md', 'rows.csv', '--resume', id], { cwd: root })
    assert.match(longer.stderr, /had 3 rows and has 4 now/)

    writeFileSync(join(root, 'rows.csv'), csv)
    writeFileSync(join(root, 'mended'), '')
    const second = await baton(['batch', 'a.md', 'rows.csv', '--resume', id], { cwd: root })
    assert.equal(second.code, 0, second.stderr)
    assert.equal(log(root), 'tanaka 営業 h\nbad 総務 h\nsuzuki 総務 h\nbad 総務 h\n')
    assert.deepEqual(recordsOf(root).at(-1)?.[0]?.batch, { id, row: 2, rows: 3 })
    const third = await baton(['batch', 'a.md', 'rows.csv', '--resume', id], { cwd: root })
    assert.equal(third.code, 2)
    assert.match(third.stderr, /nothing is left/)
    const unknown = await baton(['batch', 'a.md', 'rows.csv', '--resume', 'nosuch'], { cwd: root })
    assert.equal(unknown.code, 2)
    assert.equal((await baton(['verify'], { cwd: root })).code, 0)
  })

  it('only looks with --dry-run at what is left of a batch that was cut off', async () => {
    const root = repoOf({
      'a.md': `---\nparameters: [{ name: N }]\n---\n${fence('sh {name=x}', 'echo "row $N"; [ "$N" = 1 ] || sleep 60')}`,
      'rows.csv': 'N\n1\n2\n3\n',
    })
    const child = startBaton(['batch', 'a.md', 'rows.csv', '--yes'], { cwd: root })
    let seen = ''
    child.stdout.on('data', (data) => {
      seen += data
    })
    while (!/^row 2$/m.test(seen)) await once(child.stdout, 'data')
    const [{ id } = { id: '' }] = recordsOf(root).map(([start]) => start?.batch as { id: string })
    const running = await baton(['batch', 'a.md', 'rows.csv', '--dry-run', '--resume', id], { cwd: root })
    assert.equal(running.code, 2)
    assert.match(running.stderr, /Line 3 is running at this moment/)
    child.kill('SIGKILL')
    await once(child, 'close')
    const left = recordFiles(root).map((file) => readFileSync(file, 'utf8'))
    const { code, stdout, stderr } = await baton(['batch', 'a.md', 'rows.csv', '--dry-run', '--resume', id], {
      cwd: root,
    })
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^ {3}2 {2}N=2\n {3}3 {2}N=3\n$/)
    assert.deepEqual(
      recordFiles(root).map((file) => readFileSync(file, 'utf8')),
      left,
    )
  })

  it('wants a masked value that is the same for all rows once more', async () => {
    const root = repoOf({
      'a.md': [
        '---',
        'parameters: [{ name: N }, { name: PIN, sensitive: true, default: "0000" }]',
        '---',
        fence('sh {name=x}', 'echo "$N $PIN" >> log', '[ -e mended ]'),
      ].join('\n'),
      'rows.csv': 'N\n1\n2\n',
    })
    const first = await baton(['batch', 'a.md', 'rows.csv', '--yes', '-p', 'PIN=9876'], { cwd: root })
    const id = /--resume (\S+)/.exec(first.stderr)?.[1] ?? ''
    writeFileSync(join(root, 'mended'), '')
    const refused = await baton(['batch', 'a.md', 'rows.csv', '--resume', id], { cwd: root })
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /PIN is not in the record/)
    const words = ['batch', 'a.md', 'rows.csv', '--resume', id, '-p', 'PIN=9876']
    const second = await baton(words, { cwd: root })
    assert.equal(second.code, 0, second.stderr)
    assert.equal(log(root), '1 9876\n1 9876\n2 9876\n')
  })

  it('counts a row that was gone on with by itself', async () => {
    const root = repoOf({ 'a.md': runbook, 'rows.csv': 'USER_ID\nbad\nsuzuki\n' })
    const first = await baton(['batch', 'a.md', 'rows.csv', '--yes'], { cwd: root })
    const id = /--resume (\S+)/.exec(first.stderr)?.[1] ?? ''
    writeFileSync(join(root, 'mended'), '')
    const [record = ''] = recordFiles(root)
    assert.equal((await baton(['run', '--resume', record], { cwd: root })).code, 0)
    assert.deepEqual(recordsOf(root).at(-1)?.[0]?.batch, { id, row: 1, rows: 2 })
    const second = await baton(['batch', 'a.md', 'rows.csv', '--resume', id], { cwd: root })
    assert.equal(second.code, 0, second.stderr)
    assert.equal(log(root), 'bad 総務 here\nbad 総務 here\nsuzuki 総務 here\n')
  })

  it('looks at every row before the first runs, and says the line', async () => {
    const root = repoOf({
      'a.md': runbook,
      'rows.csv': 'ユーザーID,部署,Nonsense\ntanaka,営業,\n',
      'b.csv': csv.replace('suzuki,総務', 'X,宇宙'),
    })
    const unknown = await baton(['batch', 'a.md', 'rows.csv', '--yes'], { cwd: root })
    assert.equal(unknown.code, 2)
    assert.match(
      unknown.stderr,
      /Column 3, “Nonsense”, is no parameter of this runbook\. It has: USER_ID \(ユーザーID\), /,
    )
    const wrong = await baton(['batch', 'a.md', 'b.csv', '--yes'], { cwd: root, env: { BATON_LANG: 'ja' } })
    assert.equal(wrong.code, 2)
    assert.match(wrong.stderr, /^4行目: ユーザーID.*\n4行目: 部署.*営業、総務/m)
    for (const [words, sentence] of [
      [['a.md', 'none.csv'], /none\.csv cannot be read: it does not exist/],
      [['a.md', '.'], /cannot be read: it is a folder/],
      [['a.md', 'a.md'], /quotation mark/],
      [['a.md', 'b.csv', '--continue', '--stop'], /exclude one another/],
      [['a.md', 'b.csv', '--param', 'USER_ID=x'], /has a value for all rows as well/],
      [['a.md'], /Something is missing: table/],
    ] as const) {
      const { code, stderr } = await baton(['batch', ...words], { cwd: root })
      assert.match(stderr, sentence)
      assert.equal(code, 2)
    }
    assert.ok(!existsSync(join(root, 'log')) && !existsSync(join(root, '.baton')))
  })

  it('takes the table as Excel saves it in Japan, and shows it with --dry-run', async () => {
    const root = repoOf({ 'a.md': runbook })
    // "ユーザーID,部署" and "tanaka,営業" in code page 932.
    const excel = '8386815b8355815b49442c95948f900d0a74616e616b612c89638bc60d0a'
    writeFileSync(join(root, 'rows.csv'), Buffer.from(excel, 'hex'))
    const { code, stdout, stderr } = await baton(['batch', 'a.md', 'rows.csv', '--dry-run'], { cwd: root })
    assert.equal(code, 0, stderr)
    assert.match(stdout, /1 {2}USER_ID=tanaka {2}TEAM=営業 {2}HOST=here/)
    assert.match(stderr, /Rows that could run: 1\. Nothing was run\./)
    const json = await baton(['batch', 'a.md', 'rows.csv', '--dry-run', '--json'], { cwd: root })
    assert.deepEqual(JSON.parse(json.stdout).rows, [
      { row: 1, line: 2, key: 'tanaka', values: { USER_ID: 'tanaka', TEAM: '営業', HOST: 'here' } },
    ])
    assert.ok(!existsSync(join(root, '.baton')))
    writeFileSync(join(root, 'book.xlsx'), Buffer.from([0x50, 0x4b, 3, 4, 0, 0]))
    assert.match((await baton(['batch', 'a.md', 'book.xlsx'], { cwd: root })).stderr, /Save it as CSV/)
  })

  it('is JSON for programs: the events of each run, and the summary last', async () => {
    const root = repoOf({ 'a.md': runbook, 'rows.csv': csv })
    const { stdout } = await baton(['batch', 'a.md', 'rows.csv', '--yes', '--json'], { cwd: root })
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text))
    assert.equal(lines.filter(({ type }) => type === 'run-started').length, 2)
    const { type, outcome, rows, notRun } = lines.at(-1)
    assert.deepEqual([type, outcome, notRun], ['batch', 'failed', 1])
    assert.deepEqual(
      rows.map((row: { key: string; outcome: string }) => [row.key, row.outcome]),
      [
        ['tanaka', 'succeeded'],
        ['bad', 'failed'],
        ['suzuki', 'not-run'],
      ],
    )
  })

  it('stops for all rows at what refuses one, and runs prerequisites once', async () => {
    const root = repoOf({
      'a.md': `## Prerequisites\n- [Check](check.md)\n\n## Do\n${fence('sh {name=x}', 'true')}`,
      'b.md': [
        '---',
        'parameters: [{ name: N }]',
        'secrets: [{ name: TOKEN }]',
        '---',
        fence('sh {name=x}', 'echo "$TOKEN"'),
      ].join('\n'),
      'c.md': [
        '---',
        'parameters: [{ name: N }]',
        '---',
        '## Prerequisites',
        '- [Check](check.md)',
        '',
        fence('sh {name=x}', 'true'),
      ].join('\n'),
      'check.md': fence('sh {name=check}', 'echo checked >> log'),
      'rows.csv': 'N\n1\n2\n',
    })
    const refused = await baton(['batch', 'b.md', 'rows.csv', '--yes', '--continue'], { cwd: root })
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /set BATON_SECRET_TOKEN/)
    assert.equal(refused.stdout, '')
    assert.equal(recordFiles(root).length, 0)
    const once = await baton(['batch', 'c.md', 'rows.csv', '--yes'], { cwd: root })
    assert.equal(once.code, 0, once.stderr)
    assert.equal(log(root), 'checked\n')
    assert.equal(recordFiles(root).length, 3)
    const unapproved = await baton(['batch', 'a.md', 'rows.csv'], { cwd: root })
    assert.equal(unapproved.code, 2)
  })

  it('keeps the bar in its line where the output goes into a file, and gives way to what is said', async function () {
    needsUnix(this, 'its output is redirected by sh')
    const root = repoOf({
      'a.md': `---\nparameters: [{ name: N }]\n---\n${fence('sh {name=x}', 'echo "row $N"')}\n- [ ] Look\n`,
      'rows.csv': 'N\n1\n2\n',
    })
    const command = `exec '${process.execPath}' '${program}' batch a.md rows.csv --yes > out`
    const terminal = onSized('/bin/sh', ['-c', command], root)
    await terminal.shows('0/2 1')
    await terminal.shows('\r\x1b[KTexts that were never run')
    await terminal.shows('Enter: done')
    terminal.type('\r')
    await terminal.shows(/\r\S*█+\S*░+\S* 1\/2 2/)
    await terminal.shows('Enter: done')
    terminal.type('\r')
    const { code, screen } = await terminal.end()
    assert.equal(code, 0, screen)
    assert.match(
      readFileSync(join(root, 'out'), 'utf8'),
      /row 1\n(.*\n)+.*row 2\n(.*\n)+Rows that succeeded: 2 of 2\n$/,
    )
  })

  it('asks once for approval and for a secret, shows a bar, and ends at Ctrl+C', async function () {
    needs(this, whyNoTerminal())
    const root = repoOf({
      'b.md': [
        '---',
        'parameters: [{ name: N }]',
        'secrets: [{ name: TOKEN }]',
        '---',
        fence('sh {name=x}', 'echo "row $N $TOKEN" >> log', 'if [ "$N" = 3 ]; then echo waiting; sleep 60; fi'),
      ].join('\n'),
      'rows.csv': 'N\n1\n2\n3\n4\n',
    })
    const terminal = onTerminal(['batch', 'b.md', 'rows.csv'], { cwd: root })
    await terminal.shows('Enter: run')
    terminal.type('\r')
    await terminal.shows('TOKEN')
    terminal.type('geheim-wort\r')
    await terminal.shows(/█+\S*░+\S* 1\/4 1/)
    await terminal.shows(/█+\S*░+\S* 2\/4 2/)
    await terminal.shows(/^waiting\r?$/m)
    terminal.type('\x03')
    const { code, screen } = await terminal.end()
    assert.equal(code, 130, screen)
    assert.equal(log(root), [1, 2, 3].map((row) => `row ${row} geheim-wort\n`).join(''))
    assert.match(screen, /■ cancelled/)
    assert.match(screen, /· not run/)
    assert.equal(recordFiles(root).length, 3)
  })
})
