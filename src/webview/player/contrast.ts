/** Red, green and blue, each from 0 to 255. */
export type Colour = readonly [number, number, number]

/** What WCAG 2 asks of text (level AA), and VS Code of its own terminals. */
const enough = 4.5

/** The colour, or the nearest one on its way to `ink` that can be read on `ground`. */
export function readableOn(colour: Colour, ground: Colour, ink: Colour): Colour {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(colour, ink, share)
    if (contrast(mixed, ground) >= enough) return mixed
  }
  return ink
}

/** From 1 to 21, as WCAG 2 defines it. */
export function contrast(one: Colour, other: Colour): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const value = part / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const part = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share)
  return [part(0), part(1), part(2)]
}
