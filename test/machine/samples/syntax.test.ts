import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Language, type Node, Parser } from 'web-tree-sitter'
import { languages, sampleRoot, sampleRunbooks, sampleScripts } from './sample.ts'

/** Complains unless `text`, handed over as standard input, is accepted by `program`. */
function accept(program: string, args: readonly string[], text: string): string | undefined {
  const { status, stderr, error } = spawnSync(program, args, { input: text, encoding: 'utf8' })
  return status === 0 ? undefined : (error?.message ?? stderr)
}

function isHere(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0
}

describe('every script of the sample', function () {
  this.timeout(60_000)

  it('is in a shell that this test knows', () => {
    const known = ['bash', 'cmd', 'python', 'powershell']
    const shells = languages.flatMap((language) =>
      sampleRunbooks(language).flatMap(({ runbook }) =>
        runbook.steps.flatMap((step) => (step.kind === 'command' ? [step.shell] : [])),
      ),
    )
    assert.deepEqual([...new Set(shells)].toSorted(), known.toSorted())
  })

  it('parses as bash', function () {
    if (!isHere('bash')) {
      console.log('    skipped: bash is not here')
      this.skip()
    }
    const scripts = sampleScripts('bash')
    assert.ok(scripts.length > 40, `only ${scripts.length} bash steps`)
    for (const { place, step } of scripts) assert.equal(accept('bash', ['-n'], step.text), undefined, place)
    const files = globSync('**/*.sh', { cwd: sampleRoot })
    assert.equal(files.length, 2)
    for (const file of files) assert.equal(accept('bash', ['-n', join(sampleRoot, file)], ''), undefined, file)
  })

  it('parses as Python', function () {
    if (!isHere('python3')) {
      console.log('    skipped: python3 is not here')
      this.skip()
    }
    const scripts = sampleScripts('python')
    assert.ok(scripts.length >= 2)
    const compile = ['-c', 'import sys; compile(sys.stdin.buffer.read(), "step", "exec")']
    for (const { place, step } of scripts) assert.equal(accept('python3', compile, step.text), undefined, place)
  })

  describe('as PowerShell', () => {
    let parser: Parser

    before(async () => {
      await Parser.init()
      const grammar = import.meta.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')
      parser = new Parser()
      parser.setLanguage(await Language.load(fileURLToPath(grammar)))
    })
    after(() => parser?.delete())

    function wrong(text: string): readonly string[] {
      const found: string[] = []
      const visit = (node: Node) => {
        if (node.isError || node.isMissing) found.push(`line ${node.startPosition.row + 1}: ${node.type} ${node.text}`)
        for (const child of node.children) if (child) visit(child)
      }
      const tree = parser.parse(text)
      assert.ok(tree)
      visit(tree.rootNode)
      tree.delete()
      return found
    }

    it('parses', () => {
      const scripts = sampleScripts('powershell')
      assert.ok(scripts.length > 30, `only ${scripts.length} PowerShell steps`)
      const broken = scripts.flatMap(({ place, step }) => wrong(step.text).map((what) => `${place} ${what}`))
      assert.deepEqual(broken, [])
    })

    it('is told from what does not parse', () => {
      assert.notDeepEqual(wrong('if ($true { 1 }'), [])
    })
  })
})
