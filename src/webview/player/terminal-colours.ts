import { type Colour, readableOn } from './contrast.ts'

const names = ['Black', 'Red', 'Green', 'Yellow', 'Blue', 'Magenta', 'Cyan', 'White']

/**
 * The colours that the theme gives to terminals, as the style properties that terminal.css uses and player.css hands to the player. It takes
 * hexadecimal digits alone, and a theme may say a colour in any way, so each is drawn once and read back. Colours that cannot
 * be read on the background are brought nearer to the foreground, as VS Code does in its terminals.
 */
export function terminalColours(): Readonly<Record<string, string>> {
  const style = getComputedStyle(document.documentElement)
  const value = (...variables: readonly string[]) =>
    variables.map((name) => style.getPropertyValue(`--vscode-${name}`).trim()).find((one) => one !== '') ?? ''
  const drawn = createDrawing()

  const background = drawn(value('terminal-background', 'panel-background', 'editor-background'), [0, 0, 0])
  const foreground = drawn(value('terminal-foreground', 'editor-foreground'), background)
  const properties: Record<string, string> = {
    '--terminal-background': hexadecimal(background),
    '--terminal-foreground': hexadecimal(foreground),
  }
  for (const [index, name] of names.entries()) {
    for (const [place, variable] of [
      [index, `terminal-ansi${name}`],
      [index + 8, `terminal-ansiBright${name}`],
    ] as const) {
      const colour = drawn(value(variable), background)
      // Black and white are what programs take for backgrounds.
      const isGround = place === 0 || place === 7 || place === 15
      properties[`--terminal-${place}`] = hexadecimal(isGround ? colour : readableOn(colour, background, foreground))
    }
  }
  return properties
}

/** A CSS colour over another one, as it is seen. */
function createDrawing(): (colour: string, below: Colour) => Colour {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 1
  const context = canvas.getContext('2d', { willReadFrequently: true })
  return (colour, below) => {
    if (context === null || colour === '') return below
    for (const layer of [hexadecimal(below), colour]) {
      context.fillStyle = layer
      context.fillRect(0, 0, 1, 1)
    }
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
    return [red, green, blue]
  }
}

function hexadecimal(colour: Colour): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

/** Calls back when the theme changes, until the returned function is called. */
export function onThemeChange(callback: () => void): () => void {
  const observer = new MutationObserver(callback)
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] })
  return () => observer.disconnect()
}
