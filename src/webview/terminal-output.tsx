import { useEffect, useRef, useState } from 'preact/hooks'
import { onThemeChange, terminalColours } from './player/terminal-colours.ts'
import type { ScreenLine } from './terminal-screen.ts'
import './terminal.css'

interface TerminalOutputProps {
  readonly lines: readonly ScreenLine[]
  /** For screen readers. */
  readonly label: string
}

/** Output of a step; the browser lets what scrolls be reached with the keyboard. It stays at its end while more comes, unless somebody has scrolled up to read. */
export function TerminalOutput({ lines, label }: TerminalOutputProps) {
  const box = useRef<HTMLPreElement>(null)
  const isAtEnd = useRef(true)
  const [colours, setColours] = useState(terminalColours)
  useEffect(() => onThemeChange(() => setColours(terminalColours())), [])
  useEffect(() => {
    const { current } = box
    if (current && isAtEnd.current) current.scrollTop = current.scrollHeight
  }, [lines])
  const onScroll = () => {
    const { current } = box
    if (current) isAtEnd.current = current.scrollTop + current.clientHeight > current.scrollHeight - 8
  }
  return (
    <pre class="terminal" style={colours} ref={box} role="log" aria-live="off" aria-label={label} onScroll={onScroll}>
      {lines.map((line, index) => (
        <div key={index}>{line.length === 0 ? '\n' : line.map(styled)}</div>
      ))}
    </pre>
  )
}

function styled({ text, classes, colour, background }: ScreenLine[number], index: number) {
  if (classes === '' && colour === undefined && background === undefined) return text
  return (
    <span key={index} class={classes} style={{ color: colour, backgroundColor: background }}>
      {text}
    </span>
  )
}
