const names = ['Black', 'Red', 'Green', 'Yellow', 'Blue', 'Magenta', 'Cyan', 'White']

/**
 * The colours that the theme gives to terminals, as the style properties that player.css hands to the player. It takes
 * hexadecimal digits alone, and a theme may say a colour in any way, so each is drawn once and read back.
 */
export function terminalColours(): Readonly<Record<string, string>> {
  const style = getComputedStyle(document.documentElement)
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 1
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const value = (...variables: readonly string[]) =>
    variables.map((name) => style.getPropertyValue(`--vscode-${name}`).trim()).find((one) => one !== '') ?? ''

  function hexadecimal(colour: string, below: string): string {
    if (context === null) return below
    for (const layer of [below, colour]) {
      if (layer === '') continue
      context.fillStyle = layer
      context.fillRect(0, 0, 1, 1)
    }
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`
  }

  const background = hexadecimal(value('terminal-background', 'panel-background', 'editor-background'), '#000000')
  const colours: Record<string, string> = {
    '--terminal-background': background,
    '--terminal-foreground': hexadecimal(value('terminal-foreground', 'editor-foreground'), background),
  }
  for (const [index, name] of names.entries()) {
    colours[`--terminal-${index}`] = hexadecimal(value(`terminal-ansi${name}`), background)
    colours[`--terminal-${index + 8}`] = hexadecimal(value(`terminal-ansiBright${name}`), background)
  }
  return colours
}

/** Calls back when the theme changes, until the returned function is called. */
export function onThemeChange(callback: () => void): () => void {
  const observer = new MutationObserver(callback)
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] })
  return () => observer.disconnect()
}
