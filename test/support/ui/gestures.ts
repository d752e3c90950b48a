import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Frame, Locator, Page } from 'playwright-core'
import { runCommand } from '../vscode/workbench.ts'
import { manifestText, text } from './texts.ts'

/** Opens a file by its name, as with Ctrl+P. */
export async function openFile(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+P')
  await page.locator('.quick-input-widget input').fill(name)
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name }).waitFor()
  await page.keyboard.press('Enter')
  await page.locator('.tab.active', { hasText: name }).waitFor()
}

/** Scrolls the active editor to the first line of `file` that holds `text`. */
export async function showLine(page: Page, file: string, text: string): Promise<void> {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((candidate) => candidate.includes(text))
  assert.ok(line >= 0, `${text} is in ${file}`)
  await page.keyboard.press('Control+P')
  await page.locator('.quick-input-widget input').fill(`:${line + 1}`)
  await page.keyboard.press('Enter')
}

/** The lenses that stand directly above the line of the active editor that holds `text`. */
export async function lensesAbove(page: Page, text: string): Promise<Locator> {
  const wanted = text.replaceAll(' ', '\u00a0')
  const line = page.locator('.editor-instance .view-line', { hasText: wanted }).first()
  await line.waitFor()
  const bottom = (await line.boundingBox())?.y ?? 0
  const lenses = page.locator('.editor-instance .codelens-decoration')
  let nearest: { readonly id: string; readonly y: number } | undefined
  for (const lens of await lenses.all()) {
    const y = (await lens.boundingBox())?.y ?? Number.POSITIVE_INFINITY
    const id = await lens.getAttribute('widgetid')
    if (id && y < bottom && y > (nearest?.y ?? Number.NEGATIVE_INFINITY)) nearest = { id, y }
  }
  assert.ok(nearest, `a lens stands above ${text}`)
  return page.locator(`.editor-instance .codelens-decoration[widgetid="${nearest.id}"]`)
}

/** The words of the lenses above a line, once they hold what is waited for. */
export async function waitForLens(page: Page, above: string, label: string | RegExp): Promise<void> {
  await eventually(`a lens ${label} above ${above}`, async () => {
    const words = (await (await lensesAbove(page, above)).textContent())?.replaceAll('\u00a0', ' ') ?? ''
    return typeof label === 'string' ? words.includes(label) : label.test(words)
  })
}

/** @param label all of the lens's words: in Japanese one label is a part of another */
export async function clickLens(page: Page, above: string, label: string): Promise<void> {
  const words = new RegExp(`^\\s*${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s')}\\s*$`)
  await eventually(`a click on ${label} above ${above}`, async () => {
    await lensesStand(page)
    const lens = (await lensesAbove(page, above)).locator('a', { hasText: words }).first()
    // Lenses are drawn anew at every change: one that is gone by now is looked for again.
    await lens.click({ timeout: 3000 })
    return true
  })
}

/** Opens the side bar of Baton. */
/** Waits until no lens was drawn anew for a moment, as after a step: VS Code takes a click on one that is just replaced for none. */
function lensesStand(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((done) => {
        const stop = () => {
          changes.disconnect()
          done()
        }
        let timer = setTimeout(stop, 250)
        const changes = new MutationObserver((records) => {
          if (!records.some(({ target }) => target instanceof Element && target.matches('.codelens-decoration'))) return
          clearTimeout(timer)
          timer = setTimeout(stop, 250)
        })
        changes.observe(document.body, { subtree: true, childList: true })
        // A clock in a lens would never let it end.
        setTimeout(stop, 3000)
      }),
  )
}

export async function openBatonViews(page: Page): Promise<void> {
  const tab = page.getByRole('tab', { name: manifestText('container.baton'), exact: true })
  if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click()
}

/** A line of one of Baton's trees, by the beginning of what a screen reader says. */
export function treeItem(page: Page, name: string | RegExp): Locator {
  return page.getByRole('treeitem', { name })
}

export async function expand(item: Locator): Promise<void> {
  await item.waitFor()
  await eventually('an open node', async () => {
    if ((await item.getAttribute('aria-expanded')) === 'false') await item.locator('.monaco-tl-twistie').click()
    // The tree may open it by itself at the same moment, to show where the cursor is: then the click has closed it.
    await item.page().waitForTimeout(400)
    return (await item.getAttribute('aria-expanded')) !== 'false'
  })
}

/** What the shown terminal shows. */
export async function terminalText(page: Page): Promise<string> {
  const rows = await page.locator('.terminal-wrapper.active .xterm-rows > div').allTextContents()
  return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).join('\n')
}

export async function waitForTerminal(page: Page, expected: string): Promise<void> {
  await eventually(`the terminal shows ${expected}`, async () => (await terminalText(page)).includes(expected))
}

/** The input box that is open; its title, prompt and error are in its text. */
export function quickInput(page: Page): Locator {
  return page.locator('.quick-input-widget')
}

export async function answerInput(page: Page, value: string): Promise<void> {
  await quickInput(page).locator('input').fill(value)
  await page.keyboard.press('Enter')
}

/** Looks until it is so; for what is in no single element. @throws after half a minute */
export async function eventually(what: string, condition: () => Promise<boolean>, milliseconds = 30_000) {
  const end = Date.now() + milliseconds
  let last: unknown
  do {
    try {
      if (await condition()) return
      last = undefined
    } catch (error) {
      last = error
    }
    await new Promise((next) => setTimeout(next, 100))
  } while (Date.now() < end)
  throw new Error(`Not within ${milliseconds / 1000} s: ${what}`, { cause: last })
}

/** The document inside the webview that holds `selector`: webviews are two iframes deep. */
export async function webview(page: Page, selector: string, milliseconds = 30_000): Promise<Frame> {
  let found: Frame | undefined
  await eventually(
    `a webview shows ${selector}`,
    async () => {
      for (const frame of page.frames()) {
        // A frame may go away while it is asked.
        if (
          (await frame
            .locator(selector)
            .count()
            .catch(() => 0)) > 0
        )
          found = frame
      }
      return found !== undefined
    },
    milliseconds,
  )
  assert.ok(found)
  return found
}

/** Loads the window anew with the command for it, which keeps what was open, and waits for a webview that comes back with it. */
export async function reloadWindow(page: Page, selector: string): Promise<Frame> {
  await Promise.all([page.waitForEvent('load', { timeout: 90_000 }), runCommand(page, 'Developer: Reload Window')])
  await page.locator('.monaco-workbench').waitFor()
  // Everything starts once more, the extensions last.
  return webview(page, selector, 90_000)
}

/** On the page that sums the parameters up: runs with them. Its first line is chosen from the start. */
export async function runWithValues(page: Page): Promise<void> {
  await quickInput(page).getByText(text('With these values')).first().waitFor()
  await page.keyboard.press('Enter')
}

/** Opens the context menu of an item: with the right button, or with the key for it. */
export async function openMenu(item: Locator, how: 'mouse' | 'Shift+F10' | 'ContextMenu' = 'mouse'): Promise<void> {
  const page = item.page()
  await item.waitFor()
  await eventually('a menu', async () => {
    if ((await menu(page).count()) > 0) return true
    if (how === 'mouse') {
      // What is said of the item that the pointer stands at lies over the items below it.
      await page.mouse.move(0, 0)
      await item.click({ button: 'right', timeout: 3000 })
    } else await page.keyboard.press(how)
    // A tree that was drawn anew at that moment has taken no click.
    await menu(page).first().waitFor({ timeout: 3000 })
    return true
  })
}

/** What the open context menu offers, from above; `—` between groups. */
export async function menuEntries(page: Page): Promise<readonly string[]> {
  return menu(page)
    .locator('.action-item')
    .evaluateAll((items) =>
      items.map((item) =>
        item.querySelector('.separator') ? '—' : (item.querySelector('.action-label')?.textContent ?? ''),
      ),
    )
}

export async function chooseFromMenu(page: Page, label: string): Promise<void> {
  await menu(page).getByText(label, { exact: true }).first().waitFor()
  await eventually(`${label} is chosen`, async () => {
    // A menu takes no click that comes at once: it could belong to the one that opened it.
    await page.waitForTimeout(200)
    if ((await menu(page).count()) > 0)
      await menu(page).getByText(label, { exact: true }).first().click({ timeout: 2000 })
    await menu(page).first().waitFor({ state: 'detached', timeout: 2000 })
    return true
  })
}

/** Goes down in the open menu with the keyboard, and chooses. */
export async function chooseByKey(page: Page, label: string): Promise<void> {
  await eventually(`${label} has the focus`, async () => {
    await page.keyboard.press('ArrowDown')
    return (await menu(page).locator('.action-item.focused').textContent())?.includes(label) ?? false
  })
  await page.keyboard.press('Enter')
}

function menu(page: Page): Locator {
  return page.locator('.monaco-menu')
}

/** Makes the side bar so many pixels wide, as one does with the mouse. */
export async function sideBarWidth(page: Page, pixels: number): Promise<void> {
  const bar = page.locator('.part.sidebar')
  const { x, y, width } = (await bar.boundingBox()) ?? { x: 0, y: 0, width: 0 }
  await page.mouse.move(x + width, y + 200)
  await page.mouse.down()
  await page.mouse.move(x + pixels, y + 200, { steps: 5 })
  await page.mouse.up()
  const now = (await bar.boundingBox())?.width ?? 0
  assert.ok(Math.abs(now - pixels) <= 4, `the side bar is ${now} px wide`)
}
