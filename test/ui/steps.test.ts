import assert from 'node:assert/strict'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { manifestText, text } from '../support/ui/texts.ts'
import { runCommand } from '../support/vscode/workbench.ts'

const password = 'correct-horse'

describe('steps that want more than to run', () => {
  let baton: BatonWindow
  before(async () => {
    baton = await openBaton({ folders: [join(import.meta.dirname, 'steps')], size: { width: 1400, height: 1000 } })
  })
  after(() => baton?.close())
  const tried = new Set<string | undefined>()
  // A second try begins where the first one did.
  beforeEach(async function () {
    const title = this.currentTest?.title
    if (!tried.has(title)) return void tried.add(title)
    await baton.page.keyboard.press('Escape')
    // There may be no run any more.
    await runCommand(baton.page, `${manifestText('category')}: ${manifestText('command.finish')}`).catch(
      () => undefined,
    )
    await baton.page.keyboard.press('Escape')
    for (const file of ['account', 'licence', 'batch/allow-jiro']) rmSync(join(baton.folder, file), { force: true })
  })
  afterEach(async function () {
    await baton?.keepTraces(this.currentTest)
  })
  const newest = () => recordsOf(baton.folder).at(-1) ?? ''
  const finish = async () => {
    await runCommand(baton.page, `${manifestText('category')}: ${manifestText('command.finish')}`)
    await ui.eventually('the run has ended', async () => newest().includes('"run-end"'))
  }
  const giveValues = async () => {
    const { page } = baton
    const input = ui.quickInput(page).locator('input')
    await ui.eventually('the name is asked for', async () => (await input.inputValue()) === 'hanako')
    await page.keyboard.press('Enter')
    await ui.quickInput(page).locator('input[type=password]').waitFor()
    await ui.answerInput(page, '271828')
    await ui.runWithValues(page)
  }
  const run = (above: string) => ui.clickLens(baton.page, above, text('$(play) Run step'))

  it('are typed at, and what was typed is in no record', async () => {
    const { page, screenshot } = baton
    await ui.openFile(page, 'keyboard.md')
    await run('name=greet')
    await ui.waitForTerminal(page, 'Name:')
    await ui.waitForLens(page, 'name=greet', text('$(keyboard) Type in the terminal {0}', ''))
    await page.keyboard.type('hanako')
    await page.keyboard.press('Enter')
    await ui.waitForTerminal(page, 'Password:')
    await screenshot('interactive')
    await page.keyboard.type(password)
    await page.keyboard.press('Enter')
    await ui.waitForTerminal(page, 'welcome, 6 and 13 characters')
    await ui.waitForLens(page, 'name=greet', '✓')
    const shown = await ui.terminalText(page)
    assert.ok(shown.includes('hanako') && !shown.includes(password))
    await ui.eventually('the step is on record', async () => newest().includes('"step-end"'))
    assert.ok(newest().includes('welcome, 6 and 13') && !newest().includes('hanako') && !newest().includes(password))
  })

  it('get Ctrl+C themselves, and are stopped from their lens', async () => {
    const { page } = baton
    await run('name=wait')
    await ui.waitForTerminal(page, 'begun')
    await ui.clickLens(page, 'name=wait', text('$(debug-stop) Stop'))
    await ui.waitForLens(page, 'name=wait', text('cancelled'))
    await finish()
  })

  it('show what their variables hold before they run', async () => {
    const { page, screenshot } = baton
    await ui.openFile(page, 'confirm.md')
    await run('name=delete')
    await giveValues()
    await ui.waitForTerminal(page, 'USER_ID = hanako')
    await ui.waitForTerminal(page, text('Run this step? Enter: run · s: skip · Ctrl+C: stop'))
    await screenshot('confirm')
    assert.ok(!(await ui.terminalText(page)).includes('271828'))
    await ui.clickLens(page, 'name=delete', text('$(check) Yes, run it'))
    await ui.waitForTerminal(page, 'deleting hanako with 6 digits')
    await ui.eventually('the run has ended', async () => newest().includes('"run-end"'))
  })

  it('fail when they print something else than is expected, and show the difference', async () => {
    const { page, screenshot } = baton
    await ui.openFile(page, 'expected.md')
    await run('name=status')
    await ui.waitForLens(page, 'name=status', text('$(error) Failed: other output than expected'))
    await ui.waitForTerminal(page, '- backup: fine')
    await screenshot('expected')
    await ui.clickLens(page, 'name=status', text('$(diff) Changes'))
    await page.locator('.monaco-diff-editor').waitFor()
    await screenshot('expected-diff')
    await page.locator('.tab.active').click({ button: 'middle' })
    await finish()
    // From the record, too.
    await ui.waitForLens(page, 'name=status', text('$(error) Failed: other output than expected'))
  })

  it('run beside others until the run ends', async () => {
    const { page, screenshot } = baton
    await ui.openFile(page, 'beside.md')
    await run('name=serve')
    await ui.waitForTerminal(page, 'serve │ serving')
    await run('name=use')
    await ui.waitForTerminal(page, 'used')
    await ui.waitForLens(page, 'name=serve', text('$(loading~spin) Running in the background {0}', ''))
    await screenshot('background')
    await finish()
    assert.ok(newest().includes('"endedWithRun":true'))
  })

  it('are undone after a failure, and the run goes on later as a new one', async () => {
    const { page, folder, screenshot } = baton
    await ui.openFile(page, 'failures.md')
    await ui.clickLens(page, '# Failures', text('$(play) Run runbook'))
    await ui.waitForLens(page, 'name=mailbox', text('$(discard) Undo 1 step'))
    assert.ok(existsSync(join(folder, 'account')))
    await screenshot('undo')
    await ui.clickLens(page, 'name=mailbox', text('Leave as it is'))
    await ui.waitForLens(page, 'name=mailbox', text('Run again'))
    await finish()
    const failed = newest()
    writeFileSync(join(folder, 'licence'), '')
    await ui.clickLens(page, 'name=mailbox', text('$(debug-continue) Resume'))
    await ui.eventually('a run that goes on', async () => newest() !== failed && newest().includes('"run-end"'))
    const id = /"id":"([0-9a-f]{12})"/.exec(failed)?.[1]
    assert.ok(newest().includes(`"resumes":{"run":"${id}","step":"mailbox"}`), newest())
    assert.ok(newest().includes('welcome') && !newest().includes('"id":"create"'))
    await screenshot('resume')
  })

  it('are undone with one click', async () => {
    const { page, folder } = baton
    rmSync(join(folder, 'licence'))
    const before = newest()
    await ui.clickLens(page, '# Failures', text('$(play) Run runbook'))
    await ui.clickLens(page, 'name=mailbox', text('$(discard) Undo 1 step'))
    await ui.waitForTerminal(page, 'removed')
    await ui.eventually('another run', async () => newest() !== before)
    await finish()
    assert.equal(existsSync(join(folder, 'account')), false)
    assert.ok(newest().includes('"serves":{"as":"undo","stepId":"create"}'))
  })

  it('are shown without running', async () => {
    const { page, screenshot } = baton
    await ui.openFile(page, 'confirm.md')
    const before = recordsOf(baton.folder).length
    await runCommand(page, `${manifestText('category')}: ${manifestText('command.dryRun')}`)
    await giveValues()
    const page1 = await ui.webview(page, `h1:has-text("${text('Dry run: {0}', 'Confirm')}")`)
    const shown = (await page1.locator('body').textContent()) ?? ''
    assert.ok(shown.includes('hanako') && shown.includes(text('Asks before it runs.')) && !shown.includes('271828'))
    await screenshot('dry-run')
    assert.equal(recordsOf(baton.folder).length, before)
  })

  it('wait for what has to be done before them', async () => {
    const { page, screenshot } = baton
    await ui.openFile(page, 'after.md')
    await ui.clickLens(page, '# After', text('$(play) Run runbook'))
    const input = ui.quickInput(page)
    await input.getByText(text('Go on without them')).waitFor()
    await screenshot('prerequisites')
    await page.keyboard.press('Enter')
    await ui.waitForTerminal(page, 'working')
    await ui.waitForTerminal(page, text('✓ Prerequisite: {0} · just now', 'Before'))
    await ui.eventually('the run has ended', async () => newest().includes('"run-end"'))
    assert.ok(newest().includes('"prerequisites":[{"path":"before.md","state":"ran"'))
    await ui.clickLens(page, '# After', text('$(play) Run runbook'))
    await ui.eventually('nothing is asked', async () => newest().includes('"state":"done"'))
  })

  it('may print more than a terminal can show, and the end is there', async () => {
    const { page, screenshot } = baton
    await ui.openFile(page, 'output.md')
    await run('name=endless-numbers')
    await ui.waitForTerminal(page, 'the last line')
    await ui.waitForLens(page, 'name=endless-numbers', '✓')
    await screenshot('much-output')
    await ui.eventually('the step is on record', async () => newest().includes('"step-end"'))
    assert.ok(newest().includes('"output-omitted"') && newest().length < 1_500_000, `${newest().length} characters`)
    assert.ok(newest().includes('the last line'))
  })

  it('ask for what they want to know', async () => {
    const { page, screenshot } = baton
    await run('name=prompted')
    const input = ui.quickInput(page)
    await input.getByText(text('“{0}” asks', 'prompted')).first().waitFor()
    await screenshot('input')
    await ui.answerInput(page, 'world')
    await ui.waitForTerminal(page, 'hello world')
    await ui.waitForLens(page, 'name=prompted', '✓')
  })

  it('ask unseen for the password that a program wants, and keep it out of the record', async () => {
    const { page, screenshot } = baton
    await ui.openFile(page, 'askpass.md')
    await run('name=credential')
    await ui.quickInput(page).locator('input[type=password]').waitFor()
    await screenshot('askpass')
    await ui.answerInput(page, password)
    await ui.waitForTerminal(page, 'password=***')
    // Its only step is done: the run ends by itself.
    await ui.eventually('the run has ended', async () => newest().includes('"run-end"'))
    assert.ok(newest().includes('password=***') && !newest().includes(password))
  })

  it('run for each row of a table, and again for those that failed', async () => {
    const { page, folder, screenshot } = baton
    await ui.openFile(page, 'joining.md')
    const start = async (file: string) => {
      await runCommand(page, `${manifestText('category')}: ${manifestText('command.runBatch')}`)
      await ui.quickInput(page).locator('.monaco-list-row', { hasText: file }).click()
    }
    await start('wrong.csv')
    await ui.quickInput(page).getByText('Nagoya').or(ui.quickInput(page).getByText('Office')).first().waitFor()
    await screenshot('batch-problems')
    await page.keyboard.press('Enter')
    await page.locator('.tab.active', { hasText: 'wrong.csv' }).waitFor()

    await ui.openFile(page, 'joining.md')
    const before = recordsOf(folder).length
    await start('april.csv')
    await ui
      .quickInput(page)
      .locator('.monaco-list-row', { hasText: text('Run for {0} rows and go on after a failure', 3) })
      .click()
    const summary = await ui.webview(page, `h1:has-text("${text('Batch: {0}', 'Joining')}")`)
    await screenshot('batch')
    const records = recordsOf(folder).slice(before)
    assert.equal(records.length, 3)
    assert.ok(records.every((record, index) => record.includes(`"row":${index + 1},"rows":3`)))
    await summary
      .locator('a', { hasText: text('Open record') })
      .nth(1)
      .click()
    await ui.webview(page, 'h2:has-text("join")')
    await screenshot('batch-record')

    writeFileSync(join(folder, 'batch', 'allow-jiro'), '')
    await ui.openFile(page, 'joining.md')
    await runCommand(page, `${manifestText('category')}: ${manifestText('command.resumeBatch')}`)
    await ui
      .quickInput(page)
      .locator('.monaco-list-row', { hasText: text('Run for {0} rows and stop at a failure', 1) })
      .click()
    await ui.eventually('the one row ran again', async () => recordsOf(folder).length === before + 4)
    await ui.eventually('it succeeded', async () => newest().includes('jiro joins in Tokyo'))
  })
})
