import { rules } from '@secretlint/secretlint-rule-preset-recommend'
import type { SecretLintRuleContext, SecretLintSourceCode } from '@secretlint/types'
import type { CredentialHit } from '../../secrets/credentials/hit.ts'

/** Ours say more of these: which part is the value, and more forms of them. This one silences others. */
const left = new Set(['basicauth', 'privatekey', 'filter-comments'])

const wanted = rules
  .map((rule) => ({ rule, id: rule.meta.id.replace('@secretlint/secretlint-rule-', '') }))
  .filter(({ id }) => !left.has(id))

/** Rules whose range is more than the credential: a URL, a line of settings, a whole file. */
const aroundTheValue = new Set(['database-connection-string', 'gcp', 'npm', 'docker'])

/**
 * What the shared rules of secretlint find: the formats of well over twenty services.
 *
 * They are run here and not by `@secretlint/core`, which keeps a performance mark of each rule and run for as long as the
 * process lives, and whose messages hold the value. These rules touch neither files nor the network: the one that would
 * read a file (a PKCS#12 key of Google) does so only for a source that has a path.
 */
export async function secretlintHits(text: string): Promise<readonly CredentialHit[]> {
  const hits: CredentialHit[] = []
  const source = sourceOf(text)
  for (const { rule, id } of wanted) {
    const context: SecretLintRuleContext = {
      sharedOptions: {},
      // No sentence is made: it would hold the value.
      createTranslator: () => (messageId) => ({ message: '', messageId: String(messageId), data: undefined }),
      report: ({ range: [start, end] }) => hits.push(hitOf(id, text, start, end)),
      ignore: () => undefined,
    }
    await rule.create(context, {}).file?.(source)
  }
  return hits
}

function hitOf(id: string, text: string, start: number, end: number): CredentialHit {
  const isValue = !aroundTheValue.has(id) && !/\s/.test(text.slice(start, end))
  return {
    rule: `secretlint-${id}`,
    kind: 'service',
    name: `${id.replace(/^(\d)/, '_$1').replace(/\W+/g, '_').toUpperCase()}_TOKEN`.replace(
      /^_1PASSWORD/,
      'ONEPASSWORD',
    ),
    start,
    end,
    ...(isValue ? { value: { start, end } } : {}),
  }
}

function sourceOf(text: string): SecretLintSourceCode {
  const nowhere = () => {
    throw new Error('These rules know offsets only.')
  }
  return {
    hasBOM: false,
    content: text,
    filePath: undefined,
    physicalFilePath: undefined,
    contentType: 'text',
    ext: '.md',
    getFilePath: () => undefined,
    getPhysicalFilePath: () => undefined,
    locationToRange: nowhere,
    rangeToLocation: nowhere,
    positionToIndex: nowhere,
    indexToPosition: nowhere,
  }
}
