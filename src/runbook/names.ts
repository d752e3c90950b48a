/** The anchor of a heading as GitHub makes it: lower case, punctuation gone, spaces to hyphens; letters of any script stay. */
export function slug(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replace(/ /g, '-')
}

/** Gives each name once: a repeated one gets `-1`, `-2`, …, as GitHub does with anchors. */
export function createNames(): { take(name: string): string; has(name: string): boolean } {
  const taken = new Set<string>()
  const counts = new Map<string, number>()
  return {
    has: (name) => taken.has(name),
    take(name) {
      let unique = name
      let count = counts.get(name) ?? 0
      while (taken.has(unique)) {
        count += 1
        unique = `${name}-${count}`
      }
      counts.set(name, count)
      taken.add(unique)
      return unique
    },
  }
}
