import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import type { Frame } from 'playwright-core'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { locale, manifestText, text } from '../support/ui/texts.ts'
import { runCommand } from '../support/vscode/workbench.ts'

const title = 'Morning backup check'
const other = locale === 'en' ? 'Dark Modern' : 'Default High Contrast'

describe('the Guide', () => {
  let baton: BatonWindow
  let guide: Frame
  before(async () => {
    baton = await openBaton({
      folders: [join(import.meta.dirname, 'guide')],
      size: { width: 1400, height: 1000 },
      settings: { 'workbench.colorTheme': 'Light Modern', 'workbench.preferredDarkColorTheme': other },
    })
    await ui.openBatonViews(baton.page)
  })
  after(() => baton?.close())
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })
  const changeTheme = async (to: 'light' | 'dark') => {
    await runCommand(baton.page, 'Preferences: Toggle between Light/Dark Themes')
    // Of high contrast the light theme has both classes.
    const isLight = ':is(.vscode-light, .vscode-high-contrast-light)'
    const worn = to === 'light' ? `body${isLight}` : `body:not(${isLight})`
    await guide.locator(worn).waitFor()
  }
  const button = (name: string) => guide.getByRole('button', { name, exact: true })
  const key = (name: string) => baton.page.keyboard.press(name)
  const focused = (name: string) =>
    ui.eventually(`the focus is on ${name}`, async () =>
      ((await guide.evaluate('document.activeElement?.textContent')) ?? '').toString().includes(name),
    )

  it('opens by itself where a runbook for anyone is run from the tree', async () => {
    const { page, screenshot } = baton
    await ui.expand(ui.treeItem(page, /^daily/))
    const item = ui.treeItem(page, new RegExp(`^${title}`))
    await ui.openMenu(item)
    await ui.chooseFromMenu(page, manifestText('command.runRunbook'))
    guide = await ui.webview(page, '.guide')
    await guide.getByRole('heading', { name: title }).waitFor()
    await focused(text('Begin'))
    await screenshot('guide-start')
    assert.equal(recordsOf(baton.folder).length, 0)
  })

  it('runs a step with the Enter key alone, and shows its output as a terminal would', async () => {
    const { page, screenshot } = baton
    // A click on the text takes the focus away from the button.
    await guide.getByRole('heading', { name: title }).click()
    await key('Enter')
    await guide.getByText('The newest file should be from today.').waitFor()
    assert.equal(await guide.locator('details.what').getAttribute('open'), null)
    await focused(text('Run'))
    await key('Enter')
    await ui.quickInput(page).locator('input').waitFor()
    await key('Enter')
    await ui.runWithValues(page)
    await guide.locator('.result.fine').waitFor()
    const output = guide.locator('.terminal')
    const printed = /^Looking at files-1reading 100 %newest: today 03:12 {2}<b>no markup<\/b>$/
    await ui.eventually('all of the output', async () => printed.test((await output.textContent()) ?? ''))
    await output.locator('.front-2', { hasText: 'newest' }).waitFor()
    // Its terminal stays where it was.
    assert.equal(await page.locator('.terminal-wrapper.active').count(), 0)
    await screenshot('guide-step')
    await focused(text('Next'))
    await key('Enter')
  })

  it('takes a note, a file and a picture from the clipboard for a manual step', async () => {
    const { screenshot } = baton
    await guide.locator('.task', { hasText: 'Look at the light' }).waitFor()
    await guide
      .locator('input[type=file]')
      .setInputFiles({ name: 'log.txt', mimeType: 'text/plain', buffer: Buffer.from('log') })
    await guide.evaluate(() => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 160, height: 90 })
      const context = canvas.getContext('2d')
      if (context) {
        context.fillStyle = '#2a7'
        context.fillRect(0, 0, 160, 90)
      }
      canvas.toBlob((blob) => {
        const clipboardData = new DataTransfer()
        if (blob) clipboardData.items.add(new File([blob], 'image.png', { type: 'image/png' }))
        window.dispatchEvent(new ClipboardEvent('paste', { clipboardData }))
      })
    })
    await guide.locator('.attachments li img').waitFor()
    await guide.locator('textarea').fill('緑色に光っていました')
    await screenshot('guide')
    await changeTheme('dark')
    await screenshot('guide-manual-dark')
    await button(text('Done')).click()
    await guide.getByRole('button', { name: 'The light is green' }).waitFor()
    const kept = globSync('.baton/runs/*/*/*/*.{txt,png}', { cwd: baton.folder })
    assert.equal(kept.length, 2)
    assert.match(kept.join(' '), /log\.txt/)
    assert.match(recordsOf(baton.folder).at(-1) ?? '', /"attachments":\[\{"name":"log\.txt","bytes":3,/)
  })

  it('goes the way that is chosen, says why a step failed, and runs it again', async () => {
    const { screenshot } = baton
    await screenshot('guide-decision-dark')
    await guide.getByRole('button', { name: 'The light is green' }).click()
    await guide.getByRole('heading', { name: 'weak' }).waitFor()
    await focused(text('Run'))
    await key('Enter')
    await guide.locator('.result.bad', { hasText: text('exit code {0}', 3) }).waitFor()
    await screenshot('guide-failed-dark')
    await changeTheme('light')
    await guide.getByRole('button', { name: text('Run again') }).click()
    await guide.locator('.result.fine').waitFor()
  })

  it('ends the run at the end of the way, and leads to its record', async () => {
    const { page, screenshot, folder } = baton
    await key('ArrowRight')
    await guide.getByRole('heading', { name: text('The run has ended') }).waitFor()
    await screenshot('guide-end')
    const record = recordsOf(folder).at(-1) ?? ''
    assert.equal(recordsOf(folder).length, 1)
    assert.match(record, /"type":"run-end","outcome":"succeeded"/)
    await button(text('Open record')).click()
    const shown = await ui.webview(page, `h1:text("${title}")`)
    const file = shown.getByText('log.txt (')
    await file.scrollIntoViewIfNeeded()
    await screenshot('guide-record')
  })

  it('shows what the editor ran before it was opened: both drive one run', async () => {
    const { page, screenshot } = baton
    await ui.openFile(page, 'backup.md')
    await page.locator('.tab', { hasText: title }).first().click({ button: 'middle' })
    await ui.clickLens(page, 'name=newest', text('$(play) Run step'))
    await ui.quickInput(page).locator('input').waitFor()
    await key('Enter')
    await ui.runWithValues(page)
    await ui.waitForLens(page, 'name=newest', '✓')
    await runCommand(page, manifestText('command.openGuide'))
    guide = await ui.webview(page, '.guide')
    await key('ArrowRight')
    await guide.locator('.result.fine').waitFor()
    await guide.locator('.terminal', { hasText: 'newest: today 03:12' }).waitFor()
    await key('ArrowRight')
    await button(text('Skip')).click()
    await guide.getByRole('heading', { name: 'What does the drive say?' }).waitFor()
    const [, second = ''] = recordsOf(baton.folder)
    assert.match(second, /"outcome":"skipped"/)
    // The note was for the run before.
    assert.doesNotMatch(second, /緑色/)
    await page.setViewportSize({ width: 640, height: 900 })
    await screenshot('guide-narrow')
  })

  it('comes back where it was when the window is loaded anew, and goes on from there', async () => {
    const { page, screenshot, folder } = baton
    await page.setViewportSize({ width: 1000, height: 900 })
    guide = await ui.reloadWindow(page, '.guide h2:text("What does the drive say?")')
    await guide
      .locator('.remark', { hasText: text('The next step that you run goes on from it, in a new record.') })
      .waitFor()
    await screenshot('guide-reloaded')
    await guide.getByRole('button', { name: 'The light is green' }).click()
    await guide.getByRole('heading', { name: 'weak' }).waitFor()
    assert.equal(await guide.locator('.dot.passed').count(), 2)
    const [, second = '', third = ''] = recordsOf(folder)
    const { id } = JSON.parse(second.split('\n', 1)[0] ?? '')
    assert.deepEqual(JSON.parse(third.split('\n', 1)[0] ?? '').resumes.run, id)
    await button(text('Run')).click()
    await guide.locator('.result.fine').waitFor()
    await key('ArrowRight')
    await guide.getByRole('heading', { name: text('The run has ended') }).waitFor()
  })
})
