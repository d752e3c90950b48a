import * as vscode from 'vscode'
import type { Answer, Question } from '../execution/event.ts'
import { t } from './language.ts'

/** Has a line typed that a step or a program asks for: hidden where it is a password. Escape withdraws. */
export async function askForText(
  { title, prompt, name, preset, hidden }: Question & { kind: 'input' },
  signal: AbortSignal,
): Promise<Answer> {
  const source = new vscode.CancellationTokenSource()
  const withdraw = () => source.cancel()
  signal.addEventListener('abort', withdraw, { once: true })
  try {
    const value = await vscode.window.showInputBox(
      {
        title: t('“{0}” asks', title),
        prompt: hidden ? t('{0} (given to the program alone, and not recorded)', prompt.trim()) : prompt.trim(),
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
