import { join } from 'node:path'
import { type Keyring, startKeyring, whyNoKeyring } from '../support/keyring.ts'
import { needs } from '../support/needs.ts'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { locale, text } from '../support/ui/texts.ts'

const samples = join(import.meta.dirname, '..', '..', 'runbooks-sample', locale)

/** The pictures of the README: the sample company, as a person meets it. */
describe('the samples on the screen', () => {
  let keyring: Keyring
  let baton: BatonWindow

  before(async function () {
    needs(this, await whyNoKeyring())
    keyring = await startKeyring('unlocked')
    baton = await openBaton({
      folders: [samples],
      env: keyring.env,
      settings: {
        'breadcrumbs.enabled': false,
        'editor.minimap.enabled': false,
        'git.blame.statusBarItem.enabled': false,
        'terminal.integrated.fontSize': 12,
      },
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

  it('says the rule of a parameter as one types', async () => {
    const { page, screenshot } = baton
    await ui.clickLens(page, 'name=find-backups', text('Run from here'))
    const input = ui.quickInput(page)
    await input.locator('.quick-input-title').first().waitFor()
    await page.keyboard.press('Enter')
    const value = input.locator('input')
    await ui.eventually('the second value is asked for', async () => (await value.inputValue()) === '26')
    await value.fill('1.5')
    await input
      .locator('.quick-input-message', { hasText: text('{0} must be a whole number, such as 12.', '') })
      .waitFor()
    await screenshot('parameters')
    await value.fill('26')
    await page.keyboard.press('Enter')
    await ui.runWithValues(page)
  })

  it('runs, with its output in the terminal, and waits where a person has to look', async () => {
    const { page, screenshot } = baton
    await ui.waitForLens(page, 'name=find-backups', '✓')
    await ui.waitForTerminal(page, text('Enter: done · n: done with a note · s: skip · f: failed · Ctrl+C: stop'))
    await ui.showLine(page, join(baton.folder, 'daily', 'backup-check.md'), 'name=check-size')
    await ui.waitForLens(page, 'name=check-size', '✓')
    await ui.treeItem(page, new RegExp(`^check-size, .*${text('succeeded')}`)).waitFor()
    await page.mouse.move(700, 300)
    await screenshot('run')
  })

  it('keeps a record that reads like a page', async () => {
    const { page, screenshot } = baton
    await page.locator('.terminal-wrapper.active').click()
    await page.keyboard.press('Enter')
    const run = ui.treeItem(page, new RegExp(text('succeeded'))).filter({ hasText: '佐藤 花子' })
    await run.click()
    await ui.webview(page, 'h2:text("check-age")')
    await page.keyboard.press('Control+J')
    await page.mouse.move(700, 430)
    await screenshot('record')
  })
})
