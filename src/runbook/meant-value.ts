import type { ParameterDeclaration } from './parameter.ts'
import { validateParameter } from './parameter-value.ts'

/**
 * A value as it was meant. What breaks its rule only because it was typed with an input method still on (`１２`, `ｔａｎａｋａ`),
 * has spaces around it, or is a date as spreadsheets write it (`2026/12/1`, `2026年12月1日`), becomes what the rule asks for.
 * Every other value stays as it is, right or wrong.
 */
export function meantValue(declaration: ParameterDeclaration, written: string): string {
  const fits = (value: string) => value !== '' && validateParameter(declaration, value) === undefined
  if (written === '' || fits(written)) return written
  const trimmed = written.trim()
  const narrow = trimmed.normalize('NFKC')
  const choice = declaration.choices?.find((one) => one.normalize('NFKC') === narrow)
  return [trimmed, narrow, isoDate(narrow), choice ?? ''].find(fits) ?? written
}

function isoDate(value: string): string {
  const [, year, month = '', day = ''] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(value) ?? []
  return year === undefined ? '' : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}
