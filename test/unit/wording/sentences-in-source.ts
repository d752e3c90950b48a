import { globSync, readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'

/** One call of a `Translate` function in the source. */
export interface TranslateCall {
  /** `src/…:line` */
  readonly place: string
  /** The English sentence; undefined when the call has no literal of one piece, so that nobody could find its translation. */
  readonly sentence: string | undefined
}

/** Every `t(…)`, `line.t(…)` and `vscode.l10n.t(…)` of the source, comments left out. */
export function translateCalls(): readonly TranslateCall[] {
  return globSync('src/**/*.{ts,tsx}').flatMap((file) =>
    callsIn(file.replaceAll('\\', '/'), readFileSync(file, 'utf8')),
  )
}

const comment = /^[ \t]*(?:\/\/.*|\/\*[\s\S]*?\*\/)/gm
const call = /(?<![\w$.'"`-]|function )(?:[\w$]+\.)*t\(\s*/g
const literal = /(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\$]|\\.|\$(?!\{))*`)(?=\s*[,)])/y

/** @param text What a file holds. */
export function callsIn(file: string, text: string): readonly TranslateCall[] {
  const code = text.replace(comment, (match) => match.replace(/[^\n]/g, ' '))
  return [...code.matchAll(call)].map((match) => {
    const place = `${file}:${code.slice(0, match.index).split('\n').length}`
    literal.lastIndex = match.index + match[0].length
    const source = literal.exec(code)?.[0]
    return { place, sentence: source === undefined ? undefined : String(runInNewContext(source)) }
  })
}

/** The placeholders of a sentence, each once, in order: `{0}`, `{1}`. */
export function placeholdersOf(sentence: string): readonly string[] {
  return [...new Set(sentence.match(/\{\d+\}/g) ?? [])].sort()
}
