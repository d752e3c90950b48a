import assert from 'node:assert/strict'
import { join } from 'node:path'
import { createParseThread } from '../../src/machine/parse-thread.ts'
import { chunksOfFile } from '../../src/runbook/chunks.ts'
import { createIncrementalParser } from '../../src/runbook/incremental.ts'
import { parseRunbook } from '../../src/runbook/parse.ts'
import { createRandom } from '../unit/runbook/random.ts'

const fill = (unit: string, length: number) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length)
const numbered = (count: number, each: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => each(i)).join('')

/** Texts of a length, in UTF-16 units. */
const hostile: Readonly<Record<string, (length: number) => string>> = {
  'opening brackets': (length) => fill('[', length),
  backticks: (length) => fill('`', length),
  'code spans that never end': (length) => fill('`a', length),
  'quotes in quotes': (length) => fill('> ', length),
  'quotes of fifty': (length) => fill(`${'>'.repeat(50)} a\n`, length),
  'one line': (length) => fill('手', length),
  'empty lines': (length) => fill('\n', length),
  'carriage returns': (length) => fill('\r', length),
  tabs: (length) => fill('\t', length),
  'NUL characters': (length) => fill('\0\n', length),
  'lone surrogates': (length) => fill('\ud800\n', length),
  fences: (length) => fill('```sh\necho\n```\n\n', length),
  sections: (length) => numbered(length / 20, (i) => `# ${i}\n\`\`\`sh\necho ${i}\n\`\`\`\n`),
  'headings of one name': (length) => fill('# a\n- [ ] b\n', length),
  stars: (length) => fill('*', length),
  'stars and spaces': (length) => fill('* ', length),
  'emphasis that never ends': (length) => fill('*a _', length),
  'ever deeper lists': (length) =>
    fill(
      numbered(1000, (i) => `${' '.repeat(2 * i)}- a\n`),
      length,
    ),
  'lists ninety deep': (length) =>
    fill(
      numbered(90, (i) => `${' '.repeat(2 * i)}- a\n`),
      length,
    ),
  'a quote that goes on': (length) => `> a\n${fill('b\n', length)}`,
  tasks: (length) => fill('- [ ] a\n', length),
  'fences in lists that never end': (length) => fill('- ```sh\n', length),
  definitions: (length) => numbered(length / 10, (i) => `[${i}]: /x\n`),
  'half a definition': (length) => fill('[a\n', length),
  'comments that never end': (length) => fill('<!--\n', length),
  'a frontmatter of flows': (length) => `---\na: ${fill('[', length)}\n---\n`,
  'a frontmatter of aliases': () =>
    `---\na0: &a0 [x,x]\n${numbered(40, (i) => `a${i + 1}: &a${i + 1} [*a${i},*a${i}]\n`)}title: *a40\n---\n`,
  'a frontmatter of keys': (length) => `---\n${numbered(length / 8, (i) => `k${i}: v\n`)}---\n`,
  'attributes without an end': (length) => `\`\`\`sh {${fill('a="\\', length)}\nx\n\`\`\`\n`,
  attributes: (length) => `\`\`\`sh {${numbered(length / 8, (i) => `k${i}=v `)}}\nx\n\`\`\`\n`,
  'a transcript': (length) => `\`\`\`console\n${fill('$ a <<A\n', length)}\`\`\`\n`,
}

describe('a text that is made to hurt', function () {
  this.timeout(120_000)

  for (const [what, make] of Object.entries(hostile)) {
    it(`never makes the parser throw: ${what}`, () => {
      const text = make(30_000)
      const runbook = parseRunbook(text)
      for (const { range } of [...runbook.steps, ...runbook.problems]) {
        assert.ok(range.start.offset <= range.end.offset && range.end.offset <= text.length)
      }
    })
  }

  it('is answered in time at ten megabytes, whatever it is', async () => {
    const limitMs = 2000
    const workerFile = join(import.meta.dirname, '../../src/machine/parse-worker.ts')
    const thread = createParseThread({ workerFile, limitMs })
    for (const what of ['opening brackets', 'quotes of fifty', 'fences', 'one line', 'a frontmatter of keys']) {
      const text = hostile[what]?.(10 * 1024 * 1024) ?? ''
      const start = performance.now()
      const runbook = await thread.parse(text)
      // The computer has other things to do.
      assert.ok(performance.now() - start < 10 * limitMs, what)
      assert.ok(runbook.kind === 'runbook' || runbook.problems.length > 0 || runbook.steps.length === 0, what)
    }
    assert.equal((await thread.parse('- [ ] x')).steps.length, 1)
    thread.dispose()
  })
})

describe('a long text', function () {
  this.timeout(60_000)
  const section = '## Section\n\nSome words.\n\n```sh\necho one\necho two\n```\n\n- [ ] Look at it\n\n'

  it('is read in a time that grows with its length, not faster', () => {
    const cost = (repeats: number) => {
      const text = section.repeat(repeats)
      const before = process.cpuUsage()
      chunksOfFile(text)
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    cost(500)
    const few = cost(1000)
    const many = cost(4000)
    assert.ok(many < few * 12, `${Math.round(many / few)} times as long for 4 times as much`)
  })

  it('with random damage never makes the parser throw, and reads the same after an edit', () => {
    const random = createRandom(20)
    const damage = [
      '`',
      '```',
      '~~~',
      '\n',
      '\r',
      '\t',
      '    ',
      '> ',
      '- ',
      '1) ',
      '#',
      '---\n',
      '<!--',
      '-->',
      '[',
      ']',
      '](',
      '[a]: ',
    ]
    const more = [
      '{',
      '}',
      '{"',
      '="',
      '\\',
      '&',
      '<',
      '\0',
      '\ud83d',
      '\ufeff',
      '\u2028',
      '手',
      'parameters:\n',
      '<script>',
      '*',
    ]
    const parser = createIncrementalParser()
    let text = `---\ntitle: x\nsecrets: [A]\n---\n# One\n${section.repeat(20)}`
    for (let round = 0; round < 400; round++) {
      const at = random.below(text.length + 1)
      const inserted = random.below(4) === 0 ? '' : random.pick([...damage, ...more])
      text = text.slice(0, at) + inserted + text.slice(at + random.below(random.below(8) === 0 ? 200 : 4))
      if (text.length < 200) text += section.repeat(20)
      assert.deepEqual(parser.parse(text), parseRunbook(text), JSON.stringify(text))
    }
  })
})
