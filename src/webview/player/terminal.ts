import { create } from 'asciinema-player'
import type { PlayedOutput } from '../../record/played-cast.ts'
import type { Clocks } from './pauses.ts'
import { terminalColours } from './terminal-colours.ts'

/** A terminal in which a cast is played. Times are in milliseconds of the playback. */
export interface Terminal {
  at(): number
  isPlaying(): boolean
  play(): void
  pause(): void
  seek(at: number): void
  dispose(): void
}

export interface TerminalSetup {
  readonly output: readonly PlayedOutput[]
  readonly clocks: Clocks
  readonly columns: number
  readonly rows: number
  /** How many times as fast. */
  readonly speed: number
  /** Where to begin. */
  readonly at: number
  readonly isPlaying: boolean
  /** It plays, pauses, or has come to its end. */
  readonly onChange: () => void
}

export function openTerminal(container: HTMLElement, setup: TerminalSetup): Terminal {
  const { clocks, columns, rows, speed } = setup
  for (const [name, colour] of Object.entries(terminalColours())) container.style.setProperty(name, colour)
  const header = { version: 2, width: columns, height: rows }
  const events = setup.output.map(({ at, text }) => [clocks.played(at) / 1000, 'o', text])
  // The last one holds the end open, as long as the recording was.
  const data = [header, ...events, [clocks.length / 1000, 'o', '']]
  const player = create({ data }, container, {
    cols: columns,
    rows,
    speed,
    fit: false,
    preload: true,
    controls: false,
    cursorMode: 'hidden',
    theme: 'baton',
    terminalFontSize: 'var(--vscode-editor-font-size)',
    terminalFontFamily: 'var(--vscode-editor-font-family)',
    terminalLineHeight: lineHeight,
  })
  let playing = setup.isPlaying
  const change = (now: boolean) => () => {
    playing = now
    setup.onChange()
  }
  player.addEventListener('play', change(true))
  player.addEventListener('playing', change(true))
  player.addEventListener('pause', change(false))
  player.addEventListener('ended', change(false))
  // Before it has loaded, it is where it is to begin.
  let sought: number | undefined = setup.at
  const seek = async (at: number) => {
    sought = at
    await player.seek(at / 1000)
    if (sought === at) sought = undefined
    setup.onChange()
  }
  void seek(setup.at).then(() => (setup.isPlaying ? player.play() : undefined))

  return {
    at: () => Math.min(clocks.length, Math.max(0, sought ?? player.getCurrentTime() * 1000)),
    isPlaying: () => playing,
    play: () => void player.play(),
    pause: () => void player.pause(),
    seek: (at) => void seek(at),
    dispose: () => player.dispose(),
  }
}

const lineHeight = 1.35

/** How many characters fit, at the size that the editor's text has. */
export function fittingSize(container: HTMLElement): { readonly columns: number; readonly rows: number } {
  const probe = document.createElement('pre')
  probe.className = 'terminal-probe'
  probe.textContent = 'x'.repeat(100)
  container.append(probe)
  const { width, height } = probe.getBoundingClientRect()
  probe.remove()
  const fontSize = Number.parseFloat(getComputedStyle(container).fontSize) || 14
  // The player's own border, on both sides.
  const border = 1.5 * fontSize
  const columns = Math.floor((container.clientWidth - border) / (width / 100))
  const rows = Math.floor((container.clientHeight - border) / (fontSize * lineHeight))
  return { columns: between(40, columns, 200), rows: between(6, height > 0 ? rows : 24, 60) }
}

function between(least: number, value: number, most: number): number {
  return Math.max(least, Math.min(most, value || least))
}
