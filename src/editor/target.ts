import * as vscode from 'vscode'
import type { RunbookLibrary } from './runbook-library.ts'
import { procedureAtLine, stepAtLine } from './runbook-places.ts'

/** What a command works on: a runbook, or a step or a procedure of it. */
export interface Target {
  readonly uri: vscode.Uri
  readonly stepId?: string
  readonly procedureId?: string
}

/**
 * The target in the first argument of a command: an element of a tree, a Uri (with the id of a step from a CodeLens in the
 * second argument: the caller adds it), or nothing, which means the runbook in the active editor.
 */
export function targetOf(argument: unknown): Target | undefined {
  if (argument === undefined || argument === null) return activeMarkdown()
  if (argument instanceof vscode.Uri) return { uri: argument }
  if (isRecorded(argument)) return { uri: argument.runbook }
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

function activeMarkdown(): Target | undefined {
  const document = vscode.window.activeTextEditor?.document
  return document?.languageId === 'markdown' ? { uri: document.uri } : undefined
}

function hasUri(value: unknown): value is { uri: vscode.Uri; stepId?: unknown; procedureId?: unknown } {
  return typeof value === 'object' && value !== null && 'uri' in value && value.uri instanceof vscode.Uri
}

/** An element of the view "Runs" whose runbook is there. */
function isRecorded(value: unknown): value is { runbook: vscode.Uri } {
  return typeof value === 'object' && value !== null && 'runbook' in value && value.runbook instanceof vscode.Uri
}
