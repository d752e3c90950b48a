import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { manifestText, text } from '../support/ui/texts.ts'
import { runCommand } from '../support/vscode/workbench.ts'

describe('a text that this operator never let run', () => {
  let baton: BatonWindow
  before(async () => {
    baton = await openBaton({
      folders: [join(import.meta.dirname, 'steps')],
      size: { width: 1400, height: 1000 },
      unapproved: true,
    })
    await ui.openFile(baton.page, 'approval.md')
  })
  after(() => baton?.close())
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })
  const ended = async (count: number) => {
    await ui.eventually(`${count} runs are over`, async () => {
      const records = recordsOf(baton.folder)
      return records.length === count && records.every((record) => record.includes('"run-end"'))
    })
  }
  const finish = async (count: number) => {
    await runCommand(baton.page, `${manifestText('category')}: ${manifestText('command.finish')}`)
    await ended(count)
  }
  const approveOne = text('$(check) Approve and run')

  it('is shown before it runs, and does not run when it is not wanted', async () => {
    const { page, folder, screenshot } = baton
    await ui.clickLens(page, 'name=first', text('$(play) Run step'))
    await ui.waitForTerminal(page, text('Enter: run · d: show as a diff · Ctrl+C: stop'))
    await ui.waitForTerminal(page, 'echo two')
    await ui.waitForLens(page, 'name=first', approveOne)
    await screenshot('approval-new')
    await ui.clickLens(page, 'name=first', text('$(debug-stop) Stop'))
    await ui.waitForLens(page, 'name=first', text('Run from here'))
    assert.deepEqual(recordsOf(folder), [])
  })

  it('runs with one click', async () => {
    const { page } = baton
    await ui.clickLens(page, 'name=first', text('$(play) Run step'))
    await ui.clickLens(page, 'name=first', approveOne)
    await ui.waitForLens(page, 'name=first', '✓')
    await ui.waitForTerminal(page, 'two')
  })

  it('is not asked about again', async () => {
    const { page, folder } = baton
    await finish(1)
    await ui.clickLens(page, 'name=first', text('$(play) Run step'))
    await ui.eventually('a second run', async () => recordsOf(folder)[1]?.includes('"step-end"') ?? false)
    await finish(2)
    await ui.waitForTerminal(page, '▸ first')
    assert.ok(!(await ui.terminalText(page)).includes('echo one'))
    assert.ok(recordsOf(folder)[1]?.includes('"approval":"earlier"'))
  })

  it('shows what changed once it is another one', async () => {
    const { page, folder, screenshot } = baton
    await ui.showLine(page, join(folder, 'approval.md'), 'echo two')
    await page.keyboard.press('End')
    await page.keyboard.type(' and a half')
    await ui.waitForLens(page, 'name=first', text('△ changed'))
    await ui.clickLens(page, 'name=first', text('$(play) Run step'))
    await ui.waitForTerminal(page, '- echo two')
    await ui.waitForTerminal(page, '+ echo two and a half')
    await screenshot('approval-changed')
    await ui.clickLens(page, 'name=first', text('$(diff) Changes'))
    await page.locator('.monaco-diff-editor').waitFor()
    await screenshot('approval-diff')
    await page.locator('.tab.active').click({ button: 'middle' })
    await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' })
  })

  it('runs with one key', async () => {
    const { page, folder, screenshot } = baton
    await page.locator('.terminal-wrapper.active .xterm').click()
    await page.keyboard.press('Enter')
    await ui.eventually('a third run', async () => recordsOf(folder)[2]?.includes('"step-end"') ?? false)
    await screenshot('approval-key')
    await finish(3)
  })

  it('is asked about once for a whole runbook, with what deceives pointed out', async () => {
    const { page, folder, screenshot } = baton
    await ui.showLine(page, join(folder, 'approval.md'), 'echo three')
    await page.keyboard.press('End')
    await page.keyboard.type('; echo four')
    await page.keyboard.insertText('\u202E')
    await ui.showLine(page, join(folder, 'approval.md'), '# Approval')
    const runs = recordsOf(folder).length
    // A button that was drawn before the last key runs nothing: it is pressed again once it is drawn anew.
    await ui.eventually('what deceives is pointed out', async () => {
      const lens = (await ui.lensesAbove(page, '# Approval')).locator('a', { hasText: text('$(play) Run runbook') })
      await lens.click({ timeout: 1000 }).catch(() => undefined)
      await page.waitForTimeout(1500)
      return (await ui.terminalText(page)).includes('U+202E')
    })
    await screenshot('approval-deception')
    const item = page.locator('.statusbar-item', { hasText: '0/2' }).locator('a').first()
    await item.click()
    await ui
      .quickInput(page)
      .locator('.monaco-list-row', { hasText: text('Approve and run') })
      .click()
    await ui.waitForTerminal(page, 'three')
    await ended(runs + 1)
    assert.ok(recordsOf(folder).at(-1)?.includes('"approval":"now"'))
  })
})
