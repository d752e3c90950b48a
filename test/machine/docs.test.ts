import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { type Node, Parser } from 'commonmark'
import { createNames, slug } from '../../src/runbook/names.ts'
import { parseRunbook } from '../../src/runbook/parse.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const documents = globSync(['*.md', 'docs/**/*.md', 'runbooks-sample/**/*.md'], { cwd: root }).map(normalize).sort()

function nodesOf(file: string): readonly Node[] {
  // Without the frontmatter, which is not CommonMark.
  const walker = new Parser().parse(read(file).replace(/^---\n.*?\n---\n/s, '')).walker()
  const nodes: Node[] = []
  for (let event = walker.next(); event; event = walker.next()) if (event.entering) nodes.push(event.node)
  return nodes
}

function textOf(node: Node): string {
  const walker = node.walker()
  let text = ''
  for (let event = walker.next(); event; event = walker.next()) text += event.entering ? (event.node.literal ?? '') : ''
  return text
}

const headingsOf = (file: string) => nodesOf(file).filter(({ type }) => type === 'heading')

function anchorsOf(file: string): ReadonlySet<string> {
  const names = createNames()
  return new Set(headingsOf(file).map((heading) => names.take(slug(textOf(heading)))))
}

/** What is wrong with a link or a picture of `file`; undefined when it leads somewhere. */
function faultOf(file: string, target: string): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(target)) return undefined
  const [path = '', anchor] = decodeURIComponent(target).split('#')
  const to = path === '' ? file : join(dirname(file), path)
  if (!existsSync(join(root, to))) return `${file}: ${target} does not exist`
  if (anchor !== undefined && !anchorsOf(to).has(anchor)) return `${file}: ${target}: no such heading`
  return undefined
}

/** The lines of the blocks that a reader types into a shell. */
const commandsOf = (file: string) =>
  nodesOf(file)
    .filter(({ type, info }) => type === 'code_block' && info === 'sh')
    .flatMap(({ literal }) => literal?.trim().split('\n') ?? [])

/** The words in code letters in the first column of tables: keys, attributes, exit codes, variables. */
const termsOf = (file: string) =>
  [...read(file).matchAll(/^\|([^|]+)\|/gm)].flatMap(([, cell]) => [...(cell ?? '').matchAll(/`([^`]+)`/g)]).map(String)

describe('the documents', () => {
  for (const file of documents) {
    it(`lead where they say: ${file}`, () => {
      const targets = nodesOf(file).flatMap(({ type, destination }) =>
        (type === 'link' || type === 'image') && destination ? [destination] : [],
      )
      assert.deepEqual(
        targets.flatMap((target) => faultOf(file, target) ?? []),
        [],
      )
    })
  }

  for (const english of documents.filter((file) => existsSync(join(root, file.replace(/\.md$/, '.ja.md'))))) {
    const japanese = english.replace(/\.md$/, '.ja.md')
    it(`are the same in both languages: ${english}`, () => {
      const levels = (file: string) => headingsOf(file).map(({ level }) => level)
      assert.deepEqual(levels(japanese), levels(english))
      const inEnglish = commandsOf(japanese).map((line) => line.replaceAll('/ja/', '/en/'))
      assert.deepEqual(inEnglish, commandsOf(english))
      const neutral = (term: string) => term.replace(/<[^>]+>/g, '<>')
      assert.deepEqual(termsOf(japanese).map(neutral), termsOf(english).map(neutral))
    })
  }

  for (const file of ['README.md', 'README.ja.md']) {
    it(`show a runbook in which nothing is wrong: ${file}`, () => {
      const [shown] = nodesOf(file).filter(({ type, info }) => type === 'code_block' && info === 'markdown')
      const runbook = parseRunbook(shown?.literal ?? '')
      assert.deepEqual(runbook.problems, [])
      assert.deepEqual(
        runbook.steps.map(({ kind }) => kind),
        ['command', 'manual'],
      )
    })

    it(`name commands that there are: ${file}`, () => {
      const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(read('package.json'))
      const commands = commandsOf(file)
      const named = commands.flatMap((line) => /^npm (?:run )?(\S+)$/.exec(line)?.[1] ?? [])
      assert.deepEqual(named, ['start', 'package', 'test'])
      assert.deepEqual(
        named.filter((name) => !Object.hasOwn(scripts, name)),
        [],
      )
      const [runbook = ''] = commands.flatMap((line) => /npx baton run (\S+)/.exec(line)?.[1] ?? [])
      assert.ok(existsSync(join(root, runbook)), `${runbook} exists`)
    })
  }
})
