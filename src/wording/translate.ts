/**
 * Puts an English sentence into the user's language and its values into the sentence. The English text is the key; `{0}`,
 * `{1}`, … stand for the values. `vscode.l10n.t` is one of these.
 */
export type Translate = (message: string, ...args: (string | number)[]) => string

/** Translations by English sentence: the content of `l10n/bundle.l10n.<language>.json`. */
export type Bundle = Readonly<Record<string, string>>

/**
 * A `Translate` for where `vscode.l10n.t` does not exist. A sentence that the bundle lacks stays English, and a placeholder
 * without a value stays as it is, as in VS Code. Values are inserted once and never read as placeholders themselves.
 */
export function createTranslator(bundle: Bundle): Translate {
  return (message, ...args) => {
    const sentence = Object.hasOwn(bundle, message) ? (bundle[message] ?? message) : message
    return sentence.replace(/\{([^}]+)\}/g, (placeholder, key: string) => {
      const value = /^\d+$/.test(key) ? args[Number(key)] : undefined
      return value === undefined ? placeholder : String(value)
    })
  }
}
