import { CsvError, parse } from 'csv-parse/browser/esm/sync'
import type { ParameterDeclaration } from '../runbook/parameter.ts'
import { type ParameterProblem, resolveParameters } from './parameters.ts'

/** One row of a table, as a run gets it. */
export interface BatchRow {
  /** From 1, without the header and without empty lines. */
  readonly row: number
  /** 1-based line of the file on which it begins. */
  readonly line: number
  /** What a person knows it by: its first value that may be shown. */
  readonly key: string
  /** Every parameter of the runbook. */
  readonly values: Readonly<Record<string, string>>
}

/** Why a table cannot be used. Lines and columns are 1-based; a column counts fields. */
export type BatchProblem =
  /** What a value of a row breaks; `column` is missing where the table has none for that parameter. */
  | { readonly code: 'value'; readonly line: number; readonly column?: number; readonly problem: ParameterProblem }
  /** No parameter has this name or label; a table with data and no name above it has an empty one. */
  | { readonly code: 'column-unknown'; readonly column: number; readonly name: string }
  | { readonly code: 'column-twice'; readonly column: number; readonly name: string }
  /** Two parameters have this label. */
  | { readonly code: 'column-ambiguous'; readonly column: number; readonly name: string }
  /** A parameter that has one value for all rows, and a column as well. */
  | { readonly code: 'column-fixed'; readonly column: number; readonly name: string }
  /** The same value for all rows, and wrong. */
  | { readonly code: 'fixed'; readonly problem: ParameterProblem }
  | { readonly code: 'too-many-fields'; readonly line: number; readonly limit: number }
  /** A quotation mark is not closed, or stands where none can be. */
  | { readonly code: 'quotes'; readonly line: number }
  | { readonly code: 'no-rows' }
  | { readonly code: 'too-many-rows'; readonly limit: number }

export type BatchReading =
  | { readonly kind: 'rows'; readonly rows: readonly BatchRow[] }
  /** In the order of the file. */
  | { readonly kind: 'problems'; readonly problems: readonly BatchProblem[] }

export const rowLimit = 10_000

/** A row this long is a quotation mark that was not closed. */
const longestRow = 1_000_000

interface Table {
  readonly header: readonly string[]
  readonly rows: readonly { readonly line: number; readonly fields: readonly string[] }[]
}

/**
 * The rows of a table (RFC 4180, and what spreadsheets make of it: a byte order mark, semicolons or tabs, a first line
 * `sep=;`, empty lines and columns at the end). The first row names parameters, by their name or their label. An empty
 * field is a value that was not given: the default counts.
 * @param fixed values that are the same for every row
 */
export function readBatch(
  csv: string,
  declarations: readonly ParameterDeclaration[],
  fixed: Readonly<Record<string, string>>,
): BatchReading {
  const table = readTable(csv, declarations)
  if ('code' in table) return { kind: 'problems', problems: [table] }
  const { header, rows } = table
  const columns = header.map((name, index) => columnOf(name, index, table, declarations))
  const inHeader = [
    ...columns.filter((column) => typeof column === 'object'),
    ...clashes(columns, header, fixed),
    ...wrongFixed(declarations, fixed),
  ]
  if (inHeader.length > 0) return { kind: 'problems', problems: inHeader }
  if (rows.length === 0) return { kind: 'problems', problems: [{ code: 'no-rows' }] }
  if (rows.length > rowLimit) return { kind: 'problems', problems: [{ code: 'too-many-rows', limit: rowLimit }] }

  const shown = new Set(declarations.filter(({ sensitive }) => !sensitive).map(({ name }) => name))
  const problems: BatchProblem[] = []
  const read = rows.map(({ line, fields }, index): BatchRow => {
    const limit = header.length
    if (fields.slice(limit).some((field) => field !== '')) problems.push({ code: 'too-many-fields', line, limit })
    const given = columns.flatMap((name, at): [string, string][] => {
      const field = fields[at] ?? ''
      return typeof name === 'string' && field !== '' ? [[name, field]] : []
    })
    const resolved = resolveParameters(declarations, { ...fixed, ...Object.fromEntries(given) })
    for (const problem of resolved.problems) {
      const at = columns.indexOf(problem.name)
      problems.push({ code: 'value', line, problem, ...(at < 0 ? {} : { column: at + 1 }) })
    }
    const [known = ''] = given.find(([name]) => shown.has(name)) ?? []
    const key = resolved.values[known] ?? ''
    return { row: index + 1, line, key, values: resolved.values }
  })
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'rows', rows: read }
}

/** The parameters that a table has columns for, by name. */
export function columnsOf(csv: string, declarations: readonly ParameterDeclaration[]): readonly string[] {
  const table = readTable(csv, declarations)
  if ('code' in table) return []
  return table.header.flatMap((name, index) => {
    const column = columnOf(name, index, table, declarations)
    return typeof column === 'string' ? [column] : []
  })
}

function readTable(csv: string, declarations: readonly ParameterDeclaration[]): Table | BatchProblem {
  // The parser counts CRLF in a quoted field as two lines.
  const text = csv.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
  const separator = /^sep=(.)\n/i.exec(text)?.[1]
  const body = separator === undefined ? text : text.slice(text.indexOf('\n') + 1)
  const firstLine = separator === undefined ? 1 : 2
  const delimiter = separator ?? delimiterOf(body, declarations)
  try {
    const [header, ...rows] = recordsOf(body, delimiter, rowLimit + 2).map(({ fields, lastLine }) => {
      const inside = fields.reduce((sum, field) => sum + field.split('\n').length - 1, 0)
      return { fields, line: lastLine + firstLine - 1 - inside }
    })
    return {
      header: header?.fields.map((name) => name.trim().normalize('NFC')) ?? [],
      rows: rows.filter(({ fields }) => fields.some((field) => field !== '')),
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return { code: 'quotes', line: Number(error.lines) + firstLine - 1 }
  }
}

interface ParsedRecord {
  readonly fields: readonly string[]
  /** The one on which it ends. */
  readonly lastLine: number
}

function recordsOf(text: string, delimiter: string, to: number): readonly ParsedRecord[] {
  const lines: number[] = []
  const records = parse(text, {
    delimiter,
    to,
    record_delimiter: '\n',
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
    on_record(record, context) {
      lines.push(context.lines)
      return record
    },
  })
  return records.map((fields, index) => ({ fields, lastLine: lines[index] ?? 1 }))
}

/** That under which the header names the most parameters. */
function delimiterOf(text: string, declarations: readonly ParameterDeclaration[]): string {
  const matches = (delimiter: string) => {
    try {
      const names = recordsOf(text, delimiter, 1)[0]?.fields ?? []
      return names.filter((name) => named(name.trim().normalize('NFC'), declarations).length > 0).length
    } catch {
      return 0
    }
  }
  return [',', ';', '\t'].map((delimiter) => ({ delimiter, count: matches(delimiter) })).reduce(more).delimiter
}

function more<Counted extends { readonly count: number }>(best: Counted, other: Counted): Counted {
  return other.count > best.count ? other : best
}

/** The parameters that a person may mean by a heading. */
function named(heading: string, declarations: readonly ParameterDeclaration[]): readonly ParameterDeclaration[] {
  const exact = declarations.filter(({ name }) => name === heading)
  return exact.length > 0 ? exact : declarations.filter(({ label }) => label?.trim().normalize('NFC') === heading)
}

/** The parameter of a column; undefined for one that a spreadsheet left behind, without a name and without values. */
function columnOf(
  heading: string,
  index: number,
  { rows }: Table,
  declarations: readonly ParameterDeclaration[],
): string | BatchProblem | undefined {
  if (heading === '' && rows.every(({ fields }) => (fields[index] ?? '') === '')) return undefined
  const [found, other] = heading === '' ? [] : named(heading, declarations)
  if (found === undefined) return { code: 'column-unknown', column: index + 1, name: heading }
  return other === undefined ? found.name : { code: 'column-ambiguous', column: index + 1, name: heading }
}

function clashes(
  columns: readonly (string | BatchProblem | undefined)[],
  header: readonly string[],
  fixed: Readonly<Record<string, string>>,
): readonly BatchProblem[] {
  return columns.flatMap((parameter, index): BatchProblem[] => {
    if (typeof parameter !== 'string') return []
    const problem = { column: index + 1, name: header[index] ?? parameter }
    if (columns.indexOf(parameter) < index) return [{ code: 'column-twice', ...problem }]
    return Object.hasOwn(fixed, parameter) ? [{ code: 'column-fixed', ...problem }] : []
  })
}

/** Said once instead of for every row. */
function wrongFixed(
  declarations: readonly ParameterDeclaration[],
  fixed: Readonly<Record<string, string>>,
): readonly BatchProblem[] {
  return resolveParameters(declarations, fixed)
    .problems.filter(({ name }) => Object.hasOwn(fixed, name))
    .map((problem) => ({ code: 'fixed', problem }))
}
