/** The words of a command: spaces part them, quotes hold them together. A backslash is itself, for the sake of Windows' paths. */
export function wordsOf(command: string): readonly string[] {
  const words = command.match(/(?:"[^"]*"|'[^']*'|[^\s"']|["'])+/g) ?? []
  return words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single))
}

/**
 * The command that a script's first line names for running it (`#!/usr/bin/awk -f`), without the `env` that only looks it up
 * (`#!/usr/bin/env -S deno run`).
 */
export function interpreterOf(text: string): string | undefined {
  const command = /^#!([^\n]*)/.exec(text)?.[1]?.trim()
  if (!command) return undefined
  return command.replace(/^\S*\/env[ \t]+(?:-S[ \t]*|--split-string[= \t])?(?![-\s]|[^\s=]+=)/, '')
}

/**
 * The program of a command without its folder and `.exe`, lower case; undefined when arguments say more than how to start it:
 * options alone (`bash -e`) do not, a word or a module does (`deno run`, `python -m pdb`).
 */
export function plainProgram(command: string): string | undefined {
  const [program, ...rest] = wordsOf(command)
  if (rest.some((word) => !/^-(?![mc]$)\S/.test(word))) return undefined
  return program
    ?.replace(/^.*[/\\]/, '')
    .toLowerCase()
    .replace(/\.exe$/, '')
}
