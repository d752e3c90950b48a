import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, it } from 'mocha'
import { baton, fence, repoOf } from './baton.ts'
import { recordFiles } from './records-of.ts'

describe('baton runs prune', () => {
  it('shows what would go, takes it, and everything that shows the record says so', async () => {
    const cwd = repoOf({ 'a.md': `# Joining\n\n${fence('sh {name=a}', 'echo made it')}` })
    assert.equal((await baton(['run', '--yes', 'a.md'], { cwd })).code, 0)
    const [file = ''] = recordFiles(cwd)
    const before = readFileSync(file, 'utf8')

    const cautious = await baton(['runs', 'prune', '--older-than', '0s'], { cwd })
    assert.equal(cautious.code, 0)
    assert.match(cautious.stderr, /neither signed nor pushed: 1\n.*--unanchored/)
    const wish = ['runs', 'prune', '--older-than', '0s', '--unanchored']
    const dry = await baton([...wish, '--dry-run'], { cwd })
    assert.match(dry.stdout, /Joining {2}8 bytes\n {2}\.baton\/runs\/.*\.jsonl\nTogether: 1 run, 8 bytes of output/)
    assert.equal(readFileSync(file, 'utf8'), before)

    const { code, stdout, stderr } = await baton([...wish, '--json'], { cwd })
    assert.equal(code, 0, stderr)
    assert.match(stderr, /Pruned and put on record: 1 run, 8 bytes of output/)
    const [pruned] = JSON.parse(stdout).pruned
    assert.deepEqual([pruned.path, pruned.lines, pruned.bytes], [relative(cwd, file), 1, 8])
    assert.doesNotMatch(readFileSync(file, 'utf8'), /made it\\n/)

    const verified = await baton(['verify'], { cwd })
    assert.equal(verified.code, 0, verified.stdout)
    assert.match(verified.stdout, /The chain of its 5 lines is whole; output was pruned/)
    assert.match(
      (await baton(['runs', 'show', 'latest'], { cwd })).stdout,
      /Output pruned on .+ by Sato Kenji \(8 bytes\)/,
    )
    assert.match((await baton(['runs'], { cwd })).stdout, /Output of 1 run pruned/)
    assert.match((await baton(wish, { cwd })).stderr, /nothing to prune/)

    const [, act = ''] = recordFiles(cwd)
    writeFileSync(act, readFileSync(act, 'utf8').replace('"lines":1', '"lines":2'))
    const tampered = await baton(['verify', file], { cwd })
    assert.equal(tampered.code, 1)
    assert.match(tampered.stdout, /output was taken out, and no pruning on record says so/)
  })

  it('takes what baton.yaml says, and wants to be told something', async () => {
    const cwd = repoOf({ 'a.md': fence('sh', 'echo made it') })
    await baton(['run', '--yes', 'a.md'], { cwd })
    const nothing = await baton(['runs', 'prune'], { cwd })
    assert.equal(nothing.code, 2)
    assert.match(nothing.stderr, /--older-than 180d or --keep-size 500MB/)
    for (const [option, value] of [
      ['--older-than', '180'],
      ['--keep-size', 'much'],
    ] as const) {
      const wrong = await baton(['runs', 'prune', option, value], { cwd })
      assert.equal(wrong.code, 2)
      assert.ok(wrong.stderr.includes(`“${value}”`))
    }
    writeFileSync(join(cwd, 'baton.yaml'), 'records: { keep: { size: 10 } }\n')
    const { stdout } = await baton(['runs', 'prune', '--unanchored', '--dry-run'], { cwd })
    assert.match(stdout, /Together: 1 run/)
  })
})
