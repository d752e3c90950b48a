import type * as vscode from 'vscode'
import { isHumanError, type Remedy, report } from './command-boundary.ts'

/** Why what was asked for last was not done. */
export interface Refusal {
  readonly sentence: string
  readonly remedies: readonly Remedy[]
}

/** What is asked for on a page. */
export interface GuideAttempts {
  /** What a person can mend is kept as the refusal; a bug is reported as everywhere. */
  attempt(action: () => unknown): Promise<void>
  /** Something was asked for and has not begun, such as a run whose parameters are being typed. */
  isStarting(): boolean
  refusal(): Refusal | undefined
  /** Something else is looked at. */
  forget(): void
}

export function createGuideAttempts(log: vscode.LogOutputChannel, onChange: () => void): GuideAttempts {
  let refusal: Refusal | undefined
  let starting = 0
  return {
    async attempt(action) {
      refusal = undefined
      starting += 1
      try {
        const pending = action()
        onChange()
        await pending
      } catch (error) {
        if (isHumanError(error)) refusal = { sentence: error.message, remedies: error.remedies }
        else await report(error, 'guide', log)
      } finally {
        starting -= 1
        onChange()
      }
    },
    isStarting: () => starting > 0,
    refusal: () => refusal,
    forget() {
      refusal = undefined
    },
  }
}
