import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Frame } from 'playwright-core'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { locale, manifestText, text } from '../support/ui/texts.ts'

const title = locale === 'ja' ? '在庫サーバーの更新' : 'Updating the inventory server'

describe('a run that is played back', () => {
  let baton: BatonWindow
  let replay: Frame

  before(async () => {
    baton = await openBaton({
      folders: [join(import.meta.dirname, 'replay', locale)],
      size: { width: 1500, height: 1000 },
      // A terminal has the colours of the theme: one that is dark, and one that is not.
      settings: {
        'workbench.colorTheme': `Default ${locale === 'en' ? 'Dark' : 'Light'} Modern`,
      },
    })
    await ui.openBatonViews(baton.page)
    const cli = join(import.meta.dirname, '..', '..', 'src', 'cli.ts')
    for (const file of ['inventory.md', 'update.md']) {
      const ran = spawnSync(process.execPath, [cli, 'run', '--yes', file], { cwd: baton.folder, stdio: 'ignore' })
      // The last step of one of them fails.
      assert.equal(ran.status, file === 'update.md' ? 1 : 0)
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
  const isMarked = (name: string, count: number) =>
    ui.eventually(`${count} × ${name}`, async () => {
      const marked = await replay.evaluate((key) => [...(CSS.highlights.get(key) ?? [])].map(String), name)
      return marked.join() === Array(count).fill('table_3').join()
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

  it('shows every moment, and the runbook goes along', async () => {
    const { page } = baton
    const timeline = replay.locator('.timeline input')
    let moment = 0
    await ui.eventually('a progress bar that is not full', async () => {
      moment += 50
      await timeline.fill(String(moment))
      return /\[#{7} +\] +35%|\[#{14} +\] +70%/.test(await terminal())
    })
    await isCurrent('download')
    await page.locator('.editor-instance .view-overlays [class*="TextEditorDecorationType"]').first().waitFor()
    await baton.screenshot('replay-progress')
    await replay.locator('button.play').click()
    await shows(new RegExp(`✗ ${text('failed')} · `))
    await isCurrent('check')
    await replay.locator('button.play', { hasText: text('Play') }).waitFor()
    await baton.screenshot('replay-end')
  })

  it('is driven from the keyboard', async () => {
    const { page } = baton
    await replay.locator('.stage').click()
    for (const step of ['sizes', 'services', 'download']) {
      await page.keyboard.press('[')
      await isCurrent(step)
    }
    for (const step of ['services', 'sizes']) {
      await page.keyboard.press(']')
      await isCurrent(step)
    }
    await shows(/\[#{20}\] 100%/)
    await shows(/reports +running/)
    assert.doesNotMatch(await terminal(), /reports +starting/)
    await baton.screenshot('replay')
    await page.keyboard.press('/')
    await page.keyboard.type('TABLE_3')
    await page.keyboard.press('Enter')
    await isCurrent('sizes')
    await shows('table_30')
    await replay.locator('.matches', { hasText: text('Match {0} of {1}', 1, 10) }).waitFor()
    await isMarked('baton-found-now', 1)
    await page.keyboard.press('Enter')
    await shows('table_31')
    await isMarked('baton-found', 1)
    await baton.screenshot('replay-search')
  })

  it('comes back at the same place when the window is loaded anew', async () => {
    replay = await ui.reloadWindow(baton.page, '.cast-player .ap-term-text')
    await isCurrent('sizes')
    await shows('table_30')
    assert.doesNotMatch(await terminal(), /table_32/)
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

  it('opens from the page of a record', async () => {
    const { page } = baton
    await page.keyboard.press('Control+W')
    await ui.treeItem(page, new RegExp(`^${title}, ${text('failed')}, 佐藤 花子`)).click()
    await ui.webview(page, 'h2:has-text("services")')
    await page
      .getByRole('button', { name: manifestText('command.replayRun'), exact: true })
      .first()
      .click()
    replay = await ui.webview(page, '.cast-player .ap-term-text')
    await page.keyboard.press('Control+W')
  })

  it('stays quick with 2 MB of output', async () => {
    const { page, folder } = baton
    assert.ok(recordsOf(folder).some((record) => Buffer.byteLength(record) > 2_000_000))
    await ui.openFile(page, 'inventory.md')
    await ui.clickLens(page, '# Inventory', text('Replay last run'))
    replay = await ui.webview(page, 'h1:has-text("Inventory")')
    await replay.locator('.cast-player .ap-term-text').waitFor()
    const took = async (what: () => Promise<void>) => {
      const began = performance.now()
      await what()
      return performance.now() - began
    }
    const jump = await took(async () => {
      await replay.locator('.steps li', { hasText: 'racks' }).locator('button.step').click()
      await shows('▸ racks')
    })
    const found = await took(async () => {
      await replay.locator('.search input').fill('rack 19999:')
      await page.keyboard.press('Enter')
      await shows('rack 19999: servers')
    })
    const back = await took(async () => {
      await replay.locator('.steps li', { hasText: 'boxes' }).locator('button.step').click()
      await shows('▸ boxes')
    })
    for (const milliseconds of [jump, found, back]) assert.ok(milliseconds < 5000, `${[jump, found, back]}`)
  })
})
