import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Parser } from 'web-tree-sitter'
import type { SyntaxProblem } from '../../execution/syntax.ts'
import { findImbalance } from './powershell-balance.ts'

/** As `SyntaxReader`, without an interpreter. */
export type GrammarReader = (text: string) => Promise<readonly SyntaxProblem[] | undefined>

/** Characters. Parsing holds up everything else here. */
const longest = 200_000

/** Beside the bundle; in a source tree, where npm put it. */
const locate = (assets: string, folder: string, file: string): string =>
  import.meta.filename.endsWith('.ts')
    ? createRequire(import.meta.filename).resolve(`${folder}/${file}`)
    : join(assets, file)

/**
 * Reads PowerShell where there is none. The grammar of tree-sitter-powershell takes some good texts for broken ones (bare
 * words with commas, `1GB`), and counting brackets knows nothing of the language: only what both find wrong is reported.
 */
export const createPowerShellGrammar = (assets: string): GrammarReader => {
  let loaded: Promise<Parser> | undefined
  const load = async (): Promise<Parser> => {
    const { Language, Parser } = await import('web-tree-sitter')
    await Parser.init({ locateFile: (file: string) => locate(assets, 'web-tree-sitter', file) })
    const parser = new Parser()
    const grammar = locate(assets, 'tree-sitter-powershell', 'tree-sitter-powershell.wasm')
    parser.setLanguage(await Language.load(grammar))
    return parser
  }
  return async (text) => {
    if (text.length > longest) return undefined
    const problem = findImbalance(text)
    if (problem === undefined) return []
    loaded ??= load()
    const tree = (await loaded).parse(text)
    const isBroken = tree?.rootNode.hasError
    tree?.delete()
    return isBroken ? [problem] : []
  }
}
