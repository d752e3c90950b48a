import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { manifestText, text } from '../support/ui/texts.ts'
import { runCommand } from '../support/vscode/workbench.ts'

for (const theme of ['Default High Contrast', 'Default High Contrast Light']) {
  const name = theme.endsWith('Light') ? 'contrast-light' : 'contrast'

  describe(`a small window in the theme ${theme}`, () => {
    let baton: BatonWindow
    before(async () => {
      baton = await openBaton({
        folders: [join(import.meta.dirname, 'narrow')],
        size: { width: 1000, height: 800 },
        settings: { 'workbench.colorTheme': theme, 'window.zoomLevel': 0 },
        unapproved: true,
      })
      await ui.openBatonViews(baton.page)
      await ui.sideBarWidth(baton.page, 300)
    })
    after(() => baton?.close())
    afterEach(function () {
      return baton?.keepTraces(this.currentTest)
    })

    it('shows what is to be approved, and what changed in it', async () => {
      const { page, folder, screenshot } = baton
      await ui.expand(ui.treeItem(page, /^社内ファイル/))
      await ui.openFile(page, 'backup.md')
      await ui.clickLens(page, 'name=free-space', text('$(play) Run step'))
      await ui.waitForLens(page, 'name=free-space', text('$(check) Approve and run'))
      await screenshot(`${name}-approval`)
      await ui.clickLens(page, 'name=free-space', text('$(check) Approve and run'))
      await ui.waitForLens(page, 'name=free-space', '✓')
      const file = join(folder, 'backup.md')
      writeFileSync(file, readFileSync(file, 'utf8').replace('echo "free: 42 %"', 'echo "free: 17 %"'))
      // Drawn anew: a button that stands for the text of before would be refused.
      await ui.waitForLens(page, 'name=free-space', '△')
      await ui.clickLens(page, 'name=free-space', text('$(play) Run step'))
      await ui.clickLens(page, 'name=free-space', text('$(diff) Changes'))
      await page.locator('.monaco-diff-editor').waitFor()
      await screenshot(`${name}-approval-diff`)
      await page.keyboard.press('Control+W')
      await ui.clickLens(page, 'name=free-space', text('$(check) Approve and run'))
    })

    it('shows what was expected and what came', async () => {
      const { page, screenshot } = baton
      await ui.clickLens(page, 'name=status', text('$(play) Run step'))
      await ui.clickLens(page, 'name=status', text('$(check) Approve and run'))
      await ui.waitForLens(page, 'name=status', text('$(error) Failed: other output than expected'))
      await screenshot(`${name}-expected`)
      await ui.clickLens(page, 'name=status', text('$(diff) Changes'))
      await page.locator('.monaco-diff-editor').waitFor()
      await screenshot(`${name}-expected-diff`)
      await page.keyboard.press('Control+W')
      await runCommand(page, `${manifestText('category')}: ${manifestText('command.finish')}`)
    })

    it('shows a record and the summary of a batch', async () => {
      const { page, screenshot } = baton
      const record = ui.treeItem(page, new RegExp(`${text('failed')}, 佐藤`)).first()
      await record.click()
      await ui.webview(page, 'h2:has-text("status")')
      await screenshot(`${name}-record`)
      await ui.openFile(page, 'accounts.md')
      await runCommand(page, `${manifestText('category')}: ${manifestText('command.runBatch')}`)
      await ui.quickInput(page).locator('.monaco-list-row', { hasText: 'accounts.csv' }).click()
      await ui
        .quickInput(page)
        .locator('.monaco-list-row', { hasText: text('Run for {0} rows and go on after a failure', 3) })
        .click()
      await ui.waitForLens(page, 'name=mailbox', text('$(check) Approve and run'))
      await page.keyboard.press('Escape')
      await ui.clickLens(page, 'name=mailbox', text('$(check) Approve and run'))
      await ui.webview(page, 'td:has-text("kaede")')
      await screenshot(`${name}-batch`)
    })

    it('keeps its words inside of the side bar', async () => {
      const { page } = baton
      const wide = await page.locator('.part.sidebar').evaluate((part) => {
        const edge = part.getBoundingClientRect().right
        return [...part.querySelectorAll('.monaco-list-row, .pane-header, .welcome-view-content')]
          .filter((row) => row.getBoundingClientRect().right > edge + 1)
          .map((row) => row.textContent)
      })
      assert.deepEqual(wide, [])
    })
  })
}
