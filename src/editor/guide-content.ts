import type * as vscode from 'vscode'
import { textSha256 } from '../execution/step-text.ts'
import { proseOf } from '../runbook/prose.ts'
import type { Procedure, Runbook, Step } from '../runbook/runbook.ts'
import type { GuideContent, GuideStep } from '../webview/guide/messages.ts'
import { shellName } from '../wording/shell-names.ts'
import { type ProsePlaces, proseHtml } from './prose-html.ts'
import { fileName } from './runbook-library.ts'

/** What the Guide shows of a runbook. */
export function guideContent(
  file: { readonly uri: vscode.Uri; readonly path: string; readonly text: string },
  runbook: Runbook,
  places: ProsePlaces,
): GuideContent {
  const prose = proseOf(file.text, runbook)
  const definitions = file.text.match(/^ {0,3}\[[^\]\n]+\]:.*$/gm)?.join('\n') ?? ''
  const html = (markdown: string) => proseHtml(markdown, definitions, places)
  const { owner, estimate, audience = 'admin' } = runbook.frontmatter
  return {
    title: runbook.title || fileName(file.uri),
    path: file.path,
    intro: html(prose.intro),
    ...(owner === undefined ? {} : { owner }),
    ...(estimate === undefined ? {} : { estimate }),
    audience,
    steps: runbook.steps.map((step) => {
      const around = prose.steps.get(step.id)
      // The question of a decision is its title.
      const before = step.kind === 'decision' && around?.before === step.title ? '' : (around?.before ?? '')
      return { ...guideStep(step, runbook, html), before: html(before), after: html(around?.after ?? '') }
    }),
  }
}

function guideStep(
  step: Step,
  runbook: Runbook,
  html: (markdown: string) => string,
): Omit<GuideStep, 'before' | 'after'> {
  const common = {
    id: step.id,
    kind: step.kind,
    title: step.title,
    place: placeOf(runbook.procedures, step.procedureId),
    line: step.range.start.line + 1,
    drawn: textSha256(step),
  }
  const still = { isInteractive: false, isBackground: false }
  switch (step.kind) {
    case 'manual':
      return { ...common, ...still, text: html(step.text) }
    case 'decision':
      return { ...common, ...still, text: '', choices: step.choices.map(({ label, target }) => ({ label, target })) }
    case 'command': {
      const { expectedOutput: expected, attributes } = step
      return {
        ...common,
        text: step.text,
        shell: shellName(step.shell),
        isInteractive: attributes.interactive ?? false,
        isBackground: attributes.background ?? false,
        ...(expected === undefined ? {} : { expected: { text: expected.text, match: expected.match } }),
      }
    }
  }
}

function placeOf(procedures: readonly Procedure[], id: string | undefined): readonly string[] {
  for (const procedure of procedures) {
    if (procedure.id === id) return [procedure.title]
    const inside = placeOf(procedure.procedures, id)
    if (inside.length > 0) return [procedure.title, ...inside]
  }
  return []
}
