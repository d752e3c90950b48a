import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { manifestText, text } from '../support/ui/texts.ts'
import { runCommand } from '../support/vscode/workbench.ts'

describe('a batch that is cancelled halfway', () => {
  let baton: BatonWindow
  before(async () => {
    baton = await openBaton({ folders: [join(import.meta.dirname, 'batch')], size: { width: 1400, height: 1000 } })
  })
  after(() => baton?.close())
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })
  const isGone = (pid: number) => {
    const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : ') Z '
    return /\) Z /.test(stat)
  }
  const start = async (label: string, rows: number) => {
    const { page } = baton
    await ui
      .quickInput(page)
      .locator('.monaco-list-row', { hasText: text(label, rows) })
      .click()
  }
  /** The cells of each row of the page that sums a batch up. */
  const summary = async () => {
    const page = await ui.webview(baton.page, `h1:has-text("${text('Batch: {0}', 'Accounts')}")`)
    const rows = await page.locator('tbody tr').all()
    const cells = await Promise.all(rows.map((row) => row.locator('td').allTextContents()))
    return { body: (await page.locator('body').textContent()) ?? '', cells }
  }

  it('says while it runs which row it is at, how many there are, and what runs', async () => {
    const { page, screenshot } = baton
    await ui.openBatonViews(page)
    await ui.openFile(page, 'accounts.md')
    await runCommand(page, `${manifestText('category')}: ${manifestText('command.runBatch')}`)
    await ui.quickInput(page).locator('.monaco-list-row', { hasText: 'accounts.csv' }).click()
    await start('Run for {0} rows and go on after a failure', 5)
    await ui.waitForTerminal(page, 'waiting for the mail server')
    await page.locator('.notification-toast', { hasText: '3/5' }).waitFor()
    await page.locator('.statusbar-item', { hasText: 'Accounts' }).waitFor()
    await ui.waitForLens(page, 'name=mailbox', text('$(debug-stop) Stop'))
    await screenshot('batch-running')
    const shown = await ui.terminalText(page)
    assert.ok(shown.includes(text('Row {0} of {1}: {2}', 3, 5, 'sabu')), shown)
  })

  it('ends at once, with everything that its row had started, and says what did not run', async () => {
    const { page, folder, screenshot } = baton
    const pid = Number(readFileSync(join(folder, 'waiting'), 'utf8'))
    assert.equal(isGone(pid), false)
    await page.locator('.notification-toast .monaco-button', { hasText: 'Cancel' }).click()
    const { body, cells } = await summary()
    assert.equal(isGone(pid), true)
    await screenshot('batch-cancelled')
    assert.deepEqual(
      cells.map(([row, key, outcome, record]) => [row, key, outcome, record !== '']),
      [
        ['1', 'hanako', `✓ ${text('succeeded')}`, true],
        ['2', 'kaede', `✗ ${text('failed')}`, true],
        ['3', 'sabu', `■ ${text('cancelled')}`, true],
        ['4', 'jiro', `○ ${text('not run')}`, false],
        ['5', 'umeko', `○ ${text('not run')}`, false],
      ],
    )
    assert.ok(body.includes(text('not run: {0}', 2)), body)
    assert.ok(body.includes(text('cancelled: {0}', 1)), body)
    const shown = await ui.terminalText(page)
    assert.ok(shown.includes(`■ ${text('cancelled')}`), shown)
    assert.ok(shown.includes(text('not run: {0}', 2)), shown)
    const status = page.locator('.statusbar-item', { hasText: text('not run: {0}', 2) })
    await status.waitFor()
    await page.locator('.notification-toast').waitFor({ state: 'detached' })
    await ui.openFile(page, 'accounts.md')
    await ui.waitForLens(page, 'name=mailbox', text('$(play) Run step'))
  })

  it('has a record for each row that ran, and says in the cancelled one that it was', async () => {
    const { page, folder } = baton
    const records = recordsOf(folder)
    assert.deepEqual(
      records.map((record) => /"type":"run-end","outcome":"([a-z]+)"/.exec(record)?.[1]),
      ['succeeded', 'failed', 'cancelled'],
    )
    for (const [index, record] of records.entries()) assert.ok(record.includes(`"row":${index + 1},"rows":5`), record)
    for (const [row, outcome] of [
      [1, 'succeeded'],
      [2, 'failed'],
      [3, 'cancelled'],
    ] as const) {
      await ui.treeItem(page, new RegExp(`^Accounts, ${text(outcome)}, ${text('row {0}/{1}', row, 5)}`)).waitFor()
    }
  })

  it('runs again only the rows that failed or never ran', async () => {
    const { page, folder, screenshot } = baton
    writeFileSync(join(folder, 'mail-is-back'), '')
    await ui.openMenu(ui.treeItem(page, new RegExp(`^Accounts, ${text('cancelled')}, ${text('row {0}/{1}', 3, 5)}`)))
    await ui.chooseFromMenu(page, manifestText('command.resumeBatch'))
    await ui.quickInput(page).getByText(text('Run for {0} rows and stop at a failure', 4)).waitFor()
    await screenshot('batch-resume')
    await start('Run for {0} rows and stop at a failure', 4)
    await ui.eventually('four more records', async () => recordsOf(folder).length === 7)
    await ui.eventually('the last row is done', async () => recordsOf(folder).at(-1)?.includes('"run-end"') ?? false)
    await ui.eventually('the summary is that of the second part', async () => (await summary()).cells.length === 4)
    const { body, cells } = await summary()
    assert.deepEqual(
      cells.map(([row, key, outcome]) => `${row} ${key} ${outcome}`),
      ['2 kaede', '3 sabu', '4 jiro', '5 umeko'].map((row) => `${row} ✓ ${text('succeeded')}`),
    )
    assert.ok(body.includes(text('Rows that had succeeded before: {0} of {1}', 1, 5)), body)
    await screenshot('batch-resumed')
    // One terminal of the runbook stays to be read.
    assert.equal(await page.locator('.terminal-tabs-entry').count(), 0)
    await ui.openMenu(ui.treeItem(page, new RegExp(`^Accounts, ${text('cancelled')}, ${text('row {0}/{1}', 3, 5)}`)))
    assert.ok(!(await ui.menuEntries(page)).includes(manifestText('command.resumeBatch')), 'nothing is left to resume')
    await page.keyboard.press('Escape')
  })

  it('is stopped as a whole where its step is stopped', async () => {
    // The whole batch, not the row alone: who stops a row of a hundred wants to look before the next one starts.
    const { page, folder } = baton
    const before = recordsOf(folder).length
    writeFileSync(join(folder, 'accounts.csv'), 'User ID\nsabu\njiro\n')
    rmSync(join(folder, 'mail-is-back'))
    await ui.openFile(page, 'accounts.md')
    await runCommand(page, `${manifestText('category')}: ${manifestText('command.runBatch')}`)
    await ui.quickInput(page).locator('.monaco-list-row', { hasText: 'accounts.csv' }).click()
    await start('Run for {0} rows and stop at a failure', 2)
    await ui.waitForLens(page, 'name=mailbox', text('$(debug-stop) Stop'))
    await ui.clickLens(page, 'name=mailbox', text('$(debug-stop) Stop'))
    await ui.eventually('the summary', async () => (await summary()).body.includes(text('not run: {0}', 1)))
    assert.equal(recordsOf(folder).length, before + 1)
  })
})
