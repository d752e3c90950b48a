import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { attachmentName, attachmentsIn, isAttachmentName, numberedName } from '../../../src/record/attachment.ts'

describe('the name of an attachment', () => {
  const names: readonly (readonly [given: string, kept: string])[] = [
    ['画面.png', '画面.png'],
    ['a/b\\c:d.txt', 'a-b-c-d.txt'],
    ['../../etc/passwd', 'etc-passwd'],
    ['CON.txt', '_CON.txt'],
    ['lpt1', '_lpt1'],
    ['.bashrc', 'bashrc'],
    ['a\u202egnp.exe', 'a-gnp.exe'],
    ['line\nbreak.png', 'line-break.png'],
    ['', 'attachment'],
    ['???', 'attachment'],
    ['copied.jsonl', 'copied.jsonl.txt'],
    ['half.part', 'half.part.txt'],
  ]
  for (const [given, kept] of names)
    it(`${JSON.stringify(given)} is kept as ${kept}`, () => assert.equal(attachmentName(given), kept))

  it('is short enough for every file system, and keeps its ending', () => {
    const name = attachmentName(`${'長'.repeat(300)}.png`)
    assert.ok(Buffer.byteLength(name) <= 255)
    assert.ok(name.endsWith('長.png'))
  })

  it('gets a number where it is taken', () => {
    assert.equal(numberedName('photo.png', 2), 'photo 2.png')
    assert.equal(numberedName('photo', 3), 'photo 3')
  })

  it('leads nowhere else', () => {
    for (const name of ['', '.', '..', 'a/b', 'a\\b', 'C:x', 'a\0b']) assert.equal(isAttachmentName(name), false, name)
    assert.equal(isAttachmentName('photo 2.png'), true)
  })
})

describe('the attachments of a line', () => {
  it('are read where they are some', () => {
    const fine = { name: 'a.png', bytes: 3, sha256: 'ab' }
    assert.deepEqual(attachmentsIn([fine, { name: 1 }, 'x', { ...fine, bytes: '3' }]), [fine])
    assert.deepEqual(attachmentsIn({ 0: fine }), [])
  })
})
