import headless, { type IBufferCell, type IBufferLine } from '@xterm/headless'

/** A stretch of one line that looks the same throughout. */
export interface StyledText {
  readonly text: string
  /** Class names of `terminal.css`. */
  readonly classes: string
  /** A colour beyond the sixteen of the theme, as `#rrggbb`. */
  readonly colour?: string
  readonly background?: string
}

export type ScreenLine = readonly StyledText[]

/** What a terminal would show of the output of a step: progress bars in their last state, colours as styles. */
export interface TerminalScreen {
  /** Takes output in; `lines` has it when `onChange` was called. */
  write(text: string): void
  /** Begins anew. */
  reset(): void
  /** From the first line that is kept to the last one that is not empty. */
  lines(): readonly ScreenLine[]
  dispose(): void
}

/** Wider than most output: what is longer is one line all the same, and the page breaks it where it is narrow. */
const columns = 200
const keptLines = 1000

export function createTerminalScreen(onChange: () => void): TerminalScreen {
  const terminal = new headless.Terminal({
    cols: columns,
    rows: 24,
    scrollback: keptLines,
    convertEol: true,
    allowProposedApi: true,
  })
  return {
    write: (text) => terminal.write(text, onChange),
    reset() {
      terminal.reset()
      onChange()
    },
    lines() {
      const { active } = terminal.buffer
      const found: StyledText[][] = []
      for (let index = 0; index < active.length; index++) {
        const line = active.getLine(index)
        if (line === undefined) continue
        const styled = styledLine(line)
        const above = found.at(-1)
        if (line.isWrapped && above) above.push(...styled)
        else found.push([...styled])
      }
      while (found.length > 0 && found.at(-1)?.every(({ text }) => text.trim() === '')) found.pop()
      return found
    },
    dispose: () => terminal.dispose(),
  }
}

function styledLine(line: IBufferLine): readonly StyledText[] {
  const parts: { text: string; style: Omit<StyledText, 'text'>; key: string }[] = []
  let end = line.length
  while (end > 0 && isBlank(line.getCell(end - 1))) end -= 1
  for (let column = 0; column < end; column++) {
    const cell = line.getCell(column)
    // The second half of a full-width character.
    if (cell === undefined || cell.getWidth() === 0) continue
    const style = styleOf(cell)
    const key = JSON.stringify(style)
    const text = cell.getChars() || ' '
    const last = parts.at(-1)
    if (last?.key === key) last.text += text
    else parts.push({ text, style, key })
  }
  return parts.map(({ text, style }) => ({ text, ...style }))
}

function isBlank(cell: IBufferCell | undefined): boolean {
  return cell === undefined || (cell.getChars() === '' && cell.getWidth() === 1 && cell.isBgDefault())
}

function styleOf(cell: IBufferCell): Omit<StyledText, 'text'> {
  const isInverse = cell.isInverse() !== 0
  const front = colourOf(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor())
  const back = colourOf(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor())
  const [colour, background] = isInverse ? [back, front] : [front, back]
  const classes = [
    ...(colour?.kind === 'theme' ? [`front-${colour.index}`] : []),
    ...(background?.kind === 'theme' ? [`back-${background.index}`] : []),
    ...(isInverse && colour === undefined && background === undefined ? ['inverse'] : []),
    ...(cell.isBold() ? ['bold'] : []),
    ...(cell.isDim() ? ['dim'] : []),
    ...(cell.isItalic() ? ['italic'] : []),
    ...(cell.isUnderline() ? ['underline'] : []),
  ]
  return {
    classes: classes.join(' '),
    ...(colour?.kind === 'fixed' ? { colour: colour.colour } : {}),
    ...(background?.kind === 'fixed' ? { background: background.colour } : {}),
  }
}

type Colour =
  | { readonly kind: 'theme'; readonly index: number }
  | { readonly kind: 'fixed'; readonly colour: string }
  | undefined

function colourOf(isDefault: boolean, isRgb: boolean, value: number): Colour {
  if (isDefault) return undefined
  if (isRgb) return { kind: 'fixed', colour: hex(value >> 16, (value >> 8) & 255, value & 255) }
  return value < 16 ? { kind: 'theme', index: value } : { kind: 'fixed', colour: paletteColour(value) }
}

/** Of xterm's 256 colours: a cube of six steps each, then 24 greys. */
function paletteColour(index: number): string {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10
    return hex(grey, grey, grey)
  }
  const at = (step: number) => (step === 0 ? 0 : 55 + step * 40)
  const cube = index - 16
  return hex(at(Math.floor(cube / 36)), at(Math.floor(cube / 6) % 6), at(cube % 6))
}

function hex(...parts: readonly number[]): string {
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}
