import type { SyntaxReader } from './syntax-reader.ts'

const place = /\(line (\d+)\):\s+(.+)\n(.*)\n( *)\^/g

/** fish names lines of files alone, and takes `/dev/stdin` for one. */
export const readFish: SyntaxReader = async (text, fish, { start }) => {
  const printed = await start(fish, ['--no-config', '--no-execute', '/dev/stdin'], {
    input: `${text}\n`,
    inputAsFile: true,
  })
  if (printed === undefined) return undefined
  if (printed.exitCode === 0) return []
  const problems = [...printed.stderr.matchAll(place)].map(([, line, message = '', source = '', before = '']) => ({
    line: Number(line),
    // fish aligns its mark by the width of what is before it; for ASCII that is the column.
    ...(/^[ -~]*$/.test(source) && text.split('\n')[Number(line) - 1] === source && { column: before.length + 1 }),
    message,
  }))
  return problems.length === 0 ? undefined : problems
}
