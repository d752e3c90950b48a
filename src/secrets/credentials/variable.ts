import type { TextEdit } from '../../runbook/declare-secret.ts'
import type { Quoting, ShellFamily } from './quoting.ts'

/** A value in a script, and what it stands in. */
export interface ScriptPlace {
  readonly script: string
  readonly start: number
  readonly end: number
  readonly quoting: Quoting
}

/** What to write in place of a value so that the script reads it from the variable; undefined where that cannot be. */
export function variableInstead(place: ScriptPlace, family: ShellFamily, name: string): TextEdit | undefined {
  if (place.quoting.kind === 'closed') return undefined
  if (place.quoting.kind === 'comment') return replaced(place, name)
  switch (family) {
    case 'posix':
    case 'fish':
      return inShell(place, family, name)
    case 'powershell':
      return inPowerShell(place, name)
    case 'cmd':
      return inCmd(place, name)
    case 'python':
      return inLanguage(place, { variable: `os.environ["${name}"]`, joint: ' + ' })
    case 'node':
      return inLanguage(place, { variable: `process.env.${name}`, joint: ' + ', template: `\${process.env.${name}}` })
    case 'ruby':
      return inLanguage(place, { variable: `ENV["${name}"]`, joint: ' + ', double: `#{ENV["${name}"]}` })
    case 'perl':
      return inLanguage(place, { variable: `$ENV{${name}}`, double: `$ENV{${name}}` })
  }
}

function inShell(place: ScriptPlace, family: 'posix' | 'fish', name: string): TextEdit {
  const goesOn = /^[\w[]/.test(place.script.slice(place.end))
  switch (place.quoting.kind) {
    case 'double':
      // fish has no braces: the string ends before the variable and goes on behind it.
      if (goesOn) return replaced(place, family === 'fish' ? `"$${name}"` : `\${${name}}`)
      return replaced(place, `$${name}`)
    case 'here':
      return replaced(place, `\${${name}}`)
    case 'single':
      return wholeString(place) ? replacedString(place, `"$${name}"`) : replaced(place, `'"$${name}"'`)
    default:
      return replaced(place, `"$${name}"`)
  }
}

function inPowerShell(place: ScriptPlace, name: string): TextEdit | undefined {
  const { script, start, end, quoting } = place
  const next = script[end] ?? ''
  switch (quoting.kind) {
    case 'double':
    case 'here':
      return replaced(place, /[\w:?([.]/.test(next) ? `\${env:${name}}` : `$env:${name}`)
    case 'single': {
      if (wholeString(place)) return replacedString(place, `"$env:${name}"`)
      const close = closingQuote(place)
      if (close === undefined) return undefined
      // Nothing is put into a string in single quotes: all of it becomes one in double quotes.
      const part = (from: number, to: number) => script.slice(from, to).replaceAll("''", "'").replace(/[`$"]/g, '`$&')
      const text = `"${part(quoting.open + 1, start)}\${env:${name}}${part(end, close)}"`
      return { start: quoting.open, end: close + 1, text }
    }
    default: {
      const word = /[^\s(){};,|]*$/.exec(script.slice(0, start))?.[0] ?? ''
      const isWord = /^(?:$|[\s(){};,|])/.test(script.slice(end))
      if (word === '' && isWord) return replaced(place, `$env:${name}`)
      // In a word that begins with a hyphen nothing is put in, unless it stands in quotes.
      if (!word.startsWith('-')) return replaced(place, `\${env:${name}}`)
      return isWord ? { start: start - word.length, end, text: `"${word}\${env:${name}}"` } : undefined
    }
  }
}

/** `%NAME%` becomes text before cmd reads the line: what would mean something there needs `!NAME!`. */
function inCmd(place: ScriptPlace, name: string): TextEdit {
  const { script, start, end } = place
  const isSpecial = /[&|<>^"()!]/.test(script.slice(start, end))
  const rest = script.slice(0, start) + script.slice(end)
  const isOn = /\benabledelayedexpansion\b|![A-Za-z_]\w*!/i.test(rest)
  return replaced(place, isOn || (isSpecial && !rest.includes('!')) ? `!${name}!` : `%${name}%`)
}

interface LanguageVariable {
  readonly variable: string
  /** Puts strings together; where it is missing, a string in single quotes becomes one in double quotes. */
  readonly joint?: string
  /** In a string in double quotes; where it is missing nothing is put into one. */
  readonly double?: string
  readonly template?: string
}

function inLanguage(place: ScriptPlace, { variable, joint, double, template }: LanguageVariable): TextEdit | undefined {
  const { script, start, end, quoting } = place
  switch (quoting.kind) {
    case 'template':
      return wholeString(place)
        ? replacedString(place, variable)
        : template === undefined
          ? undefined
          : replaced(place, template)
    case 'double':
    case 'single': {
      if (wholeString(place)) return replacedString(place, variable)
      if (quoting.kind === 'double' && double !== undefined) return replaced(place, double)
      const close = closingQuote(place)
      if (close === undefined || quoting.quote.length > 1) return undefined
      if (joint === undefined) return inDouble(place, close, double ?? variable)
      const opening = script.slice(quoting.open, script.indexOf(quoting.quote, quoting.open) + 1)
      const before = script.slice(quoting.open + opening.length, start)
      const after = script.slice(end, close)
      const parts = [
        before && `${opening}${before}${quoting.quote}`,
        variable,
        after && `${opening}${after}${quoting.quote}`,
      ]
      return { start: quoting.open, end: close + 1, text: `(${parts.filter(Boolean).join(joint)})` }
    }
    default:
      return undefined
  }
}

/** Perl reads `print (…) . x` as a call, so nothing is put into parentheses. */
function inDouble({ script, start, end, quoting }: ScriptPlace, close: number, variable: string): TextEdit | undefined {
  if (!('quote' in quoting) || script.slice(quoting.open, close).includes('\\')) return undefined
  const part = (from: number, to: number) => script.slice(from, to).replace(/[$@"]/g, '\\$&')
  const text = `"${part(quoting.open + 1, start)}${variable}${part(end, close)}"`
  return { start: quoting.open, end: close + 1, text }
}

function replaced({ start, end }: ScriptPlace, text: string): TextEdit {
  return { start, end, text }
}

/** Whether the value is all that its string holds. */
function wholeString({ script, start, end, quoting }: ScriptPlace): boolean {
  if (!('quote' in quoting)) return false
  const { open, quote } = quoting
  return script.indexOf(quote, open) + quote.length === start && script.startsWith(quote, end)
}

/** Instead of the whole string, with its quotes and what is before them. */
function replacedString({ start, end, quoting }: ScriptPlace, text: string): TextEdit {
  if (!('quote' in quoting)) return { start, end, text }
  return { start: quoting.open, end: end + quoting.quote.length, text }
}

/** Where the string ends that the value is in, on the same line. */
function closingQuote({ script, end, quoting }: ScriptPlace): number | undefined {
  if (!('quote' in quoting)) return undefined
  for (let at = end; at < script.length && script[at] !== '\n'; at++) {
    if (script[at] === '\\') at += 1
    else if (script[at] === quoting.quote) {
      if (script[at + 1] !== quoting.quote) return at
      at += 1
    }
  }
  return undefined
}
