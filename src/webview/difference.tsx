import type { DifferenceLine } from '../execution/difference-lines.ts'
import { t } from './page.ts'
import { Readable } from './readable.tsx'

const marks = { added: '+', removed: '-', same: ' ', gap: '⋯' } as const

interface DifferenceProps {
  readonly lines: readonly DifferenceLine[]
  readonly deceptive?: readonly string[]
}

/** What changed, line by line. */
export function Difference({ lines, deceptive = [] }: DifferenceProps) {
  return (
    <section aria-label={t('Changes')}>
      <pre class="difference">
        {lines.map(({ kind, text }, index) => (
          <div key={index} class={kind}>
            {marks[kind]} <Readable text={text} deceptive={deceptive} />
          </div>
        ))}
      </pre>
    </section>
  )
}
