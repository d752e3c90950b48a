import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'mocha'
import { needs, needsUnix } from '../../support/needs.ts'
import { baton, fence, repoOf } from './baton.ts'
import { onlyRecord, recordFiles } from './records-of.ts'
import { onTerminal, whyNoTerminal } from './terminal.ts'

describe('a text that never ran here, without a terminal', () => {
  it('keeps everything from running, until --yes lets it; then the record says so', async () => {
    const root = repoOf({ 'a.md': [fence('sh {name=one}', 'touch ran'), fence('sh {name=two}', 'true')].join('\n') })
    const refused = await baton(['run', 'a.md'], { cwd: root })
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /Nobody is here to look at “one”, which is new or changed \(2 in all\)\..*--yes/)
    assert.ok(!existsSync(join(root, 'ran')) && !existsSync(join(root, '.baton')))
    const json = await baton(['run', 'a.md', '--json'], { cwd: root, env: { BATON_LANG: 'ja' } })
    const { code, values } = JSON.parse(json.stdout)
    assert.deepEqual([code, values], ['approval-needed', { step: 'one', steps: '2' }])

    const allowed = await baton(['run', 'a.md', '--yes'], { cwd: root })
    assert.equal(allowed.code, 0, allowed.stderr)
    assert.match(allowed.stderr, /let run by --yes: 2/)
    const [start, step] = onlyRecord(root)
    assert.equal(start?.unattended, true)
    assert.equal(step?.approval, 'now')

    const again = await baton(['run', 'a.md'], { cwd: root })
    assert.equal(again.code, 0, again.stderr)
    writeFileSync(join(root, 'a.md'), fence('sh {name=one}', 'touch other'))
    assert.equal((await baton(['run', 'a.md'], { cwd: root })).code, 2)
    assert.ok(!existsSync(join(root, 'other')))
  })

  it('is let run by --yes, and characters that deceive are pointed out', async () => {
    const root = repoOf({ 'a.md': `# A\n\n${fence('sh {name=one}', 'true', 'echo "a\u202eb" # \u200b')}` })
    const { stderr, code } = await baton(['run', 'a.md', '--yes'], { cwd: root })
    assert.equal(code, 0)
    assert.match(stderr, /Line 5, column 8: U\+202E turns the direction/)
    assert.match(stderr, /Line 5, column 14: U\+200B cannot be seen/)
    assert.ok(!stderr.includes('\u202e'))
  })
})

describe('a text that never ran here, on a terminal', function () {
  this.timeout(60_000)
  before(function () {
    needs(this, whyNoTerminal())
  })

  for (const [language, words] of [
    ['en', { run: 'Enter: run', title: 'You have not run this text before', changed: 'changed · sh · line 2' }],
    ['ja', { run: 'Enter: 実行', title: 'まだ実行したことのない内容です', changed: '変更あり · sh · 2行目' }],
  ] as const) {
    it(`is shown once, and what changed in it afterwards: ${language}`, async () => {
      const env = { BATON_LANG: language }
      const root = repoOf({ 'a.md': fence('sh {name=one}', 'echo same-line', 'echo old-line') })
      const first = onTerminal(['run', 'a.md'], { cwd: root, env })
      await first.shows(words.title)
      await first.shows('echo old-line')
      await first.shows(words.run)
      first.type('\r')
      const ran = await first.end()
      assert.equal(ran.code, 0, ran.screen)

      const second = await onTerminal(['run', 'a.md'], { cwd: root, env }).end()
      assert.equal(second.code, 0, second.screen)
      assert.doesNotMatch(second.screen, new RegExp(words.title))

      writeFileSync(join(root, 'a.md'), fence('sh {name=one}', 'echo same-line', 'echo new-\u202eline'))
      const third = onTerminal(['run', 'a.md'], { cwd: root, env })
      await third.shows(words.changed)
      await third.shows('- echo old-line')
      await third.shows('+ echo new-')
      await third.shows('U+202E')
      await third.shows(words.run)
      third.type('\x03')
      const { code, screen } = await third.end()
      assert.equal(code, 130)
      assert.doesNotMatch(screen, /\u202e/)
      assert.equal(recordFiles(root).length, 2)
    })
  }

  it('does not redraw the terminal with control characters', async () => {
    const root = repoOf({ 'a.md': fence('sh {name=one}', 'echo a\x1b[2Jb') })
    const terminal = onTerminal(['run', 'a.md'], { cwd: root })
    await terminal.shows('‹U+001B›')
    await terminal.shows('Enter: run')
    terminal.type('\x03')
    assert.ok(!(await terminal.end()).screen.includes('\x1b[2J'))
  })

  it('is asked about before each run that asks; the confirmation says what the variables hold', async () => {
    const root = repoOf({
      'a.md': [
        '---',
        'parameters: [{ name: USER_ID }, { name: PIN, sensitive: true }]',
        'secrets: [{ name: TOKEN }]',
        '---',
        fence('sh {name=one confirm=true}', 'echo "$USER_ID" "$PIN" "$TOKEN" > got'),
      ].join('\n'),
    })
    const words = ['run', 'a.md', '-p', 'USER_ID=tanaka', '-p', 'PIN=9876']
    const terminal = onTerminal(words, { cwd: root, env: { BATON_SECRET_TOKEN: 'geheim-wort' } })
    await terminal.shows('Enter: run')
    terminal.type('\r')
    await terminal.shows('echo "$USER_ID"')
    await terminal.shows(/USER_ID =\S* tanaka/)
    await terminal.shows(/PIN =\S* \*\*\*/)
    await terminal.shows(/TOKEN =\S* \*\*\*/)
    await terminal.shows('Run this step?')
    terminal.type('\r')
    const { code, screen } = await terminal.end()
    assert.equal(code, 0, screen)
    assert.doesNotMatch(screen, /geheim|9876/)
  })
})

describe('what else a run asks', function () {
  this.timeout(60_000)
  const undoable = [
    fence('sh {name=make undo=remove}', 'touch made'),
    fence('sh {name=fail}', 'exit 3'),
    '## Undo',
    fence('sh {name=remove}', 'rm made'),
  ].join('\n')

  it('leaves what ran where nobody says whether to undo it, and names the steps', async () => {
    const root = repoOf({ 'a.md': undoable })
    const { code, stderr } = await baton(['run', '--yes', 'a.md'], { cwd: root })
    assert.equal(code, 1)
    assert.match(stderr, /What ran stays as it is\. These steps would undo it: #remove/)
    assert.ok(existsSync(join(root, 'made')))
  })
  it('does not keep a run from starting for a confirmation that only its undoing asks for', async () => {
    const root = repoOf({
      'a.md': [fence('sh {name=make undo=remove}', 'true'), fence('sh {name=remove confirm=true}', 'true')].join('\n'),
    })
    assert.equal((await baton(['run', '--yes', 'a.md'], { cwd: root })).code, 0)
    const { code, stderr } = await baton(['run', 'a.md'], { cwd: root })
    assert.equal(code, 0, stderr)
    assert.equal((await baton(['run', 'a.md#remove'], { cwd: root })).code, 2)
  })
  it('undoes what ran when the operator says so', async function () {
    needs(this, whyNoTerminal())
    const root = repoOf({ 'a.md': undoable })
    const terminal = onTerminal(['run', 'a.md'], { cwd: root })
    await terminal.shows('Enter: run')
    terminal.type('\r')
    await terminal.shows('can be undone')
    await terminal.shows('rm made')
    await terminal.shows('Enter: undo')
    terminal.type('\r')
    const { code, screen } = await terminal.end()
    assert.equal(code, 1, screen)
    assert.ok(!existsSync(join(root, 'made')), screen)
    assert.match((await baton(['runs'], { cwd: root })).stdout, / · 0\/2 · undone: 1$/m)
    const ja = await baton(['runs'], { cwd: root, env: { BATON_LANG: 'ja' } })
    assert.match(ja.stdout, / · 0\/2 · 取り消し済み: 1$/m)
    const json = await baton(['runs', '--json'], { cwd: root })
    assert.deepEqual(JSON.parse(json.stdout)[0].tally, { all: 2, succeeded: 0, undone: 1 })
  })

  it('asks for variables of promptEnv, and takes what is written there with --yes', async () => {
    const root = repoOf({ 'a.md': fence('sh {name=one promptEnv=yes}', 'export TEAM="Sales"', 'echo "team: $TEAM"') })
    const { stdout, code, stderr } = await baton(['run', '--yes', 'a.md'], { cwd: root })
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^team: Sales$/m)
    if (whyNoTerminal() !== undefined) return
    const terminal = onTerminal(['run', 'a.md'], { cwd: root })
    await terminal.shows('“one” asks: TEAM')
    await terminal.shows('[Sales]')
    terminal.type('Research\r')
    await terminal.shows('team: Research')
    assert.equal((await terminal.end()).code, 0)
  })
  it('asks for the password that a program wants, unseen, and keeps it out of the record', async function () {
    needsUnix(this, 'the program that asks is a script of sh')
    needs(this, whyNoTerminal())
    // git asks as ssh and sudo do.
    const request = String.raw`printf 'protocol=https\nhost=example.com\nusername=sato\n\n'`
    const root = repoOf({ 'a.md': fence('sh {name=one}', `${request} | git -c credential.helper= credential fill`) })
    const terminal = onTerminal(['run', '--yes', 'a.md'], { cwd: root })
    await terminal.shows('“one” asks: Password for')
    terminal.type('geheim-wort\r')
    await terminal.shows('password=***')
    const { code, screen } = await terminal.end()
    assert.equal(code, 0, screen)
    assert.ok(!screen.includes('geheim'))
    const unattended = await baton(['run', 'a.md'], { cwd: root })
    assert.match(unattended.stderr, /Nobody is here to answer “one”: Password for/)
    assert.notEqual(unattended.code, 0)
  })
  it('fails a step whose output is not what was expected, and shows the difference', async () => {
    const root = repoOf({ 'a.md': `${fence('sh {name=one}', 'echo two')}\n${fence('output', 'one')}` })
    const { code, stdout } = await baton(['run', '--yes', 'a.md'], { cwd: root })
    assert.equal(code, 1)
    assert.match(stdout, /^- one$/m)
    assert.match(stdout, /^\+ two$/m)
    assert.doesNotMatch(stdout, /^(---|\+\+\+)/m)
  })
})
