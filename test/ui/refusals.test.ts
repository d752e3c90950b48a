import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Keyring, startKeyring, whyNoKeyring } from '../support/keyring.ts'
import { needs } from '../support/needs.ts'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { manifestText, text } from '../support/ui/texts.ts'
import { runCommand } from '../support/vscode/workbench.ts'

const workspace = join(import.meta.dirname, 'workspace')
const size = { width: 1400, height: 1000 }

/** The error that stands in a notification; it is closed afterwards. */
async function refusal({ page }: BatonWindow, sentence: string): Promise<void> {
  const toast = page.locator('.notification-toast', { hasText: sentence })
  await toast.first().waitFor()
  await runCommand(page, 'Notifications: Clear All Notifications')
}

describe('what is refused', () => {
  let baton: BatonWindow
  before(async () => {
    baton = await openBaton({ folders: [workspace], size, git: false })
    await ui.openFile(baton.page, 'refused.md')
  })
  after(() => baton?.close())
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })
  const runOf = async (name: string) => {
    await ui.clickLens(baton.page, `name=${name}`, text('$(play) Run step'))
  }

  it('is a shell that nobody knows', async () => {
    await runOf('unknown-shell')
    await refusal(baton, 'cobol-shell')
  })

  it('is a shell that is not here', async () => {
    await runOf('not-here')
    await refusal(baton, 'cmd')
  })

  it('is a step whose attribute cannot be understood', async () => {
    await runOf('unclear')
    await refusal(baton, text('Line {0} of this runbook has an error, so nothing ran. Mend it and run again.', 11))
  })

  it('is a run whose record cannot be written, and it goes on once it can', async () => {
    const inTheWay = join(baton.folder, '.baton')
    writeFileSync(inTheWay, 'a file where the folder should be')
    await runOf('plain')
    await refusal(baton, text('a file is where a folder should be'))
    assert.deepEqual(recordsOf(baton.folder), [])
    rmSync(inTheWay)
    await runOf('plain')
    await ui.waitForLens(baton.page, 'name=plain', '✓')
  })

  it('is nothing outside of a git repo: the run says that its record is not versioned', async () => {
    const sentence = 'This folder is not in a git repository: the record is kept here, but nothing versions it.'
    await ui.waitForTerminal(baton.page, text(sentence).slice(0, 20))
    await runCommand(baton.page, `${manifestText('category')}: ${manifestText('command.finish')}`)
    await ui.eventually('one record', async () => recordsOf(baton.folder)[0]?.includes('"run-end"') ?? false)
  })
})

describe('a keychain that is locked', () => {
  let keyring: Keyring
  let baton: BatonWindow
  before(async function () {
    needs(this, await whyNoKeyring())
    keyring = await startKeyring('locked')
    baton = await openBaton({ folders: [workspace], env: keyring.env, size })
    await ui.openFile(baton.page, 'colleague.md')
  })
  after(async () => {
    await baton?.close()
    await keyring?.stop()
  })
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('is said in one sentence with the way to try again, and nothing runs', async () => {
    const { page, folder } = baton
    await ui.clickLens(page, 'name=create-account', text('$(play) Run step'))
    await ui.quickInput(page).getByText('New colleague').first().waitFor()
    await ui.answerInput(page, 'hanako')
    await ui.quickInput(page).locator('.monaco-list-row', { hasText: 'Office' }).click()
    await ui.runWithValues(page)
    const toast = page.locator('.notification-toast', {
      hasText: text('The keychain is locked. Unlock it and run again.'),
    })
    await toast.waitFor()
    await toast.getByRole('button', { name: text('Try again') }).waitFor()
    assert.deepEqual(recordsOf(folder), [])
  })
})

describe('a computer without a keychain', () => {
  let baton: BatonWindow
  before(async () => {
    baton = await openBaton({ folders: [workspace], env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' }, size })
    await ui.openFile(baton.page, 'colleague.md')
  })
  after(() => baton?.close())
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('keeps secrets in VS Code, and says so', async () => {
    const { page } = baton
    await ui.clickLens(page, 'name=create-account', text('$(play) Run step'))
    await ui.quickInput(page).getByText('New colleague').first().waitFor()
    await ui.answerInput(page, 'hanako')
    await ui.quickInput(page).locator('.monaco-list-row', { hasText: 'Office' }).click()
    await ui.runWithValues(page)
    await ui.quickInput(page).getByText(text('VS Code (this computer has no keychain)')).first().waitFor()
    await ui.answerInput(page, 'correct horse battery')
    await ui.waitForTerminal(page, 'creating hanako in Office')
  })
})

describe('a run in progress', () => {
  let baton: BatonWindow
  before(async () => {
    baton = await openBaton({ folders: [workspace], size })
    await ui.openFile(baton.page, 'trouble.md')
  })
  after(() => baton?.close())
  afterEach(async function () {
    await baton?.keepTraces(this.currentTest)
  })
  const begin = async () => {
    await ui.clickLens(baton.page, 'name=endless', text('$(play) Run step'))
    await ui.waitForLens(baton.page, 'name=endless', text('$(debug-stop) Stop'))
  }

  it('is stopped from its terminal', async () => {
    await begin()
    await baton.page.locator('.terminal-wrapper.active .xterm').click()
    await baton.page.keyboard.press('Control+C')
    await ui.waitForLens(baton.page, 'name=endless', text('cancelled'))
  })

  it('is stopped from the status bar', async () => {
    await begin()
    await baton.page.locator('.statusbar-item', { hasText: '0/1' }).locator('a').first().click()
    await ui
      .quickInput(baton.page)
      .locator('.monaco-list-row', { hasText: text('Stop this step') })
      .click()
    await ui.waitForLens(baton.page, 'name=endless', text('cancelled'))
  })

  it('is stopped from the tree', async () => {
    await begin()
    await ui.openBatonViews(baton.page)
    await ui.expand(ui.treeItem(baton.page, /^trouble/))
    const tree = baton.page.getByRole('tree', { name: manifestText('view.runbooks') })
    const runbook = tree.getByRole('treeitem', { name: /^Trouble, / })
    await runbook.getByText('0/1').waitFor()
    await runbook.hover()
    await runbook.locator('.codicon-debug-stop').click()
    await ui.waitForLens(baton.page, 'name=endless', text('cancelled'))
  })

  it('shows in a second window of the same repo once it is over', async () => {
    const { page, folder } = baton
    await runCommand(page, `${manifestText('category')}: ${manifestText('command.finish')}`)
    await ui.eventually('the run has ended', async () => recordsOf(folder)[0]?.includes('"run-end"') ?? false)
    const second = await page.context().newPage()
    try {
      await second.goto(baton.server.url())
      await second.locator('.monaco-workbench').waitFor()
      await ui.openBatonViews(second)
      await second.locator('.monaco-list-row', { hasText: '佐藤 花子' }).first().waitFor()
    } finally {
      await second.close()
    }
  })
})
