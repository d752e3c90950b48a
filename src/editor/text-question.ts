import * as vscode from 'vscode'
import type { Answer, Question } from '../execution/event.ts'
import { lostCaptureSentence } from '../wording/lost-capture.ts'
import { t } from './language.ts'

/** Has a line typed that a step or a program asks for: hidden where it is a password. Escape withdraws. */
export async function askForText(question: Question & { kind: 'input' }, signal: AbortSignal): Promise<Answer> {
  const { title, name, preset, hidden } = question
  const source = new vscode.CancellationTokenSource()
  const withdraw = () => source.cancel()
  signal.addEventListener('abort', withdraw, { once: true })
  try {
    const value = await vscode.window.showInputBox(
      {
        title: t('“{0}” asks', title),
        prompt: promptOf(question),
        ...(name === undefined ? {} : { placeHolder: name }),
        ...(preset === undefined ? {} : { value: preset }),
        password: hidden,
        ignoreFocusOut: true,
      },
      source.token,
    )
    return value === undefined ? { kind: 'cancel' } : { kind: 'text', value }
  } finally {
    signal.removeEventListener('abort', withdraw)
    source.dispose()
  }
}

function promptOf(question: Question & { kind: 'input' }): string {
  const { prompt, name, hidden, capturedBy } = question
  if (capturedBy !== undefined) return lostCaptureSentence(question, t)
  if (!hidden) return prompt.trim()
  return name === undefined
    ? t('{0} (given to the program alone, and not recorded)', prompt.trim())
    : t('{0} (masked, and not recorded)', prompt.trim())
}
