import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { locale, manifestText, text } from '../support/ui/texts.ts'

const notes = {
  ja: { short: '90%台の警告は正常です', long: '月初は時間がかかります。' },
  en: { short: 'Over 90% is normal here', long: 'It takes longer on the first of a month.' },
}[locale]

describe('notes to a run that is over, and what drifted since', () => {
  let baton: BatonWindow

  before(async () => {
    baton = await openBaton({
      folders: [join(import.meta.dirname, 'notes-and-drift')],
      size: { width: 1400, height: 1000 },
    })
    const words = [join(import.meta.dirname, '../../src/cli.ts'), 'run', '--yes', 'backup.md']
    execFileSync(process.execPath, words, { cwd: baton.folder, stdio: 'ignore' })
    await ui.openBatonViews(baton.page)
  })
  after(() => baton?.close())
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('writes a note from the view, to the step that one chooses', async () => {
    const { page } = baton
    const run = page.getByRole('treeitem', { name: /バックアップの確認.*2\/2/ })
    // Nothing can be written before VS Code knows that the folder is trusted.
    await ui.eventually('a menu that offers a note', async () => {
      await ui.openMenu(run)
      if ((await ui.menuEntries(page)).includes(manifestText('command.noteRun'))) return true
      await page.keyboard.press('Escape')
      return false
    })
    await baton.screenshot('note-menu')
    await ui.chooseFromMenu(page, manifestText('command.noteRun'))
    await ui
      .quickInput(page)
      .getByText(text('What is the note about?'))
      .or(page.getByPlaceholder(text('What is the note about?')))
      .first()
      .waitFor()
    await baton.screenshot('note-subject')
    await ui.quickInput(page).locator('.monaco-list-row', { hasText: 'last-backup' }).click()
    const input = page.getByPlaceholder(text('Such as: this warning is normal'))
    await input.waitFor()
    await page.keyboard.press('Enter')
    await ui.quickInput(page).getByText(text('The note is empty. Write what whoever comes next should know.')).waitFor()
    await input.fill(notes.short)
    await baton.screenshot('note-input')
    await page.keyboard.press('Enter')
    await page.getByRole('treeitem', { name: new RegExp(`${text('1 note')} · .* · 2/2`) }).waitFor()
    await page.getByRole('treeitem', { name: text('Note to a step') }).waitFor()
  })

  it('shows notes on the page of the record, and writes one of several lines from there', async () => {
    const { page } = baton
    await page.getByRole('treeitem', { name: /2\/2/ }).click()
    const record = await ui.webview(page, `blockquote:has-text("${notes.short}")`)
    await record.locator('strong', { hasText: text('Note added later') }).waitFor()
    await page
      .locator('.editor-actions')
      .getByRole('button', { name: manifestText('command.noteRun') })
      .click()
    await ui
      .quickInput(page)
      .locator('.monaco-list-row', { hasText: text('The whole run') })
      .click()
    await page.getByPlaceholder(text('Such as: this warning is normal')).waitFor()
    await ui
      .quickInput(page)
      .getByRole('button', { name: text('Write several lines in an editor') })
      .click()
    await page.locator('.editor-instance .view-line', { hasText: 'Ctrl+Enter' }).waitFor()
    await page.locator('.statusbar-item', { hasText: 'Ln 2' }).waitFor()
    await page.keyboard.type(`${notes.long}\nPassword=Tr0ub4dor&3x`)
    await baton.screenshot('note-long')
    await page.keyboard.press('Control+Enter')
    const question = page.locator('.monaco-dialog-box')
    await question.waitFor()
    await baton.screenshot('note-credential')
    await page.keyboard.press('Escape')
    await question.waitFor({ state: 'detached' })
    assert.equal(recordsOf(baton.folder).length, 2, 'nothing was kept')
    for (let left = 'Password=Tr0ub4dor&3x'.length; left > 0; left--) await page.keyboard.press('Backspace')
    await page.keyboard.press('Control+Enter')
    await ui.eventually('the note is on record', async () => recordsOf(baton.folder).length === 3)
    const shown = await ui.webview(page, `blockquote:has-text("${notes.long}")`)
    await shown.locator('h1').waitFor()
    await baton.screenshot('note-page')
  })

  it('says in the tree, above the title and in a list that a runbook is not what was last run, and shows the difference', async () => {
    const { page, screenshot, folder } = baton
    const file = join(folder, 'backup.md')
    const edited = readFileSync(file, 'utf8').replace('91%', '92%').replace('name=restore-test', 'name=new-test')
    writeFileSync(file, edited.replace('3 of 3', '4 of 4'))
    const changed = text('changed · not run since')
    const runbook = page.getByRole('treeitem', { name: new RegExp(`バックアップの確認.*${changed}`) })
    await runbook.click()
    await ui.waitForLens(page, '# バックアップの確認', `△ ${changed}`)
    await page.getByRole('treeitem', { name: 'ライセンスの棚卸し' }).hover()
    await runbook.hover()
    await page.locator('.monaco-hover', { hasText: 'restore-test' }).waitFor()
    await screenshot('drift-tree')
    await ui.clickLens(page, '# バックアップの確認', `△ ${changed}`)
    await page.locator('.multiDiffEntry, .multi-diff-editor-widget').first().waitFor()
    await page.locator('.view-line', { hasText: '92%' }).first().waitFor()
    await screenshot('drift-diff')

    await page.keyboard.press('F1')
    await ui
      .quickInput(page)
      .locator('input')
      .fill(`>${manifestText('command.drift')}`)
    await page.keyboard.press('Enter')
    const row = ui.quickInput(page).locator('.monaco-list-row', { hasText: 'last-backup' })
    await row.waitFor()
    await ui.quickInput(page).locator('.monaco-list-row', { hasText: 'ライセンスの棚卸し' }).waitFor()
    await screenshot('drift-list')
    await row.click()
    await page.locator('.view-line', { hasText: '92%' }).first().waitFor()
  })
})
