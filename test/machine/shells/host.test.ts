import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Language, type Node, Parser } from 'web-tree-sitter'
import { assets } from './operator.ts'

const wasm = createRequire(import.meta.url).resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')

const broken = (node: Node): readonly string[] =>
  node.isError || node.isMissing
    ? [`line ${node.startPosition.row + 1}: ${node.text}`]
    : node.children.flatMap((child) => (child ? broken(child) : []))

describe('host.ps1', () => {
  let text: string
  let parser: Parser
  before(async () => {
    text = await readFile(join(assets, 'host.ps1'), 'utf8')
    await Parser.init()
    parser = new Parser()
    parser.setLanguage(await Language.load(wasm))
  })

  const problems = (script: string) => {
    const tree = parser.parse(script)
    assert.ok(tree)
    return broken(tree.rootNode)
  }

  it('parses', () => {
    assert.deepEqual(problems(text), [])
    assert.notDeepEqual(problems(`${text}\nif (`), [])
  })

  it('holds a script for the steps that parses', () => {
    const script = /@'\n([\s\S]*?)\n'@/.exec(text)?.[1]
    assert.ok(script)
    assert.deepEqual(problems(script), [])
  })

  it('is ASCII, so that every code page reads it the same', () => {
    for (const char of text) assert.ok((char.codePointAt(0) ?? 0) < 128, char)
  })

  it('uses nothing that Windows PowerShell 5.1 lacks', () => {
    for (const later of [/\?\?/, /&&/, /\|\|/, /\?\./, /-AsHashtable/, /\) \? .* : /]) assert.doesNotMatch(text, later)
  })
})
