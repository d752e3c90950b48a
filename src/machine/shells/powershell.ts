import type { ExecutionProblem } from '../../execution/problem.ts'
import type { SessionShell } from './shell.ts'

/** In every language: the name of the help topic, its link in Windows PowerShell 5.1, and the kind of the error. */
const policy = /about_Execution_Policies|LinkID=135170|PSSecurityException/i

const session = (name: string) =>
  ({
    kind: 'session',
    name,
    host: 'host.ps1',
    args: (host: string, pipe: string, interactive: boolean) => [
      '-NoProfile',
      '-NoLogo',
      ...(interactive ? [] : ['-NonInteractive']),
      '-File',
      host,
      pipe,
    ],
    notStarted: (printed: string): ExecutionProblem | undefined =>
      policy.test(printed) ? { code: 'execution-policy', values: { shell: name } } : undefined,
  }) as const

/** PowerShell 7, and where a Windows has none, the Windows PowerShell that every Windows has. */
export const pwsh: SessionShell = {
  ...session('pwsh'),
  interpreters: (platform) => (platform === 'win32' ? ['pwsh', 'powershell'] : ['pwsh']),
}

/** Windows PowerShell 5.1. */
export const windowsPowerShell: SessionShell = {
  ...session('powershell'),
  interpreters: (platform) => (platform === 'win32' ? ['powershell'] : []),
}
