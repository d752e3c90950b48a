import assert from 'node:assert/strict'
import type { Answer } from '../../../src/execution/event.ts'
import type { Approvals, SecretCommandExit } from '../../../src/execution/run-api.ts'
import { ranOnce, secretOfCommand } from '../../../src/execution/secret-command.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { executionProblemSentence } from '../../../src/wording/execution-problems.ts'
import { exits, step, type TrialOptions, trialRun } from './trial-run.ts'

const printed = (stdout: string, stderr = '', exitCode = 0): SecretCommandExit => ({
  kind: 'exited',
  exitCode,
  stdout,
  stderr,
})
const plain = (text: string) => text

const found = (exit: SecretCommandExit, command = 'op read op://x') => secretOfCommand('DB', command, exit, plain)
const codeOf = (exit: SecretCommandExit, command?: string) => {
  const value = found(exit, command)
  return value.kind === 'problem' ? value.problem.code : value.value
}
const sentence = (exit: SecretCommandExit) => {
  const value = found(exit)
  return value.kind === 'problem' ? executionProblemSentence(value.problem, (text, ...rest) => fill(text, rest)) : ''
}
const fill = (text: string, values: readonly unknown[]) =>
  values.reduce<string>((filled, value, index) => filled.replaceAll(`{${index}}`, String(value)), text)

describe('what a command that prints a secret gave', () => {
  it('is its output without one line end', () => {
    assert.equal(codeOf(printed('hunter2!\n')), 'hunter2!')
    assert.equal(codeOf(printed('hunter2!\r\n')), 'hunter2!')
    assert.equal(codeOf(printed('hunter2!\n\n')), 'hunter2!\n')
    assert.equal(codeOf(printed('line one\nline two\n', 'WARNING: careful')), 'line one\nline two')
  })

  it('or one reason of its own why there is no value', () => {
    const ends: readonly (readonly [SecretCommandExit, string])[] = [
      [{ kind: 'cancelled' }, 'withdrawn'],
      [{ kind: 'timed-out' }, 'secret-command-timeout'],
      [{ kind: 'too-long' }, 'secret-command-too-long'],
      [printed('', 'sh: 1: op: not found', 127), 'secret-command-missing'],
      [printed('', "'op' is not recognized as an internal or external command,", 1), 'secret-command-missing'],
      [printed('', "'op' は、内部コマンドまたは外部コマンド、", 1), 'secret-command-missing'],
      [printed('a value', 'not signed in', 1), 'secret-command-failed'],
      [printed('\n'), 'secret-command-empty'],
      [printed('', 'only a word on stderr'), 'secret-command-empty'],
      [printed('abc\n'), 'secret-command-too-short'],
      [printed('abcd\0e'), 'secret-command-has-nul'],
    ]
    assert.deepEqual(
      ends.map(([exit]) => codeOf(exit)),
      ends.map(([, code]) => code),
    )
    const sentences = ends.map(([exit]) => sentence(exit))
    assert.equal(new Set(sentences).size, ends.length - 2 - 1, 'each has a sentence of its own')
  })

  it('names the program that is missing', () => {
    const value = found(printed('', '', 127), '"C:\\Program Files\\op.exe" read x')
    assert.equal(value.kind === 'problem' && value.problem.values.program, 'C:\\Program Files\\op.exe')
  })

  it('is in no reason, though the command wrote it among its errors', () => {
    const detail = (exit: SecretCommandExit) => {
      const value = found(exit)
      return value.kind === 'problem' ? value.problem.values.detail : undefined
    }
    assert.equal(detail(printed('hunter2!\n', 'refused hunter2! for you\nsecond', 1)), 'refused *** for you')
    assert.equal(detail(printed('one line\nother line\n', 'error: other line', 1)), 'error: ***')
    assert.equal(detail(printed('', 'x'.repeat(500), 1))?.length, 200)
  })

  it('is asked for once by runs that share it, unless it failed', async () => {
    let calls = 0
    const run = ranOnce(async () => {
      calls++
      return calls === 1 ? printed('', '', 1) : printed('value')
    })
    const wanted = { name: 'A', command: 'x', folder: '/', signal: new AbortController().signal }
    for (let n = 0; n < 4; n++) await run(wanted)
    assert.equal(calls, 2)
    await run({ ...wanted, command: 'y' })
    assert.equal(calls, 3)
  })
})

const declared = (from: string) => `---\nsecrets: [{ name: DB, from: ${from} }]\n---\n`

describe('the declaration of such a command', () => {
  it('is one line of text', () => {
    const { frontmatter, problems } = parseRunbook(declared("'op read op://Midori/db/password'") + step('a', 'x $DB'))
    assert.equal(frontmatter.secrets[0]?.from, 'op read op://Midori/db/password')
    assert.deepEqual(problems, [])
  })

  for (const from of ['', "''", "'  '", '"a\\nb"', '"a\\u001bb"', '[op, read]', '{ op: read }']) {
    it(`is an error as ${JSON.stringify(from)}`, () => {
      const { problems } = parseRunbook(declared(from) + step('a', 'x $DB'))
      assert.deepEqual(
        problems.map(({ code, severity, values }) => [code, severity, values]),
        [['secret-invalid-command', 'error', { name: 'DB' }]],
      )
    })
  }
})

describe('a run whose secret a command prints', () => {
  const book = declared('pass show db') + step('a', 'use $DB') + step('b', 'again $DB') + step('c', 'true')

  function trial(exit: SecretCommandExit, options: TrialOptions = {}) {
    const commands: string[] = []
    const run = trialRun(book, {
      ...options,
      behaviours: { 'use $DB': exits(0, 'it is hunter2!\n') },
      ports: {
        secret: async () => assert.fail('the keychain was asked'),
        secretCommand: async ({ command, folder }) => {
          commands.push(`${folder}: ${command}`)
          return exit
        },
        ...options.ports,
      },
    })
    return { ...run, commands }
  }

  it('runs it once, masks the value, and says in the record which steps got it', async () => {
    const run = trial(printed('hunter2!\n'))
    await run.execute()
    await run.execute()
    assert.deepEqual(run.commands, ['/books: pass show db'])
    assert.ok(!JSON.stringify(run.events).includes('hunter2!'))
    assert.ok(JSON.stringify(run.events).includes('it is ***'))
    const origins = run.events.flatMap((event) => (event.type === 'step-started' ? [event.step.secretCommands] : []))
    const said = { DB: { command: 'pass show db', approval: 'earlier' } }
    assert.deepEqual(origins.slice(0, 3), [said, said, undefined])
  })

  it('starts no step when it fails', async () => {
    const run = trial(printed('', 'locked', 1))
    const result = await run.execute()
    assert.equal(result.kind === 'refused' && result.problem.code, 'secret-command-failed')
    assert.deepEqual([run.ran, run.events], [[], []])
  })

  it('does not run it where the value was given', async () => {
    const run = trial(printed('hunter2!'), { ports: { givenSecret: async () => 'from outside' } })
    await run.execute()
    assert.deepEqual(run.commands, [])
    assert.equal(run.ran.length, 3)
  })

  it('has it approved with the steps, by its text and the name of the secret', async () => {
    const known = new Set<string>()
    const places = new Map<string, string>()
    const approvals: Approvals = {
      find: async (place, sha256) => {
        const previous = places.get(place)
        return { approved: known.has(sha256), ...(previous === undefined ? {} : { previous }) }
      },
      add: async (entries) => {
        for (const { place, sha256, text } of entries) {
          known.add(sha256)
          places.set(place, text)
        }
      },
    }
    let answer: Answer = { kind: 'cancel' }
    const options = { approvals, answer: () => answer }
    const refused = trial(printed('hunter2!'), options)
    const result = await refused.execute({ kind: 'step', stepId: 'a' })
    assert.equal(result.kind === 'refused' && result.problem.code, 'withdrawn')
    assert.deepEqual(refused.commands, [])
    const question = refused.asked[0]
    assert.ok(question?.kind === 'approve')
    assert.deepEqual(
      question.steps.map(({ secret, stepId, line, text }) => [secret, stepId, line, text]),
      [
        ['DB', 'a', 2, 'pass show db'],
        [undefined, 'a', 5, 'use $DB'],
      ],
    )

    answer = { kind: 'done' }
    const approved = trial(printed('hunter2!'), options)
    await approved.execute({ kind: 'step', stepId: 'a' })
    assert.equal(approved.commands.length, 1)

    const again = trial(printed('hunter2!'), options)
    await again.execute({ kind: 'step', stepId: 'a' })
    assert.deepEqual(again.asked, [])

    const changed = trialRun(book.replace('pass show db', 'pass show \u200bdb'), options)
    await changed.execute({ kind: 'step', stepId: 'a' })
    const second = changed.asked[0]
    assert.ok(second?.kind === 'approve')
    assert.deepEqual(
      second.steps.map(({ secret, previous, deceptions }) => [secret, previous, deceptions[0]?.character]),
      [['DB', 'pass show db', 'U+200B']],
    )
  })
})
