import * as vscode from 'vscode'
import type { BatchProblem, BatchRow } from '../execution/batch.ts'
import { decodeTable } from '../execution/table-text.ts'
import type { ParameterDeclaration } from '../runbook/parameter.ts'
import { batchProblemSentence } from '../wording/batch.ts'
import { HumanError } from './command-boundary.ts'
import { locale, t } from './language.ts'
import { askForParameters } from './parameter-input.ts'
import { fileName } from './runbook-library.ts'

/** A CSV file and the values that are the same for all of its rows. */
export interface BatchTable {
  readonly file: vscode.Uri
  readonly fixed: Readonly<Record<string, string>>
}

const mostFiles = 500

/** Has a CSV file chosen, those near the runbook first. Undefined when the operator withdrew. */
export async function chooseTable(runbook: vscode.Uri, title: string): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles('**/*.{csv,tsv}', '**/{node_modules,.git,.baton}/**', mostFiles)
  const folder = vscode.Uri.joinPath(runbook, '..').path
  const isNear = ({ path }: vscode.Uri) => path.startsWith(`${folder}/`)
  const files = found.toSorted((a, b) => Number(isNear(b)) - Number(isNear(a)) || a.path.localeCompare(b.path, locale))
  const other: vscode.QuickPickItem & { readonly uri?: vscode.Uri } = {
    label: `$(folder-opened) ${t('Another file…')}`,
    alwaysShow: true,
  }
  const items = files.map((uri) => ({
    label: `$(table) ${fileName(uri)}`,
    description: vscode.workspace.asRelativePath(vscode.Uri.joinPath(uri, '..')),
    uri,
  }))
  const chosen = await vscode.window.showQuickPick([...items, other], {
    title,
    placeHolder: t('A CSV file whose first row names the parameters'),
    matchOnDescription: true,
    ignoreFocusOut: true,
  })
  if (chosen === undefined || chosen.uri !== undefined) return chosen?.uri
  const [opened] =
    (await vscode.window.showOpenDialog({ title, filters: { CSV: ['csv', 'tsv', 'txt'] }, canSelectMany: false })) ?? []
  return opened
}

/**
 * The rows of a table, once there is nothing wrong with them: what is wrong is shown, and a line that is chosen is opened.
 * @param known values for all rows that need not be asked for
 * @returns undefined when the operator withdrew
 */
export async function readTable(
  file: vscode.Uri,
  declarations: readonly ParameterDeclaration[],
  title: string,
  known: Readonly<Record<string, string>>,
): Promise<(BatchTable & { readonly rows: readonly BatchRow[] }) | undefined> {
  const csv = await textOf(file)
  const { columnsOf, readBatch } = await import('../execution/batch.ts')
  const columns = new Set(columnsOf(csv, declarations))
  const others = declarations.filter(({ name }) => !columns.has(name))
  const missing = others.filter(({ name }) => !Object.hasOwn(known, name))
  // A table without any known column is most likely another table: the problems say so better than questions do.
  const asked =
    missing.length === 0 || columns.size === 0
      ? {}
      : await askForParameters(t('{0}: the same for all rows', title), missing, {})
  if (asked === undefined) return undefined
  const fixed = Object.fromEntries(
    Object.entries({ ...known, ...asked }).filter(([name]) => others.some((declaration) => declaration.name === name)),
  )
  const reading = readBatch(csv, declarations, fixed)
  if (reading.kind === 'rows') return { file, fixed, rows: reading.rows }
  await showProblems(file, reading.problems, declarations, title)
  return undefined
}

async function textOf(file: vscode.Uri): Promise<string> {
  // What is on the screen counts, saved or not; a file that is not open may be in an encoding of Excel's.
  const open = vscode.workspace.textDocuments.find(({ uri, isDirty }) => isDirty && uri.toString() === file.toString())
  const text = open?.getText() ?? decodeTable(await vscode.workspace.fs.readFile(file))
  if (text === undefined) throw new HumanError(t('{0} is no CSV file in UTF-8, UTF-16 or Shift_JIS.', fileName(file)))
  return text
}

async function showProblems(
  file: vscode.Uri,
  problems: readonly BatchProblem[],
  declarations: readonly ParameterDeclaration[],
  title: string,
): Promise<void> {
  const items = problems.map((problem) => {
    const line = 'line' in problem ? problem.line : 1
    return {
      label: `$(error) ${batchProblemSentence(problem, declarations, t, locale)}`,
      line,
    }
  })
  const chosen = await vscode.window.showQuickPick(items, {
    title: t('{0}: nothing ran, because {1} is not right yet', title, fileName(file)),
    placeHolder: t('Choose a line to open it'),
    ignoreFocusOut: true,
  })
  if (chosen !== undefined) await openLine(file, chosen.line)
}

/** @param line 1-based */
export async function openLine(file: vscode.Uri, line: number): Promise<void> {
  const at = new vscode.Position(line - 1, 0)
  await vscode.window.showTextDocument(file, { selection: new vscode.Range(at, at) })
}
