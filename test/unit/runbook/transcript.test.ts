import assert from 'node:assert/strict'
import { stripPrompts } from '../../../src/runbook/transcript.ts'

const commands = (...lines: readonly string[]) => stripPrompts(lines.join('\n'), true).split('\n')

describe('a transcript', () => {
  it('goes on where a command is not complete', () => {
    assert.deepEqual(commands('$ ls |', '> wc -l', '3', '$ a &&', '> b', '$ c \\', '  -d', 'out'), [
      'ls |',
      'wc -l',
      '',
      'a &&',
      'b',
      'c \\',
      '  -d',
    ])
  })
  it('goes on in an open quote and in an open block while the lines have the second prompt', () => {
    assert.deepEqual(commands("$ echo 'one", "> two'", 'one', 'two'), ["echo 'one", "two'"])
    assert.deepEqual(commands('$ for i in 1 2; do', '> echo $i', '> done', '1', '2', '$ true'), [
      'for i in 1 2; do',
      'echo $i',
      'done',
      '',
      '',
      'true',
    ])
  })
  it('takes no output for a command, whatever it begins with', () => {
    assert.deepEqual(commands('$ npm test', '> app@1.0.0 test', '> node test', '', '$ true'), [
      'npm test',
      '',
      '',
      '',
      'true',
    ])
    assert.deepEqual(commands("$ echo don\\'t # it's", '> out'), ["echo don\\'t # it's"])
  })
  it('holds here-documents, and knows them from here-strings and shifts', () => {
    assert.deepEqual(commands('$ cat <<-"END"', '$ text', '\tEND', 'out'), ['cat <<-"END"', '$ text', '\tEND'])
    assert.deepEqual(commands('$ cat <<< word', 'word', '$ true'), ['cat <<< word', '', 'true'])
    assert.deepEqual(commands('$ echo $((1 << n))', '2', '$ true'), ['echo $((1 << n))', '', 'true'])
  })
  it("has root's prompt", () => {
    assert.deepEqual(commands('# id', 'uid=0', '# true'), ['id', '', 'true'])
  })
  it('is nothing that only holds a dollar somewhere', () => {
    for (const text of ['echo $HOME', '$HOME/bin/x', 'a\n$ b', '']) assert.equal(stripPrompts(text, true), text)
  })
})
