import assert from 'node:assert/strict'
import { join } from 'node:path'
import { recordAct } from '../../src/machine/records/act.ts'
import { createRecordStore } from '../../src/machine/records/store.ts'
import { actTitle } from '../../src/wording/acts.ts'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { manifestText, text } from '../support/ui/texts.ts'

const recipient = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'
const done = [
  { act: 'secrets-changed', secrets: ['LDAP_PASSWORD'] },
  {
    act: 'secrets-exported',
    secrets: ['LDAP_PASSWORD', 'API_KEY', 'SMTP_PASSWORD'],
    to: [recipient],
    file: 'suzuki.age',
  },
] as const

describe('what was done with secrets on the command line', () => {
  let baton: BatonWindow

  before(async () => {
    baton = await openBaton({
      folders: [join(import.meta.dirname, 'workspace')],
      size: { width: 1400, height: 1000 },
    })
    await ui.openBatonViews(baton.page)
    // As another program does it, while the view is open.
    const store = createRecordStore({ root: baton.folder })
    for (const act of done) await recordAct(store, baton.folder, act, { origin: 'command-line', version: '0.1.0' })
  })
  after(() => baton?.close())
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('is among the runs, and opens as a page', async () => {
    const { page } = baton
    const [changed, handedOver] = done.map((act) => ui.treeItem(page, actTitle(act, text)))
    await changed?.waitFor()
    await handedOver?.waitFor()
    await baton.screenshot('acts')
    await handedOver?.click()
    const record = await ui.webview(page, `td:text("${recipient}")`)
    for (const part of ['LDAP_PASSWORD, API_KEY, SMTP_PASSWORD', 'suzuki.age', '佐藤 花子']) {
      await record.locator('body', { hasText: part }).waitFor()
    }
    await record.locator('body', { hasText: text('✓ Its one line is as it was written') }).waitFor()
    await baton.screenshot('act-page')
  })

  it('has the menu of a record, and nothing to go on with', async () => {
    const { page } = baton
    await ui.openMenu(ui.treeItem(page, actTitle(done[0], text)))
    const entries = await ui.menuEntries(page)
    for (const key of ['command.resumeRun', 'command.runs.openRunbook']) {
      assert.equal(entries.includes(manifestText(key)), false, entries.join())
    }
    await ui.chooseFromMenu(page, manifestText('command.verifyRecords'))
    const whole = text('✓ Its one line is as it was written').replace('✓ ', '')
    await page.locator('.notification-toast', { hasText: whole }).waitFor()
  })
})
