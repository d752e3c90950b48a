import type { GuidePlace } from '../webview/guide/messages.ts'
import { readPlace } from './read-guide-message.ts'

/** What the page of a Guide keeps for it, so that it comes back where it was when the window is loaded anew. */
export interface GuideMemory {
  /** Its address. */
  readonly runbook: string
  /** The address of the record that is followed. */
  readonly followed?: string
  readonly at: GuidePlace
  /** The run that was shown last: the path of its record, and whether it was not over. */
  readonly run?: { readonly record: string; readonly isOpen: boolean }
}

/** @param kept whatever a page kept */
export function readGuideMemory(kept: unknown): GuideMemory | undefined {
  if (!isFields(kept) || typeof kept.runbook !== 'string') return undefined
  const { runbook, followed, run } = kept
  return {
    runbook,
    at: readPlace(kept.at) ?? { kind: 'start' },
    ...(typeof followed === 'string' && { followed }),
    ...(isFields(run) &&
      typeof run.record === 'string' && { run: { record: run.record, isOpen: run.isOpen === true } }),
  }
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
