import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Frame } from 'playwright-core'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { manifestText, text } from '../support/ui/texts.ts'

const title = '在庫サーバーの更新'

describe('a run that is played back', () => {
  let baton: BatonWindow
  let replay: Frame

  before(async () => {
    baton = await openBaton({ folders: [join(import.meta.dirname, 'replay')], size: { width: 1500, height: 1000 } })
    await ui.openBatonViews(baton.page)
    const cli = join(import.meta.dirname, '..', '..', 'src', 'cli.ts')
    try {
      execFileSync(process.execPath, [cli, 'run', '--yes', 'update.md'], { cwd: baton.folder, stdio: 'ignore' })
    } catch {
      // Its last step fails.
    }
  })
  after(() => baton?.close())
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  const terminal = async () => {
    const lines = await replay.locator('.ap-term-text .ap-line').allTextContents()
    return lines.join('\n').replaceAll('\u00a0', ' ')
  }
  const shows = (expected: string | RegExp) =>
    ui.eventually(`the player shows ${expected}`, async () => {
      const now = await terminal()
      return typeof expected === 'string' ? now.includes(expected) : expected.test(now)
    })
  const current = () => replay.locator('.steps li[aria-current] .title').textContent()
  const isCurrent = (step: string) => ui.eventually(`${step} is played`, async () => (await current()) === step)

  it('opens beside the runbook from the view Runs', async () => {
    const { page } = baton
    const run = ui.treeItem(page, new RegExp(`^${title}, ${text('failed')}, 佐藤 花子`))
    await run.waitFor()
    await ui.openMenu(run)
    await ui.chooseFromMenu(page, manifestText('command.replayRun'))
    replay = await ui.webview(page, '.cast-player .ap-term-text')
    await page.locator('.tab', { hasText: 'update.md' }).waitFor()
    assert.equal(await replay.locator('.steps li').count(), 4)
    assert.match((await replay.locator('h1').textContent()) ?? '', new RegExp(title))
  })

  it('plays it, and the runbook goes along', async () => {
    const { page } = baton
    await replay.locator('button.play').click()
    await shows(/ダウンロード \[#{7} +\] +35%|ダウンロード \[#{14} +\] +70%/)
    await baton.screenshot('replay-progress')
    await shows(/ダウンロード \[#{20}\] 100%/)
    await isCurrent('services')
    await shows(/reports +running/)
    assert.doesNotMatch(await terminal(), /reports +starting/)
    // The pause of three seconds is skipped to two; the fence of the step that is played is marked.
    await isCurrent('sizes')
    await page.locator('.editor-instance .view-overlays [class*="TextEditorDecorationType"]').first().waitFor()
    await baton.screenshot('replay')
    await isCurrent('check')
    await shows(new RegExp(`✗ ${text('failed')}`))
    await baton.screenshot('replay-end')
  })

  it('is driven from the keyboard', async () => {
    const { page } = baton
    await replay.locator('.stage').click()
    for (const step of ['sizes', 'services', 'download']) {
      await page.keyboard.press('[')
      await isCurrent(step)
    }
    await page.keyboard.press(']')
    await isCurrent('services')
    await page.keyboard.press('/')
    await page.keyboard.type('TABLE_3')
    await page.keyboard.press('Enter')
    await isCurrent('sizes')
    await shows('table_30')
    await replay.locator('.matches', { hasText: text('Match {0} of {1}', 1, 10) }).waitFor()
    await baton.screenshot('replay-search')
  })

  it('gives the text of a step away', async () => {
    const { page } = baton
    await page
      .context()
      .grantPermissions(['clipboard-read', 'clipboard-write'])
      .catch(() => undefined)
    await replay.locator('.steps li', { hasText: 'download' }).locator('button.step').click()
    await isCurrent('download')
    await replay.getByText(text('Copy output of this step')).click()
    await page.locator('.statusbar-item', { hasText: text('The output of “{0}” is copied.', 'download') }).waitFor()
  })
})
