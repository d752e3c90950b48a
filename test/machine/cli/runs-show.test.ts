import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { before, describe, it } from 'mocha'
import { needs } from '../../support/needs.ts'
import { baton, fence, repoOf } from './baton.ts'
import { recordFiles } from './records-of.ts'

const runbook = [
  '# 進み具合',
  fence(
    'bash {name=bar}',
    "for n in 10 50 100; do printf '\\r\\e[32mダウンロード %3d%%\\e[0m' $n; sleep 0.05; done; echo",
  ),
  fence('bash {name=much}', "head -c 100000 /dev/zero | tr '\\0' 'x' | fold -w 99"),
  '- [ ] 画面を確かめる',
].join('\n\n')

describe('baton runs show', () => {
  let root = ''
  let file = ''
  let id = ''
  before(async () => {
    root = repoOf({ 'a.md': runbook })
    await baton(['run', '--yes', '--output-limit', '1K', 'a.md'], { cwd: root })
    file = recordFiles(root)[0] ?? ''
    id = JSON.parse(readFileSync(file, 'utf8').split('\n')[0] ?? '').id
  })

  it('prints what the terminal showed in the end', async () => {
    const { code, stdout } = await baton(['runs', 'show', 'latest'], { cwd: root })
    assert.equal(code, 0)
    assert.match(stdout, /^進み具合\n✓ succeeded · \d+\.\d s · 2\/3\n {2}Runbook: a\.md\n/)
    assert.match(stdout, /\n1\. bar [^\n]*\n {2}│ for n in [^\n]*\n {2}ダウンロード 100%\n {2}✓ succeeded/)
    assert.match(stdout, /\n {2}… Left out here: 100 kB\n {2}x+\n/)
    assert.match(stdout, /\n3\. 画面を確かめる [^\n]*\n {2}– skipped/)
    const own = await baton(['runs', 'show', 'latest'], { cwd: root, env: { BATON_LANG: 'ja' } })
    assert.match(own.stdout, /✓ 成功 · .*\n {2}手順書: a\.md\n/)
  })

  it('takes a path, an id and the beginning of one', async () => {
    for (const name of [file, relative(root, file), id, id.slice(0, 6)]) {
      const { code, stdout } = await baton(['runs', 'show', name], { cwd: root })
      assert.equal(code, 0, name)
      assert.match(stdout, /^進み具合\n/)
    }
  })

  it('prints JSON', async () => {
    const { stdout } = await baton(['runs', 'show', id, '--json'], { cwd: root })
    const shown = JSON.parse(stdout)
    assert.equal(shown.run.id, id)
    assert.equal(shown.run.prev, undefined)
    assert.equal(shown.steps[0].output, 'ダウンロード 100%\n')
    assert.equal(shown.end.outcome, 'succeeded')
    assert.equal(new Date(shown.steps[0].startedAt).toISOString(), shown.steps[0].startedAt)
  })

  it('writes a cast, and never over a file', async () => {
    const printed = await baton(['runs', 'show', id, '--cast'], { cwd: root })
    const written = await baton(['runs', 'show', id, '--cast', 'a.cast'], { cwd: root })
    assert.equal(written.code, 0)
    assert.match(written.stderr, /^Written: a\.cast\n/)
    const cast = readFileSync(join(root, 'a.cast'), 'utf8')
    assert.equal(cast, printed.stdout)
    const [header, ...events] = cast
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.equal(header.version, 3)
    const markers = events.filter(([, letter]) => letter === 'm').map(([, , label]) => label)
    assert.deepEqual(markers, ['bar', 'much', '画面を確かめる'])
    const again = await baton(['runs', 'show', id, '--cast', 'a.cast'], { cwd: root })
    assert.equal(again.code, 2)
    assert.match(again.stderr, /The file a\.cast is there already/)
    const nowhere = await baton(['runs', 'show', id, '--cast', 'no/where.cast'], { cwd: root })
    assert.equal(nowhere.code, 3)
    assert.match(nowhere.stderr, /no.where\.cast cannot be written: it does not exist/)
    assert.equal(existsSync(join(root, 'no')), false)
  })

  it('writes a cast that the asciinema tool plays', async function () {
    needs(this, hasAsciinema() ? undefined : 'there is no asciinema')
    const cast = join(root, 'two.cast')
    const { code } = await baton(['runs', 'show', id, '--cast', cast, '--cast-version', '2'], { cwd: root })
    assert.equal(code, 0)
    // It plays on a terminal alone.
    const played = execFileSync('script', ['-qec', `asciinema play -s 50 '${cast}'`, '/dev/null'], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8', ASCIINEMA_CONFIG_HOME: root, HOME: root },
    })
    const shows = [
      '\r\x1b[32mダウンロード  10%',
      '\r\x1b[32mダウンロード 100%',
      '▸',
      'Left out here: 100 kB',
      'succeeded',
    ]
    for (const text of shows) assert.ok(played.includes(text), text)
    assert.ok(!played.includes('Traceback'))
  })

  const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
    [['nothing'], /There is no record nothing\./],
    [['a.md'], /a\.md is not the record of a run\./],
    [['latest', '--json', '--cast'], /--json and --cast exclude one another\./],
    [['latest', '--cast-version', '2'], /--cast-version goes with --cast\./],
    [['latest', '--cast', '--cast-version', '1'], /--cast-version takes 2 or 3, not “1”\./],
    [[], /Something is missing: run\./],
  ]
  for (const [words, sentence] of mistakes) {
    it(`takes for a mistake: ${words.join(' ') || 'no run'}`, async () => {
      const { code, stdout, stderr } = await baton(['runs', 'show', ...words], { cwd: root })
      assert.match(stderr, sentence)
      assert.equal(code, 2)
      assert.equal(stdout, '')
    })
  }

  it('names the records that a beginning of an id may mean', async () => {
    const both = repoOf({})
    const lines = readFileSync(file, 'utf8')
    const folder = join(both, '.baton/runs/2026/01')
    mkdirSync(folder, { recursive: true })
    for (const end of ['aa', 'bb']) writeFileSync(join(folder, `${end}.jsonl`), lines.replaceAll(id, `same${end}`))
    const { code, stderr } = await baton(['runs', 'show', 'same'], { cwd: both })
    assert.equal(code, 2)
    assert.match(stderr, /“same” means several records: same(aa|bb), same(aa|bb)\./)
    const none = await baton(['runs', 'show', 'latest'], { cwd: repoOf({}) })
    assert.equal(none.code, 2)
    assert.match(none.stderr, /Nothing has been run here yet\./)
  })
})

function hasAsciinema(): boolean {
  try {
    return execFileSync('asciinema', ['--version'], { encoding: 'utf8' }).startsWith('asciinema')
  } catch {
    return false
  }
}
