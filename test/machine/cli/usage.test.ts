import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'mocha'
import { baton, folderOf } from './baton.ts'

const cwd = () => folderOf({})
const japanese = /[\p{sc=Hiragana}\p{sc=Katakana}]/u

describe('baton', () => {
  it('says its version', async () => {
    const { code, stdout } = await baton(['--version'], { cwd: cwd() })
    assert.equal(code, 0)
    assert.equal(stdout.trim(), JSON.parse(readFileSync('package.json', 'utf8')).version)
  })

  for (const command of [
    [],
    ['list'],
    ['check'],
    ['run'],
    ['batch'],
    ['runs'],
    ['runs', 'show'],
    ['runs', 'note'],
    ['drift'],
    ['verify'],
  ]) {
    const words = [...command, '--help']
    it(`helps in both languages: ${words.join(' ')}`, async () => {
      const english = await baton(words, { cwd: cwd() })
      assert.equal(english.code, 0)
      assert.match(english.stdout, /^Usage: baton/)
      assert.doesNotMatch(english.stdout, japanese)
      const own = await baton(words, { cwd: cwd(), env: { BATON_LANG: 'ja' } })
      assert.equal(own.code, 0)
      assert.match(own.stdout, /^使い方: baton/)
      // Every line that says something says it in Japanese; the first one names commands.
      const left = own.stdout
        .split('\n')
        .slice(1)
        .filter((line) => /[a-z]{3,} [a-z]{2,} [a-z]{2,}/.test(line))
      assert.deepEqual(left, [])
    })
  }

  it('tells every exit code', async () => {
    const { stdout } = await baton(['--help'], { cwd: cwd() })
    for (const code of [0, 1, 2, 3, 130]) assert.match(stdout, new RegExp(`^ {2}${code} `, 'm'))
  })

  const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /^Usage: baton/],
    [['fly'], /There is no command “fly”\./],
    [['list', '--colour'], /There is no option “--colour” here\./],
    [['run'], /Something is missing: file\[#step\]\./],
    [['run', 'a.md', '--param'], /The option “-p, --param <name=value>” needs a value\./],
    [['runs', '--limit', 'many'], /--limit takes a whole number/],
    [['runs', 'a', 'b'], /too many arguments/],
  ]
  for (const [words, sentence] of mistakes) {
    it(`takes for a mistake: ${['baton', ...words].join(' ')}`, async () => {
      const { code, stdout, stderr } = await baton(words, { cwd: cwd() })
      assert.match(stderr, sentence)
      assert.equal(code, 2)
      assert.equal(stdout, '')
      const own = await baton(words, { cwd: cwd(), env: { BATON_LANG: 'ja' } })
      assert.match(own.stderr, japanese)
      assert.doesNotMatch(own.stderr, /error:/)
    })
  }

  it('speaks the language of the environment', async () => {
    const speaks = async (env: Record<string, string | undefined>) =>
      japanese.test((await baton(['--help'], { cwd: cwd(), env: { BATON_LANG: undefined, ...env } })).stdout)
    assert.equal(await speaks({ LANG: 'ja_JP.UTF-8' }), true)
    assert.equal(await speaks({ LANG: 'ja_JP.UTF-8', LC_ALL: 'C' }), false)
    assert.equal(await speaks({ LANG: 'ja_JP.UTF-8', BATON_LANG: 'en' }), false)
    assert.equal(await speaks({ LANG: 'C', BATON_LANG: 'ja-JP' }), true)
    assert.equal(await speaks({ LANG: 'jam_JM' }), false)
  })
})
