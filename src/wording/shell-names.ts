/** What people call a shell: proper names, the same in every language. A name that is not known stands for itself. */
export function shellName(shell: string): string {
  switch (shell) {
    case 'pwsh':
      return 'PowerShell 7'
    case 'powershell':
      return 'Windows PowerShell'
    case 'python':
      return 'Python'
    case 'node':
      return 'Node.js'
    default:
      return shell
  }
}
