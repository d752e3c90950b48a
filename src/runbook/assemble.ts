import { type CommandPart, placeOf, problemsOf, readCommand, titleOfCommand } from './command-step.ts'
import { type Expectation, expectationProblems, expectedOutput, readExpectation } from './expected-output.ts'
import type { Fact, FenceFact } from './facts.ts'
import { type FenceInfo, parseFenceInfo } from './fence-attributes.ts'
import { type FrontmatterReading, frontmatterOf } from './frontmatter-block.ts'
import { anchorOf, type Heading, readHeadings, titleHeading } from './headings.ts'
import { createInlineMemory, type Definitions } from './inline.ts'
import { choicesOf, isContents, isPrerequisites, linksToOthers } from './links.ts'
import { createNames } from './names.ts'
import type { Problem } from './problem.ts'
import { buildProcedures } from './procedures.ts'
import { checkReferences } from './references.ts'
import type { CommandStep, Link, Runbook, Step } from './runbook.ts'
import type { Position } from './source.ts'

/** What was read of a text that is being edited, and is the same again after most edits. */
export interface AssemblyMemory {
  readonly inline: ReturnType<typeof createInlineMemory>
  readonly fences: Map<string, FenceInfo>
  readonly frontmatter: { source: string; reading: FrontmatterReading | undefined }
}

export function createAssemblyMemory(): AssemblyMemory {
  return { inline: createInlineMemory(), fences: new Map(), frontmatter: { source: '', reading: undefined } }
}

/** What a fence's first line means to its neighbours. */
interface Pending {
  readonly index: number
  /** Nothing stands between. */
  isAdjacent: boolean
  asked?: Expectation
}

/**
 * A runbook out of the facts of its text.
 * @param text without byte order mark
 * @param end where it ends
 */
export function assembleRunbook(text: string, end: Position, facts: readonly Fact[], memory: AssemblyMemory): Runbook {
  const reading = readFrontmatterOf(text, facts, memory)
  const { frontmatter } = reading
  const problems: Problem[] = [...reading.problems]
  const read = memory.inline.reader(definitionsOf(facts))
  const infoOf = (fence: FenceFact): FenceInfo => {
    const info = memory.fences.get(fence.info) ?? parseFenceInfo(fence.info)
    if (memory.fences.size > 10_000) memory.fences.clear()
    memory.fences.set(fence.info, info)
    return info
  }

  const headings = readHeadings(facts, read)
  const anchors = new Set(headings.map(({ id }) => id))
  const title = titleHeading(headings)
  const written = new Set(facts.flatMap((fact) => (fact.kind === 'fence' ? (infoOf(fact).attributes.name ?? []) : [])))
  const names = createNames()
  const counts = new Map<string, number>()
  const steps: Step[] = []
  const fenceOfStep = new Map<string, FenceFact>()
  const prerequisites: Link[] = []
  const remaining = headings.values()
  let section: Heading | undefined
  let before: Pending | undefined

  /** A name for a step that has none: its section and its place in it. */
  function placeName(): string {
    const base = section?.id ?? 'step'
    const count = (counts.get(base) ?? 0) + 1
    counts.set(base, count)
    return `${base}-${count}`
  }

  function generatedName(): string {
    const base = placeName()
    let name = names.take(base)
    while (written.has(name)) name = names.take(base)
    return name
  }

  const place = () => (section === undefined || section === title ? {} : { procedureId: section.id })

  function addFence(fence: FenceFact): void {
    const info = infoOf(fence)
    const command = readCommand(fence, info, frontmatter.shell)
    if (command === undefined) {
      const step = before === undefined ? undefined : steps[before.index]
      const isOutput = before?.asked !== undefined || (before?.isAdjacent && info.language === 'output')
      if (before && step?.kind === 'command' && isOutput) {
        steps[before.index] = { ...step, expectedOutput: expectedOutput(fence, info, before.asked) }
        for (const problem of problemsOf(fence, { ...info, problems: expectationProblems(info) }))
          problems.push(problem)
        before = undefined
      } else if (before) before.isAdjacent = false
      return
    }
    for (const problem of problemsOf(fence, info)) problems.push(problem)
    before = { index: steps.length, isAdjacent: true }
    const step = withName(withAnchor(command), fence, info.attributes.name)
    steps.push(step)
    fenceOfStep.set(step.id, fence)
  }

  function withName(command: CommandPart, fence: FenceFact, name?: string): CommandStep {
    if (name === undefined) {
      const id = generatedName()
      const stepTitle = titleOfCommand(command.text) ?? id
      return { kind: 'command', id, title: stepTitle, named: false, ...place(), ...command }
    }
    placeName()
    const id = names.take(name)
    if (id !== name) {
      const range = placeOf(fence, { values: { key: 'name' } })
      problems.push({ code: 'step-duplicate-name', severity: 'warning', range, values: { name } })
    }
    return { kind: 'command', id, title: name, named: true, ...place(), ...command }
  }

  function withAnchor(command: CommandPart): CommandPart {
    const { onFailure } = command.attributes
    if (!onFailure?.startsWith('#')) return command
    const anchor = anchorOf(onFailure.slice(1), anchors)
    return { ...command, attributes: { ...command.attributes, onFailure: `#${anchor}` } }
  }

  function addChoices({ items, lead, range }: Extract<Fact, { kind: 'choices' }>): void {
    const choices = isContents(section?.title ?? '') ? undefined : choicesOf(items, read)
    if (choices === undefined) {
      for (const item of items) addLinks(item)
      return
    }
    const resolved = choices.map((choice) => ({ ...choice, target: anchorOf(choice.target, anchors) }))
    const id = generatedName()
    const stepTitle = read(lead).text || resolved.map(({ label }) => label).join(' / ')
    steps.push({ kind: 'decision', id, title: stepTitle, named: false, range, choices: resolved, ...place() })
  }

  function addLinks(prose: Parameters<typeof linksToOthers>[0]): void {
    if (section === undefined || !isPrerequisites(section.title)) return
    for (const link of linksToOthers(prose, read)) prerequisites.push(link)
  }

  for (const fact of facts) {
    if (fact.kind === 'fence') {
      addFence(fact)
      continue
    }
    if (fact.kind === 'comment') {
      const asked = readExpectation(fact.text)
      if (before && asked) before.asked = asked
      continue
    }
    if (before) before.isAdjacent = false
    switch (fact.kind) {
      case 'heading': {
        const heading = remaining.next().value
        if (fact.isTop) section = heading
        before = undefined
        break
      }
      case 'task': {
        const { range, text: taskText } = fact
        const id = generatedName()
        const stepTitle = read(fact.source).text || id
        steps.push({ kind: 'manual', id, title: stepTitle, named: false, range, text: taskText, ...place() })
        break
      }
      case 'choices':
        addChoices(fact)
        break
      case 'prose':
        addLinks(fact)
        break
      case 'misspelt-task':
        problems.push({ code: 'task-misspelt', severity: 'warning', range: fact.range, values: {} })
        break
    }
  }

  const attributePlace = (step: CommandStep, key: string) => {
    const fence = fenceOfStep.get(step.id)
    return fence === undefined ? step.range : placeOf(fence, { values: { key } })
  }
  for (const problem of checkReferences(steps, anchors, frontmatter, attributePlace)) problems.push(problem)
  const sections = headings.filter((heading) => heading.isTop && heading !== title)
  return {
    kind: reading.isSessionOutput ? 'session-output' : steps.length > 0 ? 'runbook' : 'document',
    title: frontmatter.title ?? title?.title ?? headings.find(({ level }) => level === 1)?.title ?? '',
    frontmatter,
    procedures: buildProcedures(sections, steps, end),
    steps,
    prerequisites,
    problems: problems.toSorted((a, b) => a.range.start.offset - b.range.start.offset),
  }
}

function definitionsOf(facts: readonly Fact[]): Definitions {
  const definitions = new Map<string, string>()
  for (const fact of facts) {
    if (fact.kind === 'definition' && !definitions.has(fact.identifier)) definitions.set(fact.identifier, fact.url)
  }
  return definitions
}

function readFrontmatterOf(text: string, facts: readonly Fact[], { frontmatter }: AssemblyMemory): FrontmatterReading {
  const block = facts[0]?.kind === 'frontmatter' ? facts[0].range : undefined
  const source = block === undefined ? '' : text.slice(block.start.offset, block.end.offset)
  if (block === undefined || frontmatter.reading === undefined || frontmatter.source !== source) {
    frontmatter.reading = frontmatterOf(text, block)
    frontmatter.source = source
  }
  return frontmatter.reading
}
