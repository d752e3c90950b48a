import assert from 'node:assert/strict'
import { join, relative } from 'node:path'
import { Parser } from 'commonmark'
import { listMarkdownFiles, readTextFile } from '../../src/machine/runbook-files.ts'
import { runnableLanguages } from '../../src/runbook/languages.ts'
import { parseRunbook } from '../../src/runbook/parse.ts'
import type { CommandStep } from '../../src/runbook/runbook.ts'

/** Another folder of Markdown to compare, such as a checkout of all runbooks of a project. */
const folder = process.env.BATON_CORPUS ?? join(import.meta.dirname, '../corpus')

interface Fence {
  readonly language: string
  readonly text: string
  /** Zero-based line of the file on which the text begins. */
  readonly line: number
}

/** What the reference implementation of CommonMark sees. */
function runnableFences(text: string): readonly Fence[] {
  const fences: Fence[] = []
  const walker = new Parser().parse(withoutFrontmatter(text)).walker()
  for (let event = walker.next(); event !== null; event = walker.next()) {
    const { node } = event
    if (!event.entering || node.type !== 'code_block' || node.info === null) continue
    const language = (/^[^\s{]*/.exec(node.info)?.[0] ?? '').toLowerCase()
    if (!runnableLanguages.includes(language)) continue
    fences.push({ language, text: (node.literal ?? '').replace(/\n$/, ''), line: node.sourcepos[0][0] })
  }
  return fences
}

/** Its lines stay, empty: CommonMark knows no frontmatter. */
function withoutFrontmatter(text: string): string {
  return text.replace(/^---[ \t]*\r?\n(?:.*\r?\n)*?---[ \t]*(?:\r?\n|$)/, (block) => block.replaceAll(/[^\n]/g, ''))
}

function commandSteps(text: string): readonly CommandStep[] {
  return parseRunbook(text).steps.filter((step) => step.kind === 'command')
}

/** A transcript loses prompts and output, and every line that is left stays in its place. */
function sameText(fence: Fence, step: CommandStep): boolean {
  if (fence.text === step.text) return true
  if (!/^\s*[$#](?: |$)/m.test(fence.text)) return false
  const before = fence.text.split('\n')
  return step.text
    .split('\n')
    .every((line, index) => line === '' || ['', '$ ', '# ', '> '].some((prompt) => before[index] === prompt + line))
}

function compare(text: string): void {
  const fences = runnableFences(text)
  const steps = commandSteps(text)
  assert.deepEqual(
    steps.map(({ language, textLine }) => ({ language, line: textLine })),
    fences.map(({ language, line }) => ({ language, line })),
  )
  for (const [index, fence] of fences.entries()) {
    const step = steps[index]
    assert.ok(step && sameText(fence, step), `${JSON.stringify(fence)}\nbecame ${JSON.stringify(step?.text)}`)
  }
}

describe('every runnable fence that CommonMark sees is a step, and nothing else', () => {
  it('in each file of the corpus, with any line ends', async function () {
    this.timeout(300_000)
    let files = 0
    let fences = 0
    const wrong: string[] = []
    for await (const path of listMarkdownFiles(folder)) {
      const read = await readTextFile(path)
      assert.equal(read.kind, 'text', path)
      const { text } = read
      files++
      fences += runnableFences(text).length
      for (const variant of [text, text.replaceAll(/\r?\n/g, '\r\n'), `\ufeff${text}`]) {
        try {
          // The mark is no part of a Markdown text; the reference parser takes it for a character.
          if (variant.startsWith('\ufeff')) assert.deepEqual(parseRunbook(variant), parseRunbook(text))
          else compare(variant)
        } catch (error) {
          wrong.push(`${relative(folder, path)}: ${String(error)}`)
        }
      }
    }
    console.log(`      ${files} files, ${fences} runnable fences`)
    assert.deepEqual(wrong, [])
    assert.ok(fences > 0, `no runnable fence in ${folder}`)
  })
})
