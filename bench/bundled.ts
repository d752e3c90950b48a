import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { buildSync } from 'esbuild'

const root = join(import.meta.dirname, '..')
let folder: string | undefined

/**
 * A module as it is in the package, one CommonJS file, which also runs faster than many modules.
 * @param entry relative to the root of the project
 * @returns the file, which goes with this process
 */
export function bundled(entry: string): string {
  folder ??= temporaryFolder()
  const outfile = join(folder, basename(entry).replace('.ts', '.cjs'))
  buildSync({
    ...{ entryPoints: [join(root, entry)], outfile, bundle: true, platform: 'node', format: 'cjs', minify: true },
    external: ['@lydell/node-pty'],
  })
  return outfile
}

function temporaryFolder(): string {
  const made = mkdtempSync(join(tmpdir(), 'baton-bench-'))
  process.on('exit', () => rmSync(made, { recursive: true, force: true }))
  return made
}
