import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Frontmatter, Runbook, Step } from '../../../src/runbook/runbook.ts'
import { languages, readSample, sampleFiles, sampleRoot, sampleRunbooks } from './sample.ts'

/** What has to be the same in every language: everything but prose. */
function shapeOf(step: Step, runbook: Runbook): unknown {
  // Ids and anchors that come from headings are in the language of the heading, so its position stands for it.
  const positionOf = (target: string) => runbook.steps.findIndex((other) => isUnder(other, target, runbook))
  switch (step.kind) {
    case 'command':
      return { kind: step.kind, id: step.id, named: step.named, shell: step.shell, attributes: step.attributes }
    case 'decision':
      return { kind: step.kind, choices: step.choices.map(({ target }) => positionOf(target)) }
    case 'manual':
      return { kind: step.kind }
  }
}

function isUnder(step: Step, procedureId: string, { procedures }: Runbook): boolean {
  const own = (list: Runbook['procedures'], above: readonly string[]): boolean =>
    list.some((procedure) => {
      const path = [...above, procedure.id]
      return (procedure.id === step.procedureId && path.includes(procedureId)) || own(procedure.procedures, path)
    })
  return own(procedures, [])
}

function shapeOfFrontmatter(frontmatter: Frontmatter): unknown {
  const { title: _title, range: _range, parameters, secrets, ...rest } = frontmatter
  return {
    ...rest,
    parameters: parameters.map(({ name, type, pattern, required, min, max, choices, hint, label }) => ({
      ...{ name, type, pattern, required, min, max, choices: choices?.length },
      hasHint: hint !== undefined,
      hasLabel: label !== undefined,
    })),
    secrets: secrets.map(({ name, owner, rotateEvery }) => ({ name, owner, rotateEvery })),
  }
}

describe('the sample in its languages', function () {
  this.timeout(60_000)

  it('has the same files', () => {
    assert.deepEqual(sampleFiles('en'), sampleFiles('ja'))
    assert.ok(sampleRunbooks('ja').length >= 13)
  })

  it('has the same steps, in the same order', () => {
    const shapes = (language: (typeof languages)[number]) =>
      sampleRunbooks(language).map(({ path, runbook }) => [path, runbook.steps.map((step) => shapeOf(step, runbook))])
    assert.deepEqual(shapes('en'), shapes('ja'))
  })

  it('has the same procedures and frontmatter', () => {
    const shapes = (language: (typeof languages)[number]) =>
      sampleRunbooks(language).map(({ path, runbook }) => [
        path,
        shapeOfFrontmatter(runbook.frontmatter),
        runbook.procedures.map(({ level, stepIds, procedures }) => [level, stepIds.length, procedures.length]),
      ])
    assert.deepEqual(shapes('en'), shapes('ja'))
  })

  it('keeps no Japanese in the English files', () => {
    for (const path of sampleFiles('en'))
      assert.doesNotMatch(readSample('en', path), /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u, path)
  })

  for (const language of languages) {
    describe(language, () => {
      it('has no problem', () => {
        for (const { path, runbook } of sampleRunbooks(language)) assert.deepEqual(runbook.problems, [], path)
      })

      it('says who owns each runbook, when it is due, how long it takes and what it is worth', () => {
        for (const { path, runbook } of sampleRunbooks(language)) {
          const { title, owner, schedule, estimate, byHand, urgency, importance, audience, reviewed, reviewEvery } =
            runbook.frontmatter
          const said = {
            title,
            owner,
            schedule,
            estimate,
            byHand,
            urgency,
            importance,
            audience,
            reviewed,
            reviewEvery,
          }
          for (const [key, value] of Object.entries(said)) assert.notEqual(value, undefined, `${path}: ${key}`)
          assert.ok((byHand ?? 0) > (estimate ?? 0), `${path} saves time`)
        }
      })

      it('names every command step and limits its time', () => {
        for (const { path, runbook } of sampleRunbooks(language)) {
          for (const step of runbook.steps.filter((other) => other.kind === 'command')) {
            assert.ok(step.named, `${path}#${step.id}`)
            assert.ok(step.attributes.timeout, `${path}#${step.id}`)
          }
        }
      })

      it('can be run by pressing Enter: what is required has a default that its rule allows', () => {
        for (const { path, runbook } of sampleRunbooks(language)) {
          for (const { name, required, default: preset, pattern, choices } of runbook.frontmatter.parameters) {
            if (required) assert.ok(preset, `${path}: ${name}`)
            if (preset && pattern) assert.match(preset, new RegExp(`^(?:${pattern})$`, 'u'), `${path}: ${name}`)
            if (preset && choices) assert.ok(choices.includes(preset), `${path}: ${name}`)
          }
        }
      })

      it('runs each runbook on one kind of machine', () => {
        for (const { path, runbook } of sampleRunbooks(language)) {
          const shells = new Set(runbook.steps.flatMap((step) => (step.kind === 'command' ? [step.shell] : [])))
          assert.ok(!(shells.has('powershell') && shells.size > 1), `${path}: ${[...shells].join(', ')}`)
        }
      })

      it('links to files and headings that are there', () => {
        for (const path of sampleFiles(language).filter((name) => name.endsWith('.md'))) {
          for (const [, target = ''] of readSample(language, path).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
            const file = join(sampleRoot, language, dirname(path), target)
            assert.ok(existsSync(file), `${language}/${path} links to ${target}`)
          }
        }
      })
    })
  }
})
