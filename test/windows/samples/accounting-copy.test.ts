import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { languages, sampleScripts } from '../../machine/samples/sample.ts'
import { type Operator, operator } from '../../machine/shells/operator.ts'

describe('the sample runbook for the command prompt', function () {
  this.timeout(60_000)
  const root = mkdtempSync(join(tmpdir(), 'sample-'))
  after(() => rmSync(root, { recursive: true, force: true, maxRetries: 3 }))
  const scripts = sampleScripts('cmd')

  it('has three steps in each language', () => {
    assert.deepEqual(
      scripts.map(({ place }) => place),
      languages.flatMap((language) =>
        ['check-data', 'copy-data', 'compare-data'].map((id) => `${language}/monthly/accounting-copy.md#${id}`),
      ),
    )
  })

  for (const language of languages) {
    describe(language, () => {
      const data = join(root, language, '会計 R&D')
      const copies = join(root, language, '控え 100% ①')
      const grants = { ACCOUNTING_FOLDER: data, COPY_FOLDER: copies, MONTH: '2026-10' }
      let someone: Operator
      beforeEach(() => {
        someone = operator(root)
      })
      afterEach(() => someone.run.close())
      const run = (id: string) => {
        const script = scripts.find(({ place }) => place === `${language}/monthly/accounting-copy.md#${id}`)
        assert.ok(script)
        return someone.step('cmd', script.step.text, { grants })
      }

      it('stops where there is nothing to copy', async () => {
        const { code, output } = await run('check-data')
        assert.equal(code, 1, output)
        assert.ok(output.includes(data), output)
        mkdirSync(data, { recursive: true })
        assert.equal((await run('check-data')).code, 1)
      })

      it('copies the files and finds them the same', async () => {
        mkdirSync(data, { recursive: true })
        writeFileSync(join(data, '仕訳 2026.dat'), Buffer.alloc(70_000, 7))
        writeFileSync(join(data, 'a & b.dat'), 'x')
        const checked = await run('check-data')
        assert.equal(checked.code, 0, checked.output)
        assert.match(checked.output, /2/)
        assert.equal(someone.state.env.FILES, '2')
        const copied = await run('copy-data')
        assert.equal(copied.code, 0, copied.output)
        assert.deepEqual(readdirSync(join(copies, '2026-10')).toSorted(), ['a & b.dat', '仕訳 2026.dat'])
        assert.ok(readFileSync(join(copies, '2026-10', '仕訳 2026.dat')).equals(Buffer.alloc(70_000, 7)))
        const compared = await run('compare-data')
        assert.equal(compared.code, 0, compared.output)
        assert.match(compared.output, language === 'ja' ? /^よし: 2 個とも元と同じです。\r\n$/ : /^OK: all 2 files/)
        // The fc of Wine finds everything the same.
        if (process.env.WINEPREFIX) return
        writeFileSync(join(data, 'a & b.dat'), 'y')
        const differing = await run('compare-data')
        assert.equal(differing.code, 1, differing.output)
      })
    })
  }
})
