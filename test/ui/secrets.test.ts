import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { type Keyring, startKeyring, whyNoKeyring } from '../support/keyring.ts'
import { needs } from '../support/needs.ts'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { actsIn, inKeyring, memoryOf, putIntoKeyring, takeOutOfKeyring } from '../support/ui/secrets.ts'
import { clipboardOf, fromMenu, notification, pressInline, showOnlySecrets } from '../support/ui/secrets-view.ts'
import { manifestText, text } from '../support/ui/texts.ts'

const workspace = join(import.meta.dirname, 'secrets')
const size = { width: 1400, height: 900 }
const DAY = 86_400_000
const first = 'correct horse battery'
const second = '髙橋のパスワード 2026'
const place = text('keychain of this computer')
const labels = {
  password: 'Password of the directory manager',
  token: 'Microsoft 365 token',
  router: '本社と支社のルーターの管理者パスワード',
}

/** The longest stretch of a sentence without its values, for a regular expression. */
const wordsIn = (sentence: string) =>
  (
    text(sentence)
      .split(/\{\d\}/)
      .toSorted((a, b) => b.length - a.length)[0] ?? ''
  )
    .trim()
    .replace(/[()]/g, '\\$&')

/** A line of the view, by the name and the state that a screen reader says. */
const secret = (page: Page, label: string, state: string) => ui.treeItem(page, new RegExp(`^${label}.*, ${state}`))
describe('the view Secrets', () => {
  let keyring: Keyring
  let baton: BatonWindow
  let page: Page

  before(async function () {
    needs(this, await whyNoKeyring())
    keyring = await startKeyring('unlocked')
    await memoryOf(keyring).note([{ act: 'set', name: 'M365_TOKEN', kept: 'keychain', at: Date.now() - 9 * DAY }])
    baton = await openBaton({ folders: [workspace], env: keyring.env, size })
    page = baton.page
    await ui.openBatonViews(page)
    await showOnlySecrets(page)
  })
  after(async () => {
    await baton?.close()
    await keyring?.stop()
  })
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('shows every declared secret, what is missing and what was taken away, and who uses it', async () => {
    await secret(page, labels.password, text('missing')).waitFor()
    await secret(page, labels.router, text('missing')).waitFor()
    await secret(page, 'UNUSED_KEY', text('missing')).waitFor()
    await secret(page, labels.token, wordsIn('gone, was set on {0}')).waitFor()
    await ui.expand(secret(page, labels.password, text('missing')))
    await ui.expand(ui.treeItem(page, /^Account for a new colleague/))
    await ui.treeItem(page, /^create-account/).waitFor()
    assert.equal(await ui.treeItem(page, /^assign-licence/).count(), 0)
    await secret(page, labels.password, text('missing')).hover()
    await page.locator('.monaco-hover', { hasText: 'k.sato@example.co.jp' }).waitFor()
    await baton.screenshot('secrets-missing')
    await page.keyboard.press('Escape')
  })

  it('opens a runbook at the declaration, and a step where it uses the secret', async () => {
    await ui.treeItem(page, /^Account of a colleague who leaves/).click()
    await page.locator('.tab.active', { hasText: 'leaving.md' }).waitFor()
    await page.locator('#status\\.editor\\.selection', { hasText: '4' }).waitFor()
    await ui.treeItem(page, /^create-account/).click()
    await page.locator('.tab.active', { hasText: 'joining.md' }).waitFor()
  })

  it('sets a value, unseen, and puts that on record without the value', async () => {
    await pressInline(secret(page, labels.password, text('missing')), manifestText('command.setSecret'))
    const input = ui.quickInput(page)
    await input.getByText(labels.password).first().waitFor()
    await input.getByText(place).first().waitFor()
    assert.equal(await input.locator('input').getAttribute('type'), 'password')
    await baton.screenshot('secrets-input')
    await ui.answerInput(page, first)
    await secret(page, labels.password, text('set')).waitFor()
    assert.equal(inKeyring(keyring, 'LDAP_PASSWORD'), first)
    await ui.eventually('the act is on record', async () => actsIn(baton.folder).length === 1)
    assert.deepEqual(actsIn(baton.folder), ['secrets-set LDAP_PASSWORD'])
    assert.ok(!recordsOf(baton.folder).join('').includes(first))
  })

  it('changes it, and calls that a change', async () => {
    await fromMenu(page, secret(page, labels.password, text('set')), manifestText('command.setSecret'))
    await ui
      .quickInput(page)
      .getByText(text('The new value takes the place of the one that is there.'))
      .first()
      .waitFor()
    await ui.answerInput(page, second)
    await ui.eventually('the act is on record', async () => actsIn(baton.folder).length === 2)
    assert.equal(inKeyring(keyring, 'LDAP_PASSWORD'), second)
    assert.deepEqual(actsIn(baton.folder).at(-1), 'secrets-changed LDAP_PASSWORD')
  })

  it('takes the same value for no change: nothing goes on record, and its age counts on', async () => {
    const before = (await memoryOf(keyring).recall()).get('LDAP_PASSWORD')
    await fromMenu(page, secret(page, labels.password, text('set')), manifestText('command.setSecret'))
    await ui.quickInput(page).getByText(labels.password).first().waitFor()
    await ui.answerInput(page, second)
    await notification(page, text('{0} has this value already.', 'LDAP_PASSWORD')).waitFor()
    await page.keyboard.press('Escape')
    assert.equal(actsIn(baton.folder).length, 2)
    assert.deepEqual((await memoryOf(keyring).recall()).get('LDAP_PASSWORD'), before)
  })

  it('tests whether it can be read, and does not show it', async () => {
    await fromMenu(page, secret(page, labels.password, text('set')), manifestText('command.testSecret'))
    const sentence = text('{0} can be read. It is kept in: {1}.', 'LDAP_PASSWORD', place)
    await notification(page, sentence).waitFor()
    await baton.screenshot('secrets-test')
    assert.ok(!(await page.locator('body').textContent())?.includes(second))
    await page.keyboard.press('Escape')
    await fromMenu(page, secret(page, labels.router, text('missing')), manifestText('command.testSecret'))
    await notification(
      page,
      text('{0} is missing: nothing is kept under this name in: {1}.').split('{0}')[1]?.split('{1}')[0] ?? '',
    ).waitFor()
    await page.keyboard.press('Escape')
  })

  it('copies it for 20 seconds, and takes it back then', async function () {
    this.timeout(60_000)
    await pressInline(secret(page, labels.password, text('set')), manifestText('command.copySecret'))
    const countdown = page.locator('.statusbar-item', { hasText: new RegExp(wordsIn('{0}: copied for {1} s')) })
    await countdown.waitFor()
    assert.equal(await clipboardOf(page), second)
    await baton.screenshot('secrets-copy')
    await new Promise((next) => setTimeout(next, 12_000))
    assert.equal(await clipboardOf(page), second)
    await ui.eventually('the clipboard is empty', async () => (await clipboardOf(page)) === '', 15_000)
    await countdown.waitFor({ state: 'hidden' })
  })

  it('leaves alone what was copied from elsewhere meanwhile, and empties at a click', async () => {
    const countdown = page.locator('.statusbar-item', { hasText: new RegExp(wordsIn('{0}: copied for {1} s')) })
    for (const [other, left] of [
      ['mine', 'mine'],
      [undefined, ''],
    ] as const) {
      await pressInline(secret(page, labels.password, text('set')), manifestText('command.copySecret'))
      await countdown.waitFor()
      if (other) await page.evaluate((words) => navigator.clipboard.writeText(words), other)
      await countdown.locator('a').click()
      await countdown.waitFor({ state: 'hidden' })
      assert.equal(await clipboardOf(page), left)
    }
  })

  it('deletes it once that is confirmed', async () => {
    await fromMenu(page, secret(page, labels.password, text('set')), manifestText('command.deleteSecret'))
    const dialog = page.locator('.monaco-dialog-box')
    await dialog
      .getByText(text('Delete the value of {0}? It is kept in: {1}.', 'LDAP_PASSWORD', place))
      .first()
      .waitFor()
    await baton.screenshot('secrets-delete')
    await dialog.getByRole('button', { name: text('Delete'), exact: true }).click()
    await secret(page, labels.password, text('missing')).waitFor()
    assert.equal(inKeyring(keyring, 'LDAP_PASSWORD'), undefined)
    await ui.eventually('the act is on record', async () => actsIn(baton.folder).length === 3)
    assert.deepEqual(actsIn(baton.folder).at(-1), 'secrets-deleted LDAP_PASSWORD')
  })

  it('sets all that is missing, one after the other', async () => {
    await page
      .locator('.pane-header', { hasText: manifestText('view.secrets') })
      .locator(`.action-label[aria-label="${manifestText('command.setMissingSecrets')}"]`)
      .click()
    const input = ui.quickInput(page)
    for (const place of ['(1/4)', '(2/4)', '(3/4)']) {
      await input.getByText(place).first().waitFor()
      await ui.answerInput(page, `${first} ${place}`)
    }
    await input.getByText('(4/4)').first().waitFor()
    await baton.screenshot('secrets-all-missing')
    await page.keyboard.press('Escape')
    await ui.eventually('the act is on record', async () => actsIn(baton.folder).length === 4)
    assert.equal(actsIn(baton.folder).at(-1)?.split(',').length, 3)
  })

  it('says when a value must be changed: in the view and where the runbooks declare it, with a way to do it', async () => {
    putIntoKeyring(keyring, 'LDAP_PASSWORD', first)
    await memoryOf(keyring).note([{ act: 'set', name: 'LDAP_PASSWORD', kept: 'keychain', at: Date.now() - 45 * DAY }])
    const overdue = wordsIn('overdue since {0}')
    await ui.treeItem(page, new RegExp(`^${labels.password}.*${overdue}`)).waitFor()
    await ui.openFile(page, 'leaving.md')
    await page.locator('.squiggly-warning').first().waitFor()
    await ui.showLine(page, join(baton.folder, 'accounts', 'leaving.md'), 'LDAP_PASSWORD')
    await page.keyboard.press('F8')
    await page.locator('.zone-widget', { hasText: 'LDAP_PASSWORD' }).waitFor()
    await baton.screenshot('secrets-overdue')
    await page.keyboard.press('Escape')
    const action = page.locator('.action-widget', { hasText: text('Change the value of {0}…', 'LDAP_PASSWORD') })
    await ui.eventually('the quick fix is offered', async () => {
      await page.keyboard.press('Control+.')
      await action.waitFor({ timeout: 3000 })
      return true
    })
    await page.keyboard.press('Enter')
    await ui.quickInput(page).getByText(labels.password).first().waitFor()
    await ui.answerInput(page, second)
    await page.locator('.squiggly-warning').first().waitFor({ state: 'hidden' })
    await secret(page, labels.password, text('set')).waitFor()
  })

  it('notices what another program took away', async () => {
    takeOutOfKeyring(keyring, 'LDAP_PASSWORD')
    await page
      .locator('.pane-header', { hasText: manifestText('view.secrets') })
      .locator(`.action-label[aria-label="${manifestText('command.secrets.refresh')}"]`)
      .click()
    await secret(page, labels.password, wordsIn('gone, was set on {0}')).waitFor()
  })
})

describe('the view Secrets on a locked keyring', () => {
  let keyring: Keyring
  let baton: BatonWindow
  let page: Page

  before(async function () {
    needs(this, await whyNoKeyring())
    keyring = await startKeyring('locked')
    const settings = { 'workbench.colorTheme': 'Default Dark Modern' }
    baton = await openBaton({ folders: [workspace], env: keyring.env, size, settings })
    page = baton.page
    await ui.openBatonViews(page)
    await showOnlySecrets(page)
  })
  after(async () => {
    await baton?.close()
    await keyring?.stop()
  })
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('says so in one line that tries again, and claims nothing about what it cannot see', async () => {
    await ui.treeItem(page, new RegExp(`^${text('The keychain is locked')}`)).waitFor()
    await secret(page, labels.password, text('unknown')).waitFor()
    await baton.screenshot('secrets-locked')
    await ui.treeItem(page, new RegExp(`^${text('The keychain is locked')}`)).click()
    await secret(page, labels.password, text('unknown')).waitFor()
  })

  it('says so when a secret is tested or set, and keeps what was typed for another try', async () => {
    await fromMenu(page, secret(page, labels.password, text('unknown')), manifestText('command.testSecret'))
    const locked = text(
      '{0} cannot be read, because the keychain is locked. Unlock it and test again.',
      'LDAP_PASSWORD',
    )
    await notification(page, locked).waitFor()
    await page.keyboard.press('Escape')
    await pressInline(secret(page, labels.password, text('unknown')), manifestText('command.setSecret'))
    await ui.quickInput(page).getByText(labels.password).first().waitFor()
    await ui.answerInput(page, first)
    const toast = notification(
      page,
      text('{0} stays as it is, because the keychain is locked. Unlock it and try again.', 'LDAP_PASSWORD'),
    )
    await toast.getByRole('button', { name: text('Try again') }).waitFor()
    await baton.screenshot('secrets-locked-set')
    assert.deepEqual(actsIn(baton.folder), [])
  })
})
