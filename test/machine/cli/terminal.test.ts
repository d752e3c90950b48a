import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { before, describe, it } from 'mocha'
import { needs } from '../../support/needs.ts'
import { baton, fence, repoOf, startBaton } from './baton.ts'
import { onlyRecord, outcomesOf } from './records-of.ts'
import { onTerminal, type Terminal, whyNoTerminal } from './terminal.ts'

/** Answers the question that stands before texts which are new. */
async function letRun(terminal: Terminal): Promise<void> {
  await terminal.shows('Enter: run')
  terminal.type('\r')
}

describe('baton run on a terminal', function () {
  this.timeout(120_000)
  before(function () {
    needs(this, whyNoTerminal())
  })

  it('asks for parameters one by one, and again after a wrong value', async () => {
    const root = repoOf({
      'a.md': [
        '---',
        'parameters:',
        "  - { name: USER_ID, label: ユーザーID, pattern: '[a-z]{3,}', hint: 半角英小文字で3文字以上 }",
        '  - { name: TEAM, default: 総務 }',
        '  - { name: PLACE, choices: [本社, 支店] }',
        '  - { name: PIN, sensitive: true }',
        '---',
        fence('sh {name=show}', `printf '<%s><%s><%s>%s' "$USER_ID" "$TEAM" "$PLACE" "$PIN" > got`),
      ].join('\n'),
    })
    const terminal = onTerminal(['run', 'a.md'], { cwd: root, env: { BATON_LANG: 'ja' } })
    await terminal.shows('半角英小文字で3文字以上')
    await terminal.shows('(USER_ID)')
    terminal.type('X\r')
    await terminal.shows('半角英小文字で3文字以上')
    await terminal.shows('(USER_ID)')
    terminal.type('tanaka\r')
    await terminal.shows('[総務]')
    terminal.type('\r')
    await terminal.shows('1 本社 · 2 支店')
    terminal.type('２\r')
    await terminal.shows('PIN')
    terminal.type('9876-secret\r')
    await terminal.shows('まだ実行したことのない内容です')
    await terminal.shows('Enter: 実行')
    terminal.type('\r')
    const { code, screen } = await terminal.end()
    assert.equal(code, 0, screen)
    assert.equal(readFileSync(join(root, 'got'), 'utf8'), '<tanaka><総務><支店>9876-secret')
    assert.doesNotMatch(screen, /9876/)
  })

  it('asks manual steps, decisions and confirmations', async () => {
    const root = repoOf({
      'a.md': [
        '- [ ] Plug it in',
        '- [ ] Look at it',
        '',
        '## Choose',
        '- [Works](#works)',
        '- [Fails](#fails)',
        '',
        '## Works',
        fence('sh {name=works}', 'echo way-works'),
        '## Fails',
        fence('sh {name=fails confirm=true}', 'echo way-fails'),
      ].join('\n'),
    })
    const terminal = onTerminal(['run', 'a.md'], { cwd: root })
    await letRun(terminal)
    await terminal.shows('Enter: done')
    terminal.type('ｎ\r')
    await terminal.shows('Note:')
    terminal.type('blue cable\r')
    await terminal.shows('Enter: done')
    terminal.type('s\r')
    await terminal.shows('Type the number')
    terminal.type('7\r')
    await terminal.shows('Type the number')
    terminal.type('２\r')
    await terminal.shows('Run this step?')
    terminal.type('\r')
    const { code, screen } = await terminal.end()
    assert.equal(code, 0, screen)
    assert.match(screen, /way-fails\r?\n/)
    const ends = onlyRecord(root).filter(({ type }) => type === 'step-end')
    assert.deepEqual(
      ends.map(({ outcome, note, choice }) => [outcome, note, choice]),
      [
        ['succeeded', 'blue cable', undefined],
        ['skipped', undefined, undefined],
        ['succeeded', undefined, 'fails'],
        ['succeeded', undefined, undefined],
      ],
    )
  })

  it('leaves at Ctrl+C in a question, with the record closed', async () => {
    const root = repoOf({ 'a.md': ['- [ ] Plug it in', '', fence('sh {name=then}', 'touch ran')].join('\n') })
    const terminal = onTerminal(['run', 'a.md'], { cwd: root })
    await letRun(terminal)
    await terminal.shows('Enter: done')
    terminal.type('\x03')
    const { code } = await terminal.end()
    assert.equal(code, 130)
    assert.equal(onlyRecord(root).at(-1)?.type, 'run-end')
    assert.ok(!existsSync(join(root, 'ran')))
  })

  it('ends the running step at Ctrl+C, with the record closed', async () => {
    const root = repoOf({
      'a.md': [fence('sh {name=long}', 'echo begun', 'sleep 60'), fence('sh', 'touch ran')].join('\n'),
    })
    const terminal = onTerminal(['run', 'a.md'], { cwd: root })
    await letRun(terminal)
    await terminal.shows(/begun\r?\n/)
    terminal.type('\x03')
    const { code, screen } = await terminal.end()
    assert.equal(code, 130, screen)
    assert.match(screen, /■ cancelled/)
    assert.deepEqual(outcomesOf(onlyRecord(root)), { long: 'cancelled' })
    assert.equal(onlyRecord(root).at(-1)?.type, 'run-end')
    assert.equal((await baton(['verify'], { cwd: root })).code, 0)
  })

  it('asks for a secret with hidden input, and says that it is not kept where there is no keychain', async () => {
    const root = repoOf({
      'a.md': ['---', 'secrets: [{ name: TOKEN }]', '---', fence('sh {name=use}', `printf '%s' "$TOKEN" > got`)].join(
        '\n',
      ),
    })
    const terminal = onTerminal(['run', 'a.md'], { cwd: root })
    await letRun(terminal)
    await terminal.shows('not kept')
    await terminal.shows('TOKEN')
    terminal.type('abc\r')
    await terminal.shows('too short')
    await terminal.shows('TOKEN')
    terminal.type('s3cr3t-value\r')
    const { code, screen } = await terminal.end()
    assert.equal(code, 0, screen)
    assert.equal(readFileSync(join(root, 'got'), 'utf8'), 's3cr3t-value')
    assert.doesNotMatch(screen, /s3cr3t|abc/)
  })
})

describe('a signal to baton run', () => {
  if (process.platform === 'win32') return

  it('ends the step and closes the record', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const root = repoOf({ 'a.md': fence('sh {name=long}', 'echo begun; sleep 60') })
      const child = startBaton(['run', '--yes', 'a.md'], { cwd: root })
      await once(child.stdout, 'data')
      child.kill(signal)
      const [code] = await once(child, 'close')
      assert.equal(code, 130)
      assert.equal(onlyRecord(root).at(-1)?.outcome, 'cancelled')
    }
  })

  it('leaves at once when it comes a second time', async () => {
    const root = repoOf({ 'a.md': fence('bash {name=deaf}', `trap '' TERM INT`, 'echo begun', 'sleep 60; sleep 60') })
    const child = startBaton(['run', '--yes', 'a.md'], { cwd: root })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    while (!output.includes('begun\n')) await once(child.stdout, 'data')
    child.kill('SIGINT')
    await pause(300)
    const before = Date.now()
    child.kill('SIGINT')
    const [code] = await once(child, 'exit')
    assert.equal(code, 130)
    assert.ok(Date.now() - before < 1500)
  })
})
