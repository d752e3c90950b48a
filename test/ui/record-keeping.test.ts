import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { manifestText, text } from '../support/ui/texts.ts'
import { runCommand } from '../support/vscode/workbench.ts'

describe('keeping records', () => {
  let baton: BatonWindow
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', baton.folder, '-c', 'core.quotePath=false', ...args], { encoding: 'utf8' }).trim()

  before(async () => {
    baton = await openBaton({
      folders: [join(import.meta.dirname, 'workspace')],
      size: { width: 1400, height: 1000 },
      asksToCommit: true,
    })
  })
  after(() => baton?.close())
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('asks once when a run is over, and commits its record by itself', async () => {
    const { page } = baton
    await ui.openBatonViews(page)
    await ui.expand(ui.treeItem(page, /^daily/))
    await ui.expand(ui.treeItem(page, /^Morning check/))
    await ui.expand(ui.treeItem(page, /^Disks/))
    await ui.treeItem(page, /^free-space/).click()
    await ui.clickLens(page, 'name=free-space', text('$(play) Run step'))
    await ui.waitForLens(page, 'name=free-space', '✓')
    await command('command.finish')
    const toast = page.locator('.notification-toast', { hasText: text('Commit the record of “{0}”?', 'Morning check') })
    await toast.waitFor()
    await baton.screenshot('commit-record')
    await toast
      .locator('.monaco-button', { hasText: text('Commit') })
      .first()
      .click()
    await ui.eventually('the record is committed', async () => git('log', '-1', '--format=%s').startsWith('Record: '))
    assert.equal(git('log', '-1', '--format=%s'), 'Record: Morning check succeeded (佐藤 花子, 1/1)')
    assert.match(git('show', '--name-only', '--format='), /^\.baton\/runs\/\S+\.jsonl$/)
  })

  it('shows what pruning takes before anything goes', async () => {
    const { page } = baton
    await command('command.pruneRecords')
    const choice = text('Output of runs that are older than 90 days')
    await page.locator('.quick-input-list .monaco-list-row', { hasText: choice }).waitFor()
    await baton.screenshot('prune-choice')
    await page.keyboard.type('100')
    await page.keyboard.press('Enter')
    const dialog = page.locator('.monaco-dialog-box')
    await dialog.waitFor()
    await baton.screenshot('prune-nothing')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  function command(key: string): Promise<void> {
    return runCommand(baton.page, `${manifestText('category')}: ${manifestText(key)}`)
  }
})
