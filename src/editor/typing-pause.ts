import type * as vscode from 'vscode'

/** Long enough not to nag while one types, short enough to be there when one looks. */
const typingPauseMs = 400

/** Looks at documents when whoever types in them has paused. */
export interface TypingPause {
  /** Once, however often it is called meanwhile. @param delay milliseconds; that of somebody who types if it is left out */
  soon(document: vscode.TextDocument, delay?: number): void
  forget(document: vscode.TextDocument): void
  dispose(): void
}

export function createTypingPause(look: (document: vscode.TextDocument) => Promise<void>): TypingPause {
  const pending = new Map<string, NodeJS.Timeout>()
  const forget = ({ uri }: vscode.TextDocument) => {
    const key = uri.toString()
    clearTimeout(pending.get(key))
    pending.delete(key)
  }
  return {
    soon(document, delay = typingPauseMs) {
      forget(document)
      const timer = setTimeout(() => {
        forget(document)
        void look(document)
      }, delay)
      pending.set(document.uri.toString(), timer)
    },
    forget,
    dispose: () => pending.forEach(clearTimeout),
  }
}
