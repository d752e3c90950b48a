import { spawnSync } from 'node:child_process'

/** Runs a program to its end with its output shown; the exit code, or 1 when it could not start. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options })
  if (error) console.error(`${command}: ${error.message}`)
  return status ?? 1
}
