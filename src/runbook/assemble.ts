import type { Fact } from './facts.ts'
import { type FenceInfo, parseFenceInfo } from './fence-attributes.ts'
import { type FrontmatterReading, readFrontmatter } from './frontmatter.ts'
import { canonicalShell, isTranscript, shellOf } from './languages.ts'
import { createNames, slug } from './names.ts'
import type { Problem, ProblemCode } from './problem.ts'
import { buildProcedures, type Heading, type Section } from './procedures.ts'
import { checkReferences } from './references.ts'
import type { CommandStep, Frontmatter, Link, Runbook, Step } from './runbook.ts'
import type { Range } from './source.ts'
import { stripPrompts } from './transcript.ts'

const noFrontmatter: FrontmatterReading = {
  frontmatter: { parameters: [], secrets: [] },
  problems: [],
  isSessionOutput: false,
}

const prerequisiteHeadings = new Set(['prerequisites', 'prerequisite', '前提条件'])

/** A runbook out of the facts of its text. `text` has no byte order mark. */
export function assembleRunbook(text: string, facts: readonly Fact[]): Runbook {
  const reading = frontmatterOf(text, facts)
  const { frontmatter } = reading
  const problems: Problem[] = [...reading.problems]
  const report = (
    code: ProblemCode,
    severity: Problem['severity'],
    range: Range,
    values: Record<string, string> = {},
  ) => problems.push({ code, severity, range, values })

  const anchors = createNames()
  const headings = facts.flatMap((fact): Heading[] =>
    fact.kind === 'heading' ? [{ ...fact, id: anchors.take(slug(fact.title) || 'section') }] : [],
  )
  const titleHeading = titleOf(headings)
  const explicit = explicitNames(facts)
  const names = createNames()
  const steps: Step[] = []
  const prerequisites: Link[] = []
  const counts = new Map<string | undefined, number>()
  let section: Heading | undefined
  let nextHeading = 0
  let command: { step: CommandStep; index: number } | undefined
  let similarity: string | undefined

  /** A name for a step that has none: its section and its place in it. */
  function generatedName(): string {
    const count = (counts.get(section?.id) ?? 0) + 1
    counts.set(section?.id, count)
    const base = `${section?.id ?? 'step'}-${count}`
    return names.take(explicit.has(base) ? `${base}-step` : base)
  }

  const place = () => (section === undefined || section === titleHeading ? {} : { procedureId: section.id })

  function addFence(fact: Extract<Fact, { kind: 'fence' }>): void {
    const info = parseFenceInfo(fact.info)
    if (expects(fact, info)) return
    similarity = undefined
    const { attributes } = info
    const byLanguage = shellOf(info.language, frontmatter.shell)
    const shell = attributes.shell === undefined ? byLanguage : canonicalShell(attributes.shell)
    if (shell === undefined || attributes.unknown.ignore === 'true') {
      command = undefined
      return
    }
    if (!fact.isClosed) report('fence-unclosed', 'warning', firstLineOf(fact))
    for (const { code, values } of info.problems) {
      report(code, code === 'attribute-unknown' ? 'information' : 'warning', firstLineOf(fact), { ...values })
    }
    const position = generatedName()
    const id = attributes.name === undefined ? position : names.take(attributes.name)
    if (attributes.name !== undefined && id !== attributes.name) {
      report('step-duplicate-name', 'warning', firstLineOf(fact), { name: attributes.name })
    }
    const isShellText = shell === 'bash' || shell === 'sh' || shell === 'zsh' || isTranscript(info.language)
    const stripped = isShellText ? stripPrompts(fact.text, isTranscript(info.language)) : fact.text
    const step: CommandStep = {
      kind: 'command',
      id,
      title: attributes.name ?? firstCommand(stripped) ?? id,
      named: attributes.name !== undefined,
      range: fact.range,
      ...place(),
      language: info.language,
      shell,
      text: stripped,
      textLine: fact.textLine,
      attributes,
    }
    command = { step, index: steps.length }
    steps.push(step)
  }

  /** Whether a fence says what the step before it should print. */
  function expects(fact: Extract<Fact, { kind: 'fence' }>, info: FenceInfo): boolean {
    const match = info.attributes.unknown.match
    if (command === undefined || (info.language !== 'output' && similarity === undefined)) return false
    const threshold = similarity === undefined ? Number.NaN : Number(similarity)
    const kind = similarity !== undefined ? (Number.isNaN(threshold) ? 'regex' : 'similarity') : matchKind(match)
    const step: CommandStep = {
      ...command.step,
      expectedOutput: {
        text: kind === 'regex' && similarity !== undefined ? similarity : fact.text,
        match: kind,
        ...(kind === 'similarity' && !Number.isNaN(threshold) ? { similarity: threshold } : {}),
        range: fact.range,
      },
    }
    steps[command.index] = step
    command = undefined
    similarity = undefined
    return true
  }

  for (const fact of facts) {
    switch (fact.kind) {
      case 'frontmatter':
        break
      case 'heading':
        section = headings[nextHeading]
        nextHeading += 1
        command = undefined
        similarity = undefined
        break
      case 'fence':
        addFence(fact)
        break
      case 'comment':
        similarity = /<!--\s*expected_similarity\s*=\s*(?:"([^"]*)"|([^\s>]+?))\s*-->/
          .exec(fact.text)
          ?.slice(1)
          .find(Boolean)
        break
      case 'task': {
        const { title, text: taskText, range } = fact
        const id = generatedName()
        steps.push({ kind: 'manual', id, title: title || id, named: false, range, text: taskText, ...place() })
        break
      }
      case 'decision': {
        const { choices, range } = fact
        const id = generatedName()
        const title = fact.title || choices.map(({ label }) => label).join(' / ')
        steps.push({ kind: 'decision', id, title, named: false, range, choices, ...place() })
        break
      }
      case 'link':
        if (section && prerequisiteHeadings.has(section.title.trim().toLowerCase()) && !fact.target.startsWith('#')) {
          prerequisites.push({ label: fact.label, target: fact.target, range: fact.range })
        }
        break
    }
  }

  problems.push(...checkReferences(steps, headings, frontmatter))
  const sections: readonly Section[] = headings.filter((heading) => heading !== titleHeading)
  const kind = reading.isSessionOutput ? 'session-output' : steps.length > 0 ? 'runbook' : 'document'
  return {
    kind,
    title: frontmatter.title ?? titleHeading?.title ?? headings.find(({ level }) => level === 1)?.title ?? '',
    frontmatter,
    procedures: buildProcedures(sections, steps, endOf(text)),
    steps,
    prerequisites,
    problems: problems.toSorted((a, b) => a.range.start.offset - b.range.start.offset),
  }
}

function frontmatterOf(text: string, facts: readonly Fact[]): FrontmatterReading {
  const block = facts[0]?.kind === 'frontmatter' ? facts[0].range : undefined
  if (block === undefined) return unclosedFrontmatter(text) ?? noFrontmatter
  const source = text.slice(block.start.offset, block.end.offset)
  const start = source.indexOf('\n') + 1
  const end = Math.max(start, source.lastIndexOf('\n') + 1)
  return readFrontmatter(source.slice(start, end), block, block.start.offset + start)
}

/** A file that begins with `---` and a key, but has no second `---`, was meant to have a frontmatter. */
function unclosedFrontmatter(text: string): FrontmatterReading | undefined {
  if (!/^---[ \t]*\r?\n[\w-]+:/.test(text)) return undefined
  const start = { line: 0, character: 0, offset: 0 }
  const range = { start, end: { line: 0, character: 3, offset: 3 } }
  const problem: Problem = { code: 'frontmatter-unclosed', severity: 'error', range, values: {} }
  const frontmatter: Frontmatter = { parameters: [], secrets: [] }
  return { frontmatter, problems: [problem], isSessionOutput: false }
}

/** The heading that names the whole file: the only one of its level, before every other. */
function titleOf(headings: readonly Heading[]): Heading | undefined {
  const [first] = headings
  if (first?.level !== 1 || headings.some((heading) => heading !== first && heading.level === 1)) return undefined
  return first
}

function explicitNames(facts: readonly Fact[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const fact of facts) {
    const name =
      fact.kind === 'fence' && fact.info.includes('name') ? parseFenceInfo(fact.info).attributes.name : undefined
    if (name !== undefined) found.add(name)
  }
  return found
}

function matchKind(written: string | undefined): 'exact' | 'contains' | 'regex' | 'similarity' {
  return written === 'contains' || written === 'regex' || written === 'similarity' ? written : 'exact'
}

function firstCommand(text: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim())
  const first =
    lines.find((line) => line !== '' && !/^(#|\/\/|::|rem\b|@echo off|set -)/i.test(line)) ??
    lines.find((line) => line !== '')
  if (first === undefined) return undefined
  const characters = [...first]
  return characters.length <= 80 ? first : `${characters.slice(0, 79).join('')}…`
}

function firstLineOf({ range, info }: Extract<Fact, { kind: 'fence' }>): Range {
  const { start } = range
  const length = Math.min(3 + info.length + 1, range.end.offset - start.offset)
  return { start, end: { line: start.line, character: start.character + length, offset: start.offset + length } }
}

function endOf(text: string): Range['end'] {
  const lastLine = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1
  let line = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) line += 1
  return { line, character: text.length - lastLine, offset: text.length }
}
