import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { manifestText, text } from '../support/ui/texts.ts'

const entry = (name: string) => (name === '—' ? '—' : manifestText(`command.${name}`))

describe('the context menus', () => {
  let baton: BatonWindow
  before(async () => {
    baton = await openBaton({ folders: [join(import.meta.dirname, 'menus')], size: { width: 1400, height: 1000 } })
    await ui.openBatonViews(baton.page)
  })
  after(() => baton?.close())
  afterEach(async function () {
    await baton?.keepTraces(this.currentTest)
    await baton?.page.keyboard.press('Escape')
  })
  const item = (name: string) => ui.treeItem(baton.page, new RegExp(`^${name}, `)).first()
  const procedure = (name: string) => ui.treeItem(baton.page, new RegExp(`^${name}\\s`))
  const run = (outcome: string) => ui.treeItem(baton.page, new RegExp(`^Servers, ${text(outcome)}, 佐藤`)).first()
  const giveValues = async () => {
    const { page } = baton
    const input = ui.quickInput(page).locator('input')
    await ui.eventually('the host is asked for', async () => (await input.inputValue()) === 'files')
    await page.keyboard.press('Enter')
    await ui.runWithValues(page)
  }
  const newest = () => recordsOf(baton.folder).at(-1) ?? ''

  /** The entries of the menu of an item are exactly these. */
  const offers = async (what: Locator, names: readonly string[]) => {
    const { page } = baton
    await ui.eventually(`the menu offers ${names.join(', ')}`, async () => {
      await ui.openMenu(what)
      const entries = await ui.menuEntries(page)
      await page.keyboard.press('Escape')
      assert.deepEqual(entries, names.map(entry))
      return true
    })
  }
  const choose = async (what: Locator, name: string) => {
    // A menu is that of the moment at which it was opened: a step that starts just then is in the next one.
    await ui.eventually(`the menu offers ${name}`, async () => {
      await ui.openMenu(what)
      if ((await ui.menuEntries(baton.page)).includes(entry(name))) return true
      await baton.page.keyboard.press('Escape')
      return false
    })
    await ui.chooseFromMenu(baton.page, entry(name))
  }

  it('offer on a runbook, a procedure and a step what can be done with it', async () => {
    const { page, screenshot } = baton
    await offers(item('Servers'), [
      ...[
        'runRunbook',
        'runBatch',
        '—',
        'openGuide',
        'dryRun',
        'followRun',
        '—',
        'openStep',
        'openBeside',
        '—',
        'showHistory',
      ],
    ])
    await ui.openMenu(item('Servers'))
    await screenshot('menu-runbook')
    await page.keyboard.press('Escape')
    await ui.expand(item('Servers'))
    await offers(procedure('Restart'), [
      ...['runProcedure', 'runFromHere', '—', 'openGuide', 'dryRun', '—', 'openStep', 'openBeside'],
    ])
    await ui.expand(procedure('Restart'))
    await offers(item('stop'), ['runStep', 'runFromHere', '—', 'openGuide', 'dryRun', '—', 'openStep', 'openBeside'])
    await ui.openMenu(item('stop'))
    await screenshot('menu-step')
  })

  it('open from the keyboard', async () => {
    const { page } = baton
    await item('stop').click()
    for (const key of ['Shift+F10', 'ContextMenu'] as const) {
      await item('stop').focus()
      await ui.openMenu(item('stop'), key)
      assert.equal((await ui.menuEntries(page))[0], entry('runStep'), key)
      await page.keyboard.press('Escape')
    }
    await ui.openMenu(item('stop'), 'Shift+F10')
    await ui.chooseByKey(page, entry('dryRun'))
    await giveValues()
    await ui.webview(page, `h1:has-text("${text('Dry run: {0}', 'Servers')}")`)
  })

  it('open what they are called for', async () => {
    const { page } = baton
    await choose(item('stop'), 'openStep')
    await page.locator('.tab.active', { hasText: 'servers.md' }).waitFor()
    await page.keyboard.press('Control+W')
    await choose(item('Servers'), 'dryRun')
    await giveValues()
    await ui.webview(page, `h1:has-text("${text('Dry run: {0}', 'Servers')}")`)
    await choose(item('Servers'), 'openBeside')
    await ui.eventually('a second group', async () => (await page.locator('.editor-group-container').count()) === 2)
    await page.locator('.tab.active', { hasText: 'servers.md' }).first().waitFor()
    await page.keyboard.press('Control+W')
    await ui.eventually('one group', async () => (await page.locator('.editor-group-container').count()) === 1)
  })

  it('offer nothing that cannot be done while a step runs, and how to stop it', async () => {
    const { page, screenshot } = baton
    await choose(procedure('Restart'), 'runProcedure')
    await giveValues()
    await ui.waitForTerminal(page, 'waiting')
    const active = ['showTerminal', 'cancel']
    const open = ['openStep', 'openBeside']
    await offers(item('Servers'), [
      'openGuide',
      'dryRun',
      'followRun',
      '—',
      ...active,
      'finish',
      '—',
      ...open,
      '—',
      'showHistory',
    ])
    await offers(item('wait'), ['openGuide', 'dryRun', '—', ...active, '—', ...open])
    await offers(item('start'), ['openGuide', 'dryRun', '—', 'showTerminal', '—', ...open])
    await offers(procedure('Restart'), ['openGuide', 'dryRun', '—', ...['cancel'], '—', ...open])
    const running = ui.treeItem(page, new RegExp(`^Servers, ${text('running')}, 佐藤`))
    await offers(running, [
      ...['openRecord', 'runs.openRunbook', 'showHistory', '—', 'showTerminal', 'cancel', 'finish'],
      ...['—', 'runs.revealFile', 'verifyRecords'],
    ])
    await ui.openMenu(running)
    await screenshot('menu-running')
    await page.keyboard.press('Escape')
    await choose(running, 'cancel')
    await ui.waitForTerminal(page, text('cancelled'))
    await choose(item('Servers'), 'finish')
    await ui.eventually('the run has ended', async () => newest().includes('"run-end"'))
  })

  it('go on with a run that stopped, from the runbook and from the record', async () => {
    const { page, screenshot } = baton
    await offers(item('Servers'), [
      ...[
        'runRunbook',
        'runBatch',
        'resumeRun',
        '—',
        'openGuide',
        'dryRun',
        'followRun',
        '—',
        'openStep',
        'openBeside',
        '—',
        'openLastRecord',
      ],
      ...['replayLastRun', 'showHistory'],
    ])
    await offers(run('cancelled'), [
      ...['openRecord', 'replayRun', 'runs.openRunbook', 'followRun', 'showHistory', 'runs.compareWithBefore', '—'],
      ...['resumeRun', '—', 'noteRun', '—', 'runs.revealFile', 'verifyRecords'],
    ])
    await ui.openMenu(run('cancelled'))
    await screenshot('menu-record')
    await page.keyboard.press('Escape')
    for (const what of [item('Servers'), run('cancelled')]) {
      const before = newest()
      await choose(what, 'resumeRun')
      await ui.eventually('a run that goes on', async () => newest() !== before && newest().includes('"resumes"'))
      await ui.waitForTerminal(page, 'waiting')
      await choose(item('wait'), 'cancel')
      await ui.eventually('it is cancelled', async () => newest().includes('"outcome":"cancelled"'))
      await choose(item('Servers'), 'finish')
      await ui.eventually('the run has ended', async () => newest().includes('"run-end"'))
    }
  })

  it('show the record of a step, the runs of a runbook, and the file of a record', async () => {
    const { page } = baton
    await choose(item('stop'), 'openLastRecord')
    await ui.webview(page, 'h2:has-text("stop")')
    await choose(item('Servers'), 'openLastRecord')
    await ui.webview(page, 'h2:has-text("wait")')
    await choose(run('cancelled'), 'showHistory')
    await page.locator('.pane-header', { hasText: 'servers.md' }).waitFor()
    await choose(run('cancelled'), 'runs.openRunbook')
    await page.locator('.tab.active', { hasText: 'servers.md' }).waitFor()
    // The page of the record is still that of the record.
    await page
      .locator('.tab', { hasText: /^Servers / })
      .last()
      .click()
    await ui.webview(page, 'h2:has-text("wait")')
    await choose(run('cancelled'), 'verifyRecords')
    await page
      .locator('.notification-toast', { hasText: text('✓ The chain of its {0} lines is whole', '').slice(-8) })
      .waitFor()
    await choose(run('cancelled'), 'runs.revealFile')
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: '.jsonl' }).first().waitFor()
    await ui.openBatonViews(page)
  })

  it('stop a step that runs in the background, and it alone', async () => {
    const { page, folder, screenshot } = baton
    await ui.expand(procedure('Watch'))
    await choose(item('watch'), 'runStep')
    await giveValues()
    await ui.waitForTerminal(page, 'watch │ watching')
    await offers(item('watch'), [
      ...['openGuide', 'dryRun', '—', 'showTerminal', 'stopBackground', '—', 'openStep', 'openBeside'],
    ])
    await choose(item('stop'), 'runStep')
    await ui.waitForTerminal(page, 'stopping')
    await ui.openMenu(item('watch'))
    await screenshot('menu-background')
    await ui.chooseFromMenu(page, entry('stopBackground'))
    await ui.waitForTerminal(page, `watch · ■ ${text('cancelled')}`)
    const pid = readFileSync(join(folder, 'watcher'), 'utf8').trim()
    assert.match(readStat(pid), /^$|\) Z /)
    await choose(item('Servers'), 'finish')
    await ui.eventually('the run has ended', async () => newest().includes('"run-end"'))
    assert.match(newest(), /"type":"step-end","id":"watch".*"outcome":"cancelled"/)
  })
})

function readStat(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return ''
  }
}
