import type { ComponentChildren, Ref } from 'preact'
import { useEffect, useImperativeHandle, useMemo, useRef, useState } from 'preact/hooks'
import 'asciinema-player/dist/bundle/asciinema-player.css'
import './player.css'
import type { PlayedCast } from '../../record/played-cast.ts'
import { formatClock } from '../../wording/durations.ts'
import { t } from '../page.ts'
import { markFound, type Sought } from './found-marks.ts'
import { skipPauses } from './pauses.ts'
import { fittingSize, openTerminal, type Terminal } from './terminal.ts'
import { onThemeChange } from './terminal-colours.ts'

export interface CastPlayerProps {
  /** Another object is another cast: it is played from its beginning. */
  readonly cast: PlayedCast
  /** What is played, for screen readers. */
  readonly label: string
  /** Where it begins, in milliseconds of the recording. */
  readonly startAt?: number
  /** It plays without being told to. */
  readonly autoPlay?: boolean
  /** Marks in the timeline. */
  readonly marks?: readonly { readonly at: number; readonly label: string }[]
  /** Marked wherever it is shown. */
  readonly sought?: Sought | undefined
  /** Called with where the playback is, in milliseconds of the recording, whenever that changes. */
  readonly onPlace?: (at: number) => void
  readonly control?: Ref<PlayerControl>
  /** More buttons. */
  readonly children?: ComponentChildren
}

/** Milliseconds of the recording. */
export interface PlayerControl {
  toggle(): void
  at(): number
  seek(at: number): void
  /** Forward, or backward where less than 0; in milliseconds of what is played. */
  skip(by: number): void
}

const speeds = [0.5, 1, 2, 4, 8]

/** What is left of a pause that is skipped. */
const longestPause = 2000

/**
 * Plays a cast, in a terminal that fills what its container leaves, with a timeline and buttons below. The page's policy has
 * to let it render a terminal (`rendersTerminal`).
 */
export function CastPlayer({
  cast,
  label,
  startAt = 0,
  autoPlay = false,
  marks = [],
  sought,
  onPlace,
  control,
  children,
}: CastPlayerProps) {
  const [speed, setSpeed] = useState(1)
  const [skips, setSkips] = useState(true)
  const [shown, setShown] = useState({ at: 0, isPlaying: false })
  const stage = useRef<HTMLDivElement>(null)
  const terminal = useRef<Terminal>(null)
  /** In milliseconds of the recording: a terminal that is opened anew goes on there. */
  const place = useRef({ at: startAt, isPlaying: autoPlay })
  const clocks = useMemo(
    () => skipPauses(timesOf(cast), cast.duration, skips ? longestPause : Number.POSITIVE_INFINITY),
    [cast, skips],
  )

  useEffect(() => {
    place.current = { at: startAt, isPlaying: autoPlay }
  }, [cast, autoPlay])

  useEffect(() => {
    const container = stage.current
    if (container === null) return
    let size = fittingSize(container)
    let timer = 0

    const tell = () => {
      if (terminal.current === null) return
      const now = { at: terminal.current.at(), isPlaying: terminal.current.isPlaying() }
      place.current = { at: clocks.recorded(now.at), isPlaying: now.isPlaying }
      setShown((before) => (before.at === now.at && before.isPlaying === now.isPlaying ? before : now))
      onPlace?.(place.current.at)
    }
    const open = () => {
      terminal.current?.dispose()
      container.replaceChildren()
      const { at, isPlaying } = place.current
      const setup = { output: cast.output, clocks, ...size, speed, at: clocks.played(at), isPlaying, onChange: tell }
      terminal.current = openTerminal(container, setup)
      tell()
    }
    const soon = () => {
      clearTimeout(timer)
      timer = window.setTimeout(() => {
        const fits = fittingSize(container)
        if (fits.columns === size.columns && fits.rows === size.rows) return
        size = fits
        open()
      }, 150)
    }

    open()
    const ticking = setInterval(() => terminal.current?.isPlaying() && tell(), 100)
    const resized = new ResizeObserver(soon)
    resized.observe(container)
    const stopWatching = onThemeChange(open)
    return () => {
      clearInterval(ticking)
      clearTimeout(timer)
      resized.disconnect()
      stopWatching()
      terminal.current?.dispose()
      terminal.current = null
    }
  }, [cast, clocks, speed])

  useEffect(() => {
    const container = stage.current
    if (container === null || sought === undefined || sought.text === '') return
    return markFound(container, sought)
  }, [sought])

  const toggle = () => (terminal.current?.isPlaying() ? terminal.current.pause() : terminal.current?.play())
  const skip = (by: number) => terminal.current?.seek(within(terminal.current.at() + by, clocks.length))
  useImperativeHandle(control ?? null, () => ({
    toggle,
    at: () => place.current.at,
    seek: (at) => terminal.current?.seek(within(clocks.played(at), clocks.length)),
    skip,
  }))

  const clock = `${formatClock(shown.at)} / ${formatClock(clocks.length)}`
  return (
    <section class="cast-player" aria-label={label}>
      <div class="stage" ref={stage} />
      <div class="timeline">
        <input
          type="range"
          aria-label={t('Place in the run')}
          aria-valuetext={clock}
          min={0}
          max={Math.max(1, Math.round(clocks.length))}
          step={1}
          value={Math.round(shown.at)}
          onInput={({ currentTarget }) => terminal.current?.seek(currentTarget.valueAsNumber)}
        />
        <div class="marks" aria-hidden="true">
          {marks.map(({ at, label: title }) => (
            <span
              key={`${at} ${title}`}
              title={title}
              style={{ insetInlineStart: `${(100 * clocks.played(at)) / Math.max(1, clocks.length)}%` }}
            />
          ))}
        </div>
      </div>
      <div class="controls">
        <button type="button" class="primary play" aria-pressed={shown.isPlaying} onClick={toggle}>
          <span aria-hidden="true">{shown.isPlaying ? '❚❚' : '▶'}</span> {shown.isPlaying ? t('Pause') : t('Play')}
        </button>
        <span class="clock">{clock}</span>
        <label>
          {t('Speed')}{' '}
          <select value={String(speed)} onChange={({ currentTarget }) => setSpeed(Number(currentTarget.value))}>
            {speeds.map((one) => (
              <option key={one} value={String(one)}>{`${one}×`}</option>
            ))}
          </select>
        </label>
        <label class="check">
          <input type="checkbox" checked={skips} onChange={({ currentTarget }) => setSkips(currentTarget.checked)} />{' '}
          {t('Skip pauses')}
        </label>
        {children}
      </div>
    </section>
  )
}

function timesOf({ output, markers }: PlayedCast): readonly number[] {
  return [...output, ...markers].map(({ at }) => at).sort((a, b) => a - b)
}

function within(at: number, length: number): number {
  return Math.max(0, Math.min(length, at))
}
