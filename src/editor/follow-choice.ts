import * as vscode from 'vscode'
import type { RunSite } from '../execution/run-site.ts'
import { followableRuns, isSameOperator } from '../record/followable.ts'
import { isReadable, type RecordSummary } from '../record/summary.ts'
import { formatDateTime } from '../wording/dates.ts'
import { outcomeWord, succeededOfAll } from '../wording/outcomes.ts'
import { HumanError } from './command-boundary.ts'
import { outcomeIcon } from './icons.ts'
import { duration, locale, t } from './language.ts'

/** Has a run of a runbook chosen that is to be followed; the best one stands first. Undefined when the operator withdrew. */
export async function chooseRunToFollow(
  site: RunSite,
  records: readonly RecordSummary[],
): Promise<vscode.Uri | undefined> {
  const runs = followableRuns(records.filter(isReadable), site.path, site.operator)
  if (runs.length === 0) throw new HumanError(t('There is no finished run of this runbook yet that could be followed.'))
  const items = runs.map((run) => {
    const { operator, startedAt, durationMs, outcome, tally, path } = run
    const name = isSameOperator(operator, site.operator) ? t('{0} (you)', operator.name) : operator.name
    const icon = outcome === 'running' ? undefined : outcomeIcon(outcome)
    return {
      label: name,
      description: formatDateTime(startedAt, Date.now(), locale),
      detail: [
        outcome === 'running' ? '' : outcomeWord(outcome, t),
        durationMs === undefined ? '' : duration(durationMs),
        succeededOfAll(tally, t),
      ]
        .filter(Boolean)
        .join(' · '),
      ...(icon && { iconPath: icon }),
      record: vscode.Uri.joinPath(vscode.Uri.file(site.root), path),
    }
  })
  const chosen = await vscode.window.showQuickPick(items, {
    title: t('Follow a run'),
    placeHolder: t('Whose run do you want to follow?'),
    matchOnDescription: true,
  })
  return chosen?.record
}
