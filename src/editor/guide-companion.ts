import * as vscode from 'vscode'
import type { RecordFailure } from '../execution/run-api.ts'
import type { RunSite } from '../execution/run-site.ts'
import { sha256 } from '../execution/step-text.ts'
import type { Act } from '../record/act.ts'
import { annotationsOf, noAnnotations, notesByRun } from '../record/annotations.ts'
import { castOf } from '../record/cast.ts'
import { compareSteps, differingParameters, type StepComparison, valuesOf } from '../record/compare.ts'
import { earlierValues, type FollowedRun, type FollowedStep, followingOf } from '../record/follow.ts'
import { isSameOperator } from '../record/followable.ts'
import { findInTurns } from '../record/in-turns.ts'
import { playedCast } from '../record/played-cast.ts'
import { signOffOf } from '../record/sign-off.ts'
import { isReadable, type RecordSummary } from '../record/summary.ts'
import type { OpenRecord } from '../record/timeline.ts'
import type { Transcript } from '../record/transcript.ts'
import type { Runbook } from '../runbook/runbook.ts'
import { MASK } from '../secrets/mask.ts'
import type {
  AboutFollowed,
  FollowedStepView,
  FollowedView,
  FromFollowed,
  SignOffView,
} from '../webview/followed/messages.ts'
import { castWords } from '../wording/cast-words.ts'
import { executionProblemSentence } from '../wording/execution-problems.ts'
import { followingProblem, signOffProblem } from '../wording/follow.ts'
import { HumanError } from './command-boundary.ts'
import { locale, t } from './language.ts'
import type { RunCircumstances } from './run-opening.ts'

export interface CompanionSetup {
  readonly siteOf: (runbook: vscode.Uri) => Promise<RunSite>
  readonly transcriptOf: (record: vscode.Uri) => Promise<Transcript>
  /** All records of a repo as they are on disk now, by its root. */
  readonly recordsOf: (root: string) => Promise<readonly RecordSummary[]>
  readonly opened: (record: vscode.Uri) => Promise<OpenRecord>
  readonly recordAct: (root: string, act: Act) => Promise<RecordFailure | undefined>
}

/** The most UTF-16 units of output of one step that are sent to a page. */
const outputLimit = 4 * 1024 * 1024

/** The run of a predecessor beside the Guide of its runbook. */
export interface GuideCompanion {
  /** What one's own run says of it. */
  readonly follows: NonNullable<RunCircumstances['follows']>
  /** Everything, for a page that knows nothing yet. */
  messages(): readonly AboutFollowed[]
  /** The runbook has another text now. */
  read(document: vscode.TextDocument, runbook: Runbook): void
  /** Steps of one's own run ended, and are in its record: the one execution that is given, else all. */
  compare(ownRecord: string, execution?: number): Promise<void>
  /** Puts on record how one came through it. */
  signOff(how: Extract<FromFollowed, { type: 'sign-off' }>): Promise<void>
  /** Sends what an execution printed, as it came. */
  replay(execution: number): Promise<void>
}

/** @param send to the page, where there is one */
export async function createGuideCompanion(
  record: vscode.Uri,
  opened: { readonly document: vscode.TextDocument; readonly runbook: Runbook },
  setup: CompanionSetup,
  send: (message: AboutFollowed) => void,
): Promise<GuideCompanion> {
  const site = await setup.siteOf(opened.document.uri)
  const [transcript, records] = await Promise.all([setup.transcriptOf(record), setup.recordsOf(site.root)])
  // A record from elsewhere has no notes here.
  const summary = await findInTurns(records, (one) => isReadable(one) && one.id === transcript.run?.id)
  const annotations = summary && isReadable(summary) ? annotationsOf(summary, await notesByRun(records)) : noAnnotations
  let compared: Readonly<Record<string, StepComparison>> = {}
  let ownRun: string | undefined
  let signOff: SignOffView = { hasOwnRun: false }
  let followed = followedRun(opened.document, opened.runbook)
  let { runbook } = opened

  function followedRun(document: vscode.TextDocument, of: Runbook): FollowedRun {
    const source = { path: site.path, sha256: sha256(document.getText()) }
    const found = followingOf(transcript, of, source, annotations)
    if (found.kind === 'impossible') throw new HumanError(followingProblem(found, t))
    return found
  }

  function view(): FollowedView {
    return { ...viewOf(followed, runbook), isOwn: isSameOperator(followed.run.operator, site.operator) }
  }

  function sendSignOff(next: SignOffView): void {
    signOff = next
    send({ type: 'sign-off', signOff })
  }

  async function compare(ownRecord: string, execution?: number): Promise<void> {
    const own = await setup.transcriptOf(vscode.Uri.file(ownRecord))
    // Another run that follows begins anew, unless it goes on from that one.
    if (own.run?.id !== ownRun && own.run?.resumes?.run !== ownRun) compared = {}
    ownRun = own.run?.id
    const values = valuesOf(differingParameters(transcript, own))
    for (const after of own.steps) {
      const isMeant = execution === undefined ? after.result !== undefined : after.execution === execution
      if (!isMeant || after.serves) continue
      const before = followed.steps.find(({ step }) => step?.id === after.id)?.before
      const comparison: StepComparison = before
        ? withoutOutput(compareSteps(before, after, values))
        : { kind: 'only-after', after: { ...after, output: '' } }
      compared = { ...compared, [after.id]: comparison }
    }
    send({ type: 'compared', compared })
    if (!signOff.hasOwnRun) sendSignOff({ hasOwnRun: true })
  }

  async function sign(message: Extract<FromFollowed, { type: 'sign-off' }>): Promise<void> {
    const runs = (await setup.recordsOf(site.root)).filter(isReadable)
    const named = message.mastery === 'watched' ? followed.run.id : (ownRun ?? followed.run.id)
    const run = runs.find(({ id }) => id === named)
    if (run === undefined) throw new HumanError(t('This file is no record of a run.'))
    const act = signOffOf({ ...message, run }, runs, site.operator)
    if ('code' in act) return sendSignOff({ ...signOff, problem: signOffProblem(act, t) })
    const failure = await setup.recordAct(site.root, act)
    const { problem: _, ...rest } = signOff
    if (failure) return sendSignOff({ ...rest, problem: executionProblemSentence(failure.problem, t) })
    sendSignOff({ ...rest, signed: message.mastery })
  }

  return {
    follows: { run: followed.run.id, values: earlierValues(followed.run, runbook) },
    messages: () => [
      { type: 'followed', followed: view() },
      { type: 'compared', compared },
      { type: 'sign-off', signOff },
    ],
    read(document, next) {
      runbook = next
      followed = followedRun(document, next)
      send({ type: 'followed', followed: view() })
    },
    compare,
    signOff: sign,
    async replay(execution) {
      const options = { words: castWords(t, locale), execution, outputLimit }
      const cast = await playedCast(castOf(await setup.opened(record), options))
      send({ type: 'cast', execution, cast })
    },
  }
}

/** The page shows what came on its own; a record can hold a megabyte of it. */
function withoutOutput<Comparison extends Extract<StepComparison, { kind: 'both' }>>(step: Comparison): Comparison {
  return { ...step, before: { ...step.before, output: '' }, after: { ...step.after, output: '' } }
}

function viewOf(
  { run, startedAt, isChanged, notes, steps }: FollowedRun,
  runbook: Runbook,
): Omit<FollowedView, 'isOwn'> {
  const labels = new Map(runbook.frontmatter.parameters.map(({ name, label }) => [name, label]))
  const values = Object.entries(run.parameters).filter(([, value]) => value !== '' && !value.includes(MASK))
  return {
    operator: run.operator.name,
    startedAt,
    isChanged,
    parameters: values.map(([name, value]) => ({ label: labels.get(name) ?? name, value })),
    notes,
    steps: Object.fromEntries(
      steps.flatMap((step): [string, FollowedStepView][] => {
        const view = stepView(step)
        return view && step.step ? [[step.step.id, view]] : []
      }),
    ),
    gone: steps.filter(({ step }) => step === undefined).flatMap((step) => stepView(step) ?? []),
  }
}

function stepView({ before, changedText, notes }: FollowedStep): FollowedStepView | undefined {
  if (before === undefined) return undefined
  const { execution, title, kind, text, output, omitted, prunedBytes, result } = before
  return {
    execution,
    title,
    kind,
    text,
    output,
    notes,
    attachments: (result?.attachments ?? []).map(({ name }) => name),
    ...(changedText && { changedText }),
    ...(omitted && { omitted }),
    ...(prunedBytes !== undefined && { prunedBytes }),
    ...(result && { outcome: result.outcome, durationMs: result.durationMs }),
    ...(result?.exitCode !== undefined && { exitCode: result.exitCode }),
    ...(result?.problem && { problem: result.problem }),
    ...(result?.choice && { choice: result.choice }),
  }
}
