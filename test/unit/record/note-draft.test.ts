import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { draftNote, noteLimit } from '../../../src/record/note-draft.ts'
import { findCredentials } from '../../../src/secrets/credentials/findings.ts'
import type { SecretLookup } from '../../../src/secrets/store.ts'
import { noteConcernSentence, noteRefusalSentence } from '../../../src/wording/note-drafts.ts'
import { createTranslator } from '../../../src/wording/translate.ts'

const t = createTranslator({})
const credentials = {
  inMarkdown: (text: string) =>
    findCredentials(text, {
      kind: 'markdown',
      directives: true,
      knownFormats: async () => [],
      pause: () => Promise.resolve(),
    }),
}

/** With these values of secrets, or why they cannot be had. */
function draft(text: string, secrets: Readonly<Record<string, SecretLookup>> = {}) {
  const secret = async (name: string): Promise<SecretLookup> => secrets[name] ?? { kind: 'missing' }
  return draftNote(text, Object.keys(secrets), { secret, credentials })
}

const textOf = async (text: string) => {
  const found = await draft(text)
  return found.kind === 'ready' ? found.text : found.reason
}

describe('a note that is about to be kept', () => {
  it('keeps its lines and their indentation, without what is empty around them', async () => {
    assert.equal(await textOf('\r\n  one\r\n\r\n\ttwo \r\n\r\n'), '  one\n\n\ttwo')
    assert.equal(await textOf('この警告は正常です'), 'この警告は正常です')
  })

  it('is refused empty, and with more characters than fit', async () => {
    for (const text of ['', ' \n\t\r\n ']) assert.deepEqual(await draft(text), { kind: 'refused', reason: 'empty' })
    assert.equal(
      await textOf('😀'.repeat(noteLimit)),
      '😀'.repeat(noteLimit),
      'characters are counted, not their halves',
    )
    const found = await draft('あ'.repeat(noteLimit + 1))
    assert.ok(found.kind === 'refused')
    assert.equal(
      noteRefusalSentence(found, t, 'en'),
      'The note is too long: 10,001 characters, and 10,000 fit. Shorten it, or write it into the runbook.',
    )
  })

  it('has the values of secrets masked, in whatever form, and those too short to mask left', async () => {
    const found = await draft('It asked twice for hunter2-hunter2 (aHVudGVyMi1odW50ZXIy), on', {
      LDAP_PASSWORD: { kind: 'found', value: 'hunter2-hunter2' },
      SHORT: { kind: 'found', value: 'on' },
      OTHER: { kind: 'missing' },
      NOWHERE: { kind: 'failed', failure: { code: 'unavailable', detail: '' } },
    })
    assert.deepEqual(found, { kind: 'ready', text: 'It asked twice for *** (***), on', concerns: [] })
  })

  it('raises what looks like a credential, and a secret that could not be read', async () => {
    const found = await draft('The password: hunter2-hunter2\nPassword=Tr0ub4dor&3x', {
      LDAP_PASSWORD: { kind: 'failed', failure: { code: 'locked', detail: '' } },
    })
    assert.ok(found.kind === 'ready')
    assert.deepEqual(
      found.concerns.map((concern) => concern.kind),
      ['credential', 'unread-secret'],
    )
    const sentences = found.concerns.map((concern) => noteConcernSentence(concern, t, 'en'))
    assert.equal(sentences[0], 'The note seems to hold a password in plain text.')
    assert.match(
      sentences[1] ?? '',
      /^Whether the note holds the value of LDAP_PASSWORD could not be checked\. .*locked/,
    )
    assert.doesNotMatch(sentences.join(), /Tr0ub4dor/)
  })
})
