import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Frame } from 'playwright-core'
import { recordAttributes } from '../../src/record/attributes.ts'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { locale, manifestText, text } from '../support/ui/texts.ts'
import { runCommand } from '../support/vscode/workbench.ts'

const title = '入社時のアカウント作成'
const predecessor = { GIT_AUTHOR_NAME: '田中 誠', GIT_AUTHOR_EMAIL: 'm.tanaka@midori.example' }

describe('following the run of a predecessor from a clone of one’s own', () => {
  let above: string
  let baton: BatonWindow
  let guide: Frame

  /** As the predecessor in their clone, on the command line, with a home of their own. */
  const asPredecessor = (...words: readonly string[]) => batonAs(join(above, 'tanaka'), predecessor, words)
  const batonAs = (cwd: string, who: Readonly<Record<string, string>>, words: readonly string[]) => {
    const home = join(above, 'home')
    const env = { ...process.env, HOME: home, XDG_STATE_HOME: join(home, 'state'), ...who, BATON_LANG: locale }
    return execFileSync(process.execPath, [resolve('dist/cli.cjs'), ...words], { cwd, env, encoding: 'utf8' })
  }
  const git = (clone: string, ...words: readonly string[]) =>
    execFileSync('git', ['-C', join(above, clone), ...words], { stdio: 'pipe' })
  const linesOf = (clone: string) =>
    recordsOf(join(above, clone)).map((record) => JSON.parse(record.split('\n', 1)[0] ?? ''))
  const first = (name: string) =>
    linesOf('tanaka').find((line) => line.operator.name === name && line.type === 'run-start')
  const press = async (name: string) => guide.getByRole('button', { name }).first().click()

  before(async () => {
    above = realpathSync(mkdtempSync(join(tmpdir(), 'baton-clones-')))
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch', 'main', join(above, 'server.git')])
    clone('tanaka', predecessor.GIT_AUTHOR_NAME, predecessor.GIT_AUTHOR_EMAIL)
    const file = join(above, 'tanaka', 'joining.md')
    cpSync(join(import.meta.dirname, 'follow', 'joining.md'), file)
    writeFileSync(join(above, 'tanaka', 'baton.yaml'), 'records: { commit: never }\n')
    writeFileSync(join(above, 'tanaka', '.gitattributes'), `${recordAttributes}\n`)
    git('tanaka', 'checkout', '--quiet', '-B', 'main')
    asPredecessor('run', 'joining.md', '--yes', '-p', 'USER_ID=t.suzuki')
    const run = first('田中 誠')
    asPredecessor('runs', 'note', run.id, '--step', 'add-groups', 'この警告は毎回出ます。10分後に消えます。')
    push('tanaka', 'Joining')
    writeFileSync(file, readFileSync(file, 'utf8').replace('全社 総務', '全社 総務 掲示板'))
    push('tanaka', 'Notice board')
    clone('sato', '佐藤 花子', 'h.sato@example.co.jp')
    // A fresh home: nothing was ever run there.
    baton = await openBaton({
      inPlace: join(above, 'sato'),
      git: false,
      unapproved: true,
      size: { width: 1500, height: 1000 },
    })
    await ui.openBatonViews(baton.page)
  })
  after(async () => {
    await baton?.close()
    rmSync(above, { recursive: true, force: true })
  })

  function clone(name: string, person: string, email: string): void {
    execFileSync('git', ['clone', '--quiet', join(above, 'server.git'), join(above, name)], { stdio: 'pipe' })
    git(name, 'config', 'user.name', person)
    git(name, 'config', 'user.email', email)
  }
  function push(name: string, message: string): void {
    git(name, 'add', '--all')
    git(name, 'commit', '--quiet', '--message', message)
    git(name, 'push', '--quiet', '--set-upstream', 'origin', 'main')
  }

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
    // They never ran it, so they are shown it before.
    await guide.getByRole('button', { name: text('Run') }).click()
    const input = ui.quickInput(page)
    await input.filter({ hasText: text('{0} was {1}', 'ユーザーID', 't.suzuki') }).waitFor()
    assert.equal(await input.locator('input').inputValue(), 't.suzuki')
    await ui.answerInput(page, 'h.tanaka')
    await ui.runWithValues(page)
    await guide.getByRole('button', { name: text('Approve and run') }).click()
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
    const records = linesOf('sato')
    const own = records.find(({ follows }) => follows === first('田中 誠').id)
    const act = records.find(({ act: what }) => what === 'run-signed-off')
    assert.deepEqual([act.mastery, act.with, act.own.run], ['practised', '田中さん', own.id])
    await ui.treeItem(page, text('Followed: {0}', text('Done together'))).waitFor()
    await ui.treeItem(page, new RegExp(`^${title}.*佐藤 花子`)).click()
    const record = await ui.webview(page, `td:has-text("${text('Done together')}")`)
    await record.locator('td', { hasText: '田中 誠' }).first().waitFor()
    await baton.screenshot('follow-record')
  })

  it('leaves records that verify in both clones, also when they have met', async () => {
    push('sato', 'Followed')
    git('tanaka', 'pull', '--quiet')
    assert.deepEqual(linesOf('tanaka'), linesOf('sato'))
    for (const name of ['tanaka', 'sato']) {
      const verified = JSON.parse(batonAs(join(above, name), predecessor, ['verify', '--strict', '--json']))
      assert.deepEqual([verified.missing, verified.records.length], [[], 4], name)
    }
    const { page } = baton
    await runCommand(page, `${manifestText('category')}: ${manifestText('command.verifyRecords')}`)
    const toast = page.locator('.notification-toast', {
      hasText: text('All {0} records are as they were written.', 4),
    })
    await toast.waitFor()
    await baton.screenshot('follow-verified')
  })
})
