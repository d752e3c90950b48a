import * as vscode from 'vscode'
import type { SigningProblem } from '../record/signature.ts'
import { registerCommands } from './command-boundary.ts'
import type { CheckAllRecords } from './verify-records.ts'

/** The command that checks records; what it does is loaded then. */
export function registerRecordChecks(checkAll: CheckAllRecords, log: vscode.LogOutputChannel): vscode.Disposable {
  return registerCommands(log, {
    'baton.verifyRecords': async (argument) =>
      (await import('./verify-records.ts')).verifyRecords(argument, checkAll, log),
  })
}

/** Says that a record is not signed although its repo wants that: to be called once for each reason. */
export async function showUnsigned(problem: SigningProblem, log: vscode.LogOutputChannel): Promise<void> {
  const { unsignedSentence } = await import('./verify-records.ts')
  const sentence = unsignedSentence(problem)
  log.warn(sentence)
  await vscode.window.showWarningMessage(sentence)
}
