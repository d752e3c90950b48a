import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The display language that this run of the tests is for. */
export const locale = process.env.UI_LOCALE === 'ja' ? 'ja' : 'en'

const root = join(import.meta.dirname, '..', '..', '..')
const table = (file: string): Readonly<Record<string, string>> => JSON.parse(readFileSync(join(root, file), 'utf8'))
const bundle = locale === 'en' ? {} : table(`l10n/bundle.l10n.${locale}.json`)
const manifest = table(locale === 'en' ? 'package.nls.json' : `package.nls.${locale}.json`)

const shown = (text: string, values: readonly (string | number)[]) =>
  values
    .reduce<string>((filled, value, index) => filled.replaceAll(`{${index}}`, String(value)), text)
    // Codicons are drawn, not written.
    .replace(/\$\([a-z~-]+\)\s*/g, '')

/**
 * A text of the extension as the person sees it, by its English source.
 *
 * @throws when it has no Japanese
 */
export function text(english: string, ...values: readonly (string | number)[]): string {
  const translated = locale === 'en' ? english : bundle[english]
  if (translated === undefined) throw new Error(`no text in ${locale} for: ${english}`)
  return shown(translated, values)
}

/** @throws when package.nls has no such key */
export function manifestText(key: string): string {
  const found = manifest[key]
  if (found === undefined) throw new Error(`package.nls has no ${key} in ${locale}`)
  return found
}
