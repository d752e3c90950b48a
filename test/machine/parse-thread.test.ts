import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { createParseThread, type ParseThread } from '../../src/machine/parse-thread.ts'
import { parseRunbook } from '../../src/runbook/parse.ts'

const workerFile = join(import.meta.dirname, '../../src/machine/parse-worker.ts')
const text = '# Backup\n\n```sh\necho hi\n```\n'

describe('the parse thread', () => {
  let folder: string
  let thread: ParseThread | undefined
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baton-parse-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))
  afterEach(() => thread?.dispose())

  const withWorker = async (script: string, limitMs: number, memoryMb?: number) => {
    const file = join(folder, `${Math.random()}.mjs`)
    await writeFile(file, `import { parentPort, threadId } from 'node:worker_threads'\n${script}`)
    return createParseThread({ workerFile: file, limitMs, ...(memoryMb !== undefined && { memoryMb }) })
  }
  const answer = `parentPort.postMessage({ head: { title: String(threadId) }, procedures: [], steps: [], problems: [], isLast: true })`

  it('gives what the parser gives, for many texts at once and in order', async () => {
    thread = createParseThread({ workerFile })
    const texts = Array.from({ length: 20 }, (_, i) => `${text}\n## ${i}\n\n- [ ] do ${i}\n`)
    const answers = await Promise.all(texts.map((each) => thread?.parse(each)))
    assert.deepEqual(answers, texts.map(parseRunbook))
  })

  it('hands over a long runbook in parts, whole', async () => {
    thread = createParseThread({ workerFile })
    const long = Array.from({ length: 2500 }, (_, i) => `## ${i}\n\n\`\`\`sh {nonsense=1}\necho ${i}\n\`\`\`\n`).join(
      '\n',
    )
    const runbook = await thread.parse(long)
    assert.equal(runbook.steps.length, 2500)
    assert.deepEqual(runbook, parseRunbook(long))
  })

  it('does not hold up its caller while it parses or hands over', async () => {
    thread = createParseThread({ workerFile })
    await thread.parse(text)
    const long = Array.from({ length: 20_000 }, (_, i) => `## ${i}\n\n\`\`\`sh\necho ${i}\n\`\`\`\n`).join('\n')
    // Time of the processor: other programs may hold up this one.
    const spent = () => process.threadCpuUsage().user / 1000
    let longest = 0
    let last = spent()
    const timer = setInterval(() => {
      const now = spent()
      longest = Math.max(longest, now - last)
      last = now
    }, 1)
    const { steps } = await thread.parse(long)
    clearInterval(timer)
    assert.equal(steps.length, 20_000)
    assert.ok(longest < 50, `the caller was busy for ${Math.round(longest)} ms`)
  })

  it('answers in time for a text that takes too long, and goes on with a new thread', async () => {
    thread = await withWorker(
      `parentPort.on('message', ({ text }) => { if (text === 'slow') for (;;); ${answer} })`,
      300,
    )
    const before = (await thread.parse('quick')).title
    const start = performance.now()
    const [slow, next] = await Promise.all([thread.parse('slow'), thread.parse('quick')])
    assert.deepEqual(
      slow.problems.map(({ code }) => code),
      ['file-too-slow'],
    )
    assert.equal(slow.kind, 'document')
    assert.notEqual(next.title, before)
    assert.ok(performance.now() - start < 3000)
  })

  it('answers when the thread runs out of memory', async () => {
    thread = await withWorker(
      `parentPort.on('message', ({ text }) => { const kept = []; if (text === 'big') for (;;) kept.push(new Array(1e5).fill(kept.length)); ${answer} })`,
      60_000,
      64,
    )
    assert.equal((await thread.parse('big')).problems[0]?.code, 'file-too-slow')
    assert.deepEqual((await thread.parse('small')).steps, [])
  })

  for (const [what, script] of [
    ['throws', `parentPort.on('message', () => { throw new Error('no') })`],
    ['ends', `parentPort.on('message', () => process.exit(0))`],
    ['cannot start', `throw new Error('no')`],
    ['is no script', `{{{`],
  ] as const) {
    it(`answers when the thread ${what}`, async () => {
      thread = await withWorker(script, 20_000)
      const answers = await Promise.all([thread.parse(text), thread.parse(text)])
      assert.deepEqual(
        answers.map(({ problems }) => problems[0]?.code),
        ['file-too-slow', 'file-too-slow'],
      )
    })
  }

  it('answers when its script is missing', async () => {
    thread = createParseThread({ workerFile: join(folder, 'none.cjs') })
    assert.equal((await thread.parse(text)).problems[0]?.code, 'file-too-slow')
  })

  it('answers what waits when it is disposed, and what comes after', async () => {
    thread = await withWorker(`parentPort.on('message', () => {})`, 60_000)
    const waiting = [thread.parse('a'), thread.parse('b')]
    await new Promise((done) => setTimeout(done, 100))
    thread.dispose()
    waiting.push(thread.parse('c'))
    for (const { problems } of await Promise.all(waiting)) assert.equal(problems[0]?.code, 'file-too-slow')
  })

  it('lets a program end that is done, and keeps one alive that waits', async () => {
    const script = `
      import { createParseThread } from ${JSON.stringify(join(import.meta.dirname, '../../src/machine/parse-thread.ts'))}
      const thread = createParseThread({ workerFile: ${JSON.stringify(workerFile)} })
      console.log((await thread.parse('- [ ] x')).steps.length)`
    const file = join(folder, 'program.ts')
    await writeFile(file, script)
    const { stdout } = await execa(process.execPath, [file], { timeout: 15_000 })
    assert.equal(stdout, '1')
  })
})
