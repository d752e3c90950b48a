import assert from 'node:assert/strict'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { baton } from '../cli/baton.ts'
import { copySample, type SampleCopy } from './practice.ts'
import { languages } from './sample.ts'

for (const language of languages) {
  describe(`the daily backup check, ${language}`, function () {
    this.timeout(60_000)
    let copy: SampleCopy

    before(function () {
      if (process.platform !== 'linux') {
        console.log('    skipped: the check uses GNU find and stat')
        this.skip()
      }
    })
    beforeEach(() => {
      copy = copySample(language)
    })
    afterEach(() => copy?.remove())

    function run(step = '') {
      const env = { XDG_CACHE_HOME: copy.cache, BATON_LANG: language }
      return baton(['run', `daily/backup-check.md${step}`, '--yes'], { cwd: copy.folder, env })
    }

    it('is content with a fresh backup', async () => {
      const { code, stdout, stderr } = await run()
      assert.equal(code, 0, stdout + stderr)
      assert.match(stdout, /midori-files-.*\.tar\.gz: OK/)
    })

    it('fails in plain words when the backup is too old', async () => {
      await run()
      await run('#make-practice-backup-old')
      const { code, stdout, stderr } = await run()
      assert.equal(code, 1)
      assert.match(
        stdout + stderr,
        language === 'ja' ? /バックアップが古すぎます: 7[12]時間前/ : /too old: 7[12] hours/,
      )
    })

    it('fails when the backup is not what was written', async () => {
      await run()
      const folder = join(copy.cache, 'baton', 'practice-backup')
      const [archive = ''] = readdirSync(folder).filter((name) => name.endsWith('.tar.gz'))
      writeFileSync(join(folder, archive), 'x'.repeat(500))
      const { code, stdout, stderr } = await run()
      assert.equal(code, 1)
      assert.match(stdout + stderr, /FAILED/)
    })
  })
}
