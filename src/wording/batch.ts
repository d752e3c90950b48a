import type { BatchProblem } from '../execution/batch.ts'
import type { BatchResumption, BatchSummary } from '../execution/batch-run.ts'
import type { ParameterDeclaration } from '../runbook/parameter.ts'
import { parameterLabel, parameterProblemSentence } from './parameters.ts'
import type { Translate } from './translate.ts'

/** What is wrong with a table and where: "Line 3: 部署 must be one of: 営業, 総務." */
export function batchProblemSentence(
  problem: BatchProblem,
  declarations: readonly ParameterDeclaration[],
  t: Translate,
  locale: string,
): string {
  switch (problem.code) {
    case 'value':
      return t('Line {0}: {1}', problem.line, ofParameter(problem.problem))
    case 'fixed':
      return ofParameter(problem.problem)
    case 'column-unknown':
      return problem.name === ''
        ? t('Column {0} has values and no name. Write the parameter’s name above it.', problem.column)
        : t(
            'Column {0}, “{1}”, is no parameter of this runbook. It has: {2}.',
            problem.column,
            problem.name,
            declarations.map(both).join(/^ja\b/.test(locale) ? '、' : ', '),
          )
    case 'column-twice':
      return t('Column {0}, “{1}”, is there twice. Take one away.', problem.column, problem.name)
    case 'column-ambiguous':
      return t('Column {0}, “{1}”, could be two parameters. Use the parameter’s name.', problem.column, problem.name)
    case 'column-fixed':
      return t('Column {0}, “{1}”, has a value for all rows as well. Give it once.', problem.column, problem.name)
    case 'too-many-fields':
      return t(
        'Line {0} has more than {1} values. Put one with a comma in it into quotation marks.',
        problem.line,
        problem.limit,
      )
    case 'quotes':
      return t('Line {0}: a quotation mark is not closed, or stands where none can be.', problem.line)
    case 'no-rows':
      return t('The table has no rows. Write one below its header.')
    case 'too-many-rows':
      return t('The table has more than {0} rows. Split it.', new Intl.NumberFormat(locale).format(problem.limit))
  }

  function ofParameter(broken: Extract<BatchProblem, { code: 'value' }>['problem']): string {
    const declaration = declarations.find(({ name }) => name === broken.name)
    return parameterProblemSentence(broken, parameterLabel(declaration ?? broken), t, locale)
  }
}

function both(declaration: ParameterDeclaration): string {
  const label = parameterLabel(declaration)
  return label === declaration.name ? label : `${declaration.name} (${label})`
}

/** Why a batch cannot go on with a table. */
export function batchResumptionSentence(resumption: Exclude<BatchResumption, { kind: 'rows' }>, t: Translate): string {
  switch (resumption.kind) {
    case 'rows-changed':
      return t(
        'The table had {0} rows and has {1} now. Put it back as it was, or run it as a new batch.',
        resumption.before,
        resumption.now,
      )
    case 'row-changed':
      return t(
        'Line {0} is not what ran: {1} is another one. Put it back as it was, or run it as a new batch.',
        resumption.row.line,
        resumption.name,
      )
    case 'running':
      return t('Line {0} is running at this moment. Wait for its end.', resumption.row.line)
  }
}

/** "18 of 20 rows succeeded, 1 failed, 1 did not run." */
export function batchSummarySentence({ counts, notRun }: BatchSummary, t: Translate, locale: string): string {
  const number = (value: number) => new Intl.NumberFormat(locale).format(value)
  const fine = counts.succeeded + counts.skipped
  const wrong = counts.failed + counts['timed-out']
  const all = fine + wrong + counts.cancelled + notRun
  return [
    t('Rows that succeeded: {0} of {1}', number(fine), number(all)),
    wrong > 0 ? t('failed: {0}', number(wrong)) : '',
    counts.cancelled > 0 ? t('cancelled: {0}', number(counts.cancelled)) : '',
    notRun > 0 ? t('not run: {0}', number(notRun)) : '',
  ]
    .filter(Boolean)
    .join(' · ')
}
