import * as vscode from 'vscode'
import { formatBytes } from '../wording/byte-sizes.ts'
import { formatAge, formatDuration } from '../wording/durations.ts'
import type { Translate } from '../wording/translate.ts'

/** Sentences in the language of VS Code. */
export const t: Translate = vscode.l10n.t

/** The BCP 47 tag for `Intl`. */
export const locale = vscode.env.language

/** "2.1 s" */
export function duration(milliseconds: number): string {
  return formatDuration(milliseconds, t, locale)
}

/** "3 days ago" */
export function age(time: number): string {
  return formatAge(time, Date.now(), t, locale)
}

/** "512 MB" */
export function bytes(count: number): string {
  return formatBytes(count, locale)
}

/** Sentences after one another; empty ones are left out. Japanese sets no space between them. */
export function sentences(...parts: readonly string[]): string {
  return parts.filter(Boolean).join(/^ja\b/.test(locale) ? '' : ' ')
}
