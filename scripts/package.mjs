// Makes baton-<version>.vsix: one package for every platform. What it holds is the allow-list in .vscodeignore.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createVSIX } from '@vscode/vsce'
import { addAllTerminalBinaries } from './terminal-binaries.mjs'

const root = join(import.meta.dirname, '..')
const { values } = parseArgs({ options: { out: { type: 'string' } } })
process.chdir(root)

await import('../esbuild.mjs')
if (process.exitCode) process.exit()
const missing = addAllTerminalBinaries()
if (missing.length > 0) {
  console.warn(
    `Interactive steps will need a terminal that this package lacks on: ${missing.join(', ')} (npm could not be reached)`,
  )
}

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
await createVSIX({
  cwd: root,
  packagePath: values.out ?? `baton-${version}.vsix`,
  // Everything that runs is in dist already.
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
})
