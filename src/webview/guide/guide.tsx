import { useEffect, useRef, useState } from 'preact/hooks'
import { connect, type Editor, t } from '../page.ts'
import { GuideHeader } from './header.tsx'
import { neighbours } from './journey.ts'
import type { FromGuide, GuideContent, GuidePlace, GuideProgress, ToGuide } from './messages.ts'
import type { GuideProps } from './props.ts'
import { StartPage } from './start-page.tsx'
import { StepPage } from './step-page.tsx'

/** The whole page. What is true comes from the editor; the page keeps only what is half typed. */
export function Guide() {
  const [content, setContent] = useState<GuideContent>()
  const [progress, setProgress] = useState<GuideProgress>()
  const editor = useRef<Editor<FromGuide>>(null)

  useEffect(() => {
    editor.current = connect<ToGuide, FromGuide>((message) => {
      switch (message.type) {
        case 'content':
          return setContent(message.content)
        case 'progress':
          return setProgress(message.progress)
      }
    })
  }, [])

  if (content === undefined || progress === undefined) return null
  return <Journey content={content} progress={progress} post={(message) => editor.current?.post(message)} />
}

function Journey(props: GuideProps) {
  const { content, progress, post } = props
  const { at } = progress
  const step = at.kind === 'step' ? content.steps.find(({ id }) => id === at.stepId) : undefined
  const { before, after } = neighbours(content, progress)
  const go = (to: GuidePlace | undefined) => to && post({ type: 'go', to })

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return
      if (event.key === 'ArrowLeft') go(before)
      else if (event.key === 'ArrowRight') go(after)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })

  return (
    <div class="guide">
      <GuideHeader {...props} />
      <main>{step ? <StepPage {...props} step={step} /> : <StartPage {...props} />}</main>
      <nav class="turn">
        <button type="button" disabled={before === undefined} onClick={() => go(before)}>
          <span class="key" aria-hidden="true">
            ←
          </span>{' '}
          {t('Back')}
        </button>
        <button type="button" disabled={after === undefined} onClick={() => go(after)}>
          {t('Next')}{' '}
          <span class="key" aria-hidden="true">
            →
          </span>
        </button>
      </nav>
    </div>
  )
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
}
