import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { recordAttributes } from '../../../src/record/attributes.ts'
import { type Server, type ServerOptions, startServer } from '../vscode/server.ts'
import { openWorkbench } from '../vscode/workbench.ts'
import { approveAll } from './approvals.ts'
import { locale } from './texts.ts'

const root = join(import.meta.dirname, '..', '..', '..')

/** A workbench that has Baton from its package, in the language of this run of the tests. */
export type BatonWindow = {
  readonly page: Page
  readonly server: Server
  /** The opened folder. */
  readonly folder: string
  /** Keeps what is on the screen as artifacts/screenshots/<language>/<name>.png. */
  readonly screenshot: (name: string) => Promise<void>
  /** For `afterEach`: keeps the screen and the logs of a test that failed. */
  readonly keepTraces: (test: Mocha.Test | undefined) => Promise<void>
  readonly close: () => Promise<void>
}

export type WindowOptions = Omit<ServerOptions, 'extension' | 'locale'> & {
  readonly size?: { readonly width: number; readonly height: number }
  /** Makes the opened folder a git repo with one commit, as a person's would be. */
  readonly git?: boolean
  /** Starts as somebody who has never run these steps: each is asked about. */
  readonly unapproved?: boolean
  /** Leaves out the line of .gitattributes that keeps git from changing records, so that it is offered. */
  readonly unprotected?: boolean
  /** Leaves out the `baton.yaml` by which no record is committed, so that each run asks. */
  readonly asksToCommit?: boolean
}

export async function openBaton({
  size,
  git = true,
  unapproved = false,
  unprotected = false,
  asksToCommit = false,
  ...options
}: WindowOptions): Promise<BatonWindow> {
  const extension = process.env.UI_EXTENSION ?? root
  const server = await startServer({ ...options, extension, locale })
  const [folder = server.dir] = server.folders
  if (git) commitAll(folder, unprotected, asksToCommit)
  const home = options.env?.HOME ?? options.home ?? join(server.dir, 'home')
  if (!unapproved) await approveAll(server.folders, home, { ...process.env, ...options.env })
  const { browser, page } = await openWorkbench(server, { ...(size && { size }) })
  page.setDefaultTimeout(20_000)
  const shoot = async (...path: readonly string[]) => {
    const file = join(root, 'artifacts', 'screenshots', ...path)
    mkdirSync(join(file, '..'), { recursive: true })
    // A picture of something that is still fading in shows what is behind it.
    await page.screenshot({ path: file, animations: 'disabled' })
    return file
  }
  return {
    page,
    server,
    folder,
    screenshot: async (name) => {
      await shoot(locale, `${name}.png`)
    },
    async keepTraces(test) {
      if (test?.state !== 'failed') return
      const name = `${locale} ${test.fullTitle()}`
      await shoot('failed', `${name}.png`)
      // What the extension and its host wrote is there too.
      cpSync(join(server.dir, 'data', 'data', 'logs'), join(root, 'artifacts', 'logs', name), { recursive: true })
    },
    async close() {
      await browser.close()
      await server.stop()
    },
  }
}

function commitAll(folder: string, unprotected: boolean, asksToCommit: boolean) {
  const git = (...args: readonly string[]) => execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' })
  git('init', '--initial-branch', 'main')
  git('config', 'user.name', '佐藤 花子')
  git('config', 'user.email', 'h.sato@example.co.jp')
  if (!unprotected) writeFileSync(join(folder, '.gitattributes'), `${recordAttributes}\n`)
  // A question after every run is for the test of it.
  if (!asksToCommit) writeFileSync(join(folder, 'baton.yaml'), 'records: { commit: never }\n')
  git('add', '--all')
  git('commit', '--allow-empty', '--message', 'Runbooks')
}
