import * as vscode from 'vscode'
import type { Runbook } from '../runbook/runbook.ts'
import type { CutOff, GuidePlace, GuideProgress } from '../webview/guide/messages.ts'
import type { Refusal } from './guide-attempts.ts'
import { placeAfter, wayOf } from './guide-place.ts'
import type { GuideRunState } from './guide-run.ts'
import type { RunSession } from './run-session.ts'

export interface GuideState extends GuideRunState {
  readonly at: GuidePlace
  readonly runbook: Runbook
  readonly session: RunSession | undefined
  /** Something was asked for and has not begun. */
  readonly isStarting: boolean
  readonly cutOff: CutOff | undefined
  readonly refusal: Refusal | undefined
}

/** What is true now, as the page of a Guide shows it. */
export function guideProgress(state: GuideState): GuideProgress {
  const { at, runbook, session, isStarting, cutOff, refusal, run, standings } = state
  const { current, background = [] } = session?.view() ?? {}
  const next = placeAfter(at, runbook, standings)
  return {
    at,
    ...(next && { next }),
    way: wayOf(runbook, standings),
    isTrusted: vscode.workspace.isTrusted,
    isBusy: isStarting || session?.run.state === 'busy',
    standings,
    background: background.map(({ stepId, startedAt }) => ({ stepId, startedAt })),
    attached: session?.attached().map(({ name }) => name) ?? [],
    ...(run && { run }),
    ...(cutOff && { cutOff }),
    ...(current && { current: { stepId: current.stepId, startedAt: current.startedAt } }),
    ...(current?.question && { question: current.question }),
    ...(refusal && {
      refusal: { sentence: refusal.sentence, remedies: refusal.remedies.map(({ label }) => label) },
    }),
  }
}
