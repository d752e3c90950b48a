import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { type Keyring, startKeyring, whyNoKeyring } from '../support/keyring.ts'
import { needs } from '../support/needs.ts'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { text } from '../support/ui/texts.ts'

const size = { width: 1200, height: 800 }
const parent = mkdtempSync(join(tmpdir(), 'credentials-ui-'))
const workspace = join(parent, 'office')
mkdirSync(workspace)
const leaking = [
  '---',
  'title: 入社時のアカウント作成   # これは残る',
  '---',
  '# 入社時のアカウント作成',
  '',
  '初期パスワードは Welcome2026! です。',
  '',
  '```powershell',
  'net user t.suzuki $env:USER_PASSWORD /add',
  '```',
  '',
  '```bash',
  'curl -u "admin:Midori2026!" https://nas.example.jp/',
  '```',
  '',
].join('\n')
writeFileSync(join(workspace, 'joining.md'), leaking)
writeFileSync(join(workspace, 'clean.md'), '# Clean\n\n```bash\necho "$LDAP_PASSWORD"\n```\n')
writeFileSync(
  join(workspace, 'prints.md'),
  "# Prints\n\n```bash {name=prints}\nprintf 'pass%s\\n' 'word: Midori2026!'\n```\n",
)

const actions = '.action-widget:not(.action-list-submenu-panel)'

/** The lines of the editor from above: their elements are in the order in which they were drawn. */
async function editorText(page: Page): Promise<string> {
  const lines = await page
    .locator('.editor-instance .view-line')
    .evaluateAll((all) =>
      all.map(
        (one) =>
          [
            Number.parseFloat(one.getAttribute('style')?.match(/top: ?(-?[\d.]+)/)?.[1] ?? '0'),
            one.textContent ?? '',
          ] as const,
      ),
    )
  return lines
    .toSorted(([a], [b]) => a - b)
    .map(([, line]) => line.replaceAll('\u00a0', ' '))
    .join('\n')
}

async function openQuickFixes(page: Page, part: string): Promise<void> {
  const line = (await editorText(page)).split('\n').findIndex((one) => one.includes(part))
  await page.keyboard.press('Control+P')
  await ui.answerInput(page, `:${line + 1}`)
  await ui.eventually('the quick fixes', async () => {
    // The keys may come before the editor has the focus again, and a change of the decorations closes the list.
    await page.keyboard.press('Control+.')
    await page.locator(actions).waitFor({ timeout: 3000 })
    return true
  })
}

describe('credentials in plain text', () => {
  let keyring: Keyring
  let baton: BatonWindow
  before(async function () {
    needs(this, await whyNoKeyring())
    keyring = await startKeyring('unlocked')
    baton = await openBaton({ folders: [workspace], size, env: keyring.env })
  })
  after(async () => {
    await baton?.close()
    await keyring?.stop()
    rmSync(parent, { recursive: true, force: true })
  })
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('are underlined as they are typed, the whole line, without a word of the value', async () => {
    const { page } = baton
    await ui.openFile(page, 'clean.md')
    await page.locator('.codelens-decoration').first().waitFor()
    await ui.showLine(page, join(workspace, 'clean.md'), 'echo')
    await page.keyboard.press('End')
    await page.keyboard.type('; mysql -u root -pMidori2026')
    const underlined = page.locator('.squiggly-warning')
    await underlined.first().waitFor()
    await page.keyboard.press('F8')
    const sentence = text(
      'This line seems to hold {0} in plain text. Move the value to the keychain and use its name.',
      text('a password'),
    )
    await page.locator('.marker-widget', { hasText: sentence }).waitFor()
    await baton.screenshot('credential-typed')
    await page.keyboard.press('Escape')
    for (let n = 0; n < '; mysql -u root -pMidori2026'.length; n++) await page.keyboard.press('Control+Z')
    await ui.eventually('no underline', async () => (await underlined.count()) === 0)
  })

  it('are moved to the keychain by the quick fix, in one step that can be undone', async () => {
    const { page } = baton
    await ui.openFile(page, 'joining.md')
    await page.locator('.squiggly-warning').first().waitFor()
    await openQuickFixes(page, 'curl')
    await page.locator(actions, { hasText: text('Move the value to the keychain…') }).waitFor()
    await baton.screenshot('credential-quick-fix')
    await page.keyboard.press('Enter')
    await ui.quickInput(page).getByText(text('Move the value to the keychain')).first().waitFor()
    assert.equal(await ui.quickInput(page).locator('input').inputValue(), 'HTTP_PASSWORD')
    await ui.quickInput(page).locator('input').fill('PATH')
    await ui
      .quickInput(page)
      .getByText(text('Use capital letters, digits and _, and no name that changes how programs run.'))
      .waitFor()
    await baton.screenshot('credential-name')
    await ui.answerInput(page, 'NAS_PASSWORD')
    await page.locator('.notifications-toasts', { hasText: 'NAS_PASSWORD' }).waitFor()
    await baton.screenshot('credential-moved')
    const after = await editorText(page)
    assert.match(after, /title: 入社時のアカウント作成 {3}# これは残る\nsecrets:\n {2}- \{ name: NAS_PASSWORD \}\n---/)
    assert.match(after, /curl -u "admin:\$NAS_PASSWORD" https:/)
    const kept = execFileSync('secret-tool', ['lookup', 'service', 'baton', 'account', 'NAS_PASSWORD'], {
      env: { ...process.env, ...keyring.env },
      encoding: 'utf8',
    })
    assert.equal(kept.trim(), 'Midori2026!')
    await ui.eventually('the act is on record', async () =>
      recordsOf(baton.folder).some((one) => /"secrets-set"/.test(one) && one.includes('NAS_PASSWORD')),
    )
    assert.equal(
      recordsOf(baton.folder).some((one) => one.includes('Midori')),
      false,
    )

    await page.keyboard.press('Control+Z')
    await ui.eventually('the text of before', async () => !(await editorText(page)).includes('NAS_PASSWORD'))
    assert.match(await editorText(page), /admin:Midori2026!/)
  })

  it('do not overwrite another value without a question', async () => {
    const { page } = baton
    await openQuickFixes(page, '初期パスワード')
    await page.keyboard.press('Enter')
    await ui.answerInput(page, 'NAS_PASSWORD')
    const question = text(
      'The keychain holds another value for {0}, which other runbooks may use. Replace it?',
      'NAS_PASSWORD',
    )
    const dialog = page.locator('.monaco-dialog-box', { hasText: question })
    await dialog.waitFor()
    await baton.screenshot('credential-other-value')
    await dialog.getByRole('button', { name: text('Another name…') }).click()
    await ui.answerInput(page, 'INITIAL_PASSWORD')
    await ui.eventually('the name in the sentence', async () =>
      (await editorText(page)).includes('初期パスワードは `INITIAL_PASSWORD` です。'),
    )
  })

  it('are excused by a comment', async () => {
    const { page } = baton
    await openQuickFixes(page, 'curl')
    await page.locator(actions).getByText(text('This is no secret: say so in a comment')).click()
    await ui.eventually('the comment', async () =>
      (await editorText(page)).includes('nas.example.jp/ # secretlint-disable-line'),
    )
    await ui.eventually('no underline', async () => (await page.locator('.squiggly-warning').count()) === 0)
    assert.match(readFileSync(join(workspace, 'joining.md'), 'utf8'), /Midori2026!/, 'nothing was saved')
  })

  it('in a record are said once, with the way to the line', async () => {
    const { page } = baton
    await ui.openFile(page, 'prints.md')
    await ui.clickLens(page, 'name=prints', text('$(play) Run step'))
    const beginning = text(
      'The record seems to hold credentials in plain text. Look at it before you commit it: {0}, line {1}.',
    ).split('{0}')[0]
    const toast = page.locator('.notification-toast', { hasText: beginning?.trim() ?? '' })
    await toast.waitFor()
    await baton.screenshot('credential-record')
    assert.doesNotMatch((await toast.textContent()) ?? '', /Midori/)
    await toast.getByRole('button', { name: text('Open record') }).click()
    await page.locator('.tab.active', { hasText: '.jsonl' }).waitFor()
  })
})

describe('credentials in plain text, and a keychain that is locked', () => {
  let keyring: Keyring
  let baton: BatonWindow
  const folder = mkdtempSync(join(tmpdir(), 'credentials-locked-'))
  before(async function () {
    needs(this, await whyNoKeyring())
    writeFileSync(join(folder, 'joining.md'), leaking)
    keyring = await startKeyring('locked')
    baton = await openBaton({ folders: [folder], size, env: keyring.env })
  })
  after(async () => {
    await baton?.close()
    await keyring?.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('stay where they are: nothing is replaced by a name without a value', async () => {
    const { page } = baton
    await ui.openFile(page, 'joining.md')
    await page.locator('.squiggly-warning').first().waitFor()
    await openQuickFixes(page, 'curl')
    await page.keyboard.press('Enter')
    await ui.answerInput(page, 'LOCKED_AWAY')
    await page
      .locator('.notification-toast', {
        hasText: text('{0} stays as it is, because the keychain is locked. Unlock it and try again.', 'LOCKED_AWAY'),
      })
      .waitFor()
    await baton.screenshot('credential-keychain-locked')
    assert.match(await editorText(page), /admin:Midori2026!/)
    assert.equal((await editorText(page)).includes('LOCKED_AWAY'), false)
  })
})
