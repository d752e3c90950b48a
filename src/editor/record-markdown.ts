import type { PrerequisiteState } from '../execution/event.ts'
import type { RecordedAct } from '../record/act.ts'
import { nothingRelated, type RelatedRecords } from '../record/related.ts'
import type { ActSummary } from '../record/summary.ts'
import { endedSteps, tallySteps, undoneExecutions } from '../record/tally.ts'
import type { Transcript, TranscriptNote } from '../record/transcript.ts'
import type { TrustedRecord } from '../record/trust.ts'
import { actDetail, actSubject, actTitle, prunedRuns } from '../wording/acts.ts'
import { formatDateTime, formatTime } from '../wording/dates.ts'
import { formatDuration } from '../wording/durations.ts'
import { masteryWord, runOf as nameOfRun } from '../wording/follow.ts'
import { newerFormatWords } from '../wording/newer-format.ts'
import { outcomeSymbol, outcomeWord, succeededOfAll } from '../wording/outcomes.ts'
import type { Translate } from '../wording/translate.ts'
import { trustDetails, trustSentence } from '../wording/trust.ts'
import { escapeHtml, escapeMarkdown, quote } from './markdown-escape.ts'
import type { PageLanguage } from './page-language.ts'
import { annotationSection, stepSection } from './record-step.ts'

export type PageTrust = Pick<TrustedRecord, 'verification' | 'signature' | 'anchor'>

/**
 * A record as a Markdown page: what, who, when, whether it is as it was written, then each step with its text, output and
 * note. All that comes from the record is data: nothing of it becomes Markdown or HTML.
 */
export function recordMarkdown(
  transcript: Transcript,
  trust: PageTrust,
  language: PageLanguage,
  related: RelatedRecords = nothingRelated,
  folder?: string,
): string {
  const { t } = language
  const { run, act } = transcript
  const { annotations } = related
  if (act) return actMarkdown(act, transcript, trust, language, related)
  if (!run) return unknownMarkdown(transcript, trust, language)
  const titles = new Map(transcript.steps.map(({ id, title }) => [id, title]))
  const context = {
    titleOf: (stepId: string) => titles.get(stepId) ?? stepId,
    undone: undoneExecutions(transcript.steps),
    ...(folder !== undefined && { folder }),
    annotations: annotations.byExecution,
    pruning: related.pruning,
  }
  return [
    `# ${escapeMarkdown(run.runbook.title || run.runbook.path)}`,
    headline(transcript, language),
    facts(transcript, trust, language, related),
    ...annotations.ofRun.map((note) => annotationSection(note, language)),
    ...transcript.notes.filter(({ after }) => after === 0).map((note) => noteSection(note, language)),
    ...transcript.steps.flatMap((step, index) => [
      stepSection(step, index + 1, context, language),
      ...transcript.notes.filter(({ after }) => after === index + 1).map((note) => noteSection(note, language)),
    ]),
    ...(transcript.leftOut
      ? [
          `*${escapeMarkdown(t('Steps and notes that are not shown, because there are too many: {0}', transcript.leftOut))}*`,
        ]
      : []),
    ...(transcript.unknownLines > 0
      ? [`*${escapeMarkdown(t('Lines that could not be read: {0}', transcript.unknownLines))}*`]
      : []),
  ].join('\n\n')
}

/** A file that this version cannot read as a record, or that is none. */
function unknownMarkdown({ newerFormat }: Transcript, trust: PageTrust, { t }: PageLanguage): string {
  const title = newerFormat === undefined ? t('This file is no record') : t('A record of a newer format')
  return `# ${escapeMarkdown(title)}\n\n${factsTable([...trustRows(trust, t), [t('Format'), newerFormatWords(newerFormat, t)]])}\n`
}

/** What was done outside of any run is a page as well: what, who, when. */
function actMarkdown(
  act: RecordedAct,
  { startedAt }: Transcript,
  trust: PageTrust,
  { t, locale, now }: PageLanguage,
  { runOf }: RelatedRecords,
): string {
  const { operator, host, origin, version } = act
  const by = { editor: 'VS Code', 'command-line': t('command line') }[origin]
  return [
    `# ${escapeMarkdown(actTitle(act, t))}`,
    [operator.name, formatDateTime(startedAt, now, locale)].map(escapeMarkdown).join(' · '),
    factsTable([
      ...trustRows(trust, t),
      [t('Run'), actSubject(act, runOf, { t, locale, now }) || act.about?.run],
      [t('Own run'), act.own?.run],
      [t('Together with'), act.with],
      [t('Secrets'), act.secrets?.join(', ')],
      [
        t('Handed over to'),
        act.to?.map((to) => (to === 'passphrase' ? t('whoever knows the passphrase') : to)).join(', '),
      ],
      [t('File'), act.file],
      [t('Operator'), operator.email ? `${operator.name} (${operator.email})` : operator.name],
      [t('Computer'), host.name],
      [t('Done with'), `${by} · Baton ${version}`],
    ]),
    ...(act.text ? [quote(act.text)] : []),
    ...(act.pruned ? prunedSection(act.pruned, { t, locale, now }, runOf) : []),
    ...(act.secrets ? [escapeMarkdown(t('Names only: no value is in any record.'))] : []),
  ].join('\n\n')
}

/** Runs that are named before the rest is counted. */
const prunedNamed = 1000

function prunedSection(
  pruned: NonNullable<RecordedAct['pruned']>,
  language: PageLanguage,
  runOf: RelatedRecords['runOf'],
): readonly string[] {
  const { t, locale } = language
  const named = prunedRuns({ pruned: pruned.slice(0, prunedNamed) }, runOf, language)
  const more = pruned.length - named.length
  const rest = more > 0 ? [t('and {0} more', new Intl.NumberFormat(locale).format(more))] : []
  return [
    `## ${escapeMarkdown(t('Output that was pruned'))}`,
    [...named, ...rest].map((line) => `- ${escapeMarkdown(line)}`).join('\n'),
    escapeMarkdown(t('Its hashes stay, so the records still verify.')),
  ]
}

function headline({ startedAt, end, run }: Transcript, { t, locale, now }: PageLanguage): string {
  const outcome = end.kind === 'ended' ? end.outcome : end.kind === 'abandoned' ? 'abandoned' : undefined
  const state = outcome ? `${outcomeSymbol(outcome)} ${outcomeWord(outcome, t)}` : t('running, or cut off')
  const parts = [
    `**${escapeMarkdown(state)}**`,
    escapeMarkdown(run?.operator.name ?? ''),
    escapeMarkdown(formatDateTime(startedAt, now, locale)),
    ...(end.kind === 'ended' ? [escapeMarkdown(formatDuration(end.durationMs, t, locale))] : []),
  ]
  return parts.join(' · ')
}

function facts(
  { run, end, steps, newerFormat }: Transcript,
  trust: PageTrust,
  language: PageLanguage,
  { runOf, signOffs }: RelatedRecords,
): string {
  if (!run) return ''
  const { t } = language
  const followed = run.follows === undefined ? undefined : runOf(run.follows)
  const { git, operator, host } = run
  const commit = git?.commit?.slice(0, 10)
  return factsTable([
    ...trustRows(trust, t),
    [t('Format'), newerFormatWords(newerFormat, t)],
    [t('Runbook'), run.runbook.path],
    [
      t('Version'),
      commit &&
        [commit, git?.branch, git?.changed && t('with changes that are not committed')].filter(Boolean).join(' · '),
    ],
    [t('Operator'), operator.email ? `${operator.name} (${operator.email})` : operator.name],
    [t('Computer'), host.name],
    [t('Approval'), run.unattended && t('without asking (--yes)')],
    [t('Batch'), run.batch && t('row {0} of {1} of batch {2}', run.batch.row, run.batch.rows, run.batch.id)],
    [t('Goes on from'), run.resumes && t('run {0}, from step “{1}” on', run.resumes.run, run.resumes.step)],
    [t('Followed run'), followed ? nameOfRun(followed, language) : run.follows],
    ...signOffs.map((act) => [t('Sign-off'), signOffSentence(act, language)] as const),
    [t('Prerequisites'), run.prerequisites?.map((state) => prerequisite(state, t)).join(' · ')],
    [t('Steps'), end.kind === 'ended' ? succeededOfAll(tallySteps(endedSteps(steps)), t) : undefined],
    ...Object.entries(run.parameters),
    [t('Secrets'), run.secrets.join(', ')],
  ])
}

/** "鈴木 花子: Done together (with 佐藤), Tue, Sep 1" */
function signOffSentence(act: ActSummary, { t, now, locale }: PageLanguage): string {
  const detail = actDetail(act, t)
  const how = act.mastery ? masteryWord(act.mastery, t) : actTitle(act, t)
  const date = formatDateTime(act.startedAt, now, locale)
  return `${act.operator.name}: ${how}${detail === '' ? '' : ` (${detail})`} · ${date}`
}

/** Whether it is as it was written, and what stands behind that. */
function trustRows(trust: PageTrust, t: Translate): readonly (readonly [string, string])[] {
  return [
    [t('Record'), trustSentence(trust, t)],
    [t('Evidence'), trustDetails(trust, t).join(' · ')],
  ]
}

/** Rows without a value are left out. */
function factsTable(rows: readonly (readonly [string, string | undefined])[]): string {
  const cells = rows
    .filter(([, value]) => value)
    .map(([name, value]) => `<tr><td><strong>${escapeHtml(name)}</strong></td><td>${escapeHtml(value ?? '')}</td></tr>`)
  return `<table>\n${cells.join('\n')}\n</table>`
}

function prerequisite({ path, state, run }: PrerequisiteState, t: Translate): string {
  const words = { done: t('done before'), ran: t('carried out just now'), waived: t('went on without') }
  return `${path}: ${words[state]}${run === undefined ? '' : ` (${t('run {0}', run)})`}`
}

function noteSection({ time, text }: TranscriptNote, { t, locale }: PageLanguage): string {
  return `**${escapeMarkdown(t('Note'))}** · ${escapeMarkdown(formatTime(time, locale))}\n\n${quote(text)}`
}
