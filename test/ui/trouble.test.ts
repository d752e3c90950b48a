import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseRunbook } from '../../src/runbook/parse.ts'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { manifestText, text } from '../support/ui/texts.ts'
import { runCommand } from '../support/vscode/workbench.ts'

const workspace = join(import.meta.dirname, 'workspace')
const size = { width: 1400, height: 1000 }

async function push(folder: string, remote: string): Promise<void> {
  const git = (...args: readonly string[]) => execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' })
  git('init', '--bare', remote)
  git('remote', 'add', 'origin', remote)
  // VS Code asks git for its own purposes at the same time, and may hold its lock.
  await ui.eventually('a commit', async () => {
    git('add', '.')
    git('-c', 'user.name=Sato', '-c', 'user.email=sato@example.com', 'commit', '-m', 'Records')
    return true
  })
  git('push', 'origin', 'HEAD')
}

describe('when something is wrong', () => {
  let baton: BatonWindow
  before(async () => {
    baton = await openBaton({ folders: [workspace], size, unprotected: true })
    await ui.openFile(baton.page, 'trouble.md')
  })
  after(() => baton?.close())
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('ends a step at its first failing command and says so above it', async () => {
    const { page } = baton
    await ui.clickLens(page, 'name=breaks', text('$(play) Run step'))
    await ui.waitForTerminal(page, 'before')
    await ui.waitForLens(page, 'name=breaks', text('$(error) Failed: exit code {0}', 2))
    await ui.waitForLens(page, 'name=breaks', text('Run again'))
    assert.equal((await ui.terminalText(page)).includes('never'), false)
  })

  it('has its lenses, too, when one goes elsewhere while a file opens', async () => {
    const { page } = baton
    // Each time before VS Code asks for the lenses of what has the cursor.
    const away = page.evaluate(() => {
      const timer = setInterval(() => {
        const { activeElement } = document
        if (activeElement instanceof HTMLElement && activeElement.closest('.editor-instance')) activeElement.blur()
      }, 5)
      setTimeout(() => clearInterval(timer), 3000)
      return new Promise<void>((done) => setTimeout(done, 3000))
    })
    await ui.openFile(page, 'morning.md')
    await away
    await ui.waitForLens(page, 'name=free-space', text('$(play) Run step'))
    await ui.openFile(page, 'trouble.md')
  })

  it('stops a step from its lens, with everything that it started', async () => {
    const { page } = baton
    await ui.clickLens(page, 'name=endless', text('$(play) Run step'))
    await ui.waitForTerminal(page, 'begun')
    await ui.clickLens(page, 'name=endless', text('$(debug-stop) Stop'))
    await ui.waitForLens(page, 'name=endless', text('cancelled'))
    const processes = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    assert.equal(/^sleep 600$/m.test(processes), false)
  })

  it('stops a step from the command palette', async () => {
    const { page } = baton
    await ui.clickLens(page, 'name=endless', text('$(play) Run step'))
    await ui.waitForLens(page, 'name=endless', text('$(loading~spin) Running {0}', '').trim())
    await runCommand(page, `${manifestText('category')}: ${manifestText('command.cancel')}`)
    await ui.waitForLens(page, 'name=endless', text('cancelled'))
    await runCommand(page, `${manifestText('category')}: ${manifestText('command.finish')}`)
  })

  it('runs what is on the screen, saved or not', async () => {
    const { page } = baton
    await ui.showLine(page, join(baton.folder, 'trouble', 'trouble.md'), 'echo begun')
    await page.keyboard.press('End')
    await page.keyboard.type(' unsaved; exit 0')
    // A lens that was drawn for the old text would refuse.
    await ui.waitForLens(page, 'name=endless', text('△ changed'))
    await ui.clickLens(page, 'name=endless', text('$(play) Run step'))
    await ui.clickLens(page, 'name=endless', text('$(check) Approve and run'))
    await ui.waitForTerminal(page, 'begun unsaved')
  })

  it('tells a record that was changed', async () => {
    const { page, folder } = baton
    await runCommand(page, `${manifestText('category')}: ${manifestText('command.finish')}`).catch(() => undefined)
    await ui.eventually('the run has ended', async () => recordsOf(folder)[0]?.includes('"run-end"') ?? false)
    const [file = ''] = execFileSync('find', [join(folder, '.baton', 'runs'), '-name', '*.jsonl'], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .sort()
    // The first record of a repo: git is to be kept from changing it.
    const attributes = join(folder, '.gitattributes')
    assert.equal(existsSync(attributes), false)
    await baton.screenshot('attributes-offered')
    await page.getByRole('button', { name: text('Add the line') }).click()
    await ui.eventually(
      'the line is there',
      async () => existsSync(attributes) && readFileSync(attributes, 'utf8') !== '',
    )
    const record = recordsOf(folder)[0] ?? ''
    writeFileSync(file, record.replace('before', 'after!'))
    await runCommand(page, `${manifestText('category')}: ${manifestText('command.verifyRecords')}`)
    const sentence = text('This record was changed: line {0} ({1}).').split('{0}')[0] ?? ''
    await page.locator('body', { hasText: sentence.trim() }).waitFor()
    await ui.openBatonViews(page)
    await page
      .locator('.pane', { has: page.locator('[class*="itemBadge"]') })
      .first()
      .waitFor()
    await baton.screenshot('record-changed')
    // The record's page says it too.
    await page
      .locator('.custom-view-tree-node-item', { has: page.locator('[class*="itemBadge"]') })
      .first()
      .click()
    const says = async (words: string) => {
      const pages = await Promise.all(page.frames().map((frame) => frame.content().catch(() => '')))
      return pages.some((html) => html.includes(words))
    }
    await ui.eventually('the page', () => says(text('not anchored')))
    await baton.screenshot('record-changed-page')
    // Once it is pushed it is anchored, and who comes back to the page sees that.
    await push(folder, join(baton.server.dir, 'remote.git'))
    await ui.eventually('the page says so', async () => {
      await runCommand(page, 'View: Open Previous Editor in Group')
      await runCommand(page, 'View: Open Next Editor in Group')
      await page.waitForTimeout(1000)
      return says(text('in a pushed commit'))
    })
  })
})

describe('a folder that is not trusted', () => {
  let baton: BatonWindow
  before(async () => {
    baton = await openBaton({ folders: [workspace], trust: 'restricted', size })
  })
  after(() => baton?.close())
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('can be read and does not run', async () => {
    const { page, folder } = baton
    await ui.openBatonViews(page)
    await ui.expand(ui.treeItem(page, /^trouble/))
    await ui.expand(ui.treeItem(page, new RegExp(`^Trouble, ${text('never run')}`)))
    await ui.treeItem(page, /^breaks/).click()
    await page.locator('.codelens-decoration', { hasText: text('$(shield) Not trusted: read only') }).waitFor()
    assert.equal(await page.locator('.codelens-decoration', { hasText: text('$(play) Run step') }).count(), 0)
    await page.keyboard.press('Control+Alt+Enter')
    await new Promise((next) => setTimeout(next, 1000))
    assert.deepEqual(recordsOf(folder), [])
  })

  it('shows a recorded run beside its runbook from start to end, and writes nothing', async () => {
    const { page, folder } = baton
    const env = { ...process.env, GIT_AUTHOR_NAME: '田中 誠', GIT_AUTHOR_EMAIL: 'm.tanaka@midori.example' }
    const before = recordsOf(folder).length
    // It fails at its first step, as it should.
    const args = [resolve('dist/cli.cjs'), 'run', 'trouble/trouble.md', '--yes']
    const run = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' })
    const made = recordsOf(folder)
    assert.equal(made.length, before + 1, run.stderr)
    // What was read of it while it ran has another menu.
    await ui.openMenu(ui.treeItem(page, new RegExp(`^Trouble, ${text('failed')}, 田中 誠`)).first())
    await ui.chooseFromMenu(page, manifestText('command.followRun'))
    const guide = await ui.webview(page, '.followed')
    const next = guide.getByRole('button', { name: text('Next') }).last()
    // The panel is drawn anew while it fills: a click on what was just replaced is none.
    await ui.eventually('the step that failed', async () => {
      if ((await guide.locator('.followed .verdict.bad').count()) > 0) return true
      await next.click({ timeout: 3000 })
      await guide.locator('.followed .verdict.bad').waitFor({ timeout: 3000 })
      return true
    })
    assert.equal(await guide.getByRole('button', { name: text('Run') }).count(), 0)
    const end = guide.locator('.followed-end')
    await ui.eventually('the end', async () => {
      if ((await end.count()) > 0) return true
      await next.click({ timeout: 3000 })
      return false
    })
    const sentence =
      'This folder is not trusted: nothing runs, and nothing is put on record. You can look at everything.'
    await end.filter({ hasText: text(sentence) }).waitFor()
    assert.equal(await guide.getByRole('button', { name: text('Only watched') }).count(), 0)
    await baton.screenshot('follow-untrusted')
    assert.deepEqual(recordsOf(folder), made)
  })
})

describe('an empty folder', () => {
  let baton: BatonWindow
  before(async () => {
    baton = await openBaton({ size })
  })
  after(() => baton?.close())
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('says what a runbook is and offers the sample', async () => {
    const { page } = baton
    await ui.openBatonViews(page)
    const [sentence = ''] = manifestText('welcome.noRunbooks').split(/`|\n/)
    await page.locator('.welcome-view', { hasText: sentence }).waitFor()
    const [, label = ''] = /\[([^\]]+)\]\(command:baton\.openSample\)/.exec(manifestText('welcome.noRunbooks')) ?? []
    await page.getByRole('button', { name: label }).first().waitFor()
    await baton.screenshot('welcome')
  })

  it('leads to a first runbook, which can be run at once', async () => {
    const { page, folder } = baton
    const [, label = ''] = /\[([^\]]+)\]\(command:baton\.newRunbook\)/.exec(manifestText('welcome.noRunbooks')) ?? []
    await page.getByRole('button', { name: label }).first().click()
    await ui.quickInput(page).getByText(text('What is it for? The file gets this name.')).waitFor()
    const title = '入社時: アカウント/作成'
    await ui.answerInput(page, title)
    await page.locator('.tab.active', { hasText: '入社時 アカウント 作成.md' }).waitFor()
    await ui.waitForLens(page, `# ${title}`, text('$(play) Run runbook').replace(/^\$\([a-z]+\) /, ''))
    const runbook = parseRunbook(readFileSync(join(folder, '入社時 アカウント 作成.md'), 'utf8'))
    assert.deepEqual(runbook.problems, [])
    assert.equal(runbook.title, title)
    assert.deepEqual(
      runbook.steps.map(({ kind }) => kind),
      ['command', 'manual'],
    )
    await page.keyboard.type('x')
    await page.locator('.view-line', { hasText: /^x$/ }).waitFor()
    await ui.treeItem(page, new RegExp(`^${title}`)).waitFor()
    await baton.screenshot('new-runbook')
  })
})

describe('several folders', () => {
  let baton: BatonWindow
  before(async () => {
    baton = await openBaton({ folders: [join(workspace, 'daily'), join(workspace, 'people')], git: false, size })
  })
  after(() => baton?.close())
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('shows the runbooks of each', async () => {
    const { page } = baton
    await ui.openBatonViews(page)
    await ui.expand(ui.treeItem(page, /^daily/))
    await ui.treeItem(page, /^Morning check/).waitFor()
    await ui.expand(ui.treeItem(page, /^people/))
    await ui.treeItem(page, /^New colleague/).waitFor()
  })
})
