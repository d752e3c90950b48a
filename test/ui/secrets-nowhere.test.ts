import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { secretForms } from '../../src/secrets/secret-forms.ts'
import { type Keyring, startKeyring, whyNoKeyring } from '../support/keyring.ts'
import { needs } from '../support/needs.ts'
import { type BatonWindow, openBaton } from '../support/ui/baton-window.ts'
import * as ui from '../support/ui/gestures.ts'
import { recordsOf } from '../support/ui/records.ts'
import { text } from '../support/ui/texts.ts'

const kept = { ADMIN_PASSWORD: 'Hüter-der "Schlüssel" & Löcher!', API_KEY: 'sk-live/9f3+Qm2ZxT8vB1nL' }
const typed = 'Tür-4711-links'
const captured = 'captured/9f3Qm2ZxT8vB'

const forms = secretForms([...Object.values(kept), typed, captured]).map(({ text: form }) => Buffer.from(form))

function assertClean(bytes: Buffer, where: string): void {
  const visible = Buffer.from(bytes.filter((byte) => byte !== 10 && byte !== 13 && byte !== 0))
  for (const form of forms) assert.ok(!bytes.includes(form) && !visible.includes(form), `${where} holds ${form}`)
}

/** What the workbench keeps in its browser: settings, and the state of extensions. */
const browserStorage = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const contents: unknown[] = [{ ...localStorage }, { ...sessionStorage }]
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name ?? '')
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
      for (const store of database.objectStoreNames) {
        const request = database.transaction(store).objectStore(store).getAll()
        contents.push(await new Promise((resolve) => (request.onsuccess = () => resolve(request.result))))
      }
      database.close()
    }
    return JSON.stringify(contents)
  })

describe('secrets of a run in the workbench', () => {
  let keyring: Keyring
  let baton: BatonWindow

  before(async function () {
    needs(this, await whyNoKeyring())
    keyring = await startKeyring('unlocked')
    for (const [name, value] of Object.entries(kept)) {
      // keytar looks for entries with this schema, and secret-tool gives none of its own accord.
      const schema = ['xdg:schema', 'org.freedesktop.Secret.Generic']
      const entry = ['store', '--label', name, 'service', 'baton', 'account', name, ...schema]
      execFileSync('secret-tool', entry, { env: keyring.env, input: value })
    }
    const size = { width: 1400, height: 900 }
    baton = await openBaton({ folders: [join(import.meta.dirname, 'nowhere')], env: keyring.env, size })
  })
  after(async () => {
    await baton?.close()
    await keyring?.stop()
  })
  afterEach(function () {
    return baton?.keepTraces(this.currentTest)
  })

  it('are neither on the screen nor in anything that is kept', async () => {
    const { page, folder, server } = baton
    await ui.openBatonViews(page)
    const runbook = ui.treeItem(page, /^Careless/)
    await runbook.click()
    await ui.showLine(page, join(folder, 'careless.md'), '# Careless')
    await ui.clickLens(page, '# Careless', text('$(play) Run runbook'))
    await page.locator('.quick-input-widget input[type=password]').waitFor()
    await ui.answerInput(page, typed)
    await ui.runWithValues(page)
    await ui.waitForTerminal(page, 'the token: ***')
    await ui.showLine(page, join(folder, 'careless.md'), 'name=shows')
    await ui.waitForLens(page, 'name=shows', '✓')
    assertClean(Buffer.from(await ui.terminalText(page)), 'the terminal')
    assertClean(Buffer.from(await page.content()), 'the window')
    await baton.screenshot('secrets-nowhere')
    await ui.showLine(page, join(folder, 'careless.md'), '# Careless')
    await ui.clickLens(page, '# Careless', text('$(pass) Finish run'))
    await ui
      .treeItem(page, new RegExp(`^Careless, ${text('failed')}`))
      .last()
      .waitFor()
    const [record = ''] = recordsOf(folder)
    assert.ok(record.includes('***'))
    assertClean(Buffer.from(await browserStorage(page)), 'the storage of the workbench')
    // Folders, settings, logs of every process, temporary files, the home with what was approved.
    let files = 0
    for (const root of [server.dir, keyring.env.HOME ?? '']) {
      for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue
        const path = join(entry.parentPath, entry.name)
        files += 1
        assertClean(readFileSync(path), path)
      }
    }
    assert.ok(files > 10, `${files} files`)
    assertClean(execFileSync('git', ['-C', folder, 'status', '--porcelain']), 'git status')
    assertClean(Buffer.from(server.log()), 'the log of the server')
  })
})
