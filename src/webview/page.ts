import { type Bundle, createTranslator, type Translate } from '../wording/translate.ts'

/** What the editor wrote into the page (`src/editor/webview-panel.ts`). */
interface PageFacts {
  readonly locale: string
  /** Translations by English sentence; empty in English. */
  readonly bundle: Bundle
}

interface EditorApi {
  postMessage(message: unknown): void
  getState(): unknown
  setState(state: unknown): void
}

declare function acquireVsCodeApi(): EditorApi

const facts: PageFacts = JSON.parse(document.getElementById('facts')?.textContent ?? '{"locale":"en","bundle":{}}')

/** Sentences in the language of VS Code. */
export const t: Translate = createTranslator(facts.bundle)

/** The BCP 47 tag for `Intl`. */
export const locale = facts.locale

/** The page's line to the editor. */
export interface Editor<FromPanel> {
  post(message: FromPanel): void
  /** What `keep` was given last, also after the window was reloaded. */
  kept(): unknown
  /** Small things that would be lost with the page, such as a half-written note. Plain data. */
  keep(state: unknown): void
}

/** To be called once in a page: says that it is ready, and hands on what the editor sends from then on. */
export function connect<ToPanel, FromPanel>(receive: (message: ToPanel) => void): Editor<FromPanel> {
  const api = acquireVsCodeApi()
  window.addEventListener('message', ({ data }: MessageEvent<ToPanel>) => receive(data))
  api.postMessage({ type: 'ready' })
  return {
    post: (message) => api.postMessage(message),
    kept: () => api.getState(),
    keep: (state) => api.setState(state),
  }
}
