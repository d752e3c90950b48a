import { isMap, isScalar, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml'
import { mayHaveFrontmatter } from './frontmatter-block.ts'
import type { Runbook } from './runbook.ts'
import { textOf } from './yaml-nodes.ts'

/** Something to put into a text; offsets are of UTF-16 units, `end` is exclusive. */
export interface TextEdit {
  readonly start: number
  readonly end: number
  readonly text: string
}

export type Declaration =
  | { readonly kind: 'declared'; readonly edits: readonly TextEdit[] }
  /** The frontmatter has a form that nothing can be added to safely. */
  | { readonly kind: 'unclear' }

/**
 * What to put into a runbook so that it declares a secret: nothing where it does so already, else one line. Everything that
 * is there stays as it is written, with its comments.
 * @param runbook what `text` was parsed to
 */
export function declareSecret(text: string, runbook: Runbook, name: string): Declaration {
  if (runbook.frontmatter.secrets.some((secret) => secret.name === name)) return { kind: 'declared', edits: [] }
  const eol = /\r\n/.test(text) ? '\r\n' : '\n'
  const block = runbook.frontmatter.range
  if (block === undefined) {
    const hasOne = mayHaveFrontmatter(text) || runbook.problems.some(({ code }) => code.startsWith('frontmatter-'))
    if (hasOne) return { kind: 'unclear' }
    return inserted(0, ['---', 'secrets:', `  - { name: ${name} }`, '---', '', ''].join(eol))
  }
  const opening = text.indexOf('\n', block.start.offset) + 1
  const closing = text.lastIndexOf('\n', block.end.offset - 1) + 1
  const yaml = text.slice(opening, closing)
  const document = parseDocument(yaml, { prettyErrors: false, logLevel: 'silent', uniqueKeys: false })
  const root = document.contents
  if (document.errors.length > 0 || (root !== null && !isMap(root)) || (isMap(root) && root.flow))
    return { kind: 'unclear' }
  return inYaml(yaml, root, name, eol, opening)
}

function inYaml(yaml: string, root: YAMLMap | null, name: string, eol: string, base: number): Declaration {
  const pair = root?.items.find(({ key }) => textOf(key) === 'secrets')
  const indent = root === null ? '' : indentationAt(yaml, root.range?.[0] ?? 0)
  if (pair === undefined) {
    return inserted(base + yaml.length, `${indent}secrets:${eol}${indent}  - { name: ${name} }${eol}`)
  }
  if (isSeq(pair.value)) return inList(yaml, pair.value, name, eol, base)
  const isEmpty = pair.value === null || (isScalar(pair.value) && pair.value.value === null && !pair.value.source)
  const key = isScalar(pair.key) ? pair.key.range : undefined
  if (!isEmpty || !key) return { kind: 'unclear' }
  return inserted(base + endOfLine(yaml, key[1]), `${eol}${indent}  - { name: ${name} }`)
}

function inList(yaml: string, list: YAMLSeq, name: string, eol: string, base: number): Declaration {
  const last = list.items.at(-1)
  const range = isMap(last) || isScalar(last) ? last.range : undefined
  if (list.flow) {
    const start = (list.range?.[0] ?? 0) + 1
    if (last === undefined) return inserted(base + start, name)
    return range ? inserted(base + range[1], `, ${isMap(last) ? `{ name: ${name} }` : name}`) : { kind: 'unclear' }
  }
  if (!range) return { kind: 'unclear' }
  // Behind the last character of the item: what follows up to the line end is its comment.
  const end = endOfLine(yaml, yaml.slice(0, range[1]).trimEnd().length)
  return inserted(base + end, `${eol}${indentationAt(yaml, list.range?.[0] ?? 0)}- { name: ${name} }`)
}

function inserted(at: number, text: string): Declaration {
  return { kind: 'declared', edits: [{ start: at, end: at, text }] }
}

function indentationAt(yaml: string, offset: number): string {
  const line = yaml.slice(yaml.lastIndexOf('\n', offset - 1) + 1, endOfLine(yaml, offset))
  return /^[ \t]*/.exec(line)?.[0] ?? ''
}

function endOfLine(yaml: string, offset: number): number {
  const end = yaml.slice(offset).search(/\r?\n/)
  return end === -1 ? yaml.length : offset + end
}
