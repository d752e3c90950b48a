import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { createTreeFilter } from '../../../src/editor/tree-filter.ts'
import {
  buildFolders,
  contentsOf,
  type FolderNode,
  type RunbookNode,
  stepNode,
} from '../../../src/editor/tree-nodes.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'

const joining = parseRunbook(`# Joining
## Create the account
\`\`\`powershell {name=create-account}
New-ADUser
\`\`\`
- [ ] Assign a licence
### Ｍａｉｌ
\`\`\`sh {name=mailbox}
true
\`\`\`
## Hand over
- [ ] Give the password
`)

type Node = FolderNode<string> | RunbookNode<string>

function outline(nodes: readonly Node[], depth = 0): string[] {
  return nodes.flatMap((node) =>
    node.kind === 'folder'
      ? [`${' '.repeat(depth)}${node.label} ${node.count}`, ...outline(node.children, depth + 1)]
      : [`${' '.repeat(depth)}${node.uri}`],
  )
}

const files = (...paths: string[]) => paths.map((path) => ({ uri: path, path }))
const runbook: RunbookNode<string> = { kind: 'runbook', id: 'f', uri: 'f', path: 'f', parent: undefined }
const titles = (nodes: readonly { readonly id: string }[]) => nodes.map(({ id }) => id)

describe('folders of the tree', () => {
  it('stand before runbooks, with how many runbooks they hold', () => {
    assert.deepEqual(outline(buildFolders(files('z.md', 'b/2.md', 'b/10.md', 'b/c/1.md'), 'en')), [
      'b 3',
      ' c 1',
      '  b/c/1.md',
      ' b/2.md',
      ' b/10.md',
      'z.md',
    ])
  })

  it('are one when they hold nothing but one another', () => {
    assert.deepEqual(outline(buildFolders(files('a/b/c/1.md', 'a/b/c/d/2.md'), 'en')), [
      'a/b/c 2',
      ' d 1',
      '  a/b/c/d/2.md',
      ' a/b/c/1.md',
    ])
  })

  it('stand below their workspace folder, even when it holds only one', () => {
    const several = [
      { uri: '1', workspaceFolder: 'west', path: 'a/1.md' },
      { uri: '2', workspaceFolder: 'east', path: '2.md' },
    ]
    assert.deepEqual(outline(buildFolders(several, 'en')), ['east 1', ' 2', 'west 1', ' a 1', '  1'])
  })

  it('have ids of their own, and the same ids the next time', () => {
    const all = (nodes: readonly Node[]): string[] =>
      nodes.flatMap((node) => [node.id, ...(node.kind === 'folder' ? all(node.children) : [])])
    const paths = files('a/b/1.md', 'a/c/1.md', 'b/1.md', 'c/b/1.md')
    const ids = all(buildFolders(paths, 'en'))
    assert.equal(new Set(ids).size, ids.length)
    assert.deepEqual(all(buildFolders(paths, 'en')), ids)
  })
})

describe('what is under a runbook', () => {
  it('are its procedures, without the heading that is its title', () => {
    assert.deepEqual(titles(contentsOf(runbook, joining, 'all')), ['f#create-the-account', 'f#hand-over'])
  })

  it('are steps and procedures in the order of the document', () => {
    const [account] = contentsOf(runbook, joining, 'all')
    assert.ok(account?.kind === 'procedure')
    assert.deepEqual(
      contentsOf(account, joining, 'all').map((node) => (node.kind === 'step' ? node.stepId : node.procedureId)),
      ['create-account', joining.steps[1]?.id, 'ｍａｉｌ'],
    )
  })

  it('leads to every step', () => {
    for (const step of joining.steps) assert.equal(stepNode(runbook, joining, 'all', step)?.stepId, step.id)
  })

  it('shows steps above the first heading', () => {
    const loose = parseRunbook('# Title\n```sh\ntrue\n```\n## A\n```sh\nfalse\n```\n')
    assert.deepEqual(
      contentsOf(runbook, loose, 'all').map(({ kind }) => kind),
      ['step', 'procedure'],
    )
  })
})

describe('the filter of the tree', () => {
  const visible = (text: string) => createTreeFilter(text)?.visible('people/joining.md', joining)

  it('is none without a word', () => {
    assert.equal(createTreeFilter(' \t'), undefined)
  })

  it('keeps all of a runbook whose path or title has the words', () => {
    assert.equal(visible('JOIN people'), 'all')
  })

  it('keeps the steps that have the words, by title, name or heading', () => {
    assert.deepEqual(visible('joining licence'), new Set([joining.steps[1]?.id]))
    assert.deepEqual(visible('create-account'), new Set(['create-account']))
    assert.deepEqual(visible('mail'), new Set(['mailbox']))
  })

  it('knows a letter at any width and case', () => {
    assert.deepEqual(visible('ＭＡＩＬＢＯＸ'), new Set(['mailbox']))
  })

  it('leaves nothing of others, and of procedures only those with a step that is left', () => {
    assert.equal(visible('printer'), undefined)
    const steps = visible('licence')
    assert.ok(steps !== undefined)
    assert.deepEqual(titles(contentsOf(runbook, joining, steps)), ['f#create-the-account'])
  })

  it('looks again when the runbook changed', () => {
    const filter = createTreeFilter('printer')
    assert.equal(filter?.visible('a.md', joining), undefined)
    assert.equal(filter?.visible('a.md', parseRunbook('# Printer\n- [ ] Look\n')), 'all')
  })
})
