import { type Automaton, buildAutomaton, pairSlot } from './automaton.ts'
import type { Masker, MaskStream } from './masker.ts'
import { secretForms } from './secret-forms.ts'

/** What stands in the place of a secret, however long it is. */
export const MASK = '***'

/** A stretch of text that matches cover, in units from the start of what is held back; `end` is exclusive. */
interface Region {
  start: number
  end: number
  /** The mask for it has been given out already. */
  shown: boolean
}

/**
 * A masker that replaces every occurrence of every value. Occurrences that overlap or touch become one mask. The work is
 * linear in the text, whatever the number of secrets, and the result does not depend on how the text is cut into pieces.
 *
 * @param secrets Values of any length; empty ones are passed over. Names are never searched for.
 */
export function createMasker(secrets: readonly { readonly name: string; readonly value: string }[]): Masker {
  const forms = new Set(secrets.flatMap((secret) => [...secretForms(secret.value)]))
  const stream = forms.size === 0 ? passThrough : automatonStream(buildAutomaton(forms))
  return {
    mask(text) {
      const whole = stream()
      return whole.write(text) + whole.end()
    },
    stream,
  }
}

function passThrough(): MaskStream {
  return { write: (chunk) => chunk, end: () => '' }
}

function automatonStream(automaton: Automaton): () => MaskStream {
  return () => {
    let state = 0
    let held = ''
    let regions: Region[] = []

    return {
      write(chunk) {
        const text = held === '' ? chunk : held + chunk
        state = scan(automaton, state, text, held.length, regions)
        return giveOut(text, finalLength(automaton, state, text))
      },
      end() {
        state = 0
        return giveOut(held, held.length)
      },
    }

    /** Everything before `final` can no longer become part of a match that is not known yet. */
    function giveOut(text: string, final: number): string {
      let shown = ''
      let from = 0
      const open: Region[] = []
      for (const region of regions) {
        // A region that begins right at the border has its final beginning: its mask need not wait for its end.
        if (region.start > final) {
          open.push({ ...region, start: region.start - final, end: region.end - final })
          continue
        }
        shown += text.slice(from, Math.max(from, region.start))
        if (!region.shown) shown += MASK
        from = region.end
        // It stays known while a match that overlaps or touches it may still come.
        if (region.end >= final) open.push({ start: 0, end: region.end - final, shown: true })
      }
      if (shown === '' && from === 0 && final === text.length) shown = text
      else shown += text.slice(from, Math.max(from, final))
      held = final === text.length ? '' : text.slice(final)
      regions = open
      return shown
    }
  }
}

/** Length of the text that is settled in this state; never ends between the halves of a surrogate pair. */
function finalLength(automaton: Automaton, state: number, text: string): number {
  const final = text.length - (automaton.heldLength[state / automaton.width] ?? 0)
  const last = text.charCodeAt(final - 1)
  return last >= 0xd800 && last <= 0xdbff ? final - 1 : final
}

/** Runs the automaton over `text` from `start` and adds what it finds to `regions`. Returns the state at the end. */
function scan(automaton: Automaton, from: number, text: string, start: number, regions: Region[]): number {
  const { columnOf, startOf, next, firstMatching, matchLength, width, shortest, shift } = automaton
  let state = from
  const { length } = text
  for (let index = start; index < length; index++) {
    // Both look-ups are always inside their tables.
    if (state === 0) {
      // Most text begins no secret: these loops wait for no state before they read on, and the first looks at few units.
      if (shortest > 2) {
        let last = index + shortest - 1
        for (let far = 1; far > 0 && last < length; last += far) {
          far = shift[pairSlot(text.charCodeAt(last - 1), text.charCodeAt(last))] as number
        }
        index = last - shortest + 1
      }
      while (index < length && startOf[text.charCodeAt(index)] === 0) index++
      if (index >= length) break
    }
    state = next[state + (columnOf[text.charCodeAt(index)] as number)] as number
    if (state >= firstMatching) {
      addRegion(regions, index + 1 - (matchLength[state / width] ?? 0), index + 1)
    }
  }
  return state
}

/** Regions are in order and apart; the new one ends last and swallows those that it overlaps or touches. */
function addRegion(regions: Region[], start: number, end: number): void {
  const region: Region = { start, end, shown: false }
  for (let last = regions.at(-1); last && last.end >= region.start; last = regions.at(-1)) {
    region.start = Math.min(region.start, last.start)
    region.shown ||= last.shown
    regions.pop()
  }
  regions.push(region)
}
