import { join } from 'node:path'
import { type Keyring, startKeyring, whyNoKeyring } from '../support/keyring.ts'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { locale, text } from '../support/ui/texts.ts'

const samples = join(import.meta.dirname, '..', '..', 'runbooks-sample', locale)

/** The pictures of the README: the sample company, as a person meets it. */
describe('the samples on the screen', () => {
  let keyring: Keyring
  let baton: BatonWindow

  before(async function () {
    const missing = await whyNoKeyring()
    if (missing) {
      console.log(missing)
      this.skip()
    }
    keyring = await startKeyring('unlocked')
    baton = await openBaton({
      folders: [samples],
      env: keyring.env,
      settings: { 'editor.minimap.enabled': false, 'terminal.integrated.fontSize': 12 },
    })
  })
  after(async () => {
    await baton?.close()
    await keyring?.stop()
  })
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('shows the tree and the steps', async () => {
    const { page, screenshot } = baton
    await ui.openBatonViews(page)
    await ui.expand(ui.treeItem(page, /^daily/))
    await ui.openFile(page, 'backup-check.md')
    await ui.showLine(page, join(baton.folder, 'daily', 'backup-check.md'), 'name=find-backups')
    await ui.waitForLens(page, 'name=find-backups', text('$(play) Run step'))
    await screenshot('runbook')
  })

  it('asks for parameters', async () => {
    const { page, screenshot } = baton
    await ui.clickLens(page, 'name=find-backups', text('Run from here'))
    await ui.quickInput(page).locator('.quick-input-title').first().waitFor()
    await screenshot('parameters')
  })

  it('runs, with its output in the terminal', async () => {
    const { page, screenshot } = baton
    const input = ui.quickInput(page)
    await page.keyboard.press('Enter')
    await ui.eventually(
      'the second value is asked for',
      async () => (await input.locator('input').inputValue()) === '26',
    )
    await page.keyboard.press('Enter')
    await input
      .locator('.monaco-list-row', { hasText: text('Run') })
      .first()
      .click()
    await ui.waitForLens(page, 'name=find-backups', '✓')
    await screenshot('run')
  })
})
