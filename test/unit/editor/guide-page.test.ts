import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { proseHtml } from '../../../src/editor/prose-html.ts'
import { readGuideMessage } from '../../../src/editor/read-guide-message.ts'

describe('prose as HTML', () => {
  const places = { picture: (path: string) => `https://file/${path}` }
  const html = (markdown: string, definitions = '') => proseHtml(markdown, definitions, places)

  it('is what Markdown says, with tables', () => {
    assert.equal(html('**Bold** and `code`'), '<p><strong>Bold</strong> and <code>code</code></p>')
    assert.match(html('| a | b |\n|---|---|\n| 1 | 2 |'), /<table>[\s\S]*<td>2<\/td>/)
    assert.equal(html('See [there][x].', '[x]: ./there.md'), '<p>See <a href="./there.md">there</a>.</p>')
  })

  it('has no HTML of its author, and no script in a link', () => {
    assert.equal(html('<script>alert(1)</script>'), '')
    assert.doesNotMatch(html('a <img src=x onerror=alert(1)> b'), /<img|onerror/)
    assert.doesNotMatch(html('[x](javascript:alert(1))'), /javascript/)
  })

  it('shows pictures of the repo, and links to others', () => {
    assert.equal(html('![Lamp](lamp.png)'), '<p><img src="https://file/lamp.png" alt="Lamp"></p>')
    assert.equal(
      html('![Spy](https://example.com/spy.png) ![](//example.com/x.png)'),
      '<p><a href="https://example.com/spy.png">Spy</a> <a href="//example.com/x.png">//example.com/x.png</a></p>',
    )
  })
})

describe('what the page of the Guide sends', () => {
  it('is read where it is a message', () => {
    const content = new Uint8Array([1])
    const settle = {
      type: 'settle',
      stepId: 'look',
      drawn: 'ab',
      answer: { kind: 'done', note: 'fine' },
      files: [{ id: 1, name: 'a.png', content }],
    }
    for (const message of [
      { type: 'go', to: { kind: 'step', stepId: 'look' } },
      { type: 'run', stepId: 'look', drawn: 'ab' },
      { type: 'answer', answer: { kind: 'choice', target: 'end' } },
      { type: 'remedy', index: 0 },
      { type: 'stop' },
      settle,
    ]) {
      assert.deepEqual(readGuideMessage(message), message)
    }
    assert.deepEqual(readGuideMessage({ ...settle, files: [{ id: 1, name: 'a.png', content: 'AAA' }] }), {
      ...settle,
      files: [],
    })
  })

  it('is nothing where it is none', () => {
    for (const message of [
      undefined,
      'stop',
      { type: 'unknown' },
      { type: 'go', to: 'end' },
      { type: 'run', stepId: 'look' },
      { type: 'answer', answer: { kind: 'text', value: 1 } },
      { type: 'settle', stepId: 'look', drawn: 'ab', answer: {} },
    ]) {
      assert.equal(readGuideMessage(message), undefined)
    }
  })
})
