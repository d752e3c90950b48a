import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { connect, type Editor, t } from '../page.ts'
import { CastPlayer, type PlayerControl } from '../player/cast-player.tsx'
import type { Sought } from '../player/found-marks.ts'
import { lineByLine } from '../player/line-by-line.ts'
import type { FromReplay, ReplayedRun, ToReplay } from './messages.ts'
import { SearchBox } from './search-box.tsx'
import { LaterNotes, StepList } from './step-list.tsx'

/** The whole page: what is played, the steps to jump to, and a search. */
export function Replay() {
  const [received, setReceived] = useState<ToReplay>()
  const editor = useRef<Editor<FromReplay>>(null)
  useEffect(() => {
    editor.current = connect<ToReplay, FromReplay>(setReceived)
  }, [])
  if (received === undefined) return null
  if (received.type === 'refusal') return <p class="refusal">{received.sentence}</p>
  return (
    <Played
      run={received.run}
      startAt={readPlace(editor.current?.kept())}
      post={(message) => editor.current?.post(message)}
      onMove={(at) => editor.current?.keep({ at })}
    />
  )
}

/** @param kept whatever the page kept before the window was loaded anew */
function readPlace(kept: unknown): number {
  return typeof kept === 'object' && kept !== null && 'at' in kept && typeof kept.at === 'number' ? kept.at : 0
}

interface PlayedProps {
  readonly run: ReplayedRun
  /** Milliseconds of the recording. */
  readonly startAt: number
  /** The playback has gone on, or was moved. */
  readonly onMove: (at: number) => void
  readonly post: (message: FromReplay) => void
}

function Played({ run, startAt, onMove, post }: PlayedProps) {
  const { steps } = run
  const cast = useMemo(() => lineByLine(run.cast), [run])
  const [sought, setSought] = useState<Sought>()
  const [current, setCurrent] = useState<number>()
  const player = useRef<PlayerControl>(null)
  const search = useRef<HTMLInputElement>(null)
  const titleOf = (execution: number) => steps.find((step) => step.execution === execution)?.title
  const told = useRef<number | undefined>(undefined)
  const kept = useRef(startAt)

  const onPlace = (at: number) => {
    if (at !== kept.current) {
      kept.current = at
      onMove(at)
    }
    const execution = cast.markers.findLast((marker) => marker.at <= at)?.execution
    if (execution === told.current) return
    told.current = execution
    setCurrent(execution)
    post(execution === undefined ? { type: 'at-step' } : { type: 'at-step', execution })
  }
  const goTo = (execution: number) => {
    const marker = cast.markers.find((one) => one.execution === execution)
    if (marker) player.current?.seek(marker.at + header)
  }
  const turn = (by: -1 | 1) => {
    const at = player.current?.at() ?? 0
    const before = cast.markers.findLastIndex((marker) => marker.at <= at)
    // Back goes to the beginning of the step that is played, unless it has just begun.
    const isAtStart = before >= 0 && at - (cast.markers[before]?.at ?? 0) < justBegun
    const next = cast.markers[by > 0 ? before + 1 : isAtStart ? before - 1 : before]
    player.current?.seek(next ? next.at + header : by > 0 ? cast.duration : 0)
  }

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing) return
      const wantsSearch = event.key === '/' || (event.key === 'f' && (event.ctrlKey || event.metaKey))
      if (wantsSearch && !isTyping(event.target)) search.current?.focus()
      else if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return
      else if (event.key === ' ' && !isButton(event.target)) player.current?.toggle()
      else if (event.key === 'ArrowLeft') player.current?.skip(-skipMs)
      else if (event.key === 'ArrowRight') player.current?.skip(skipMs)
      else if (event.key === '[') turn(-1)
      else if (event.key === ']') turn(1)
      else return
      event.preventDefault()
      event.stopPropagation()
    }
    // Before the player's own keys.
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  })

  return (
    <main class="replay">
      <header>
        <h1>{run.title}</h1>
        <p class="facts">{run.facts.join(' · ')}</p>
        <LaterNotes notes={run.annotations} />
        <SearchBox
          cast={cast}
          input={search}
          titleOf={titleOf}
          onSought={(text, line) => {
            setSought({ text, ...(line && { line: line.text }) })
            if (line) player.current?.seek(line.at)
          }}
        />
      </header>
      <CastPlayer
        cast={cast}
        label={t('Replay of {0}', run.title)}
        marks={cast.markers.map(({ at, execution }) => ({ at, label: titleOf(execution) ?? '' }))}
        startAt={startAt}
        sought={sought}
        onPlace={onPlace}
        control={player}
      >
        <button
          type="button"
          disabled={current === undefined}
          onClick={() => current !== undefined && post({ type: 'copy-output', execution: current })}
        >
          {t('Copy output of this step')}
        </button>
        <button type="button" class="quiet" onClick={() => post({ type: 'show-record' })}>
          {t('Open record')}
        </button>
      </CastPlayer>
      <StepList
        steps={steps}
        current={current}
        onChoose={goTo}
        onShow={(execution) => post({ type: 'show-step', execution })}
      />
      <p class="keys">
        <Key name={t('Space')} /> {t('play, pause')} <Key name="←" />
        <Key name="→" /> {t('5 seconds')} <Key name="[" />
        <Key name="]" /> {t('steps')} <Key name="/" /> {t('search')}
      </p>
    </main>
  )
}

const skipMs = 5000
/** Milliseconds of the recording: behind it, the lines that say which step begins have come (`lineByLine`). */
const header = 0.5
/** Milliseconds of the recording. */
const justBegun = 1000

function Key({ name }: { readonly name: string }) {
  return <kbd class="key">{name}</kbd>
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type === 'search' || target.type === 'text'
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}

/** Space presses it, or ticks it. */
function isButton(target: EventTarget | null): boolean {
  return target instanceof HTMLButtonElement || (target instanceof HTMLInputElement && target.type === 'checkbox')
}
