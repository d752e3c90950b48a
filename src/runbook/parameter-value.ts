import type { ParameterDeclaration } from './parameter.ts'

/** The rule that a value breaks. `name` is the parameter's; the other fields are what a sentence needs to say. */
export type ParameterProblem =
  | {
      readonly code:
        | 'missing'
        | 'has-nul'
        | 'not-a-number'
        | 'not-an-integer'
        | 'not-a-boolean'
        | 'not-a-date'
        | 'not-an-email'
      readonly name: string
    }
  | { readonly code: 'too-long' | 'too-short-to-mask'; readonly name: string; readonly limit: number }
  | { readonly code: 'too-small' | 'too-large'; readonly name: string; readonly limit: number; readonly of: Measure }
  | { readonly code: 'not-a-choice'; readonly name: string; readonly choices: readonly string[] }
  | { readonly code: 'pattern'; readonly name: string; readonly pattern: string; readonly hint?: string }
  | { readonly code: 'unknown'; readonly name: string; readonly known: readonly string[] }

/** What `min` and `max` limit: a number's value, a text's characters, a list's entries. */
export type Measure = 'value' | 'characters' | 'entries'

/** UTF-16 units. Windows takes no environment variable longer than 32,767 with its name and the sign between them. */
const longestValue = 32_000

/** Of a sensitive value, in characters: masking less would hit so much ordinary text that the value could be guessed from it. */
const shortestSensitive = 4

/** The first rule of its declaration that `value` breaks; undefined when it can be used. */
export function validateParameter(declaration: ParameterDeclaration, value: string): ParameterProblem | undefined {
  const { name } = declaration
  if (value === '') return declaration.required ? { code: 'missing', name } : undefined
  if (value.includes('\0')) return { code: 'has-nul', name }
  if (value.length > longestValue) return { code: 'too-long', name, limit: longestValue }
  if (declaration.sensitive && [...value].length < shortestSensitive) {
    return { code: 'too-short-to-mask', name, limit: shortestSensitive }
  }
  return ofType(declaration, value) ?? ofPattern(declaration, value)
}

function ofPattern({ name, pattern, hint }: ParameterDeclaration, value: string): ParameterProblem | undefined {
  if (pattern === undefined || new RegExp(`^(?:${pattern})$`, 'u').test(value)) return undefined
  return { code: 'pattern', name, pattern, ...(hint === undefined ? {} : { hint }) }
}

function ofType({ name, type, min, max, choices }: ParameterDeclaration, value: string): ParameterProblem | undefined {
  switch (type) {
    case 'number':
    case 'integer': {
      const broken = type === 'integer' ? 'not-an-integer' : 'not-a-number'
      if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return { code: broken, name }
      const number = Number(value)
      if (!Number.isFinite(number)) return { code: broken, name }
      // `1e3` and `1.0` are whole, too, but no shell reckons with them.
      const isWhole = /^[+-]?\d+$/.test(value) && Number.isSafeInteger(number)
      if (type === 'integer' && !isWhole) return { code: broken, name }
      return outside(name, number, 'value', min, max)
    }
    case 'boolean':
      return value === 'true' || value === 'false' ? undefined : { code: 'not-a-boolean', name }
    case 'choice':
      return choices?.includes(value) ? undefined : { code: 'not-a-choice', name, choices: choices ?? [] }
    case 'date':
      return isDate(value) ? undefined : { code: 'not-a-date', name }
    case 'email':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(value) ? undefined : { code: 'not-an-email', name }
    case 'list':
      return outside(name, value.split(',').length, 'entries', min, max)
    case 'text':
    case 'path':
      return outside(name, [...value].length, 'characters', min, max)
  }
}

function outside(name: string, size: number, of: Measure, min?: number, max?: number): ParameterProblem | undefined {
  if (min !== undefined && size < min) return { code: 'too-small', name, limit: min, of }
  if (max !== undefined && size > max) return { code: 'too-large', name, limit: max, of }
  return undefined
}

/** YYYY-MM-DD that is in the calendar (RFC 3339, full-date). */
function isDate(value: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value)
  if (!match) return false
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}
