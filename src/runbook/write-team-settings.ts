import { type Document, isMap, isScalar, parseDocument, type YAMLMap } from 'yaml'
import type { RecordSettings } from './team-settings.ts'
import { textOf } from './yaml-nodes.ts'

type CommitSetting = NonNullable<RecordSettings['commit']>

/**
 * The text of a `baton.yaml` that says whether records are committed. Everything else stays as it was written, to the space,
 * so that a diff shows this alone; where that is not possible its comments and order stay. Undefined where the text is not
 * what it should be: then its author has to put it right first.
 */
export function withCommitSetting(text: string, commit: CommitSetting): string | undefined {
  const document = read(text)
  const root = document.contents
  if (document.errors.length > 0 || (root !== null && !isMap(root))) return undefined
  const records = document.get('records')
  if (records !== undefined && records !== null && !isMap(records)) return undefined
  const written = inserted(text, root, isMap(records) ? records : undefined, commit)
  if (written !== undefined && saysOnly(written, commit, document)) return written
  if (isMap(records)) document.setIn(['records', 'commit'], commit)
  else document.set('records', document.createNode({ commit }))
  return document.toString({ lineWidth: 0 })
}

function read(text: string): Document.Parsed {
  return parseDocument(text, { prettyErrors: false, logLevel: 'silent' })
}

/** The text with the setting in its place; it need not be right for every way in which YAML can be written. */
function inserted(
  text: string,
  root: YAMLMap | null,
  records: YAMLMap | undefined,
  commit: CommitSetting,
): string | undefined {
  const put = (start: number, words: string, end = start) => text.slice(0, start) + words + text.slice(end)
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const line = `commit: ${commit}`
  const key = root?.items.find((pair) => textOf(pair.key) === 'records')?.key
  if (!isScalar(key) || !key.range) {
    const gap = text === '' || text.endsWith('\n') ? '' : eol
    const paragraph = root === null && text.trim() !== '' ? eol : ''
    return `${text}${gap}${paragraph}records:${eol}  ${line}${eol}`
  }
  const value = records?.get('commit', true)
  if (value?.range) return put(value.range[0], commit, value.range[1])
  const first = records?.items[0]?.key
  const firstAt = isScalar(first) ? first.range?.[0] : undefined
  if (records?.flow) return firstAt === undefined ? undefined : put(firstAt, `${line}, `)
  // Below its name, so that a comment stays with the key that it is about.
  const below = text.indexOf('\n', key.range[1]) + 1
  const indent = firstAt === undefined ? '  ' : text.slice(text.lastIndexOf('\n', firstAt) + 1, firstAt)
  return below === 0 ? `${text}${eol}${indent}${line}${eol}` : put(below, `${indent}${line}${eol}`)
}

/** Whether a text says what a document says, and besides only whether records are committed. */
function saysOnly(text: string, commit: CommitSetting, before: Document.Parsed): boolean {
  const after = read(text)
  return (
    after.errors.length === 0 &&
    after.getIn(['records', 'commit']) === commit &&
    rest(after.toJS()) === rest(before.toJS())
  )
}

function rest(settings: Readonly<Record<string, unknown>> | null): string {
  const records = settings?.records
  return JSON.stringify({ ...settings, records: { ...(typeof records === 'object' && records), commit: undefined } })
}
