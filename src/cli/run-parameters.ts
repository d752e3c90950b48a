import { meantValue, type ParameterProblem, resolveParameters, validateParameter } from '../execution/parameters.ts'
import type { ParameterDeclaration } from '../runbook/parameter.ts'
import { earlierValue } from '../wording/follow.ts'
import { parameterLabel, parameterProblemSentence, parameterRule } from '../wording/parameters.ts'
import { exitCodes } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine, Prompt } from './ports.ts'
import { styleFor } from './style.ts'
import { typedKey } from './typed-key.ts'
import { UsageError } from './usage-error.ts'

export type ParameterValues = Readonly<Record<string, string>>

/** `NAME=VALUE` of every `--param`; the last one of a name counts, as in most commands. */
export function parseParameters(given: readonly string[], { t }: CommandLine): ParameterValues {
  const pairs = given.map((text): [string, string] => {
    const at = text.indexOf('=')
    if (at < 1) throw new UsageError(t('--param takes NAME=VALUE, not “{0}”.', plain(text)))
    return [text.slice(0, at), text.slice(at + 1)]
  })
  return Object.fromEntries(pairs)
}

/** Values by the names of parameters, where some were given by what an operator calls one: its label, as in a table. */
export function namedValues(given: ParameterValues, declarations: readonly ParameterDeclaration[]): ParameterValues {
  const nameOf = (key: string) => {
    const labelled = declarations.filter(({ label }) => label?.trim().normalize('NFC') === key.trim().normalize('NFC'))
    const isName = declarations.some(({ name }) => name === key)
    return isName || labelled.length !== 1 ? key : (labelled[0]?.name ?? key)
  }
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [nameOf(key), value]))
}

/**
 * With the sensitive ones that `BATON_SECRET_<NAME>` holds, which only this user can see; what was given otherwise goes before.
 * @param elsewhere names of those that come another way
 */
export async function withEnvironment(
  given: ParameterValues,
  declarations: readonly ParameterDeclaration[],
  { runs }: CommandLine,
  elsewhere: readonly string[] = [],
): Promise<ParameterValues> {
  const found: Record<string, string> = {}
  for (const { name, sensitive } of declarations) {
    if (!sensitive || elsewhere.includes(name)) continue
    const set = await runs.environmentSecrets.get(name)
    if (set.kind === 'found') found[name] = set.value
  }
  return { ...found, ...given }
}

/** Says which sensitive values everybody could see. */
export function tellOfArguments(
  given: ParameterValues,
  declarations: readonly ParameterDeclaration[],
  { t, err }: CommandLine,
): void {
  for (const { name, sensitive } of declarations) {
    if (!sensitive || !Object.hasOwn(given, name)) continue
    const sentence = t(
      '{0} came as an argument, which everybody on this computer can see. Set {1} instead.',
      name,
      `BATON_SECRET_${name}`,
    )
    err.write(`${styleFor(err).notice(sentence)}\n`)
  }
}

/** What another run says about the values of this one. */
export interface ValuesOfAnother {
  /** Names of those that had a value which nobody can look up: a default must not take its place. */
  readonly lost?: readonly string[] | undefined
  /** What Enter takes where somebody is asked, by name. */
  readonly earlier?: ParameterValues | undefined
}

/**
 * The values of a run: given ones, else typed ones where somebody is there, else defaults. All of them keep their rules.
 * @param takeDefaults ask only for what has no usable default
 */
export async function parametersOfRun(
  declarations: readonly ParameterDeclaration[],
  handed: ParameterValues,
  takeDefaults: boolean,
  line: CommandLine,
  { lost = [], earlier = {} }: ValuesOfAnother = {},
): Promise<ParameterValues> {
  const given = await withEnvironment(handed, declarations, line)
  const first = resolveParameters(declarations, given)
  refuseWrongValues(declarations, given, line)
  if (line.prompt === undefined) refuseLost(lost, given, declarations, line)
  const typed: Record<string, string> = {}
  if (line.prompt !== undefined) {
    for (const declaration of declarations) {
      const { name } = declaration
      const isSettled = !lost.includes(name) && !first.problems.some((problem) => problem.name === name)
      if (Object.hasOwn(given, name) || (takeDefaults && isSettled)) continue
      typed[name] = await ask(declaration, earlier[name], line.prompt, line)
    }
  }
  const { values, problems } = resolveParameters(declarations, { ...typed, ...given })
  refuse(problems, declarations, line)
  return values
}

/** A wrong value on the command line is not asked for again: scripts must hear of it, and so must their author. */
export function refuseWrongValues(
  declarations: readonly ParameterDeclaration[],
  given: ParameterValues,
  line: CommandLine,
): void {
  const { problems } = resolveParameters(declarations, given)
  const wrong = problems.filter(({ code, name }) => code === 'unknown' || Object.hasOwn(given, name))
  refuse(wrong, declarations, line)
}

/** Values that a record masks have to be given again. */
export function refuseLost(
  names: readonly string[],
  given: ParameterValues,
  declarations: readonly ParameterDeclaration[],
  line: CommandLine,
): void {
  const missing = names.find((name) => !Object.hasOwn(given, name))
  if (missing === undefined) return
  const { t } = line
  const sentence = t('The value of {0} is not in the record, because it is masked there.', plain(missing))
  throw new UsageError(`${sentence} ${howToGive(missing, declarations, line)}`)
}

function howToGive(name: string, declarations: readonly ParameterDeclaration[], { t }: CommandLine): string {
  const isSensitive = declarations.some((declaration) => declaration.name === name && declaration.sensitive)
  return isSensitive ? t('Set {0}.', `BATON_SECRET_${plain(name)}`) : t('Give it with --param {0}=…', plain(name))
}

function refuse(
  problems: readonly ParameterProblem[],
  declarations: readonly ParameterDeclaration[],
  line: CommandLine,
): void {
  if (problems.length === 0) return
  const { t, locale } = line
  const sentences = problems.map((problem) => {
    const declaration = declarations.find(({ name }) => name === problem.name)
    const sentence = plain(parameterProblemSentence(problem, labelOf(declaration ?? problem), t, locale))
    return problem.code === 'missing' ? `${sentence} ${howToGive(problem.name, declarations, line)}` : sentence
  })
  throw new UsageError(sentences.join('\n'))
}

async function ask(
  declaration: ParameterDeclaration,
  earlier: string | undefined,
  prompt: Prompt,
  line: CommandLine,
): Promise<string> {
  const { t, locale, err } = line
  const style = styleFor(err)
  const rule =
    numbered(declaration)
      ?.map((choice, at) => `${at + 1} ${choice}`)
      .join(' · ') ?? parameterRule(declaration, t, locale)
  const was = earlier === undefined ? undefined : earlierValue(declaration.name, earlier, t)
  const remarks = [declaration.description, rule, was].filter((text) => text !== undefined).map(plain)
  const preset = earlier ?? declaration.default ?? ''
  const shownPreset = preset === '' || declaration.sensitive ? '' : ` [${plain(preset)}]`
  const question = `${style.strong(labelOf(declaration))}${shownPreset}: `
  if (remarks.length > 0) err.write(`${style.quiet(remarks.join(' · '))}\n`)
  for (;;) {
    const answer = await (declaration.sensitive ? prompt.hidden(question) : prompt.line(question))
    if (answer === undefined) throw new UsageError(t('Cancelled.'), exitCodes.cancelled)
    const value = answer === '' ? preset : meantValue(declaration, chosen(declaration, answer))
    const problem = validateParameter(declaration, value)
    if (problem === undefined) return value
    err.write(`${style.bad(plain(parameterProblemSentence(problem, labelOf(declaration), t, locale)))}\n`)
  }
}

/** Choices that a number may stand for, which takes no input method: all, unless they have digits themselves. */
function numbered({ choices }: ParameterDeclaration): readonly string[] | undefined {
  return choices?.some((choice) => /^\p{Nd}/u.test(choice)) ? undefined : choices
}

function chosen(declaration: ParameterDeclaration, answer: string): string {
  const number = typedKey(answer)
  return (/^\d{1,3}$/.test(number) ? numbered(declaration)?.[Number(number) - 1] : undefined) ?? answer
}

/** The label for people, and the name that `--param` takes. */
function labelOf(declaration: Pick<ParameterDeclaration, 'name' | 'label'>): string {
  const label = plain(parameterLabel(declaration))
  return label === declaration.name ? label : `${label} (${declaration.name})`
}
