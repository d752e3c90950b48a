import type * as vscode from 'vscode'
import { registerCommands } from './command-boundary.ts'
import type { NoteSetup } from './note-run.ts'

/** Notes to runs that are over: from the view "Runs", from a record's page, or from the palette. */
export function registerNoteCommands(setup: NoteSetup, log: vscode.LogOutputChannel): vscode.Disposable {
  return registerCommands(log, {
    'baton.noteRun': async (argument) => (await import('./note-run.ts')).noteRun(argument, setup),
    'baton.keepNote': async () => (await import('./note-run.ts')).keepNote(setup),
  })
}
