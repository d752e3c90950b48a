import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'mocha'
import { callsIn, placeholdersOf, translateCalls } from './sentences-in-source.ts'

type Bundle = Readonly<Record<string, string>>

const read = (file: string): Bundle => JSON.parse(readFileSync(file, 'utf8'))

describe('translations', () => {
  const calls = translateCalls()
  const japanese = read('l10n/bundle.l10n.ja.json')

  it('finds the sentences of the source', () => {
    assert.ok(calls.length > 50, `${calls.length} found`)
    const found = callsIn(
      'a.ts',
      [
        "t('one')",
        'vscode.l10n.t("two {0}", x)',
        "line.t('in a method')",
        't(\n  `three`,\n  1)',
        "// t('comment')",
        "it('four')",
        "t('it\\'s')",
        '/**\n * t(five)\n */',
        't(name)',
        "t('a' + b)",
      ].join('\n'),
    )
    assert.deepEqual(
      found.map((call) => call.sentence),
      ['one', 'two {0}', 'in a method', 'three', "it's", undefined, undefined],
    )
    assert.deepEqual(found.map((call) => call.place).slice(0, 3), ['a.ts:1', 'a.ts:2', 'a.ts:3'])
  })

  it('is given sentences that can be looked up', () => {
    assert.deepEqual(
      calls.filter((call) => call.sentence === undefined).map((call) => call.place),
      [],
    )
  })

  it('has a Japanese sentence for every English one', () => {
    const missing = calls.filter(({ sentence }) => sentence !== undefined && !Object.hasOwn(japanese, sentence))
    assert.deepEqual(
      missing.map(({ place, sentence }) => `${place} ${sentence}`),
      [],
    )
  })

  it('has none that nothing uses', () => {
    const used = new Set(calls.map((call) => call.sentence))
    assert.deepEqual(
      Object.keys(japanese).filter((sentence) => !used.has(sentence)),
      [],
    )
  })

  it('keeps the placeholders', () => {
    const different = Object.entries(japanese).filter(
      ([english, translated]) => placeholdersOf(english).join() !== placeholdersOf(translated).join(),
    )
    assert.deepEqual(different, [])
  })

  it('is Japanese, and in order', () => {
    const sentences = Object.keys(japanese)
    assert.deepEqual(sentences, [...sentences].sort())
    const untranslated = Object.entries(japanese).filter(
      ([english, translated]) =>
        // A name is the same everywhere.
        !(english === translated && !english.includes(' ')) &&
        /[a-z]{3}/i.test(english) &&
        !/[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u.test(translated),
    )
    assert.deepEqual(untranslated, [])
  })
})

describe('texts of the manifest', () => {
  it('are there in both languages, and every one is used', function () {
    if (!existsSync('package.nls.json')) {
      console.log('      package.nls.json does not exist')
      this.skip()
    }
    const english = Object.keys(read('package.nls.json')).sort()
    const japanese = Object.keys(read('package.nls.ja.json')).sort()
    const used = [...readFileSync('package.json', 'utf8').matchAll(/"%([^%"]+)%"/g)].map((match) => match[1])
    assert.deepEqual(japanese, english)
    assert.deepEqual([...new Set(used)].sort(), english)
  })
})
