import type { RefObject } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { PlayedCast } from '../../record/played-cast.ts'
import { locale, t } from '../page.ts'
import { linesWith, type PrintedLine, printedLines } from './search.ts'

export interface SearchBoxProps {
  readonly cast: PlayedCast
  readonly input: RefObject<HTMLInputElement | null>
  readonly titleOf: (execution: number) => string | undefined
  /** Another text is searched for, or another line that has it was found. */
  readonly onSought: (text: string, line?: PrintedLine) => void
}

/** Finds what was printed, and goes to the moment at which it was. */
export function SearchBox({ cast, input, titleOf, onSought }: SearchBoxProps) {
  const [text, setText] = useState('')
  const [place, setPlace] = useState<number>()
  const lines = useMemo(() => (text === '' ? [] : printedLines(cast.output)), [cast, text === ''])
  const found = useMemo(() => linesWith(lines, text), [lines, text])
  const here = place === undefined ? undefined : found[place]

  const go = (by: number) => {
    if (found.length === 0) return
    const next = place === undefined ? (by > 0 ? 0 : found.length - 1) : (place + by + found.length) % found.length
    setPlace(next)
    const line = found[next]
    if (line) onSought(text, line)
  }
  const type = (now: string) => {
    setText(now)
    setPlace(undefined)
    onSought(now)
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing) return
    if (event.key === 'Enter') go(event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape') {
      type('')
      input.current?.blur()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <search class="search">
      <input
        ref={input}
        type="search"
        placeholder={t('Search the output')}
        aria-label={t('Search the output')}
        value={text}
        onInput={({ currentTarget }) => type(currentTarget.value)}
        onKeyDown={onKey}
      />
      <button type="button" disabled={found.length === 0} aria-label={t('Previous match')} onClick={() => go(-1)}>
        ↑
      </button>
      <button type="button" disabled={found.length === 0} aria-label={t('Next match')} onClick={() => go(1)}>
        ↓
      </button>
      <span class="matches" aria-live="polite">
        {text !== '' && countOf(found.length, place)}
        {here && (
          <span class="match">
            {here.execution !== undefined && <strong>{titleOf(here.execution)}</strong>} <code>{here.text}</code>
          </span>
        )}
      </span>
    </search>
  )
}

function countOf(all: number, place: number | undefined): string {
  const number = new Intl.NumberFormat(locale)
  if (all === 0) return t('Not found')
  if (place === undefined) return t('Matches: {0}', number.format(all))
  return t('Match {0} of {1}', number.format(place + 1), number.format(all))
}
