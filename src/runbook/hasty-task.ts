/** A task of GFM. */
const task = /^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[[ \txX]\][ \t]/
/** What looks like one: a space is missing or in the wrong place, or something was typed in full width. */
const hastyTask = /^([ \t>]*)(?:([-*+]|\d{1,9}[.)])|[・－])[ \t　]*[[［]([ \t　xXｘＸ✓]?)[\]］](?![([:])[ \t　]*/

/** Whether a line was meant as a task and is none. */
export const isHastyTask = (line: string): boolean => hastyTask.test(line) && !task.test(line)

/** The same line as a task. */
export const tidyTask = (line: string): string =>
  line.replace(hastyTask, (_, indent: string, marker: string | undefined, tick: string) => {
    const isDone = tick.trim() !== ''
    return `${indent}${marker ?? '-'} [${isDone ? 'x' : ' '}] `
  })
