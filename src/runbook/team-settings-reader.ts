import { isMap, parseDocument, type YAMLError } from 'yaml'
import { parseByteSize } from './byte-size.ts'
import { parseAge } from './duration.ts'
import { fullWidthProblem } from './full-width.ts'
import type { Problem } from './problem.ts'
import { type SettingsSection, settingsSection } from './settings-section.ts'
import { createPositions, endOf, type Range } from './source.ts'
import { defaultTeamSettings, type RecordSettings, type TeamSettingsReading } from './team-settings.ts'
import { createYamlReport } from './yaml-nodes.ts'

/** In UTF-16 units. What is longer was written by nobody, and may take the parser minutes. */
const longest = 65_536

/** Reads the text of a `baton.yaml`. Never throws: one mistake costs one key, and its default counts. */
export function readTeamSettings(text: string): TeamSettingsReading {
  const start = { line: 0, character: 0, offset: 0 }
  const whole: Range = { start, end: endOf(text) }
  const position = createPositions(text, start)
  const report = createYamlReport(position, whole)
  if (text.length > longest) {
    report.add('settings-invalid-yaml', undefined, { reason: 'too-long' })
    return { settings: defaultTeamSettings, problems: report.problems }
  }
  try {
    const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' })
    const syntaxError = ({ pos: [from, to], message, code }: YAMLError): Problem => {
      const range = { start: position(from), end: position(Math.max(from, to)) }
      const detail = message.split('\n')[0] ?? ''
      return { code: 'settings-invalid-yaml', severity: 'error', range, values: { detail, reason: code } }
    }
    const root = document.contents
    const isUnread = document.errors.length > 0 || (root !== null && !isMap(root))
    const typed = isUnread ? fullWidthProblem(text, position) : undefined
    const syntax = typed === undefined ? document.errors.map(syntaxError) : [typed]
    if (root !== null && !isMap(root) && syntax.length === 0) report.add('settings-not-a-mapping', root, {})
    const top = settingsSection(isMap(root) ? root : undefined, report)
    const settings = { records: readRecords(top.section('records')) }
    top.end()
    const problems = [...syntax, ...report.problems]
    return { settings, problems: problems.toSorted((a, b) => a.range.start.offset - b.range.start.offset) }
  } catch (error) {
    // What is nested thousands deep exhausts the stack of a parser that recurses.
    if (!(error instanceof RangeError)) throw error
    report.add('settings-invalid-yaml', undefined, { reason: 'too-deep' })
    return { settings: defaultTeamSettings, problems: report.problems }
  }
}

function readRecords(section: SettingsSection): RecordSettings {
  const keep = section.section('keep')
  const commit = section.word('commit', ['ask', 'always', 'never'])
  const [age, size] = [keep.value('output', parseAge, '180d'), keep.value('size', parseByteSize, '500 MB')]
  return {
    ...(commit !== undefined && { commit }),
    sign: section.value('sign', readSign, 'true, false, ~/.ssh/id_ed25519') ?? false,
    keep: { ...(age !== undefined && { age }), ...(size !== undefined && { size }) },
  }
}

function readSign(text: string): RecordSettings['sign'] | undefined {
  if (text === 'true' || text === 'false') return text === 'true'
  // A word such as `yes` is no path of a key.
  return /[\\/]/.test(text) && !/\p{Cc}/u.test(text) ? { key: text } : undefined
}
