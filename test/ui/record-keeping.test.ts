import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatBytes } from '../../src/wording/byte-sizes.ts'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { locale, manifestText, text } from '../support/ui/texts.ts'
import { runCommand } from '../support/vscode/workbench.ts'

describe('keeping records', () => {
  let baton: BatonWindow
  let settings: string
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', baton.folder, '-c', 'core.quotePath=false', ...args], { encoding: 'utf8' }).trim()

  before(async () => {
    baton = await openBaton({
      folders: [join(import.meta.dirname, 'workspace')],
      size: { width: 1400, height: 1000 },
      asksToCommit: true,
    })
    settings = join(baton.folder, 'baton.yaml')
  })
  after(() => baton?.close())
  afterEach(async function () {
    await baton?.keepTraces(this.currentTest)
    // A dialog that a failed test left would fail all others.
    await baton?.page.keyboard.press('Escape')
  })

  it('asks once when a run is over, and commits its record by itself', async () => {
    const { page } = baton
    await ui.openBatonViews(page)
    await ui.expand(ui.treeItem(page, /^daily/))
    await ui.expand(ui.treeItem(page, /^Morning check/))
    await ui.expand(ui.treeItem(page, /^Disks/))
    await ui.treeItem(page, /^free-space/).click()
    await runToTheEnd()
    await question().waitFor()
    await baton.screenshot('commit-record')
    await answer('Commit')
    await ui.eventually('the record is committed', async () => committed() === 1)
    assert.equal(git('log', '-1', '--format=%s'), 'Record: Morning check succeeded (佐藤 花子, 1/1)')
    assert.match(git('show', '--name-only', '--format='), /^\.baton\/runs\/\S+\.jsonl$/)
  })

  it('writes into baton.yaml that nobody is asked any more, changes nothing else there, and keeps to it', async () => {
    const written = (commit: string) =>
      `# みどり商事\nrecords:\n  commit: ${commit}   # 佐藤\n  keep:\n    size:  1 kB\n`
    writeFileSync(settings, written('ask'))
    await runToTheEnd()
    await answer('Always…')
    await dialog()
      .filter({ hasText: text('Commit every record of this repository when its run is over?') })
      .waitFor()
    await baton.screenshot('commit-always')
    await dialogButton('Write into baton.yaml').click()
    await ui.eventually('the record is committed', async () => committed() === 2)
    assert.equal(readFileSync(settings, 'utf8'), written('always'))
    await runToTheEnd()
    await ui.eventually('the next record is committed', async () => committed() === 3)
    writeFileSync(settings, written('ask'))
    await runToTheEnd()
    await answer('Never…')
    await dialog()
      .filter({ hasText: text('Never ask in this repository, and commit no record?') })
      .waitFor()
    await baton.screenshot('commit-never')
    await dialogButton('Write into baton.yaml').click()
    await ui.eventually('never is written', async () => readFileSync(settings, 'utf8') === written('never'))
    await runToTheEnd()
  })

  it('shows what pruning takes before anything goes, and afterwards everywhere that it is gone', async () => {
    const { page } = baton
    await command('command.pruneRecords')
    await page.locator('.quick-input-list .monaco-list-row', { hasText: text('What baton.yaml says') }).waitFor()
    await baton.screenshot('prune-choice')
    await page.keyboard.press('Enter')
    await dialog()
      .filter({ hasText: text('There is nothing to prune.') })
      .waitFor()
    await baton.screenshot('prune-nothing')
    await dialogButton('Include those that are not pushed').click()
    const size = formatBytes('free: 42 %\n'.length * 5, locale)
    await dialog()
      .filter({ hasText: text('Prune {0}?', text('{0} runs, {1} of output', 5, size)) })
      .waitFor()
    await baton.screenshot('prune-confirm')
    // Meanwhile nobody was asked about the last run, nor was it committed.
    assert.equal(await question().count(), 0)
    const others = git('status', '--short', '--untracked-files=all').split('\n')
    assert.deepEqual(
      others.map((line) => line.replace(/\d.*/, '')),
      ['?? .baton/runs/', '?? .baton/runs/', '?? baton.yaml'],
    )
    await dialogButton('Prune').click()
    const [told = ''] = text('Pruned and put on record: {0}. Git’s history still has what was committed.').split('{0}')
    await page.locator('.notification-toast', { hasText: told }).waitFor()
    await ui.treeItem(page, new RegExp(`^${text('Output of {0} runs pruned', 5)}`)).click()
    const act = await ui.webview(page, `h2:has-text("${text('Output that was pruned')}")`)
    assert.equal(await act.locator('li', { hasText: 'Morning check' }).count(), 5)
    await baton.screenshot('prune-act')
    const run = ui.treeItem(page, new RegExp(`^Morning check, ${text('succeeded')}, 佐藤`)).first()
    await run.click()
    const [gone = ''] = text('Output pruned on {0} by {1} ({2})').split('{0}')
    await ui.webview(page, `em:has-text("${gone}")`)
    await baton.screenshot('prune-record')
    await ui.openMenu(run)
    await ui.chooseFromMenu(page, manifestText('command.replayRun'))
    const replay = await ui.webview(page, '.ap-player')
    await replay.getByRole('button', { name: text('Play'), exact: true }).click()
    // Wide characters may have gaps between them.
    const dense = (words: string | null) => words?.replace(/\s/g, '') ?? ''
    const sentence = dense(text('What was printed here was taken out of the record later.'))
    await ui.eventually('the output is said to be gone', async () =>
      dense(await replay.locator('.ap-player').textContent()).includes(sentence),
    )
    await baton.screenshot('prune-replay')
  })

  it('says at the next start, and only then, which run was cut off', async () => {
    const { page, folder } = baton
    await runCommand(page, 'View: Close All Editors')
    await ui.openFile(page, 'trouble.md')
    // Until all lenses are drawn, the one above it may be that of another step.
    const lenses = page.locator('.editor-instance .codelens-decoration')
    await ui.eventually('a lens for each step', async () => (await lenses.count()) >= 3)
    await ui.clickLens(page, 'name=endless', text('$(play) Run step'))
    await ui.waitForTerminal(page, 'begun')
    const record = () => recordsOf(folder).find((lines) => lines.includes('trouble.md')) ?? ''
    // The extension host, with no chance to say goodbye.
    process.kill(JSON.parse(record().split('\n', 1)[0] ?? '').host.pid, 'SIGKILL')
    await page.reload()
    const [start = '', end = ''] = text('Cut off before the end, and kept as abandoned: {0}.').split('{0}')
    const toast = page.locator('.notification-toast', { hasText: `${start}Trouble (` })
    await toast.filter({ hasText: end }).waitFor()
    assert.match(record(), /"type":"run-abandoned".*\n$/)
    await baton.screenshot('cut-off')
    await toast.locator('.monaco-button', { hasText: text('Open record') }).click()
    await ui.webview(page, `strong:has-text("${text('abandoned')}")`)
    await baton.screenshot('cut-off-record')
    await page.reload()
    await ui.treeItem(page, new RegExp(`^Trouble, ${text('abandoned')}`)).waitFor()
    await ui.treeItem(page, /^trouble/).waitFor()
    assert.equal(await toast.count(), 0)
  })

  const question = () =>
    baton.page.locator('.notification-toast', { hasText: text('Commit the record of “{0}”?', 'Morning check') })
  const dialog = () => baton.page.locator('.monaco-dialog-box')
  const dialogButton = (label: string) =>
    dialog()
      .locator('.monaco-button', { hasText: new RegExp(`^${text(label)}$`) })
      .first()
  const committed = () => git('log', '--format=%s').match(/^Record: /gm)?.length ?? 0

  async function answer(label: string): Promise<void> {
    await question()
      .locator('.monaco-button', { hasText: text(label) })
      .first()
      .click()
    await question().waitFor({ state: 'detached' })
  }

  /** Runs the step, and ends the run: its record is closed. */
  async function runToTheEnd(): Promise<void> {
    const { page, folder } = baton
    const closed = () => recordsOf(folder).filter((record) => record.includes('"run-end"')).length
    const before = closed()
    await ui.clickLens(page, 'name=free-space', text('$(play) Run step'))
    await ui.eventually('the step has ended', async () =>
      recordsOf(folder).some((record) => record.includes('"step-end"') && !record.includes('"run-end"')),
    )
    await command('command.finish')
    await ui.eventually('the record is closed', async () => closed() === before + 1)
  }

  function command(key: string): Promise<void> {
    return runCommand(baton.page, `${manifestText('category')}: ${manifestText(key)}`)
  }
})
