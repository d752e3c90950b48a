import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'

const size = { width: 1200, height: 800 }
const parent = mkdtempSync(join(tmpdir(), 'syntax-ui-'))
const workspace = join(parent, 'office')
mkdirSync(workspace)
writeFileSync(
  join(workspace, 'broken.md'),
  '# Broken\n\n```bash\necho "a" )\n```\n\n```powershell\nif ($true) {\n  1GB\n```\n\n```cmd\necho (\n```\n',
)

describe('steps that do not parse', () => {
  let baton: BatonWindow
  after(() => rmSync(parent, { recursive: true, force: true }))
  afterEach(async function () {
    await baton?.keepTraces(this.currentTest)
    await baton?.close()
  })

  it('are underlined, with what the shell says of them', async () => {
    baton = await openBaton({ folders: [workspace], size })
    const { page } = baton
    await ui.openFile(page, 'broken.md')
    const underlined = page.locator('.squiggly-error')
    await ui.eventually('two errors', async () => (await underlined.count()) === 2)
    await page.keyboard.press('F8')
    await page.locator('body', { hasText: 'Baton (bash)' }).waitFor()
    await baton.screenshot('syntax-errors')
  })

  it('are not looked at in a folder that is not trusted', async () => {
    baton = await openBaton({ folders: [workspace], trust: 'restricted', size })
    const { page } = baton
    await ui.openFile(page, 'broken.md')
    await page.locator('.codelens-decoration').first().waitFor()
    await new Promise((next) => setTimeout(next, 4000))
    assert.equal(await page.locator('.squiggly-error').count(), 0)
  })
})
