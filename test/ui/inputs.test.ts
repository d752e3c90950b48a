import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type Keyring, startKeyring, whyNoKeyring } from '../support/keyring.ts'
import { needs } from '../support/needs.ts'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { text } from '../support/ui/texts.ts'

const password = 'correct horse battery'

describe('what a run asks for', () => {
  let keyring: Keyring
  let baton: BatonWindow

  before(async function () {
    needs(this, await whyNoKeyring())
    keyring = await startKeyring('unlocked')
    baton = await openBaton({
      folders: [join(import.meta.dirname, 'workspace')],
      env: keyring.env,
      size: { width: 1400, height: 1000 },
    })
  })
  after(async () => {
    await baton?.close()
    await keyring?.stop()
  })
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('asks for parameters and says the rule while one types', async () => {
    const { page } = baton
    await ui.openFile(page, 'colleague.md')
    await ui.clickLens(page, 'name=create-account', text('$(play) Run step'))
    const input = ui.quickInput(page)
    await input.getByText('New colleague').first().waitFor()
    await input.locator('input').fill('NO!')
    await input.locator('.quick-input-message', { hasText: 'User ID' }).waitFor()
    await page.keyboard.press('Enter')
    assert.equal(await input.locator('input').inputValue(), 'NO!', 'a wrong value is not taken')
    await ui.answerInput(page, 'hanako')
    await input.locator('.monaco-list-row', { hasText: 'Office' }).click()
    await input.locator('.monaco-list-row', { hasText: 'hanako' }).waitFor()
    await ui.runWithValues(page)
  })

  it('asks for a missing secret with hidden input, and says where it is kept', async () => {
    const { page } = baton
    const input = ui.quickInput(page)
    await input.getByText('Directory password').first().waitFor()
    assert.equal(await input.locator('input').getAttribute('type'), 'password')
    await ui.answerInput(page, password)
  })

  it('gives both to the step, and shows the secret nowhere', async () => {
    const { page, folder } = baton
    await ui.waitForTerminal(page, 'creating hanako in Office')
    await ui.waitForTerminal(page, `${password.length} characters`)
    await ui.waitForLens(page, 'name=create-account', '✓')
    assert.equal((await ui.terminalText(page)).includes(password), false)
    const [record = ''] = recordsOf(folder)
    assert.ok(record.includes('hanako'))
    assert.equal(record.includes(password), false)
  })

  it('takes the remembered values and the kept secret the next time', async () => {
    const { page, folder } = baton
    await ui.clickLens(page, 'name=create-account', text('$(play) Run step'))
    const input = ui.quickInput(page)
    await ui.eventually('the value is remembered', async () => (await input.locator('input').inputValue()) === 'hanako')
    await page.keyboard.press('Enter')
    await input.locator('.monaco-list-row', { hasText: text('as before') }).waitFor()
    await page.keyboard.press('Enter')
    await ui.runWithValues(page)
    await ui.eventually('a second run is on record', async () => recordsOf(folder).length === 2)
    await ui.eventually('it has ended', async () => recordsOf(folder)[1]?.includes('"run-end"') ?? false)
  })
})
