import assert from 'node:assert/strict'
import { periodOf } from '../../../src/record/period.ts'
import { checkPrerequisites, linkedRunbook } from '../../../src/record/prerequisites.ts'
import type { ReadableRun, RunSummary } from '../../../src/record/summary.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'

const hour = 60 * 60 * 1000
const now = Date.parse('2026-11-21T12:00:00Z')

/** Runbooks of two steps, `one` and `two`, by path: what comes before each, and its schedule. */
type Shelf = Readonly<Record<string, { readonly needs?: readonly string[]; readonly schedule?: string }>>

function check(shelf: Shelf, runs: readonly RunSummary[] = [], start = 'a.md') {
  const read = async (path: string) => {
    const found = shelf[path]
    if (found === undefined) return undefined
    const head = found.schedule === undefined ? [] : ['---', `schedule: ${found.schedule}`, '---']
    const text = [...head, `# ${path}`, '```sh {name=one}', 'true', '```', '', '```sh {name=two}', 'true', '```']
    return { runbook: parseRunbook(text.join('\n')), prerequisites: found.needs ?? [] }
  }
  return checkPrerequisites(start, read, runs, now)
}

function run(path: string, hoursAgo: number, more: Partial<ReadableRun> & { readonly steps?: readonly string[] } = {}) {
  const time = now - hoursAgo * hour
  const result = { outcome: 'succeeded', time, durationMs: 1, textSha256: '' } as const
  const { steps = ['one', 'two'], ...rest } = more
  const summary: ReadableRun = {
    path: `.baton/runs/${path}`,
    id: `${path}-${hoursAgo}`,
    runbook: { path, title: path, sha256: '' },
    operator: { name: 'Sato' },
    origin: 'editor',
    head: '',
    startedAt: time - 1000,
    endedAt: time,
    outcome: 'succeeded',
    counts: { succeeded: 2, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 },
    tally: { all: 2, succeeded: 2, undone: 0 },
    started: 2,
    steps,
    results: Object.fromEntries(steps.map((id) => [id, result])),
    ...rest,
  }
  return summary
}

const kinds = (checks: Awaited<ReturnType<typeof check>>) => checks.map(({ kind, path }) => `${kind} ${path}`)

describe('prerequisites', () => {
  it('are done when a run of all of it succeeded within its period, else due', async () => {
    const shelf = {
      'a.md': { needs: ['b.md', 'c.md', 'd.md'] },
      'b.md': {},
      'c.md': { schedule: 'weekly' },
      'd.md': {},
    }
    const checks = await check(shelf, [run('b.md', 25), run('c.md', 25), run('c.md', 100), run('a.md', 1)])
    assert.deepEqual(checks, [
      { kind: 'due', path: 'b.md', title: 'b.md', last: now - 25 * hour },
      { kind: 'done', path: 'c.md', title: 'c.md', run: 'c.md-25', time: now - 25 * hour },
      { kind: 'due', path: 'd.md', title: 'd.md' },
    ])
  })
  it('are not done by a part of them, by a run that failed, nor by one that goes on', async () => {
    const shelf = { 'a.md': { needs: ['b.md'] }, 'b.md': {} }
    const unreadable: RunSummary = { path: 'x', outcome: 'unreadable', reason: 'empty', startedAt: now }
    for (const one of [
      run('b.md', 1, { steps: ['two'] }),
      run('b.md', 1, { outcome: 'failed' }),
      run('b.md', 1, { outcome: 'running' }),
      unreadable,
    ]) {
      assert.deepEqual(kinds(await check(shelf, [one])), ['due b.md'])
    }
  })
  it('are done by a run that went on from one that had failed, with what both did', async () => {
    const shelf = { 'a.md': { needs: ['b.md'] }, 'b.md': {} }
    const first = run('b.md', 3, { outcome: 'failed', steps: ['one'] })
    const second = run('b.md', 2, { steps: ['two'], resumes: { run: first.id, step: 'two' } })
    assert.deepEqual(kinds(await check(shelf, [second, first])), ['done b.md'])
    assert.deepEqual(kinds(await check(shelf, [second])), ['due b.md'])
    const itself = { ...second, resumes: { run: second.id, step: 'two' } }
    assert.deepEqual(kinds(await check(shelf, [itself])), ['due b.md'])
  })
  it('come in the order in which they run, nested ones first, each once; below a done one nothing is looked for', async () => {
    const shelf = {
      'a.md': { needs: ['b.md', 'c.md'] },
      'b.md': { needs: ['d.md', 'c.md'] },
      'c.md': {},
      'd.md': { needs: ['nowhere.md'] },
    }
    assert.deepEqual(kinds(await check(shelf)), ['missing nowhere.md', 'due d.md', 'due c.md', 'due b.md'])
    assert.deepEqual(kinds(await check({ 'a.md': { needs: ['../b.md'] }, '../b.md': {} })), ['missing ../b.md'])
    assert.deepEqual(kinds(await check(shelf, [run('d.md', 1)])), ['done d.md', 'due c.md', 'due b.md'])
  })
  it('that lead back are found, with the way', async () => {
    const circle = await check({
      'a.md': { needs: ['b.md'] },
      'b.md': { needs: ['c.md'] },
      'c.md': { needs: ['b.md'] },
    })
    assert.deepEqual(
      circle.filter(({ kind }) => kind === 'circular'),
      [{ kind: 'circular', path: 'b.md', through: ['b.md', 'c.md', 'b.md'] }],
    )
    assert.deepEqual(kinds(await check({ 'a.md': { needs: ['a.md'] } })), ['circular a.md'])
  })
  it('are links to Markdown files of the repo, seen from where they stand', () => {
    const link = (target: string) => linkedRunbook('people/joining.md', target)
    assert.equal(link('./directory.md'), 'people/directory.md')
    assert.equal(link('../daily/%E7%82%B9%E6%A4%9C.md#top'), 'daily/点検.md')
    assert.equal(link('/daily/check.markdown?x'), 'daily/check.markdown')
    assert.equal(link('100%.md'), 'people/100%.md')
    assert.equal(link('../../../a.md'), '../../a.md')
    for (const other of ['https://example.com/a.md', 'mailto:a.md', 'guide.pdf', '#top', 'folder/']) {
      assert.equal(link(other), undefined, other)
    }
  })
  it('stay done for as long as their schedule lets pass', () => {
    const days = (schedule?: string) => periodOf(schedule) / (24 * hour)
    assert.deepEqual([undefined, 'on-demand', 'daily', 'weekly', 'monthly', 'yearly'].map(days), [1, 1, 1, 7, 31, 366])
    assert.equal(days('RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO'), 14)
    assert.equal(days('FREQ=HOURLY'), 1 / 24)
    assert.equal(days('FREQ=NEVER;INTERVAL=0'), 1)
  })
})
