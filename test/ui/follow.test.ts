import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Frame } from 'playwright-core'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { locale, manifestText, text } from '../support/ui/texts.ts'

const title = '入社時のアカウント作成'
const predecessor = { GIT_AUTHOR_NAME: '田中 誠', GIT_AUTHOR_EMAIL: 'm.tanaka@midori.example' }

describe('following the run of a predecessor', () => {
  let baton: BatonWindow
  let guide: Frame

  /** As the predecessor, on the command line. */
  const asPredecessor = (...words: readonly string[]) => {
    const env = { ...process.env, ...predecessor, BATON_LANG: locale }
    execFileSync(process.execPath, [resolve('dist/cli.cjs'), ...words], { cwd: baton.folder, env, stdio: 'pipe' })
  }
  const first = (name: string) =>
    recordsOf(baton.folder)
      .map((record) => JSON.parse(record.split('\n', 1)[0] ?? ''))
      .find((line) => line.operator.name === name && line.type === 'run-start')
  const press = async (name: string) => guide.getByRole('button', { name }).first().click()

  before(async () => {
    baton = await openBaton({
      folders: [join(import.meta.dirname, 'follow')],
      size: { width: 1500, height: 1000 },
    })
    asPredecessor('run', 'joining.md', '--yes', '-p', 'USER_ID=t.suzuki')
    const run = first('田中 誠')
    asPredecessor('runs', 'note', run.id, '--step', 'add-groups', 'この警告は毎回出ます。10分後に消えます。')
    const file = join(baton.folder, 'joining.md')
    writeFileSync(file, readFileSync(file, 'utf8').replace('全社 総務', '全社 総務 掲示板'))
    await ui.openBatonViews(baton.page)
  })
  after(() => baton?.close())
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('is offered in the view Runs and shows what was done, before anything runs', async () => {
    const { page } = baton
    const run = ui.treeItem(page, new RegExp(`^${title}.*田中 誠`))
    await ui.openMenu(run)
    await ui.chooseFromMenu(page, manifestText('command.followRun'))
    guide = await ui.webview(page, '.followed')
    await guide.locator('.values', { hasText: 't.suzuki' }).waitFor()
    await baton.screenshot('follow-start')
    await page.keyboard.press('ArrowRight')
    await guide.locator('.followed pre', { hasText: 't.suzuki@midori.example' }).waitFor()
    assert.equal(recordsOf(baton.folder).length, 2)
  })

  it('offers the earlier value, runs one’s own step, and says that the result is the same', async () => {
    const { page } = baton
    await guide.getByRole('button', { name: text('Run') }).click()
    const input = ui.quickInput(page)
    await input.filter({ hasText: text('{0} was {1}', 'ユーザーID', 't.suzuki') }).waitFor()
    assert.equal(await input.locator('input').inputValue(), 't.suzuki')
    await ui.answerInput(page, 'h.tanaka')
    await ui.runWithValues(page)
    await guide.locator('.compared.same').waitFor()
    await guide.getByRole('button', { name: text('Play back') }).click()
    await guide.locator('.followed .ap-player', { hasText: 't.suzuki@midori.example' }).waitFor()
    await baton.screenshot('follow-same')
  })

  it('shows what changed in the text since, the note, and what differs in the output', async () => {
    await press(text('Next'))
    await guide.locator('.followed .difference', { hasText: '掲示板' }).waitFor()
    await guide.locator('.predecessor-note', { hasText: 'この警告は毎回出ます' }).waitFor()
    await guide.getByRole('button', { name: text('Run') }).click()
    // Another text than the one that was let run before.
    await guide.getByRole('button', { name: text('Approve and run') }).click()
    await guide.locator('.compared .difference .added', { hasText: '掲示板' }).waitFor()
    await baton.screenshot('follow-differs')
    await press(text('Next'))
    await guide.getByRole('button', { name: new RegExp(`^✓? ?${text('Done')}$`) }).click()
  })

  it('sums up at the end, and puts on record how one came through it', async () => {
    const { page } = baton
    await guide.locator('.followed-end h2').first().waitFor()
    await guide.getByRole('button', { name: text('Done together') }).click()
    await guide.locator('.with input').fill('田中さん')
    await page.keyboard.press('Enter')
    await guide.locator('.sign-off', { hasText: text('On record: {0}', text('Done together')) }).waitFor()
    await baton.screenshot('follow-end')
    const records = recordsOf(baton.folder).map((record) => JSON.parse(record.split('\n', 1)[0] ?? ''))
    const own = records.find(({ follows }) => follows === first('田中 誠').id)
    const act = records.find(({ act: what }) => what === 'run-signed-off')
    assert.deepEqual([act.mastery, act.with, act.own.run], ['practised', '田中さん', own.id])
    await ui.treeItem(page, text('Followed: {0}', text('Done together'))).waitFor()
    await ui.treeItem(page, new RegExp(`^${title}.*佐藤 花子`)).click()
    const record = await ui.webview(page, `td:has-text("${text('Done together')}")`)
    await record.locator('td', { hasText: '田中 誠' }).first().waitFor()
    await baton.screenshot('follow-record')
  })
})
