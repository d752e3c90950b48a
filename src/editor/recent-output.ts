/** The end of what is printed; all of it, until it gets long. */
export interface RecentOutput {
  add(text: string): void
  text(): string
}

/** The most UTF-16 units of one step's output that a page gets: the terminal and the record have more. */
export const recentUnits = 128 * 1024

export function createRecentOutput(): RecentOutput {
  let all = ''
  return {
    add(text) {
      all += text
      // Cut now and then alone: each cut copies all that is kept.
      if (all.length > 2 * recentUnits) all = endOf(all)
    },
    text() {
      all = endOf(all)
      return all
    },
  }
}

/** From a whole line on: half an escape sequence would colour what follows. */
function endOf(text: string): string {
  if (text.length <= recentUnits) return text
  const line = text.indexOf('\n', text.length - recentUnits)
  return text.slice(line < 0 ? text.length - recentUnits : line + 1)
}
