import type { Locator, Page } from 'playwright-core'
import { eventually } from './gestures.ts'
import { manifestText } from './texts.ts'

/** Hides the other views of Baton's side bar, so that a tree has room for its lines. */
export async function showOnlySecrets(page: Page): Promise<void> {
  for (const key of ['view.runbooks', 'view.runs']) {
    const header = page.locator('.pane-header', { hasText: manifestText(key) })
    if ((await header.getAttribute('aria-expanded')) === 'true') await header.click()
  }
  const own = page.locator('.pane-header', { hasText: manifestText('view.secrets') })
  if ((await own.getAttribute('aria-expanded')) !== 'true') await own.click()
}

/** Chooses a line of an element's context menu, once the tree has come to rest: a line that is drawn anew is no argument. */
export async function fromMenu(page: Page, item: Locator, label: string): Promise<void> {
  const menu = page.locator('.monaco-menu')
  await eventually(`a click on ${label}`, async () => {
    await page.waitForTimeout(400)
    await item.click({ button: 'right' })
    const line = menu.locator('.action-label', { hasText: label }).first()
    await line.waitFor({ timeout: 3000 })
    // A menu takes no click in its first moments, since it may be the one that opened it.
    await page.waitForTimeout(400)
    await line.click({ timeout: 3000 })
    try {
      await menu.waitFor({ state: 'hidden', timeout: 3000 })
      return true
    } catch {
      await page.keyboard.press('Escape')
      return false
    }
  })
}

/** Presses one of the buttons that a line of a tree shows when the mouse is over it. */
export async function pressInline(item: Locator, label: string): Promise<void> {
  await eventually(`a click on ${label}`, async () => {
    await item.hover()
    await item.locator(`.action-label[aria-label*="${label}"]`).first().click({ timeout: 3000 })
    return true
  })
}

/** A notification that says something, with its buttons. */
export function notification(page: Page, sentence: string): Locator {
  return page.locator('.notification-toast', { hasText: sentence })
}

export function clipboardOf(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText())
}
