import { createHash } from 'node:crypto'
import type { Step } from '../runbook/runbook.ts'

/** What a record keeps of a step, and what tells whether it changed since. */
export function textOf(step: Step): string {
  switch (step.kind) {
    case 'command':
    case 'manual':
      return step.text
    case 'decision':
      return step.choices.map((choice) => `${choice.label} → ${choice.target}`).join('\n')
  }
}

/** SHA-256 of a text as UTF-8, hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

const hashes = new WeakMap<Step, string>()

/** SHA-256 of what the step says, as records keep it. */
export function textSha256(step: Step): string {
  const known = hashes.get(step)
  if (known) return known
  const hash = sha256(textOf(step))
  hashes.set(step, hash)
  return hash
}
