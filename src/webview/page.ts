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
  let state = readState(api.getState())
  const keep = (more: Partial<PageState>) => {
    state = { ...state, ...more }
    api.setState(state)
  }
  window.addEventListener('message', ({ data }: MessageEvent<ToPanel | ToRemember>) => {
    if (isToRemember(data)) keep({ remembered: data.remembered })
    else receive(data)
  })
  api.postMessage({ type: 'ready' })
  return {
    post: (message) => api.postMessage(message),
    kept: () => state.own,
    keep: (own) => keep({ own }),
  }
}

/** What VS Code gives back when the window was loaded anew: to the editor what it had the page remember, and to the page its own. */
interface PageState {
  readonly remembered?: unknown
  readonly own?: unknown
}

interface ToRemember {
  readonly type: 'remember'
  readonly remembered: unknown
}

function readState(state: unknown): PageState {
  return typeof state === 'object' && state !== null ? state : {}
}

function isToRemember(message: unknown): message is ToRemember {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'remember'
}
