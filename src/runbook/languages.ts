import { plainProgram } from './interpreter-line.ts'

/** What the first word of a fence means: the shell that runs it. Languages that are not here do not run. */
const shellOfLanguage: Readonly<Record<string, string>> = {
  bash: 'bash',
  sh: 'sh',
  zsh: 'zsh',
  fish: 'fish',
  shell: generic(),
  shellscript: generic(),
  console: generic(),
  'shell-session': generic(),
  shellsession: generic(),
  'sh-session': generic(),
  // What executable documents of Azure write for commands of the `az` program and of the Az module.
  azurecli: 'bash',
  'azurecli-interactive': 'bash',
  azurepowershell: 'pwsh',
  'azurepowershell-interactive': 'pwsh',
  powershell: 'pwsh',
  pwsh: 'pwsh',
  ps1: 'pwsh',
  ps: 'pwsh',
  posh: 'pwsh',
  cmd: 'cmd',
  bat: 'cmd',
  batch: 'cmd',
  dosbatch: 'cmd',
  python: 'python',
  python3: 'python',
  py: 'python',
  node: 'node',
  js: 'node',
  javascript: 'node',
  mjs: 'node',
  cjs: 'node',
  ruby: 'ruby',
  rb: 'ruby',
  perl: 'perl',
  pl: 'perl',
}

/** Languages whose fences are steps. */
export const runnableLanguages: readonly string[] = Object.keys(shellOfLanguage)

/** What the generic languages (`shell`, `console`) run in when the frontmatter names no shell. */
const defaultShell = 'bash'

function generic(): string {
  return ''
}

/**
 * The shell that runs a fence; undefined when its language does not run.
 * @param language first word of the info string, lower case
 * @param fromFrontmatter stands in for the generic languages, and chooses between the two PowerShells
 */
export function shellOf(language: string, fromFrontmatter: string | undefined): string | undefined {
  if (!Object.hasOwn(shellOfLanguage, language)) return undefined
  const shell = shellOfLanguage[language]
  const wanted = fromFrontmatter === undefined ? undefined : canonicalShell(fromFrontmatter)
  if (shell === 'pwsh' && wanted === 'powershell') return wanted
  return shell || wanted || defaultShell
}

/**
 * One name for each shell, wherever it lies and whatever options it is given; the command of another interpreter stays as it
 * is written.
 */
export function canonicalShell(command: string): string {
  const program = plainProgram(command)
  if (program === undefined) return command
  if (program === 'powershell') return program
  const known = Object.hasOwn(shellOfLanguage, program) ? shellOfLanguage[program] : undefined
  return known || command
}

/** Languages in which a `$ ` at the start of a line is a prompt, and what stands between commands is their output. */
export function isTranscript(language: string): boolean {
  return ['console', 'shell-session', 'shellsession', 'sh-session'].includes(language)
}
