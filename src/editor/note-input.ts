import * as vscode from 'vscode'
import { t } from './language.ts'

/**
 * Asks for a note in one line, and hands it over until it is kept.
 * @param keep what is wrong with it, in a sentence; `withdrawn` when it stays to be changed; undefined when it is kept
 * @returns what was typed so far when the operator wants several lines; else undefined
 */
export function askForNote(
  title: string,
  keep: (typed: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const input = vscode.window.createInputBox()
  const severalLines = { iconPath: new vscode.ThemeIcon('list-flat'), tooltip: t('Write several lines in an editor') }
  input.title = title
  input.prompt = t('What should whoever comes next know? It is kept for good.')
  input.placeholder = t('Such as: this warning is normal')
  input.buttons = [severalLines]
  input.ignoreFocusOut = true
  return new Promise((resolve, reject) => {
    const end = (long?: string) => {
      resolve(long)
      input.hide()
    }
    input.onDidChangeValue(() => {
      input.validationMessage = undefined
    })
    input.onDidTriggerButton(() => end(input.value))
    input.onDidAccept(async () => {
      if (input.busy) return
      input.busy = true
      try {
        const wrong = await keep(input.value)
        if (wrong === undefined) end()
        // A question that stood before it took the input away.
        else if (wrong === 'withdrawn') input.show()
        else input.validationMessage = wrong
      } catch (error) {
        reject(error)
        input.hide()
      } finally {
        input.busy = false
      }
    })
    input.onDidHide(() => {
      // While a note is looked at, a window that asks something may hide it.
      if (!input.busy) end()
    })
    input.show()
  })
}
