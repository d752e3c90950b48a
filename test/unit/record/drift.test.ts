import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { sha256 } from '../../../src/execution/step-text.ts'
import { driftOf, isStepChanged, sourceHashes } from '../../../src/record/drift.ts'
import { summarizeRecord } from '../../../src/record/summarizer.ts'
import type { ReadableRun, StepResult } from '../../../src/record/summary.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { record, runEnded, runStarted, stepEnded, stepStarted } from './memory-file.ts'

const hour = 60 * 60 * 1000
const now = Date.parse('2026-11-21T12:00:00Z')

/** A runbook with these steps, each one line of sh. */
function textOf(steps: Readonly<Record<string, string>>, schedule?: string): string {
  const head = schedule === undefined ? '' : `---\nschedule: ${schedule}\n---\n`
  const fences = Object.entries(steps).map(([name, line]) => `\`\`\`sh {name=${name}}\n${line}\n\`\`\`\n`)
  return `${head}# Backup\n\n${fences.join('\n')}`
}

/** A run in which each of these steps ran with that text. */
function run(
  text: string,
  steps: Readonly<Record<string, string>>,
  hoursAgo: number,
  outcome: 'succeeded' | 'failed' = 'succeeded',
): ReadableRun {
  const time = now - hoursAgo * hour
  const result = (line: string): StepResult => ({ outcome, time, durationMs: 1, textSha256: sha256(line) })
  return {
    path: `.baton/runs/${hoursAgo}.jsonl`,
    id: `r${hoursAgo}`,
    head: '',
    runbook: { path: 'backup.md', title: 'Backup', sha256: sha256(text) },
    operator: { name: 'Sato' },
    origin: 'editor',
    startedAt: time,
    endedAt: time,
    outcome,
    counts: { succeeded: 0, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 },
    tally: { all: 1, succeeded: 1, undone: 0 },
    started: 1,
    steps: Object.keys(steps),
    results: Object.fromEntries(Object.entries(steps).map(([id, line]) => [id, result(line)])),
  }
}

const drift = (text: string, runs: readonly ReadableRun[]) => driftOf(parseRunbook(text), sourceHashes(text), runs, now)
const ids = (steps: readonly { readonly stepId: string }[] = []) => steps.map(({ stepId }) => stepId)

describe('drift', () => {
  const steps = { disk: 'df', mail: 'mailq' }
  const text = textOf(steps)

  it('is none where the text is what ran last, however often parts of it ran since', () => {
    assert.equal(drift(text, [run(text, { mail: 'mailq' }, 1), run(text, steps, 30)]), undefined)
  })

  it('is a runbook that never ran', () => {
    assert.deepEqual(drift(text, []), { isNeverRun: true, changed: [], gone: [], isEdited: false })
  })

  it('names the steps that say something else than what ran last, and where that is recorded', () => {
    const edited = textOf({ disk: 'df -h', mail: 'mailq' })
    const found = drift(edited, [run(text, { mail: 'mailq' }, 1), run(text, steps, 30)])
    assert.deepEqual(found, {
      isNeverRun: false,
      changed: [{ stepId: 'disk', title: 'disk', time: now - 30 * hour, record: '.baton/runs/30.jsonl' }],
      gone: [],
      isEdited: true,
    })
  })

  it('compares with the last run of each step, not with the one before', () => {
    const edited = textOf({ disk: 'df -h', mail: 'mailq' })
    assert.equal(drift(edited, [run(edited, { disk: 'df -h' }, 1), run(text, steps, 30)]), undefined)
    assert.deepEqual(ids(drift(text, [run(edited, { disk: 'df -h' }, 1), run(text, steps, 30)])?.changed), ['disk'])
  })

  it('names steps of the version that ran last and are gone, and no others', () => {
    const shorter = textOf({ mail: 'mailq' })
    const found = drift(shorter, [run(text, { mail: 'mailq' }, 1), run(text, steps, 30)])
    assert.deepEqual([ids(found?.gone), ids(found?.changed)], [['disk'], []])
    const settled = drift(shorter, [run(shorter, { mail: 'mailq' }, 1), run(text, steps, 30)])
    assert.equal(settled, undefined, 'it ran without them: nobody misses them')
  })

  it('takes a step of another name with the same text for the same', () => {
    const renamed = textOf({ space: 'df', mail: 'mailq' })
    const found = drift(renamed, [run(text, steps, 1)])
    assert.deepEqual([ids(found?.gone), ids(found?.changed), found?.isEdited], [[], [], true])
  })

  it('says so when only the prose was edited, and not when only the line ends differ', () => {
    const prose = text.replace('# Backup', '# Backup\n\nEvery morning.')
    assert.deepEqual(drift(prose, [run(text, steps, 1)]), { isNeverRun: false, changed: [], gone: [], isEdited: true })
    const windows = text.replaceAll('\n', '\r\n')
    assert.equal(drift(text, [run(windows, steps, 1)]), undefined)
    assert.equal(drift(windows, [run(text, steps, 1)]), undefined)
  })

  it('says when a schedule was let pass', () => {
    const weekly = textOf(steps, 'weekly')
    const overdue = (hours: number) => drift(weekly, [run(weekly, steps, hours)])?.overdue
    assert.equal(overdue(7 * 24), undefined)
    assert.deepEqual(overdue(7 * 24 + 1), { schedule: 'weekly', last: now - (7 * 24 + 1) * hour })
    const part = [run(weekly, { disk: 'df' }, 1), run(weekly, steps, 200)]
    assert.deepEqual(drift(weekly, part)?.overdue?.last, now - 200 * hour, 'a part of it is not all of it')
    const failed = [run(weekly, steps, 1, 'failed'), run(weekly, steps, 300, 'failed')]
    assert.deepEqual(drift(weekly, failed)?.overdue, { schedule: 'weekly' })
    assert.equal(drift(weekly, failed.slice(0, 1)), undefined, 'it was tried for the first time today')
    for (const schedule of [undefined, 'on-demand']) {
      const free = textOf(steps, schedule)
      assert.equal(drift(free, [run(free, steps, 10_000)]), undefined)
    }
  })
})

describe('a step in whose text the value of a secret stood', () => {
  const step = (line: string) => {
    const [first] = parseRunbook(textOf({ bind: line })).steps
    assert.ok(first)
    return first
  }
  const ran = (maskedText: string) => ({ textSha256: sha256(maskedText), maskedText })

  it('is not changed for that, whatever the value is', () => {
    assert.equal(isStepChanged(step('ldap -w hunter2 -h a'), ran('ldap -w *** -h a')), false)
    assert.equal(isStepChanged(step('ldap -w *** -h a'), ran('ldap -w *** -h a')), false)
    assert.equal(isStepChanged(step('a hunter2 b hunter2'), ran('a *** b ***')), false)
    assert.equal(isStepChanged(step('hunter2'), ran('***')), false)
  })

  it('is changed where something else is', () => {
    for (const line of ['ldap -w hunter2 -h b', 'ldap -w  -h', 'ldap -h a', 'ldap -w -h a', 'LDAP -w x -h a'])
      assert.equal(isStepChanged(step(line), ran('ldap -w *** -h a')), true, line)
    assert.equal(isStepChanged(step('a x c y'), ran('a *** b ***')), true)
    assert.equal(isStepChanged(step('aba'), ran('ab***ba')), true, 'no character is taken twice')
  })

  it('is not changed where a record does not say what ran', () => {
    assert.equal(isStepChanged(step('anything'), {}), false)
    assert.equal(isStepChanged(step('anything'), { textSha256: '' }), false)
  })

  it('has its masked text in the summary, and no other step has', async () => {
    const masked = stepStarted(1, 'ldap -w ***')
    const summary = summarizeRecord(
      'p',
      await record([runStarted, masked, stepEnded(1), stepStarted(2), stepEnded(2), runEnded]),
    )
    assert.ok(summary.outcome === 'succeeded')
    const texts = Object.values(summary.results).map(({ maskedText }) => maskedText)
    assert.deepEqual(texts, ['ldap -w ***', undefined])
  })
})
