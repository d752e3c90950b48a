import * as vscode from 'vscode'
import type { Procedure, Runbook, Step } from '../runbook/runbook.ts'
import type { RunbookLibrary } from './runbook-library.ts'

/** What a command works on: a runbook, or a step or a procedure of it. */
export interface Target {
  readonly uri: vscode.Uri
  readonly stepId?: string
  readonly procedureId?: string
}

/**
 * The target in the first argument of a command: an element of the tree, a Uri (with the id of a step from a CodeLens in the
 * second argument: the caller adds it), or nothing, which means the runbook in the active editor.
 */
export function targetOf(argument: unknown): Target | undefined {
  if (argument === undefined || argument === null) return activeMarkdown()
  if (argument instanceof vscode.Uri) return { uri: argument }
  if (!hasUri(argument)) return undefined
  const { uri, stepId, procedureId } = argument
  return {
    uri,
    ...(typeof stepId === 'string' ? { stepId } : {}),
    ...(typeof procedureId === 'string' ? { procedureId } : {}),
  }
}

/** The runbook in the active editor with the step and the innermost procedure that the cursor is in. */
export async function targetAtCursor(library: RunbookLibrary): Promise<Target | undefined> {
  const editor = vscode.window.activeTextEditor
  if (editor?.document.languageId !== 'markdown') return undefined
  const runbook = await library.ofDocument(editor.document)
  if (runbook.kind !== 'runbook') return undefined
  const line = editor.selection.active.line
  const stepId = stepAtLine(runbook, line)?.id
  const procedureId = procedureAtLine(runbook.procedures, line)?.id
  return {
    uri: editor.document.uri,
    ...(stepId === undefined ? {} : { stepId }),
    ...(procedureId === undefined ? {} : { procedureId }),
  }
}

/** The step on a zero-based line; the innermost one, as a fence may stand inside a task. */
export function stepAtLine(runbook: Runbook, line: number): Step | undefined {
  return runbook.steps.findLast(({ range }) => range.start.line <= line && line <= lastLine(range))
}

/** The innermost procedure on a zero-based line. */
export function procedureAtLine(procedures: readonly Procedure[], line: number): Procedure | undefined {
  const found = procedures.find(({ range }) => range.start.line <= line && line <= lastLine(range))
  return found && (procedureAtLine(found.procedures, line) ?? found)
}

/** The procedure of an id, however deep. */
export function procedureById(procedures: readonly Procedure[], id: string): Procedure | undefined {
  for (const procedure of procedures) {
    const found = procedure.id === id ? procedure : procedureById(procedure.procedures, id)
    if (found) return found
  }
  return undefined
}

function lastLine({ end }: Step['range']): number {
  return end.character === 0 ? end.line - 1 : end.line
}

function activeMarkdown(): Target | undefined {
  const document = vscode.window.activeTextEditor?.document
  return document?.languageId === 'markdown' ? { uri: document.uri } : undefined
}

function hasUri(value: unknown): value is { uri: vscode.Uri; stepId?: unknown; procedureId?: unknown } {
  return typeof value === 'object' && value !== null && 'uri' in value && value.uri instanceof vscode.Uri
}
