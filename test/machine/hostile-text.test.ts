import assert from 'node:assert/strict'
import { join } from 'node:path'
import { createParseThread, type ParseThread } from '../../src/machine/parse-thread.ts'
import { chunksOfFile } from '../../src/runbook/chunks.ts'
import { createIncrementalParser } from '../../src/runbook/incremental.ts'
import { parseRunbook } from '../../src/runbook/parse.ts'
import { createRandom } from '../unit/runbook/random.ts'

const megabyte = 1024 * 1024
const fill = (unit: string, length = 10 * megabyte) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length)
const numbered = (count: number, each: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => each(i)).join('')

const hostile: Readonly<Record<string, () => string>> = {
  'opening brackets': () => fill('['),
  backticks: () => fill('`'),
  'code spans that never end': () => fill('`a'),
  'quotes in quotes': () => fill('> '),
  'quotes of fifty': () => fill(`${'>'.repeat(50)} a\n`),
  'one line': () => fill('手'),
  'empty lines': () => fill('\n'),
  'carriage returns': () => fill('\r'),
  tabs: () => fill('\t'),
  'NUL characters': () => fill('\0\n'),
  'lone surrogates': () => fill('\ud800\n'),
  '200,000 fences': () => '```sh\necho\n```\n\n'.repeat(200_000),
  '200,000 sections': () => numbered(200_000, (i) => `# ${i}\n\`\`\`sh\necho ${i}\n\`\`\`\n`),
  '200,000 headings of one name': () => '# a\n- [ ] b\n'.repeat(200_000),
  stars: () => fill('*'),
  'stars and spaces': () => fill('* '),
  'emphasis that never ends': () => fill('*a _'),
  'ever deeper lists': () => fill(numbered(3000, (i) => `${' '.repeat(2 * i)}- a\n`)),
  'lists ninety deep': () => fill(numbered(90, (i) => `${' '.repeat(2 * i)}- a\n`)),
  'a quote that goes on': () => `> a\n${fill('b\n')}`,
  tasks: () => fill('- [ ] a\n'),
  'fences in lists that never end': () => fill('- ```sh\n'),
  definitions: () => numbered(300_000, (i) => `[${i}]: /x\n`),
  'half a definition': () => fill('[a\n'),
  'comments that never end': () => fill('<!--\n'),
  'a frontmatter of flows': () => `---\na: ${fill('[', megabyte)}\n---\n`,
  'a frontmatter of aliases': () =>
    `---\na0: &a0 [x,x]\n${numbered(40, (i) => `a${i + 1}: &a${i + 1} [*a${i},*a${i}]\n`)}title: *a40\n---\n`,
  'a frontmatter of keys': () => `---\n${numbered(200_000, (i) => `k${i}: v\n`)}---\n`,
  'attributes without an end': () => `\`\`\`sh {${fill('a="\\')}\nx\n\`\`\`\n`,
  '200,000 attributes': () => `\`\`\`sh {${numbered(200_000, (i) => `k${i}=v `)}}\nx\n\`\`\`\n`,
  'a transcript': () => `\`\`\`console\n${fill('$ a <<A\n')}\`\`\`\n`,
}

describe('a text that is made to hurt', function () {
  this.timeout(60_000)
  const limitMs = 5000
  let thread: ParseThread
  before(() => {
    thread = createParseThread({ workerFile: join(import.meta.dirname, '../../src/machine/parse-worker.ts'), limitMs })
  })
  after(() => thread.dispose())

  for (const [what, make] of Object.entries(hostile)) {
    it(`is answered in time: ${what}`, async () => {
      const text = make()
      const start = performance.now()
      const runbook = await thread.parse(text)
      // The answer to a text with a great many steps takes its time, too, and the computer has other things to do.
      assert.ok(performance.now() - start < 4 * limitMs)
      assert.ok(['runbook', 'document'].includes(runbook.kind))
      for (const { range } of runbook.problems) assert.ok(range.start.offset <= range.end.offset)
    })
  }
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
    const many = cost(8000)
    assert.ok(many < few * 24, `${Math.round(many / few)} times as long for 8 times as much`)
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
