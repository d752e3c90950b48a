import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { type Keyring, startKeyring, whyNoKeyring } from '../support/keyring.ts'
import { needs } from '../support/needs.ts'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { actsIn, inKeyring, memoryOf, putIntoKeyring } from '../support/ui/secrets.ts'
import { clipboardOf, notification, showOnlySecrets } from '../support/ui/secrets-view.ts'
import { manifestText, text } from '../support/ui/texts.ts'
import { runCommand } from '../support/vscode/workbench.ts'

const workspace = join(import.meta.dirname, 'secrets')
const size = { width: 1400, height: 900 }
const DAY = 86_400_000
const values = {
  LDAP_PASSWORD: 'correct horse battery',
  M365_TOKEN: '髙橋のトークン 2026',
  ROUTER_PASSWORD: 'of the predecessor',
}
const dialogs = {
  save: text('Hand over secrets ({0}/3)', 3),
  open: text('Take over secrets: the file that was handed over'),
}
const passphrase = 'seven small words and 1 number'

const command = (page: Page, key: string) => runCommand(page, `${manifestText('category')}: ${manifestText(key)}`)

/** Answers a dialog that asks for a file, which is a line to type the path into. */
async function answerDialog(page: Page, title: string, path: string): Promise<void> {
  const heading = ui.quickInput(page).getByText(title).first()
  await heading.waitFor()
  const input = ui.quickInput(page).locator('input[type="text"]')
  await ui.eventually(`the dialog takes ${path}`, async () => {
    await input.fill(path, { timeout: 3000 })
    // It puts the path of the folder that it has read into the line, whenever it has read it.
    await page.waitForTimeout(700)
    if ((await input.inputValue()) !== path) return false
    await page.keyboard.press('Enter')
    await heading.waitFor({ state: 'hidden', timeout: 3000 })
    return true
  })
}

describe('secrets that go to a successor', function () {
  this.timeout(180_000)
  let predecessor: { keyring: Keyring; baton: BatonWindow }
  let successor: { keyring: Keyring; baton: BatonWindow }
  let folder: string
  let file: string
  let recipient: string

  async function openFor(settings: Readonly<Record<string, unknown>>) {
    const keyring = await startKeyring('unlocked')
    const baton = await openBaton({ folders: [workspace], env: keyring.env, size, settings })
    await ui.openBatonViews(baton.page)
    await showOnlySecrets(baton.page)
    return { keyring, baton }
  }

  before(async function () {
    needs(this, await whyNoKeyring())
    folder = mkdtempSync(join(tmpdir(), 'baton-handover-'))
    file = join(folder, 'for-the-successor.age')
    predecessor = await openFor({})
    successor = await openFor({ 'workbench.colorTheme': 'Default Dark Modern' })
    for (const [name, value] of Object.entries(values)) putIntoKeyring(predecessor.keyring, name, value)
    await memoryOf(predecessor.keyring).note([
      { act: 'set', name: 'LDAP_PASSWORD', kept: 'keychain', at: Date.now() - 10 * DAY },
    ])
    putIntoKeyring(successor.keyring, 'ROUTER_PASSWORD', 'of the successor')
    putIntoKeyring(successor.keyring, 'M365_TOKEN', values.M365_TOKEN)
  })
  after(async () => {
    for (const who of [predecessor, successor]) {
      await who?.baton.close()
      await who?.keyring.stop()
    }
    if (folder) rmSync(folder, { recursive: true, force: true })
  })
  afterEach(async function () {
    // Of the one who acted last: both keep theirs under the name of the test.
    const isSuccessor = /taken over|replace|opened|copies/.test(this.currentTest?.title ?? '')
    await (isSuccessor ? successor : predecessor)?.baton.keepTraces(this.currentTest)
  })

  it('begin with the recipient that the successor copies', async () => {
    const { page } = successor.baton
    await command(page, 'command.copyRecipient')
    await notification(
      page,
      text('An identity was made. It stays in: {0}.', text('keychain of this computer')),
    ).waitFor()
    recipient = await clipboardOf(page)
    assert.match(recipient, /^age1[a-z0-9]{58}$/)
    await successor.baton.screenshot('transfer-recipient')
  })

  it('are chosen with boxes, encrypted to the recipient, and put on record', async () => {
    const { page, screenshot } = predecessor.baton
    await command(page, 'command.exportSecrets')
    const input = ui.quickInput(page)
    await input.locator('.monaco-list-row', { hasText: 'LDAP_PASSWORD' }).waitFor()
    assert.equal(await input.locator('.monaco-list-row', { hasText: 'UNUSED_KEY' }).count(), 0)
    await screenshot('transfer-choose')
    await page.keyboard.press('Enter')
    await input.getByText(text('Recipient (age1…)')).first().click()
    await ui.answerInput(page, `${recipient.slice(0, -1)}q`)
    await input.locator('.quick-input-message', { hasText: recipient.slice(0, 20) }).waitFor()
    await screenshot('transfer-recipient-wrong')
    await ui.answerInput(page, recipient)
    await answerDialog(page, dialogs.save, file)
    await notification(page, file).waitFor()
    await screenshot('transfer-exported')
    const written = readFileSync(file, 'utf8')
    assert.match(written, /^-----BEGIN AGE ENCRYPTED FILE-----/)
    for (const value of Object.values(values)) assert.ok(!written.includes(value))
    assert.deepEqual(actsIn(predecessor.baton.folder), ['secrets-exported LDAP_PASSWORD,M365_TOKEN,ROUTER_PASSWORD'])
    assert.ok(recordsOf(predecessor.baton.folder).join('').includes(recipient))
  })

  it('are shown with boxes before anything is taken over, and a value that is there is not replaced unasked', async () => {
    const { page, screenshot, folder: repo } = successor.baton
    await command(page, 'command.importSecrets')
    await answerDialog(page, dialogs.open, file)
    const input = ui.quickInput(page)
    const rows = input.locator('.monaco-list-row')
    await rows.filter({ hasText: 'LDAP_PASSWORD' }).waitFor()
    await input.getByText('佐藤 花子').first().waitFor()
    await screenshot('transfer-preview')
    assert.equal(
      await rows.filter({ hasText: 'LDAP_PASSWORD' }).getByRole('checkbox').getAttribute('aria-checked'),
      'true',
    )
    assert.equal(
      await rows.filter({ hasText: 'ROUTER_PASSWORD' }).getByRole('checkbox').getAttribute('aria-checked'),
      'false',
    )
    await page.keyboard.press('Enter')
    await notification(page, 'LDAP_PASSWORD')
      .getByRole('button', { name: text('Delete the file') })
      .waitFor()
    await screenshot('transfer-imported')
    assert.equal(inKeyring(successor.keyring, 'LDAP_PASSWORD'), values.LDAP_PASSWORD)
    assert.equal(inKeyring(successor.keyring, 'ROUTER_PASSWORD'), 'of the successor')
    assert.deepEqual(actsIn(repo), ['secrets-imported LDAP_PASSWORD'])
    const age = Date.now() - ((await memoryOf(successor.keyring).recall()).get('LDAP_PASSWORD')?.setAt ?? 0)
    assert.equal(Math.round(age / DAY), 10, 'when it must be changed is counted from when the predecessor set it')
  })

  it('replace a value once that is ticked, and the file goes at a click', async () => {
    const { page } = successor.baton
    await command(page, 'command.importSecrets')
    await answerDialog(page, dialogs.open, file)
    const row = ui.quickInput(page).locator('.monaco-list-row', { hasText: 'ROUTER_PASSWORD' })
    await row.waitFor()
    // The box of all: the only one left is that of the value that would be replaced.
    const box = ui.quickInput(page).getByRole('checkbox')
    await box.first().click()
    await ui.eventually('it is ticked', async () => (await box.last().getAttribute('aria-checked')) === 'true')
    await ui.quickInput(page).getByRole('button', { name: 'OK' }).click()
    await notification(page, 'ROUTER_PASSWORD')
      .getByRole('button', { name: text('Delete the file') })
      .click()
    assert.equal(inKeyring(successor.keyring, 'ROUTER_PASSWORD'), values.ROUTER_PASSWORD)
    await ui.eventually('the file is gone', async () => !readdirSync(folder).includes('for-the-successor.age'))
  })

  it('go with a passphrase, and into a repository only once that was said', async () => {
    const { page, screenshot, folder: repo } = predecessor.baton
    await command(page, 'command.exportSecrets')
    const input = ui.quickInput(page)
    await input.locator('.monaco-list-row', { hasText: 'LDAP_PASSWORD' }).waitFor()
    await page.keyboard.press('Enter')
    await input.getByText(text('Passphrase'), { exact: true }).first().click()
    await input.getByText(text('The passphrase: at least {0} characters, best several words.', 12)).first().waitFor()
    await ui.answerInput(page, 'short')
    await input.locator('.quick-input-message', { hasText: '12' }).waitFor()
    await ui.answerInput(page, passphrase)
    await input.getByText(text('The same once more')).first().waitFor()
    await ui.answerInput(page, passphrase)
    await answerDialog(page, dialogs.save, join(repo, 'inside.age'))
    const dialog = page.locator('.monaco-dialog-box', { hasText: 'inside.age' })
    await dialog.waitFor()
    await screenshot('transfer-inside')
    await dialog.getByRole('button', { name: text('Choose another place') }).click()
    file = join(folder, 'with-passphrase.age')
    await answerDialog(page, dialogs.save, file)
    await notification(page, file).waitFor()
    assert.ok(!readdirSync(repo).includes('inside.age'))
    assert.match(readFileSync(file, 'utf8'), /^-----BEGIN AGE ENCRYPTED FILE-----/)
  })

  it('are opened with the passphrase, which may be mistyped', async () => {
    const { page, screenshot } = successor.baton
    await command(page, 'command.importSecrets')
    await answerDialog(page, dialogs.open, file)
    const input = ui.quickInput(page)
    await input.getByText(text('Passphrase of the file')).first().waitFor()
    await ui.answerInput(page, 'not this one, I fear')
    await input
      .locator('.quick-input-message', {
        hasText: text('The passphrase is wrong. Type it again, and mind capital letters and the input method.'),
      })
      .waitFor()
    await screenshot('transfer-passphrase-wrong')
    await ui.answerInput(page, passphrase)
    await notification(page, text('Everything is here already.')).waitFor()
  })
})
