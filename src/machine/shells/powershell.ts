import type { SessionShell } from './shell.ts'

const session = {
  kind: 'session',
  host: 'host.ps1',
  args: (host: string, pipe: string) => ['-NoProfile', '-NoLogo', '-NonInteractive', '-File', host, pipe],
} as const

/** PowerShell 7, and where a Windows has none, the Windows PowerShell that every Windows has. */
export const pwsh: SessionShell = {
  ...session,
  name: 'pwsh',
  interpreters: (platform) => (platform === 'win32' ? ['pwsh', 'powershell'] : ['pwsh']),
}

/** Windows PowerShell 5.1. */
export const windowsPowerShell: SessionShell = {
  ...session,
  name: 'powershell',
  interpreters: (platform) => (platform === 'win32' ? ['powershell'] : []),
}
