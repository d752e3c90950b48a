import {
  type CredentialFinding,
  findCredentials,
  type KnownFormats,
} from '../../../../src/secrets/credentials/findings.ts'
import type { LineContext } from '../../../../src/secrets/credentials/text-lines.ts'

const none: KnownFormats = async () => []

/** What our own rules find in a Markdown file. */
export async function findingsIn(text: string, knownFormats = none): Promise<readonly CredentialFinding[]> {
  const options = { kind: 'markdown', directives: true, pause: async () => undefined, knownFormats } as const
  return (await findCredentials(text, options)).findings
}

/** What is found in a text that is all of one kind, as `rule: value`. */
export async function found(text: string, kind: LineContext, knownFormats = none): Promise<readonly string[]> {
  const options = { kind, directives: true, pause: async () => undefined, knownFormats }
  const { findings } = await findCredentials(text, options)
  return findings.flatMap(({ hits }) =>
    hits.map(({ rule, value }) => `${rule}: ${value === undefined ? '?' : text.slice(value.start, value.end)}`),
  )
}

export const prose: LineContext = { kind: 'prose' }
export const data: LineContext = { kind: 'data' }
export const code = (shell: string): LineContext => ({ kind: 'code', shell })
