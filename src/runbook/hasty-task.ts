/** A task of GFM. */
const task = /^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[[ \txX]\][ \t]/
/**
 * What looks like one: a space is missing or in the wrong place, or something was typed in full width. A letter in brackets with
 * something right behind it may be the name of a button, a footnote or a link.
 */
const hastyTask =
  /^([ \t>]*)(?:([-*+]|\d{1,9}[.)])|[・－])[ \t　]*[[［](?:[ \t　]?[\]］](?![([:*])|([xXｘＸ✓])[\]］](?=[ \t　]|$))[ \t　]*/

/** Whether a line was meant as a task and is none. */
export const isHastyTask = (line: string): boolean => hastyTask.test(line) && !task.test(line)

/** The same line as a task. */
export const tidyTask = (line: string): string =>
  line.replace(hastyTask, (_, indent: string, marker: string | undefined, tick: string | undefined) => {
    return `${indent}${marker ?? '-'} [${tick ? 'x' : ' '}] `
  })
