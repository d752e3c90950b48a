import assert from 'node:assert/strict'
import { readDeclarations } from '../../../src/machine/shells/declarations.ts'

const values = (text: string) =>
  Object.fromEntries(readDeclarations(Buffer.from(text)).map(({ name, value }) => [name, value]))

describe('variables as shells list them', () => {
  it('reads every way of quoting', () => {
    assert.deepEqual(
      values(
        `declare -x A="a \\"b\\" \\$c \\\\ \\\`d\\\`"\ndeclare -x B=$'x\\ny\\'z\\346\\227\\245\\E'\nexport C='it'"'"'s'\nexport D=plain\ndeclare -x E\n`,
      ),
      { A: 'a "b" $c \\ `d`', B: "x\ny'z日\x1b", C: "it's", D: 'plain', E: undefined },
    )
  })

  it('does not take a line of a value for a variable', () => {
    const text = `declare -x A="one\ndeclare -x B=\\"two\\"\nthree"\ndeclare -x C="c"\n`
    assert.deepEqual(values(text), { A: 'one\ndeclare -x B="two"\nthree', C: 'c' })
  })

  it('keeps arrays as they are listed', () => {
    const [list] = readDeclarations(Buffer.from(`declare -a list=([0]="a ) b" [1]=$'c\\nd')\ndeclare -- x="1"\n`))
    assert.equal(list?.source, `declare -a list=([0]="a ) b" [1]=$'c\\nd')`)
    assert.equal(list?.value, undefined)
  })

  it('survives a text that ends in the middle', () => {
    for (const text of [`declare -x A="x`, `export A='x`, `declare -x A=$'x\\`, 'declare', 'declare -x A=']) {
      readDeclarations(Buffer.from(text))
    }
  })
})
