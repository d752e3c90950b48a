import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { text } from '../support/ui/texts.ts'

const folders = [join(import.meta.dirname, 'commands')]
const size = { width: 1400, height: 1000 }

describe('a secret that a command prints', () => {
  let baton: BatonWindow
  afterEach(async function () {
    await baton?.keepTraces(this.currentTest)
  })
  after(() => baton?.close())
  const ran = () => {
    const file = join(baton.folder, 'ran')
    return existsSync(file) ? readFileSync(file, 'utf8').length / 2 : 0
  }

  it('is not run for in a folder that is not trusted, whatever is looked at', async () => {
    baton = await openBaton({ folders, size, trust: 'restricted' })
    try {
      const { page, folder } = baton
      await ui.openFile(page, 'accounts.md')
      await ui.waitForLens(page, '# Accounts', text('$(shield) Not trusted: read only'))
      await page.locator('.view-line', { hasText: 'DB_PASSWORD' }).first().hover()
      await ui.openBatonViews(page)
      await ui
        .treeItem(page, /^Accounts/)
        .first()
        .hover()
      await page.getByText('Accounting database').first().hover()
      await page.waitForTimeout(1000)
      assert.deepEqual([ran(), recordsOf(folder)], [0, []])
    } finally {
      await baton.close()
    }
  })

  it('is shown before it runs, with the step that needs it', async () => {
    baton = await openBaton({ folders, size, unapproved: true })
    const { page, folder, screenshot } = baton
    await ui.openFile(page, 'accounts.md')
    // Whatever is only looked at runs nothing.
    await ui.openBatonViews(page)
    await ui.clickLens(page, 'name=connect', text('$(play) Run step'))
    await ui.waitForTerminal(page, text('command that prints {0}', 'DB_PASSWORD'))
    await ui.waitForTerminal(page, 'echo x >> ran; cat value')
    await screenshot('secret-command')
    assert.equal(ran(), 0)
    await ui.clickLens(page, 'name=connect', text('$(check) Approve all {0} and run', 2))
    await ui.waitForTerminal(page, 'signed in with ***')
    await ui.waitForLens(page, 'name=connect', '✓')
    assert.equal(ran(), 1)
    const [record = ''] = recordsOf(folder)
    assert.ok(
      record.includes('"secretCommands":{"DB_PASSWORD":{"command":"echo x >> ran; cat value","approval":"now"}}'),
    )
    assert.ok(!record.includes('correct horse'))
  })
})

describe('a secret that a step captures', () => {
  let baton: BatonWindow
  before(async () => {
    baton = await openBaton({ folders, size })
    await ui.openFile(baton.page, 'accounts.md')
  })
  after(() => baton?.close())
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('is asked for, unseen, where the run has not captured it; without it nothing runs', async () => {
    const { page, folder, screenshot } = baton
    await ui.clickLens(page, 'name=use', text('$(play) Run step'))
    const question = text(
      '“{0}” needs {1}, which the step “{2}” gives and which is kept nowhere. Type it, or stop and run that step first.',
      'use',
      'TOKEN',
      'fetch',
    )
    await ui.quickInput(page).getByText(question).first().waitFor()
    await screenshot('captured-secret-asked')
    await page.keyboard.press('Escape')
    const sentence = text(
      'This needs {0}, which the step “{1}” gives and which is kept nowhere. Run that step first, in the same run.',
      'TOKEN',
      'fetch',
    )
    await page.locator('.notification-toast', { hasText: sentence }).first().waitFor()
    await screenshot('captured-secret-missing')
    assert.deepEqual(recordsOf(folder), [])
  })

  it('is masked in its own step and in the ones that get it', async () => {
    const { page, folder, screenshot } = baton
    await page.getByRole('button', { name: text('Run “{0}”', 'fetch') }).click()
    await ui.waitForLens(page, 'name=fetch', '✓')
    await ui.clickLens(page, 'name=use', text('$(play) Run step'))
    await ui.waitForTerminal(page, 'sent with ***')
    await screenshot('captured-secret')
    const shown = await ui.terminalText(page)
    assert.ok(shown.includes('careful') && !shown.includes('tok-4711'))
    assert.ok(!recordsOf(folder).join('').includes('tok-4711'))
  })
})
