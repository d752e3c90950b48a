import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { manifestText, text } from '../support/ui/texts.ts'

describe('running a runbook', () => {
  let baton: BatonWindow
  const runbook = () => join(baton.folder, 'daily', 'morning.md')

  before(async () => {
    baton = await openBaton({
      folders: [join(import.meta.dirname, 'workspace')],
      size: { width: 1400, height: 1000 },
    })
  })
  after(() => baton?.close())
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('shows folders, runbooks, procedures and steps as a tree', async () => {
    const { page } = baton
    await ui.openBatonViews(page)
    await ui.expand(ui.treeItem(page, /^daily/))
    const item = ui.treeItem(page, `Morning check, ${text('never run')}`)
    await ui.expand(item)
    await ui.expand(ui.treeItem(page, /^Disks/))
    await ui.treeItem(page, /^free-space/).waitFor()
    await ui.treeItem(page, new RegExp(`light of the tape drive.*${text('Manual step')}`)).waitFor()
    await page.getByText(manifestText('welcome.noRuns').split('\n')[0] ?? '').waitFor()
  })

  it('opens a step from the tree', async () => {
    await ui.treeItem(baton.page, /^free-space/).click()
    await baton.page.locator('.tab.active', { hasText: 'morning.md' }).waitFor()
    await ui.waitForLens(baton.page, 'name=free-space', text('$(play) Run step'))
  })

  it('runs a step from its lens, with its output in a terminal of the run', async () => {
    const { page } = baton
    await ui.clickLens(page, 'name=free-space', text('$(play) Run step'))
    await ui.waitForTerminal(page, 'free: 42 %')
    await ui.waitForLens(page, 'name=free-space', '✓')
    await ui.treeItem(page, new RegExp(`^free-space, .*${text('succeeded')}`)).waitFor()
  })

  it('hands variables on to the next step', async () => {
    const { page } = baton
    await ui.clickLens(page, 'name=carried', text('$(play) Run step'))
    await ui.waitForTerminal(page, 'kept: from the step before')
    await ui.waitForLens(page, 'name=carried', '✓')
  })

  it('asks for a manual step and takes the answer from its lens', async () => {
    const { page } = baton
    await ui.clickLens(page, 'Look at the light', text('$(play) Run step'))
    await ui.treeItem(page, new RegExp(`light of the tape drive.*${text('waiting for you')}`)).waitFor()
    await ui.clickLens(page, 'Look at the light', text('$(check) Done'))
    await ui.waitForLens(page, 'Look at the light', '✓')
  })

  it('goes the way that is chosen at a decision', async () => {
    const { page } = baton
    await ui.showLine(page, runbook(), 'All is well')
    await ui.clickLens(page, 'All is well', text('Run from here'))
    await ui.clickLens(page, 'All is well', 'All is well')
    await ui.waitForTerminal(page, 'goodbye')
    assert.equal((await ui.terminalText(page)).includes('calling'), false)
  })

  it('finishes the run and lists it', async () => {
    const { page, folder } = baton
    await ui.showLine(page, runbook(), '# Morning check')
    const lens = text('$(pass) Finish run')
    const open = page.locator('.editor-instance .codelens-decoration a', { hasText: lens })
    // It may end by itself at this moment.
    if (await open.count())
      await open
        .first()
        .click({ timeout: 3000 })
        .catch(() => undefined)
    const run = ui.treeItem(page, new RegExp(`^Morning check, ${text('succeeded')}`)).filter({ hasText: '佐藤 花子' })
    await run.waitFor()
    assert.equal(recordsOf(folder).length, 1)
    await run.click()
    const record = await ui.webview(page, 'h1:text("Morning check")')
    await record.locator('body', { hasText: 'free: 42 %' }).waitFor()
    await record.locator('body', { hasText: '佐藤 花子' }).waitFor()
  })
})
