import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'mocha'
import { baton, fence, repoOf } from './baton.ts'
import { recordFiles } from './records-of.ts'

const twoSteps = (first: string) =>
  `# 毎日の点検\n\n${fence('sh {name=disk}', first)}\n${fence('sh {name=mail}', 'echo queue: 0')}`

describe('baton drift', () => {
  let root = ''
  const drift = (...words: string[]) => baton(['drift', ...words], { cwd: root })
  const edit = (name: string, text: string) => writeFileSync(join(root, name), text)

  before(async () => {
    root = repoOf({
      'daily.md': twoSteps('echo 91%'),
      'sub/weekly.md': `---\nschedule: weekly\n---\n${fence('sh {name=restore}', 'true')}`,
    })
    for (const name of ['daily.md', 'sub/weekly.md']) await baton(['run', '--yes', name], { cwd: root })
  })

  it('is content where every runbook is what was last run', async () => {
    const { code, stdout } = await drift('--strict')
    assert.equal(code, 0)
    assert.match(stdout, /^✓ Every runbook here is what was last run, and on time\.\n$/)
    assert.deepEqual(JSON.parse((await drift('--json')).stdout), [])
  })

  it('names changed steps, steps that are gone, runbooks that never ran and those that are overdue', async () => {
    edit('daily.md', `# 毎日の点検\n\n${fence('sh {name=disk}', 'echo 92%')}`)
    edit('new.md', `# 新しい手順\n\n${fence('sh', 'true')}`)
    // As if it had been nine days ago.
    const old = recordFiles(root).find((file) => readFileSync(file, 'utf8').includes('"sub/weekly.md"')) ?? ''
    const past = new Date(Date.now() - 9 * 24 * 60 * 60 * 1000).toISOString()
    writeFileSync(old, readFileSync(old, 'utf8').replaceAll(/"time":"[^"]*"/g, `"time":"${past}"`))

    const { code, stdout } = await drift('--diff')
    assert.equal(code, 0)
    assert.match(stdout, /^daily\.md {2}毎日の点検\n {2}Changed steps: disk\n {2}Steps that are gone: mail\n/)
    assert.match(stdout, / {4}- echo 91%\n {4}\+ echo 92%\n/)
    assert.match(stdout, / {4}- echo queue: 0\n/)
    assert.match(stdout, /\nnew\.md {2}新しい手順\n {2}never run\n/)
    assert.match(stdout, /sub\/weekly\.md .*\n {2}Overdue \(weekly\): carried out 9 days ago\n/)
    assert.equal((await drift('--strict')).code, 1)
    const own = await baton(['drift', 'daily.md'], { cwd: root, env: { BATON_LANG: 'ja' } })
    assert.match(own.stdout, /変わったステップ: disk\n/)

    const found = JSON.parse((await drift('--json')).stdout)
    const [daily, created, weekly] = found
    assert.equal(found.length, 3)
    assert.deepEqual(
      [daily.path, daily.changed[0].id, daily.gone[0].id, daily.edited],
      ['daily.md', 'disk', 'mail', true],
    )
    assert.deepEqual([created.neverRun, weekly.overdue.schedule], [true, 'weekly'])
  })

  it('does not call a step changed because the value of a secret stood in it', async () => {
    const env = { BATON_SECRET_LDAP_PASSWORD: 'correct-horse-battery' }
    const text = (option: string) =>
      `---\nsecrets: [{ name: LDAP_PASSWORD }]\n---\n${fence('sh {name=bind}', `echo "$LDAP_PASSWORD" correct-horse-battery ${option}`)}`
    const other = repoOf({ 'a.md': text('-h a') })
    assert.equal((await baton(['run', '--yes', 'a.md'], { cwd: other, env })).code, 0)
    assert.doesNotMatch(readFileSync(recordFiles(other)[0] ?? '', 'utf8'), /correct-horse/)
    const changed = async () => (await baton(['drift', '--strict'], { cwd: other, env })).code
    assert.equal(await changed(), 0)
    writeFileSync(join(other, 'a.md'), text('-h b'))
    assert.equal(await changed(), 1)
  })

  it('takes a checkout with other line ends for the same', async () => {
    const other = repoOf({ 'a.md': twoSteps('true') })
    await baton(['run', '--yes', 'a.md'], { cwd: other })
    writeFileSync(join(other, 'a.md'), twoSteps('true').replaceAll('\n', '\r\n'))
    const { code, stdout } = await baton(['drift', '--strict'], { cwd: other })
    assert.equal(code, 0, stdout)
  })
})
