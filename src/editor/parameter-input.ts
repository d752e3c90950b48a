import * as vscode from 'vscode'
import { meantValue, validateParameter } from '../execution/parameters.ts'
import type { ParameterDeclaration } from '../runbook/parameter.ts'
import { earlierValue } from '../wording/follow.ts'
import { parameterLabel, parameterProblemSentence, parameterRule } from '../wording/parameters.ts'
import { locale, t } from './language.ts'

type Reply = { readonly kind: 'value'; readonly value: string } | { readonly kind: 'back' }

/**
 * Asks for the parameters of a run, one titled page each with a way back, and sums them up on a last page.
 * @param remembered values of the run before, by name: what Enter takes
 * @param earlier values of a run that is followed, by name: they come first, and are named as what they are
 * @returns values by name; undefined when the operator withdrew
 */
export async function askForParameters(
  title: string,
  declarations: readonly ParameterDeclaration[],
  remembered: Readonly<Record<string, string>>,
  earlier: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, string>> | undefined> {
  const values = new Map<string, string>()
  let page = 0
  while (page <= declarations.length) {
    const declaration = declarations[page]
    if (declaration === undefined) {
      const next = await confirmValues(title, declarations, values)
      if (next === undefined) return undefined
      if (next === 'run') return Object.fromEntries(values)
      page = next
      continue
    }
    const { name } = declaration
    const preset = values.get(name) ?? earlier[name] ?? remembered[name] ?? declaration.default ?? ''
    const was = earlier[name]
    const position = { title, step: page + 1, totalSteps: declarations.length }
    const remark = was === undefined ? {} : { remark: earlierValue(parameterLabel(declaration), was, t) }
    const reply = await askForOne(declaration, preset, { ...position, ...remark })
    if (reply === undefined) return undefined
    if (reply.kind === 'value') values.set(declaration.name, reply.value)
    page += reply.kind === 'back' ? -1 : 1
  }
  return Object.fromEntries(values)
}

interface Page {
  readonly title: string
  readonly step: number
  readonly totalSteps: number
  /** What else is to be known of the value. */
  readonly remark?: string
}

function askForOne(declaration: ParameterDeclaration, preset: string, page: Page): Promise<Reply | undefined> {
  const choices =
    declaration.type === 'choice' ? declaration.choices : declaration.type === 'boolean' ? ['true', 'false'] : undefined
  return choices === undefined
    ? askForText(declaration, preset, page)
    : askForChoice(declaration, choices, preset, page)
}

function askForText(declaration: ParameterDeclaration, preset: string, page: Page): Promise<Reply | undefined> {
  const input = vscode.window.createInputBox()
  const label = parameterLabel(declaration)
  const rule = [declaration.description, parameterRule(declaration, t, locale), page.remark].filter(Boolean).join(' · ')
  const check = (value: string) => {
    const problem = validateParameter(declaration, meantValue(declaration, value))
    input.validationMessage = problem && parameterProblemSentence(problem, label, t, locale)
    return problem === undefined
  }
  input.prompt = rule === '' ? label : `${label}: ${rule}`
  input.placeholder = declaration.required ? label : t('{0} (may stay empty)', label)
  input.password = declaration.sensitive ?? false
  input.value = preset
  return settle(input, page, (done) => [
    input.onDidChangeValue(check),
    input.onDidAccept(() => {
      if (check(input.value)) done({ kind: 'value', value: meantValue(declaration, input.value) })
    }),
  ])
}

function askForChoice(
  declaration: ParameterDeclaration,
  choices: readonly string[],
  preset: string,
  page: Page,
): Promise<Reply | undefined> {
  const pick = vscode.window.createQuickPick()
  pick.placeholder = [declaration.description ?? parameterLabel(declaration), page.remark].filter(Boolean).join(' · ')
  pick.items = choices.map((label) => (label === preset ? { label, description: t('as before') } : { label }))
  pick.activeItems = pick.items.filter(({ label }) => label === preset)
  return settle(pick, page, (done) => [
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems
      if (chosen) done({ kind: 'value', value: chosen.label })
    }),
  ])
}

function settle(
  input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
  page: Page,
  listen: (done: (reply: Reply) => void) => vscode.Disposable[],
): Promise<Reply | undefined> {
  const { title, step, totalSteps } = page
  Object.assign(input, { title, step, totalSteps, ignoreFocusOut: true })
  if (page.step > 1) input.buttons = [vscode.QuickInputButtons.Back]
  return new Promise((resolve) => {
    const done = (reply: Reply | undefined) => {
      resolve(reply)
      input.hide()
    }
    const listeners = [
      ...listen(done),
      input.onDidTriggerButton(() => done({ kind: 'back' })),
      input.onDidHide(() => {
        resolve(undefined)
        for (const listener of listeners) listener.dispose()
        input.dispose()
      }),
    ]
    input.show()
  })
}

/** The last page: `run`, the index of a parameter to change, or undefined. */
async function confirmValues(
  title: string,
  declarations: readonly ParameterDeclaration[],
  values: ReadonlyMap<string, string>,
): Promise<'run' | number | undefined> {
  const run: vscode.QuickPickItem & { readonly next: 'run' | number } = { label: `$(play) ${t('Run')}`, next: 'run' }
  const lines = declarations.map((declaration, next) => ({
    label: `$(edit) ${parameterLabel(declaration)}`,
    description: declaration.sensitive ? '•••' : values.get(declaration.name) || t('(empty)'),
    next,
  }))
  const separator = { label: t('With these values'), kind: vscode.QuickPickItemKind.Separator, next: 0 }
  const chosen = await vscode.window.showQuickPick([run, separator, ...lines], {
    title,
    placeHolder: t('Enter runs it; choose a line to change it'),
    ignoreFocusOut: true,
  })
  return chosen?.next
}
