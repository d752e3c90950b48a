import * as vscode from 'vscode'
import { HumanError } from './command-boundary.ts'

/** @throws the sentence, where there is no such file; it gets the path as people know it */
export async function mustBeThere(file: vscode.Uri, sentence: (path: string) => string): Promise<void> {
  try {
    await vscode.workspace.fs.stat(file)
  } catch {
    throw new HumanError(sentence(vscode.workspace.asRelativePath(file)))
  }
}
