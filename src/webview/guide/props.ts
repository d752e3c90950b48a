import type { FromGuide, GuideContent, GuideProgress } from './messages.ts'

/** What most parts of the page need. */
export interface GuideProps {
  readonly content: GuideContent
  readonly progress: GuideProgress
  readonly post: (message: FromGuide) => void
}
