import { bash } from './bash.ts'
import { cmd } from './cmd.ts'
import { fish } from './fish.ts'
import { node } from './node.ts'
import { perl } from './perl.ts'
import { pwsh, windowsPowerShell } from './powershell.ts'
import { python } from './python.ts'
import { ruby } from './ruby.ts'
import { sh } from './sh.ts'
import type { ShellDescription } from './shell.ts'
import { zsh } from './zsh.ts'

const known: readonly ShellDescription[] = [bash, sh, zsh, fish, pwsh, windowsPowerShell, cmd, python, node, ruby, perl]

/** The shell of that name, in whatever case; undefined when the name is that of some other interpreter. */
export const knownShell = (name: string): ShellDescription | undefined =>
  known.find((one) => one.name === name.toLowerCase())
