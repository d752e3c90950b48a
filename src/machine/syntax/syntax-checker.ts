import { createHash } from 'node:crypto'
import type { SyntaxChecker, SyntaxProblem, SyntaxRequest } from '../../execution/syntax.ts'
import { findProgram, isStandIn } from '../shells/interpreter.ts'
import { knownShell } from '../shells/known-shells.ts'
import type { ShellDescription } from '../shells/shell.ts'
import { readFish } from './fish.ts'
import { readNode } from './node.ts'
import { readPerl } from './perl.ts'
import { readBash, readSh, readZsh } from './posix.ts'
import { createPowerShellReader } from './powershell.ts'
import type { GrammarReader } from './powershell-grammar.ts'
import { readPython } from './python.ts'
import { readRuby } from './ruby.ts'
import { createSlots } from './slots.ts'
import { environmentForChecks, startProgram } from './start-program.ts'
import type { SyntaxReader, SyntaxTools } from './syntax-reader.ts'

export interface SyntaxCheckerOptions {
  /** The folder that holds `tree-sitter-powershell.wasm` and `web-tree-sitter.wasm`; from the source, node_modules does. */
  readonly assets: string
  readonly env?: NodeJS.ProcessEnv
  readonly platform?: NodeJS.Platform
}

/** So many answers are remembered. */
const rememberedAtMost = 5000

/**
 * Asks the interpreters of this computer, at most two at once. Answers are remembered by shell and text. cmd has no way to
 * read a text without running it, and no rules by which another program could: its steps stay unchecked.
 */
export const createSyntaxChecker = (options: SyntaxCheckerOptions): SyntaxChecker => {
  const env = options.env ?? process.env
  const platform = options.platform ?? process.platform
  const bare = environmentForChecks(env)
  const slots = createSlots(2)
  const programs = new Map<string, Promise<string | undefined>>()
  const answers = new Map<string, readonly SyntaxProblem[]>()

  const search = async (names: readonly string[]): Promise<string | undefined> => {
    for (const name of names) {
      const program = await findProgram(name, env, platform)
      if (program === undefined || (platform === 'win32' && (await isStandIn(program)))) continue
      if (!(platform === 'darwin' && program.startsWith('/usr/bin/python')) || (await hasDeveloperTools()))
        return program
    }
    return undefined
  }
  /** The python3 that macOS comes with opens a dialog for installing it, unless it was installed. */
  const hasDeveloperTools = async (): Promise<boolean> => {
    const select = await findProgram('xcode-select', env, platform)
    const none = new AbortController().signal
    return select !== undefined && (await startProgram(select, ['-p'], {}, bare, none))?.exitCode === 0
  }
  const find = (names: readonly string[]): Promise<string | undefined> => {
    const key = names.join()
    const found = programs.get(key) ?? search(names)
    programs.set(key, found)
    return found
  }
  const toolsFor = (signal: AbortSignal): SyntaxTools => ({
    platform,
    start: (program, args, more = {}) => slots(() => startProgram(program, args, more, bare, signal)),
  })
  let loadedGrammar: Promise<GrammarReader> | undefined
  const grammar: GrammarReader = async (text) => {
    loadedGrammar ??= import('./powershell-grammar.ts').then((module) => module.createPowerShellGrammar(options.assets))
    return (await loadedGrammar)(text)
  }
  const powershell = createPowerShellReader(toolsFor(new AbortController().signal))
  const readers: Readonly<Record<string, SyntaxReader>> = {
    bash: readBash,
    sh: readSh,
    zsh: readZsh,
    fish: readFish,
    python: readPython,
    node: readNode,
    ruby: readRuby,
    perl: readPerl,
    pwsh: powershell,
    powershell,
  }

  const ask = async (shell: ShellDescription, text: string, signal: AbortSignal) => {
    const reader = Object.hasOwn(readers, shell.name) ? readers[shell.name] : undefined
    const interpreter = await find(shell.interpreters(platform))
    const problems = reader && interpreter ? await reader(text, interpreter, toolsFor(signal)) : undefined
    return problems ?? (shell.kind === 'session' ? grammar(text) : undefined)
  }
  const read = async ({ shell, text }: SyntaxRequest, signal: AbortSignal) => {
    const known = knownShell(shell)
    if (known === undefined || text.includes('\0')) return undefined
    const key = createHash('sha256').update(`${known.name}\0${text}`).digest('base64')
    const remembered = answers.get(key)
    if (remembered !== undefined) return remembered
    // A program that is gone, a temp folder that is full: nothing was learned of the step.
    const problems = await ask(known, text, signal).catch(() => undefined)
    if (problems !== undefined) remember(key, problems)
    return problems
  }
  const remember = (key: string, problems: readonly SyntaxProblem[]) => {
    const [oldest] = answers.keys()
    if (answers.size >= rememberedAtMost && oldest !== undefined) answers.delete(oldest)
    answers.set(key, problems)
  }

  return {
    check: async (request, signal = new AbortController().signal) => {
      const problems = await Promise.race([read(request, signal), aborted(signal)])
      if (problems === undefined || signal.aborted) return { kind: 'unchecked' }
      return { kind: 'checked', problems: problems.map((problem) => placed(problem, request)) }
    },
  }
}

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })

/** Shells that miss an end name the line after the last one. */
const placed = (problem: SyntaxProblem, { text, line }: SyntaxRequest): SyntaxProblem => {
  const lines = text.split('\n').length
  return { ...problem, line: line - 1 + Math.min(Math.max(problem.line, 1), lines) }
}
