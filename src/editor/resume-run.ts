import * as vscode from 'vscode'
import { resolveParameters } from '../execution/parameters.ts'
import type { RunSite } from '../execution/run-site.ts'
import { sha256 } from '../execution/step-text.ts'
import { type Continuation, continuationOf } from '../record/resume.ts'
import type { Transcript } from '../record/transcript.ts'
import type { ParameterDeclaration } from '../runbook/parameter.ts'
import { continuationSentence } from '../wording/continuation.ts'
import { formatDateTime } from '../wording/dates.ts'
import { HumanError } from './command-boundary.ts'
import { locale, t } from './language.ts'
import { askForParameters } from './parameter-input.ts'
import type { RunController } from './run-controller.ts'
import type { RunHistory } from './run-history.ts'
import type { RunbookLibrary } from './runbook-library.ts'

export interface ResumeSetup {
  readonly controller: RunController
  readonly library: RunbookLibrary
  readonly history: RunHistory
  readonly siteOf: (runbook: vscode.Uri) => Promise<RunSite>
  readonly transcriptOf: (record: vscode.Uri) => Promise<Transcript>
}

type Possible = Extract<Continuation, { kind: 'possible' }>

/** Goes on with a run that failed or was cut off: a new run from the step at which it stopped, with the same parameters. */
export async function resumeRun(record: vscode.Uri, setup: ResumeSetup): Promise<void> {
  const { controller, library, history } = setup
  const find = () => history.at(record)
  const entry = await find()
  const uri = entry?.runbook
  if (uri === undefined || entry?.summary.outcome === 'unreadable' || entry?.summary.outcome === 'act')
    throw new HumanError(t('This file is no record of a run.'))
  const open = controller.session(uri)
  if (open?.recordPath() === record.fsPath && open.run.state === 'idle') await controller.finish(uri)
  const document = await openRunbook(uri)
  const runbook = await library.ofDocument(document)
  const transcript = await setup.transcriptOf(record)
  const source = { path: (await setup.siteOf(uri)).path, sha256: sha256(document.getText()) }
  const isRunning = transcript.end.kind === 'none'
  const found = continuationOf(transcript, runbook, source, isRunning)
  if (found.kind === 'impossible') throw new HumanError(continuationSentence(found, t))

  const { parameters: declarations } = runbook.frontmatter
  const parameters = await valuesOf(runbook.title || source.path, declarations, found)
  if (parameters === undefined) return
  const { run, step, changed } = found
  const began = t(
    'Goes on from the run of {0}, at “{1}”.',
    formatDateTime(transcript.startedAt, Date.now(), locale),
    step.title,
  )
  await controller.run({
    uri,
    selection: { kind: 'from', stepId: step.id },
    parameters,
    resumes: { run, step: step.id },
    remarks: changed ? [began, t('The runbook was changed since then.')] : [began],
  })
}

async function openRunbook(uri: vscode.Uri): Promise<vscode.TextDocument> {
  try {
    return await vscode.workspace.openTextDocument(uri)
  } catch {
    throw new HumanError(t('The runbook is not there any more: {0}', vscode.workspace.asRelativePath(uri)))
  }
}

/** The values of the earlier run; what its record does not hold, or what does not fit any more, is asked for again. */
async function valuesOf(
  title: string,
  declarations: readonly ParameterDeclaration[],
  { parameters, askAgain }: Possible,
): Promise<Readonly<Record<string, string>> | undefined> {
  const wrong = new Set([...askAgain, ...resolveParameters(declarations, parameters).problems.map(({ name }) => name)])
  const missing = declarations.filter(({ name }) => wrong.has(name))
  const asked = missing.length === 0 ? {} : await askForParameters(title, missing, parameters)
  return asked && resolveParameters(declarations, { ...parameters, ...asked }).values
}
