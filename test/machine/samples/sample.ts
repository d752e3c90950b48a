import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import type { CommandStep, Runbook } from '../../../src/runbook/runbook.ts'

export const sampleRoot = join(import.meta.dirname, '..', '..', '..', 'runbooks-sample')

export const languages = ['ja', 'en'] as const

export type Language = (typeof languages)[number]

/** Every file of one language, relative to its folder, with `/`. */
export function sampleFiles(language: Language): readonly string[] {
  return globSync('**/*.*', { cwd: join(sampleRoot, language) })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()
}

export function readSample(language: Language, path: string): string {
  return readFileSync(join(sampleRoot, language, path), 'utf8')
}

export interface Sample {
  readonly path: string
  readonly runbook: Runbook
}

/** Every file of one language that has a step. */
export function sampleRunbooks(language: Language): readonly Sample[] {
  return sampleFiles(language)
    .filter((path) => path.endsWith('.md'))
    .map((path) => ({ path, runbook: parseRunbook(readSample(language, path)) }))
    .filter(({ runbook }) => runbook.kind === 'runbook')
}

export interface SampleScript {
  /** What an error names: `ja/people/joining.md#create-account`. */
  readonly place: string
  readonly step: CommandStep
}

/** Every command step of both languages that runs in `shell`. */
export function sampleScripts(shell: string): readonly SampleScript[] {
  return languages.flatMap((language) =>
    sampleRunbooks(language).flatMap(({ path, runbook }) =>
      runbook.steps
        .filter((step) => step.kind === 'command')
        .filter((step) => step.shell === shell)
        .map((step) => ({ place: `${language}/${path}#${step.id}`, step })),
    ),
  )
}
