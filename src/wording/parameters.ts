import type { Measure, ParameterProblem } from '../execution/parameters.ts'
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
    case 'too-short-to-mask':
      return t(
        '{0} is masked, and fewer than {1} characters cannot be masked safely. Give more.',
        label,
        limit(problem.limit),
      )
    case 'too-small':
      return tooSmall(problem.of, label, limit(problem.limit), t)
    case 'too-large':
      return tooLarge(problem.of, label, limit(problem.limit), t)
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
      return [t('a whole number'), between(declaration, locale)].filter(Boolean).join(' ')
    case 'number':
      return [t('a number'), between(declaration, locale)].filter(Boolean).join(' ')
    case 'list':
      return t('several values, with commas between them')
    case 'path':
    case 'text':
      return declaration.pattern === undefined ? undefined : t('matches {0}', declaration.pattern)
  }
}

/** "(1–744)"; empty without limits. */
function between({ min, max }: ParameterDeclaration, locale: string): string {
  const number = (value: number | undefined) => (value === undefined ? '' : new Intl.NumberFormat(locale).format(value))
  return min === undefined && max === undefined ? '' : `(${number(min)}–${number(max)})`
}

function tooSmall(measure: Measure, label: string, limit: string, t: Translate): string {
  switch (measure) {
    case 'value':
      return t('{0} must be {1} or more.', label, limit)
    case 'characters':
      return t('{0} must have {1} or more characters.', label, limit)
    case 'entries':
      return t('{0} must have {1} or more entries.', label, limit)
  }
}

function tooLarge(measure: Measure, label: string, limit: string, t: Translate): string {
  switch (measure) {
    case 'value':
      return t('{0} must be {1} or less.', label, limit)
    case 'characters':
      return t('{0} must have {1} or fewer characters.', label, limit)
    case 'entries':
      return t('{0} must have {1} or fewer entries.', label, limit)
  }
}

function listOf(values: readonly string[], locale: string): string {
  return values.join(/^ja\b/.test(locale) ? '、' : ', ')
}
