import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { before, describe, it } from 'mocha'
import { baton, fence, repoOf } from './baton.ts'
import { recordFiles, recordsOf } from './records-of.ts'

const runbook = `# 毎日の点検\n\n${fence('sh {name=disk}', 'echo 91%')}\n${fence('sh {name=mail}', 'echo queue: 0')}`

describe('baton runs note', () => {
  let root = ''
  let id = ''
  let file = ''
  const notes = () => recordsOf(root).flatMap((lines) => lines.filter(({ act }) => act === 'run-noted'))
  const note = (...words: string[]) => baton(['runs', 'note', ...words], { cwd: root })

  before(async () => {
    root = repoOf({ 'daily.md': runbook })
    await baton(['run', '--yes', 'daily.md'], { cwd: root })
    file = recordFiles(root)[0] ?? ''
    id = String(recordsOf(root)[0]?.[0]?.id)
  })

  it('keeps a note to a step in a record of its own, and leaves the run’s as it is', async () => {
    const written = readFileSync(file)
    const { code, stdout, stderr } = await note(id, '--step', 'disk', '90%台の警告は', '正常です')
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^✓ The note is kept with: 毎日の点検 · .* · /)
    const [line, ...others] = notes()
    assert.equal(others.length, 0)
    assert.deepEqual([line?.execution, line?.text], [1, '90%台の警告は 正常です'])
    assert.deepEqual(readFileSync(file), written)
    const head = execFileSync('sh', ['-c', 'tail -n 1 "$1" | tr -d "\\n" | sha256sum', 'sh', file], {
      encoding: 'utf8',
    })
    assert.deepEqual(line?.about, { run: id, head: head.slice(0, 64) })
    assert.equal((await baton(['verify'], { cwd: root })).code, 0)
  })

  it('takes several lines from the standard input, for a record that is named by its file', async () => {
    const piped = await baton(['runs', 'note', file, '-'], { cwd: root, input: 'One\n\n  two\n' })
    assert.equal(piped.code, 0, piped.stderr)
    assert.deepEqual(
      notes()
        .map(({ text, execution }) => [text, execution])
        .at(-1),
      ['One\n\n  two', undefined],
    )
  })

  it('shows how many notes a run has', async () => {
    const count = notes().length
    const { stdout } = await baton(['runs'], { cwd: root })
    assert.match(stdout, new RegExp(`毎日の点検 .* · ${count} notes`))
    assert.match(stdout, /Note to a step: 90%台の警告は 正常です/)
    const own = await baton(['runs'], { cwd: root, env: { BATON_LANG: 'ja' } })
    assert.match(own.stdout, new RegExp(`毎日の点検 .* · メモ${count}件`))
    const runs: { readonly outcome: string; readonly notes: number }[] = JSON.parse(
      (await baton(['runs', '--json'], { cwd: root })).stdout,
    )
    assert.equal(runs.find(({ outcome }) => outcome === 'succeeded')?.notes, count)
  })

  it('is shown with its run, at its step, with who and when', async () => {
    const { stdout } = await baton(['runs', 'show', id], { cwd: root })
    const places = [
      'Note added later · Sato Kenji · ',
      '  One\n  \n    two\n',
      '1. disk',
      '  90%台の警告は 正常です',
      '2. mail',
    ]
    const found = places.map((part) => stdout.indexOf(part))
    assert.deepEqual(
      found,
      found.toSorted((a, b) => a - b),
      stdout,
    )
    assert.ok(found[0] !== -1, stdout)
    const { annotations } = JSON.parse((await baton(['runs', 'show', id, '--json'], { cwd: root })).stdout)
    const [whole, step] = annotations
    assert.deepEqual([annotations.length, whole.text, whole.outdated, step.execution], [2, 'One\n\n  two', false, 1])
  })

  it('masks the value of a secret, and refuses what looks like a credential unless told otherwise', async () => {
    const secret = repoOf({
      'a.md': `---\nsecrets: [{ name: LDAP_PASSWORD }]\n---\n${fence('sh {name=bind}', 'test -n "$LDAP_PASSWORD"')}`,
    })
    const env = { BATON_SECRET_LDAP_PASSWORD: 'correct-horse-battery' }
    await baton(['run', '--yes', 'a.md'], { cwd: secret, env })
    const path = recordFiles(secret)[0] ?? ''
    const keep = (...words: string[]) => baton(['runs', 'note', path, ...words], { cwd: secret, env })
    assert.equal((await keep('It is correct-horse-battery since May')).code, 0)
    const refused = await keep('Password=Tr0ub4dor&3x')
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /seems to hold a password in plain text\.\n.*--yes/)
    assert.equal((await keep('--yes', 'Password=Tr0ub4dor&3x')).code, 0)
    const texts = recordsOf(secret).flatMap((lines) => lines.flatMap(({ act, text }) => (act ? [text] : [])))
    assert.deepEqual(texts, ['It is *** since May', 'Password=Tr0ub4dor&3x'])
  })

  it('says what is wrong with what it was given, and keeps nothing', async () => {
    const known = notes().length
    const wrong = async (words: readonly string[], sentence: RegExp) => {
      const { code, stderr } = await note(...words)
      assert.equal(code, 2, stderr)
      assert.match(stderr, sentence)
    }
    await wrong([id, ' '], /^The note is empty\./)
    await wrong([id, 'x'.repeat(10_001)], /^The note is too long: 10,001 characters, and 10,000 fit\./)
    await wrong([id, '--step', 'nothing', 'text'], /^This run has no step #nothing\. It has: #disk #mail\n/)
    await wrong(['no-such-run', 'text'], /^There is no record no-such-run\./)
    await wrong(['daily.md', 'text'], /daily\.md is no record of a run/)
    assert.equal(notes().length, known)
  })

  it('closes what a crash left open before it points at its end, and refuses a run that goes on', async () => {
    const cut = repoOf({ 'daily.md': runbook })
    await baton(['run', '--yes', 'daily.md'], { cwd: cut })
    const path = recordFiles(cut)[0] ?? ''
    const open = readFileSync(path, 'utf8').split('\n').slice(0, 3).join('\n')
    // Written by a process that is at work: this one.
    writeFileSync(path, `${open.replace(/"pid":\d+/, `"pid":${process.pid}`)}\n`)
    const refused = await baton(['runs', 'note', path, 'early'], { cwd: cut })
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /^This run is going on\. Write the note when it is over\./)
    writeFileSync(path, `${open}\n`)
    assert.equal((await baton(['runs', 'note', path, 'cut'], { cwd: cut })).code, 0)
    const [run, act] = recordsOf(cut)
    assert.equal(run?.at(-1)?.type, 'run-abandoned')
    assert.deepEqual(act?.[0]?.text, 'cut')
    const runs = JSON.parse((await baton(['runs', '--json'], { cwd: cut })).stdout)
    assert.equal(runs.length, 2)
    assert.deepEqual(act?.[0]?.about, { run: run?.[0]?.id, head: runs[1].head })
  })
})
