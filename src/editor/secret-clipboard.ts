import * as vscode from 'vscode'
import { t } from './language.ts'

/** How long a value stays in the clipboard. */
const secondsToPaste = 20

/** Lends values to the clipboard: what was copied from elsewhere in the meantime is left alone. */
export interface SecretClipboard {
  /** @param label what the status bar calls it */
  copy(label: string, value: string): Promise<void>
  /** Takes back at once what is still there. */
  clear(): Promise<void>
}

export function createSecretClipboard(): SecretClipboard & vscode.Disposable {
  let shown: vscode.StatusBarItem | undefined
  let lent: { readonly value: string; readonly ticking: NodeJS.Timeout } | undefined

  async function clear(): Promise<void> {
    if (lent === undefined) return
    const { value, ticking } = lent
    lent = undefined
    clearInterval(ticking)
    if ((await vscode.env.clipboard.readText()) === value) await vscode.env.clipboard.writeText('')
    // Another one may have been copied meanwhile.
    if (lent !== undefined) return
    shown?.hide()
    setContext(false)
  }

  return {
    async copy(label, value) {
      if (lent) clearInterval(lent.ticking)
      const item = shown ?? createItem()
      shown = item
      await vscode.env.clipboard.writeText(value)
      const until = Date.now() + secondsToPaste * 1000
      function tick(): void {
        const left = Math.ceil((until - Date.now()) / 1000)
        if (left <= 0) void clear()
        else item.text = `$(clippy) ${t('{0}: copied for {1} s', shorten(label), left)}`
      }
      lent = { value, ticking: setInterval(tick, 1000) }
      tick()
      item.accessibilityInformation = { label: t('{0}: copied for {1} s', label, secondsToPaste) }
      item.show()
      setContext(true)
    },
    clear,
    dispose: () => shown?.dispose(),
  }
}

/** Made when it is first needed, which is not when a window opens. */
function createItem(): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem('baton.clipboard', vscode.StatusBarAlignment.Left, 49)
  item.name = t('Baton: copied secret')
  item.command = 'baton.clearClipboard'
  item.tooltip = t('The clipboard is emptied then. Click to empty it now.')
  return item
}

function setContext(isCopied: boolean): void {
  void vscode.commands.executeCommand('setContext', 'baton.isCopied', isCopied)
}

function shorten(label: string): string {
  const characters = [...label]
  return characters.length <= 24 ? label : `${characters.slice(0, 23).join('')}…`
}
