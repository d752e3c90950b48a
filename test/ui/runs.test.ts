import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { RunDescription, RunEvent } from '../../src/execution/event.ts'
import { thisHost } from '../../src/machine/host.ts'
import { createRecordStore } from '../../src/machine/records/store.ts'
import { createRecorder } from '../../src/record/recorder.ts'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { manifestText, text } from '../support/ui/texts.ts'
import { runCommand } from '../support/vscode/workbench.ts'

const backup = '毎日のバックアップ'
const printer = 'プリンターの再起動'

interface Past {
  readonly title: string
  readonly who: string
  readonly daysAgo: number
  readonly hour: number
  readonly command: string
  readonly output: string
  readonly outcome?: 'succeeded' | 'failed'
  readonly note?: string
}

const past: readonly Past[] = [
  {
    title: backup,
    who: '佐藤 健',
    daysAgo: 2,
    hour: 9,
    command: 'rsync -a /srv/files nas:/backup',
    output: '12 files\n',
  },
  {
    title: printer,
    who: '鈴木 太郎',
    daysAgo: 2,
    hour: 10,
    command: 'lpadmin -p front -E',
    output: '',
    outcome: 'failed',
  },
  {
    title: backup,
    who: '佐藤 健',
    daysAgo: 1,
    hour: 9,
    command: 'rsync -a /srv/files nas:/backup',
    output: '12 files\n',
  },
  {
    title: backup,
    who: '鈴木 太郎',
    daysAgo: 1,
    hour: 10,
    command: 'rsync -a --delete /srv/files nas:/backup',
    output: '15 files\ndeleting old.txt\n',
    note: '削除の警告は正常です',
  },
]

async function recordPast(root: string): Promise<void> {
  const store = createRecordStore({ root })
  for (const [index, { title, who, daysAgo, hour, command, output, outcome = 'succeeded', note }] of past.entries()) {
    // Of two days whatever the hour: only the two latest are unfolded.
    const time = new Date().setHours(hour - daysAgo * 24, 0, 0, 0)
    const id = `past${index}`
    const created = await store.create({ id, operator: who, time })
    assert.ok(created.kind === 'created')
    const recorder = createRecorder(created.file, { parents: await store.tips() })
    const path = title === backup ? 'backup.md' : 'printer.md'
    const run: RunDescription = {
      id,
      runbook: { path, title, sha256: '' },
      operator: { name: who },
      host: thisHost(),
      parameters: {},
      secrets: [],
      origin: 'editor',
      version: '0',
    }
    const step = { id: 'step', kind: 'command', title: 'ファイルを写す', line: 3, shell: 'sh', text: command } as const
    const counts = { succeeded: 0, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0, [outcome]: 1 }
    const ended = { execution: 1, stepId: 'step', outcome, durationMs: 2100 + index * 700 }
    const events: readonly RunEvent[] = [
      { type: 'run-started', time, run },
      { type: 'step-started', time, execution: 1, step },
      ...(output === '' ? [] : [{ type: 'output', time, execution: 1, text: output } as const]),
      { type: 'step-ended', time: time + 2100, ...ended, ...(note && { note }) },
      { type: 'run-ended', time: time + 2200, outcome, counts },
    ]
    for (const event of events) assert.equal(await recorder.handle(event), undefined)
  }
}

describe('the history of runs', () => {
  let baton: BatonWindow
  before(async () => {
    baton = await openBaton({ folders: [join(import.meta.dirname, 'workspace')], size: { width: 1400, height: 1000 } })
    await ui.openBatonViews(baton.page)
    await recordPast(baton.folder)
  })
  after(() => baton?.close())
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  const run = (title: string, who = '') => ui.treeItem(baton.page, new RegExp(`^${title}, .*${who}`))
  const shows = (backups: number, printers: number) =>
    ui.eventually(`${backups} and ${printers} runs are shown`, async () => {
      return (await run(backup).count()) === backups && (await run(printer).count()) === printers
    })
  const command = (key: string) =>
    runCommand(baton.page, `${manifestText('category')}: ${manifestText(`command.runs.${key}`)}`)
  const choose = async (label: string) => {
    await ui.quickInput(baton.page).getByText(label, { exact: true }).first().waitFor()
    await ui.answerInput(baton.page, label)
  }
  const pane = () =>
    baton.page.locator('.pane', { has: baton.page.locator('.pane-header', { hasText: manifestText('view.runs') }) })

  it('is narrowed down, says to what, and is whole again with one button', async () => {
    const { page } = baton
    await shows(3, 1)
    await command('filter')
    await choose(text('Operator'))
    await choose('鈴木 太郎')
    // The next criterion is asked for at once.
    await ui.quickInput(page).getByText(text('Words in commands and notes'), { exact: true }).waitFor()
    await shows(1, 1)
    await baton.screenshot('runs-filter')
    await choose(text('Words in commands and notes'))
    await ui
      .quickInput(page)
      .getByText(text('Words in commands, notes, the name of the runbook or of the person'))
      .waitFor()
    await ui.answerInput(page, '警告 rsync')
    await shows(1, 0)
    await pane()
      .getByText(text('{0} of {1} records', 1, 4))
      .waitFor()
    await pane().getByText('鈴木 太郎 · “警告 rsync”').waitFor()
    await baton.screenshot('runs-filtered')
    await pane().hover()
    await pane()
      .getByRole('button', { name: manifestText('command.runs.showAll') })
      .click()
    await shows(3, 1)
  })

  it('stands together by runbook, and keeps doing so', async () => {
    const { page } = baton
    await command('group')
    await choose(text('By runbook'))
    const group = ui.treeItem(page, new RegExp(`^${printer} 1`))
    await group.waitFor()
    await ui.expand(group)
    await shows(3, 1)
    await baton.screenshot('runs-grouped')
  })

  it('compares a run with the one before it, step by step', async () => {
    const { page } = baton
    await ui.openMenu(run(backup, '鈴木 太郎'))
    await ui.chooseFromMenu(page, manifestText('command.runs.compareWithBefore'))
    const comparison = await ui.webview(page, `h1:text("${backup}")`)
    for (const part of [
      'rsync -a --delete /srv/files',
      'deleting old.txt',
      '佐藤 健',
      text('The text of this step has changed'),
    ]) {
      await comparison.locator('body', { hasText: part }).waitFor()
    }
    await baton.screenshot('runs-compared')
  })

  it('compares two runs that are selected', async () => {
    const { page } = baton
    const sato = run(backup, '佐藤 健')
    await sato.first().click()
    // The record that this opens takes the focus when it is there, and would close a menu.
    await ui.webview(page, `td strong:text("${text('Record')}")`)
    await sato.last().click({ modifiers: ['ControlOrMeta'] })
    const compare = manifestText('command.runs.compareSelected')
    await ui.eventually('the menu offers to compare', async () => {
      await ui.openMenu(sato.last())
      if ((await ui.menuEntries(page)).includes(compare)) return true
      await page.keyboard.press('Escape')
      return false
    })
    await ui.chooseFromMenu(page, compare)
    const comparison = await ui.webview(page, `p:has-text("${text('Same result: {0} of {1} steps', 1, 1)}")`)
    await comparison.locator('body', { hasText: text('Same result') }).waitFor()
  })
})
