import assert from 'node:assert/strict'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCredentialDesk } from '../../../src/machine/credentials/credentials.ts'
import { secretlintHits } from '../../../src/machine/credentials/secretlint.ts'
import { encodeLine } from '../../../src/record/line.ts'

const scanner = createCredentialDesk()
const root = join(import.meta.dirname, '..', '..', '..')

describe('the shared rules of secretlint', () => {
  // In two parts, so that nobody takes this file for a leak.
  for (const [rule, token] of [
    ['github', `ghp_${'0123456789abcdefghijklmnopqrstuvwxyz'}`],
    ['slack', `xoxb-${'123456789012-1234567890123-abcdefghijklmnopqrstuvwx'}`],
    ['gitlab', `glpat-${'0123456789abcdefghij'}`],
  ] as const) {
    it(`find a token of ${rule} and where it stands`, async () => {
      const text = `# Title\n\n\`\`\`sh\nexport X=${token}\n\`\`\`\n`
      const [hit] = await secretlintHits(text)
      assert.equal(hit?.rule, `secretlint-${rule}`)
      assert.equal(text.slice(hit.value?.start, hit.value?.end), token)
    })
  }

  it('leave no trace in the process: no performance marks, which would add up while one types', async () => {
    const before = performance.getEntries().length
    for (let n = 0; n < 10; n++) await scanner.inMarkdown('password: Midori2026!\n')
    assert.equal(performance.getEntries().length, before)
  })
})

describe('credentials in the runbooks of strangers, the samples and the documents', () => {
  const files = ['test/corpus', 'runbooks-sample', 'docs'].flatMap((folder) =>
    globSync(`${folder}/**/*.md`, { cwd: root }).sort(),
  )

  it('are none, and one that somebody adds is the only one', async () => {
    assert.ok(files.length > 60)
    for (const file of files) {
      const text = readFileSync(join(root, file), 'utf8')
      assert.deepEqual((await scanner.inMarkdown(text)).findings, [], file)
      const planted = `${text}\n\nmysql -pMidori2026! db\n`
      const found = (await scanner.inMarkdown(planted)).findings.map(({ firstLine }) => firstLine)
      assert.deepEqual(found, [planted.split('\n').length - 2], file)
    }
  })
})

describe('a record of a mebibyte', () => {
  const folder = mkdtempSync(join(tmpdir(), 'credentials-'))
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('is looked through in the time that one does not notice, without holding up anything else', async () => {
    const file = join(folder, 'run.jsonl')
    const line = 'Nov 28 12:00:01 host sshd: Accepted password for taro from 192.0.2.1 port 22 ssh2 token=x\n'
    const text = line.repeat(700)
    const lines = Array.from({ length: 17 }, (_, seq) =>
      encodeLine(seq, null, 0, {
        type: 'output',
        execution: 1,
        at: 0,
        text: seq === 16 ? `${text}password=Midori2026!` : text,
      }),
    )
    writeFileSync(file, Buffer.concat(lines.map(({ bytes }) => bytes)))
    let longest = 0
    let last = performance.now()
    const clock = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 1)
    const started = performance.now()
    const found = await scanner.inRecord(file, new Set())
    const took = performance.now() - started
    clearInterval(clock)
    assert.deepEqual(
      found.map((one) => one.line),
      [16],
    )
    // About 0.3 s and 30 ms on a computer that does nothing else.
    assert.ok(took < 3000, `${took} ms`)
    assert.ok(longest < 500, `${longest} ms at once`)
  })

  it('that is not there holds none', async () => {
    assert.deepEqual(await scanner.inRecord(join(folder, 'gone.jsonl'), new Set()), [])
  })
})
