import type { ParameterProblem } from '../execution/parameters.ts'
import type { ParameterDeclaration } from '../runbook/parameter.ts'
import type { Translate } from './translate.ts'

/** What an operator calls it: the label, else the name. */
export function parameterLabel(declaration: Pick<ParameterDeclaration, 'name' | 'label'>): string {
  return declaration.label ?? declaration.name
}

/** The rule that a value broke, as an instruction: "USER_ID: give a whole number." `label` stands for the parameter. */
export function parameterProblemSentence(
  problem: ParameterProblem,
  label: string,
  t: Translate,
  locale: string,
): string {
  const limit = (value: number) => new Intl.NumberFormat(locale).format(value)
  switch (problem.code) {
    case 'missing':
      return t('{0} needs a value.', label)
    case 'has-nul':
      return t('{0} holds a NUL character, which no program can be given. Take it out.', label)
    case 'not-a-number':
      return t('{0} must be a number, such as 12 or 0.5.', label)
    case 'not-an-integer':
      return t('{0} must be a whole number, such as 12.', label)
    case 'not-a-boolean':
      return t('{0} must be true or false.', label)
    case 'not-a-date':
      return t('{0} must be a date, such as 2026-11-19.', label)
    case 'not-an-email':
      return t('{0} must be an e-mail address.', label)
    case 'too-long':
      return t('{0} is too long. At most {1} characters fit.', label, limit(problem.limit))
    case 'too-small':
      return t('{0} is too small or too short: {1} is the least.', label, limit(problem.limit))
    case 'too-large':
      return t('{0} is too large or too long: {1} is the most.', label, limit(problem.limit))
    case 'not-a-choice':
      return t('{0} must be one of: {1}.', label, listOf(problem.choices, locale))
    case 'pattern':
      return problem.hint === undefined
        ? t('{0} must match the pattern {1}.', label, problem.pattern)
        : t('{0}: {1}', label, problem.hint)
    case 'unknown':
      return problem.known.length === 0
        ? t('This runbook has no parameter {0}; it has none at all.', problem.name)
        : t('This runbook has no parameter {0}. It has: {1}.', problem.name, listOf(problem.known, locale))
  }
}

/** The rule of a parameter, said before it is broken; undefined when anything goes. */
export function parameterRule(declaration: ParameterDeclaration, t: Translate, locale: string): string | undefined {
  if (declaration.hint !== undefined) return declaration.hint
  switch (declaration.type) {
    case 'boolean':
      return t('true or false')
    case 'choice':
      return t('one of: {0}', listOf(declaration.choices ?? [], locale))
    case 'date':
      return t('a date, such as 2026-11-19')
    case 'email':
      return t('an e-mail address')
    case 'integer':
      return t('a whole number')
    case 'number':
      return t('a number')
    case 'list':
      return t('several values, with commas between them')
    case 'path':
    case 'text':
      return declaration.pattern === undefined ? undefined : t('matches {0}', declaration.pattern)
  }
}

function listOf(values: readonly string[], locale: string): string {
  return values.join(/^ja\b/.test(locale) ? '、' : ', ')
}
