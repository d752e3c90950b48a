import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { Server } from './server.ts'

const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
]

export type WorkbenchOptions = {
  /** Workbench options, see `Server.url`. */
  readonly payload?: Readonly<Record<string, string>>
  /** Functions put on the page's window. */
  readonly expose?: Readonly<Record<string, (...args: never[]) => unknown>>
  readonly size?: { readonly width: number; readonly height: number }
}

export type Workbench = { readonly browser: Browser; readonly context: BrowserContext; readonly page: Page }

/** Opens the workbench of a server in headless Chromium. */
export async function openWorkbench(server: Server, options: WorkbenchOptions = {}): Promise<Workbench> {
  const { payload = {}, expose = {}, size = { width: 1280, height: 800 } } = options
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
  const browser = await chromium.launch({ executablePath, args: chromiumArgs })
  const context = await browser.newContext({ viewport: size })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(server.url()).origin })
  // The key that secrets are encrypted with comes from a server in front of this one, which is not there.
  await context.route('**/mint-key', (route) => route.fulfill({ body: Buffer.alloc(32, 7) }))
  const page = await context.newPage()
  for (const [name, exposed] of Object.entries(expose)) await page.exposeFunction(name, exposed)
  await page.goto(server.url(payload))
  await page.locator('.monaco-workbench').waitFor()
  return { browser, context, page }
}

/** Runs a command by its title, as shown in the command palette. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first()
  // What the palette lists is settled when it opens: a command that becomes possible a moment later needs another look.
  for (let attempt = 1; ; attempt++) {
    await page.keyboard.press('F1')
    await page.locator('.quick-input-widget input').fill(`>${title}`)
    try {
      await row.waitFor({ timeout: 5000 })
      break
    } catch (error) {
      if (attempt === 6) throw error
      await page.keyboard.press('Escape')
    }
  }
  await page.keyboard.press('Enter')
}
