import type { Translate } from '../wording/translate.ts'

/** How a page puts values into words. */
export interface PageLanguage {
  readonly t: Translate
  readonly locale: string
  /** Milliseconds since the epoch. */
  readonly now: number
}
