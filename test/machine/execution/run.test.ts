import assert from 'node:assert/strict'
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Question, RunEvent, Selection } from '../../../src/execution/event.ts'
import { startRun } from '../../../src/execution/run.ts'
import type { ExecuteResult, Run, RunPorts, SecretValue } from '../../../src/execution/run-api.ts'
import { runSiteOf } from '../../../src/machine/run-site.ts'
import { createShells } from '../../../src/machine/shells/shells.ts'
import { verifyRecord } from '../../../src/record/verify.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'

const fence = '```'
const step = (name: string, text: string, more = '', language = 'bash') =>
  `${fence}${language} {name=${name}${more}}\n${text}\n${fence}\n`

interface Trial {
  readonly run: Run
  readonly events: RunEvent[]
  readonly asked: Question[]
  execute(selection?: Selection): Promise<ExecuteResult>
  /** What the record's file holds; undefined when there is none. */
  record(): Promise<string | undefined>
  output(stepId: string): string
  outcomes(): string[]
}

interface TrialSetup {
  readonly parameters?: Readonly<Record<string, string>>
  readonly sensitive?: readonly string[]
  readonly secrets?: Readonly<Record<string, string>>
  readonly answer?: (question: Question) => Answer | undefined
  readonly ports?: Partial<RunPorts>
}

/** A process that ended and that nobody has waited for yet is gone as well. */
async function isGone(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'Z')
  return stat === 'Z' || /\) Z /.test(stat)
}

describe('a run', function () {
  this.timeout(30_000)
  let folder: string
  const open: Run[] = []

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'baton run ')))
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((run) => run.finish()))
    await rm(folder, { recursive: true, force: true })
  })

  async function trial(markdown: string, setup: TrialSetup = {}): Promise<Trial> {
    const file = join(folder, 'book.md')
    await writeFile(file, markdown)
    const runbook = parseRunbook(markdown)
    const site = await runSiteOf(file, folder)
    const { path, record } = site.openRecord()
    const events: RunEvent[] = []
    const asked: Question[] = []
    const parameters = setup.parameters ?? {}
    const run = startRun(
      {
        description: {
          id: 'abcdefabcdef',
          runbook: { path: site.path, title: 'T', sha256: '0'.repeat(64) },
          operator: site.operator,
          host: site.host,
          parameters,
          secrets: runbook.frontmatter.secrets.map(({ name }) => name),
          origin: 'command-line',
          version: '0.0.0',
        },
        folder,
        file: 'book.md',
        parameters,
        sensitive: setup.sensitive ?? [],
      },
      {
        shells: createShells({ assets: resolve('src/machine/shells') }),
        resolvePath: resolve,
        now: Date.now,
        approvals: { find: async () => ({ approved: true }), add: async () => {} },
        sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
        secretCommand: async () => ({ kind: 'cancelled' }),
        secret: async (name): Promise<SecretValue> => {
          const value = setup.secrets?.[name]
          if (value === undefined) return { kind: 'problem', problem: { code: 'secret-missing', values: { name } } }
          return { kind: 'value', value }
        },
        ask: (question, signal) => {
          asked.push(question)
          const answer = setup.answer?.(question)
          if (answer !== undefined) return Promise.resolve(answer)
          return new Promise((done) => signal.addEventListener('abort', () => done({ kind: 'cancel' })))
        },
        record,
        show: (event) => events.push(event),
        remember: () => undefined,
        ...setup.ports,
      },
    )
    open.push(run)
    return {
      run,
      events,
      asked,
      execute: (selection = { kind: 'runbook' }) => run.execute(runbook, selection),
      async record() {
        const recorded = path()
        return recorded === undefined ? undefined : readFile(recorded, 'utf8')
      },
      output(stepId) {
        const started = events.findLast((event) => event.type === 'step-started' && event.step.id === stepId)
        const execution = started?.type === 'step-started' ? started.execution : -1
        return events
          .flatMap((event) => (event.type === 'output' && event.execution === execution ? [event.text] : []))
          .join('')
      },
      outcomes: () =>
        events.flatMap((event) => (event.type === 'step-ended' ? [`${event.stepId} ${event.outcome}`] : [])),
    }
  }

  it('hands variables, folder and captured output on, across shells, and stops at the first failure', async () => {
    const { execute, output, outcomes } = await trial(
      [
        step('one', 'export A="日本 語"\nB=(1 2)\nmkdir -p sub && cd sub'),
        step('two', 'echo "$A $((B[1])) $(basename "$PWD")"', ' capture=SAID'),
        step('three', 'import os\nprint(os.environ["SAID"], os.path.basename(os.getcwd()))', '', 'python'),
        step('four', 'false\necho not reached'),
        step('five', 'echo never'),
      ].join('\n'),
    )
    assert.deepEqual(await execute(), { kind: 'finished', outcome: 'failed' })
    assert.equal(output('two'), '日本 語 2 sub\n')
    assert.equal(output('three').trim(), '日本 語 2 sub sub')
    assert.equal(output('four'), '')
    assert.deepEqual(outcomes(), ['one succeeded', 'two succeeded', 'three succeeded', 'four failed'])
  })

  it('keeps `cwd=` for its step alone', async () => {
    const { execute, output } = await trial([step('a', 'pwd', ' cwd=/'), step('b', 'pwd')].join('\n'))
    await execute()
    assert.deepEqual([output('a'), output('b')], ['/\n', `${folder}\n`])
  })

  it('gives a secret to the steps that name it, and shows it to nobody', async () => {
    const value = 'ひみつ"$x" \\ pass'
    const { execute, output, events, record, run } = await trial(
      [
        '---\nsecrets: [TOKEN, OTHER]\n---\n',
        step('named', 'printf "%s|" "$TOKEN"; for i in 1 2 3; do printf "%s" "$TOKEN"; sleep 0.01; done'),
        step('unnamed', 'env | grep -c TOK || echo none'),
        step('attribute', 'env | grep -c TOK', ' secrets=TOKEN'),
        step('after', 'env | grep -c "T[O]KEN" || echo none'),
      ].join('\n'),
      { secrets: { TOKEN: value } },
    )
    assert.deepEqual(await execute(), { kind: 'finished', outcome: 'succeeded' })
    assert.equal(output('named'), '***|***')
    assert.match(output('unnamed'), /none/)
    assert.equal(output('attribute').trim(), '1')
    assert.match(output('after'), /none/)
    await run.finish()
    for (const text of [JSON.stringify(events), (await record()) ?? '']) assert.ok(!text.includes('ひみつ'))
    assert.deepEqual(verifyRecord(Buffer.from((await record()) ?? '')).kind, 'ok')
  })

  it('masks sensitive parameters, in the description, too', async () => {
    const { execute, output, record, run } = await trial(step('a', 'echo "pin $PIN"'), {
      parameters: { PIN: '847-1193' },
      sensitive: ['PIN'],
    })
    await execute()
    await run.finish()
    assert.equal(output('a'), 'pin ***\n')
    assert.ok(!(await record())?.includes('847-1193'))
  })

  it('takes parameters byte for byte, and never as a part of the text', async () => {
    const hostile = `$(touch "${folder}/pwned") \`id\` "; exit 9; ' %PATH% \n日本 `
    const { execute, output } = await trial(step('a', 'printf %s "$USER_ID" | od -An -tx1 | tr -d " \\n"'), {
      parameters: { USER_ID: hostile },
    })
    assert.deepEqual(await execute(), { kind: 'finished', outcome: 'succeeded' })
    assert.equal(output('a'), Buffer.from(hostile).toString('hex'))
    await assert.rejects(readFile(join(folder, 'pwned')))
  })

  it('runs nothing and leaves nothing when a secret or an interpreter is missing', async () => {
    const missing = await trial(
      ['---\nsecrets: [TOKEN]\n---\n', step('a', 'touch ran'), step('b', 'echo $TOKEN')].join('\n'),
    )
    const refused = await missing.execute()
    assert.deepEqual(refused, { kind: 'refused', problem: { code: 'secret-missing', values: { name: 'TOKEN' } } })
    const unknown = await trial([step('a', 'touch ran'), step('b', 'x', ' shell=no-such-shell', 'text')].join('\n'))
    const result = await unknown.execute()
    assert.ok(result.kind === 'refused' && result.problem.code === 'shell-unknown')
    assert.deepEqual([missing.events, unknown.events, await missing.record()], [[], [], undefined])
    await assert.rejects(readFile(join(folder, 'ran')))
  })

  it('runs nothing when its record cannot be written', async () => {
    await writeFile(join(folder, '.baton'), 'a file where the folder should be')
    const { execute } = await trial(step('a', 'touch ran'))
    const result = await execute()
    assert.ok(result.kind === 'refused' && result.problem.code === 'record-unwritable')
    await assert.rejects(readFile(join(folder, 'ran')))
  })

  it('ends when its record cannot be written any more', async () => {
    let written = 0
    const { execute } = await trial(
      [step('a', 'for i in 1 2 3 4 5 6; do echo $i; sleep 0.2; done; touch ran')].join('\n'),
      {
        ports: {
          record: async () => {
            written += 1
            if (written < 4) return undefined
            return { problem: { code: 'record-unwritable', values: { path: 'x', reason: 'ENOSPC' } } }
          },
        },
      },
    )
    const result = await execute()
    assert.ok(result.kind === 'finished' && result.problem?.code === 'record-unwritable')
    await assert.rejects(readFile(join(folder, 'ran')))
  })

  it('asks for manual steps, decisions and confirmations, and does what is answered', async () => {
    const { execute, asked, outcomes, events } = await trial(
      [
        '# T\n## A\n- [ ] Look at the printer\n- [ ] Skip me\n',
        step('sure', 'echo sure', ' confirm=true'),
        '\nWhich?\n\n- [left](#left)\n- [right](#right)\n\n## Left\n',
        step('l', 'echo l'),
        '## Right\n',
        step('r', 'echo r'),
        '## End\n',
        step('end', 'echo end'),
      ].join('\n'),
      {
        answer: (question) => {
          if (question.kind === 'decision') return { kind: 'choice', target: 'right' }
          if (question.kind === 'manual' && question.text === 'Skip me') return { kind: 'skip' }
          return question.kind === 'manual' ? { kind: 'done', note: '紙あり' } : { kind: 'done' }
        },
      },
    )
    assert.deepEqual(await execute(), { kind: 'finished', outcome: 'succeeded' })
    assert.deepEqual(
      asked.map(({ kind }) => kind),
      ['manual', 'manual', 'confirm', 'decision'],
    )
    assert.deepEqual(
      outcomes().map((line) => line.split(' ').at(-1)),
      ['succeeded', 'skipped', 'succeeded', 'succeeded', 'succeeded', 'succeeded'],
    )
    assert.ok(outcomes().includes('r succeeded') && !outcomes().includes('l succeeded'))
    assert.ok(events.some((event) => event.type === 'step-ended' && event.note === '紙あり'))
  })

  it('passes over a step that its check finds done; a check that finds nothing is no failure', async () => {
    const { execute, outcomes, run, events } = await trial(
      [step('make', 'touch made', ' check=made'), step('made', 'test -e made')].join('\n'),
    )
    await execute()
    await execute()
    assert.deepEqual(outcomes(), ['made succeeded', 'make succeeded', 'made succeeded', 'make skipped'])
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'step-ended' && event.isDone !== undefined ? [event.isDone] : [])),
      [false, true],
    )
    assert.notEqual(await run.finish(), 'failed')
  })

  it('is cancelled at once, with everything that its step started', async () => {
    const { execute, run, outcomes, record } = await trial(
      step('long', "trap '' TERM\nsleep 60 & setsid sleep 60 &\necho $! > pid\nsleep 60"),
    )
    const result = execute()
    while (!(await readFile(join(folder, 'pid'), 'utf8').catch(() => '')))
      await new Promise((done) => setTimeout(done, 20))
    const started = Date.now()
    run.cancel()
    assert.deepEqual(await result, { kind: 'finished', outcome: 'cancelled' })
    assert.ok(Date.now() - started < 10_000)
    assert.deepEqual(outcomes(), ['long cancelled'])
    assert.equal(await run.finish(), 'cancelled')
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'))
    assert.ok(await isGone(pid), 'no process of the step is left')
    assert.match((await record()) ?? '', /"type":"run-end"/)
  })

  it('cancels a question and can go on afterwards', async () => {
    const { execute, run, outcomes } = await trial(`# T\n- [ ] wait\n\n${step('a', 'true')}`)
    const result = execute()
    setTimeout(() => run.cancel(), 100)
    assert.deepEqual(await result, { kind: 'finished', outcome: 'cancelled' })
    assert.deepEqual(await execute({ kind: 'step', stepId: 'a' }), { kind: 'finished', outcome: 'succeeded' })
    assert.deepEqual(outcomes().at(-1), 'a succeeded')
  })

  it('does one thing at a time', async () => {
    const { execute } = await trial(step('a', 'sleep 0.3'))
    const first = execute()
    const second = await execute()
    assert.ok(second.kind === 'refused' && second.problem.code === 'busy')
    assert.equal((await first).kind, 'finished')
  })

  it('says what it cannot do instead of doing something else', async () => {
    for (const attribute of ['target=server1', 'interactive=true background=true']) {
      const { execute, events } = await trial(step('a', 'true', ` ${attribute}`))
      const result = await execute()
      assert.ok(result.kind === 'refused' && result.problem.code === 'attribute-unsupported', attribute)
      assert.deepEqual(events, [])
    }
  })

  it('keeps a background step beside the others and ends it with the run', async () => {
    const { execute, run, events, output } = await trial(
      [
        step('serve', 'echo $$ > pid\necho up\nsleep 1000 & wait', ' background=true'),
        step('use', 'until [ -s pid ]; do sleep 0.05; done\nkill -0 "$(cat pid)" && echo alive'),
      ].join('\n'),
    )
    assert.deepEqual(await execute(), { kind: 'finished', outcome: 'succeeded' })
    assert.equal(output('use'), 'alive\n')
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'))
    assert.equal(await isGone(pid), false)
    assert.equal(await run.finish(), 'succeeded')
    assert.equal(await isGone(pid), true)
    const ended = events.find((event) => event.type === 'step-ended' && event.stepId === 'serve')
    assert.equal(ended?.type === 'step-ended' && ended.endedWithRun, true)
    assert.equal(output('serve'), 'up\n')
  })

  it('ends a background step with everything it started when its operator says so, and goes on', async () => {
    const { execute, run, record, output, outcomes } = await trial(
      [
        step('serve', 'sleep 1000 &\necho $! > pid\necho up\nwait', ' background=true'),
        step('use', 'until [ -s pid ]; do sleep 0.05; done'),
        step('after', 'echo "and on"'),
      ].join('\n'),
    )
    assert.deepEqual(await execute({ kind: 'step', stepId: 'serve' }), { kind: 'finished', outcome: 'succeeded' })
    await execute({ kind: 'step', stepId: 'use' })
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'))
    assert.equal(await isGone(pid), false)
    run.endBackground('serve')
    while (!outcomes().includes('serve cancelled')) await sleep(20)
    assert.equal(await isGone(pid), true)
    await execute({ kind: 'step', stepId: 'after' })
    assert.equal(output('after'), 'and on\n')
    assert.equal(await run.finish(), 'cancelled')
    assert.deepEqual(outcomes(), ['use succeeded', 'serve cancelled', 'after succeeded'])
    const text = (await record()) ?? ''
    assert.equal(verifyRecord(Buffer.from(text)).kind, 'ok')
    assert.match(text, /"type":"step-end","id":"serve","execution":1,"durationMs":\d+,"outcome":"cancelled"/)
    assert.doesNotMatch(text, /endedWithRun/)
  })

  it('tries again until a step succeeds', async () => {
    const { execute, outcomes } = await trial(
      step('wait-for-it', 'echo x >> tries\n[ "$(wc -l < tries)" -ge 2 ]', ' retries=3'),
    )
    assert.deepEqual(await execute(), { kind: 'finished', outcome: 'succeeded' })
    assert.deepEqual(outcomes(), ['wait-for-it failed', 'wait-for-it succeeded'])
  })

  it('undoes what was done when a later step fails', async () => {
    const { execute } = await trial(
      [
        step('make', 'touch made', ' undo=unmake'),
        step('fail', 'test -e made && exit 4'),
        step('unmake', 'rm made'),
      ].join('\n'),
      { answer: (question) => (question.kind === 'undo' ? { kind: 'done' } : undefined) },
    )
    assert.deepEqual(await execute(), { kind: 'finished', outcome: 'failed' })
    await assert.rejects(readFile(join(folder, 'made')), { code: 'ENOENT' })
  })

  it('asks for what a step exports, and leaves its lines in their places', async () => {
    const { execute, output } = await trial(
      [
        step('ask', 'export WHO="somebody"\necho "hello $WHO"', ' promptEnv=yes'),
        step('later', 'echo "still $WHO"\nnowhere-to-be-found', '', 'sh'),
      ].join('\n'),
      { answer: (question) => (question.kind === 'input' ? { kind: 'text', value: '$(id) 鈴木' } : undefined) },
    )
    await execute()
    assert.equal(output('ask'), 'hello $(id) 鈴木\n')
    assert.match(output('later'), /^still \$\(id\) 鈴木\n.*8.*nowhere-to-be-found/s)
  })

  it('does not run what its author may not have meant', async () => {
    for (const text of [
      step('a', 'touch ran', ' confirm=perhaps'),
      `---\ncwd: [\n---\n${step('a', 'touch ran')}`,
      `---\nsecrets: [token]\n---\n${step('a', 'touch ran')}`,
    ]) {
      const { execute } = await trial(text)
      const result = await execute()
      assert.ok(result.kind === 'refused' && result.problem.code === 'runbook-invalid', text)
    }
    await assert.rejects(readFile(join(folder, 'ran')))
    const other = await trial([step('a', 'true'), step('b', 'true', ' timeout=soon')].join('\n'))
    assert.equal((await other.execute({ kind: 'step', stepId: 'a' })).kind, 'finished', 'another step is not concerned')
  })

  it("names the runbook's own line in errors", async () => {
    const { execute, output } = await trial(`# T\n\ntext\n\n${step('a', 'echo 1\nnosuchcommand')}`)
    await execute()
    assert.match(output('a'), /book\.md: line 7: nosuchcommand/)
  })

  it('keeps notes between steps, masked', async () => {
    const { execute, run, record } = await trial(
      ['---\nsecrets: [TOKEN]\n---\n', step('a', 'echo $TOKEN')].join('\n'),
      {
        secrets: { TOKEN: 'hunter22' },
      },
    )
    await execute()
    await run.note('the token is hunter22 today')
    await run.finish()
    assert.match((await record()) ?? '', /the token is \*\*\* today/)
  })
})
