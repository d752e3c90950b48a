// Builds what runs from dist/:
//   node esbuild.mjs            for production: minified, with linked source maps (which the package leaves out)
//   node esbuild.mjs --watch    for development: readable, rebuilt at every change
//   node esbuild.mjs --tests    dist/test/*.cjs: the tests that run inside the extension host
import {
  chmodSync,
  copyFileSync,
  cpSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { build, context } from 'esbuild'
import { copyOwnTerminalBinaries } from './scripts/terminal-binaries.mjs'
import { thirdPartyNotices } from './scripts/third-party-notices.mjs'

process.chdir(import.meta.dirname)
const watch = process.argv.includes('--watch')
const tests = process.argv.includes('--tests')

/** What `activate` may cost: the script that VS Code reads before the first Markdown file is shown. */
const activationLimit = 300 * 1024

const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  // ES modules first: a UMD build's own require calls cannot be followed.
  mainFields: ['module', 'main'],
  // The pseudo-terminal has native parts, which it looks for beside itself.
  external: ['vscode', '@lydell/node-pty'],
  // CommonJS knows its own place by other names.
  define: {
    'import.meta.url': 'importMetaUrl',
    'import.meta.dirname': '__dirname',
    'import.meta.filename': '__filename',
  },
  banner: {
    js: [
      "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;",
      // Before anything that an older Node stumbles over: a sentence instead of a stack.
      "if (require.main === module && Number(process.versions.node.split('.')[0]) < 22) {",
      "  console.error('Baton needs Node.js 22 or newer. / Node.js 22 以降が必要です。');",
      '  process.exit(3);',
      '}',
    ].join('\n'),
  },
  sourcemap: 'linked',
  minify: !watch,
  legalComments: 'none',
  logLevel: 'warning',
}

/** Bundles that the extension loads when they are first wanted. */
const onDemand = [
  'machine',
  'batch',
  'run',
  'runbook-reader',
  'expected-output',
  'credentials',
  'guide-panel',
  'drift-list',
  'new-runbook',
  'note-run',
  'comparison-page',
  'powershell-grammar',
  'runs-filter-input',
  'record-markdown',
  'replay-panel',
  'record-keeping',
  'secret-transfer',
  'team-settings-reader',
  'terminal-screen',
  'verify-records',
]

const programs = {
  ...common,
  entryPoints: {
    extension: 'src/extension.ts',
    machine: 'src/machine/machine.ts',
    batch: 'src/execution/batch.ts',
    run: 'src/execution/run.ts',
    'runbook-reader': 'src/runbook/runbook-reader.ts',
    'guide-panel': 'src/editor/guide-panel.ts',
    'drift-list': 'src/editor/drift-list.ts',
    'new-runbook': 'src/editor/new-runbook.ts',
    'note-run': 'src/editor/note-run.ts',
    'comparison-page': 'src/editor/comparison-page.ts',
    'powershell-grammar': 'src/machine/syntax/powershell-grammar.ts',
    'runs-filter-input': 'src/editor/runs-filter-input.ts',
    'replay-panel': 'src/editor/replay-panel.ts',
    'record-keeping': 'src/editor/record-keeping.ts',
    'secret-transfer': 'src/editor/secret-transfer.ts',
    'verify-records': 'src/editor/verify-records.ts',
    'record-markdown': 'src/editor/record-markdown.ts',
    'expected-output': 'src/execution/expected-output.ts',
    credentials: 'src/machine/credentials/credentials.ts',
    'team-settings-reader': 'src/runbook/team-settings-reader.ts',
    'terminal-screen': 'src/machine/terminal-screen.ts',
    cli: 'src/cli.ts',
    'keychain-helper': 'src/machine/keychain/keychain-helper.ts',
    'parse-worker': 'src/machine/parse-worker.ts',
    'transfer-worker': 'src/machine/transfer-worker.ts',
    'record-worker': 'src/machine/records/worker.ts',
    watchdog: 'src/machine/ownership/watchdog.ts',
  },
  metafile: true,
  plugins: [
    {
      // What the extension loads on demand is a bundle of its own: CommonJS has no code splitting.
      name: 'on-demand',
      setup: ({ onResolve }) => {
        onResolve({ filter: new RegExp(`/(${onDemand.join('|')})\\.ts$`) }, ({ kind, path }) =>
          kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.cjs`, external: true } : undefined,
        )
      },
    },
  ],
}

/** What runs in panels: dist/webview/<panel>.js, and .css where the panel imports stylesheets. */
const panels = {
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'chrome130',
  entryPoints: Object.fromEntries(globSync('src/webview/*/main.tsx').map((file) => [basename(dirname(file)), file])),
  outdir: 'dist/webview',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  metafile: true,
  minify: !watch,
  sourcemap: watch ? 'inline' : false,
  legalComments: 'none',
  logLevel: 'warning',
}

const hostTests = {
  ...common,
  entryPoints: ['test/host/index.ts', ...globSync('test/host/*.test.ts')],
  outdir: 'dist/test',
  external: ['vscode', 'mocha'],
  minify: false,
}

/** Native binaries cannot be bundled: the keychain helper loads the one for its platform from this folder. */
function copyKeytar() {
  const from = 'node_modules/keytar'
  const to = 'dist/keytar'
  rmSync(to, { recursive: true, force: true })
  cpSync(join(from, 'prebuilds'), join(to, 'prebuilds'), { recursive: true })
  copyFileSync(join(from, 'LICENSE.md'), join(to, 'LICENSE.md'))
  const { name, version, license } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'))
  writeFileSync(join(to, 'package.json'), `${JSON.stringify({ name, version, license }, null, 2)}\n`)
}

function copyShellScripts() {
  for (const file of globSync('src/machine/shells/*.ps1')) copyFileSync(file, join('dist', basename(file)))
}

/** Reads PowerShell where there is none. */
function copyGrammars() {
  const files = ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-powershell/tree-sitter-powershell.wasm']
  for (const file of files) copyFileSync(join('node_modules', file), join('dist', basename(file)))
}

/** What is copied and not bundled. */
const copiedPackages = ['@lydell/node-pty', 'keytar', 'tree-sitter-powershell', 'web-tree-sitter']

function writeNotices({ inputs }) {
  const folders = copiedPackages.map((name) => `node_modules/${name}`)
  writeFileSync('dist/THIRD-PARTY-NOTICES.txt', thirdPartyNotices(Object.keys(inputs), folders))
}

if (tests) {
  rmSync('dist/test', { recursive: true, force: true })
  await build(hostTests)
} else {
  mkdirSync('dist', { recursive: true })
  copyKeytar()
  copyOwnTerminalBinaries()
  copyShellScripts()
  copyGrammars()
  if (watch) {
    // The editor's watch task waits for the lines that this prints.
    await (await context({ ...panels, logLevel: 'info' })).watch()
    await (await context({ ...programs, logLevel: 'info' })).watch()
  } else {
    rmSync('dist/webview', { recursive: true, force: true })
    const [{ metafile }, built] = await Promise.all([build(programs), build(panels)])
    writeNotices({ inputs: { ...metafile.inputs, ...built.metafile.inputs } })
    removeOthers(Object.keys(metafile.outputs))
    // What `npx baton` starts is the file itself.
    if (!readFileSync('dist/cli.cjs', 'latin1').startsWith('#!')) throw new Error('src/cli.ts has lost its #! line')
    chmodSync('dist/cli.cjs', 0o755)
    for (const [path, { bytes }] of Object.entries({ ...metafile.outputs, ...built.metafile.outputs })) {
      if (/\.(cjs|js|css)$/.test(path)) console.log(`${path}  ${Math.round(bytes / 1024)} KB`)
    }
    const { size } = statSync('dist/extension.cjs')
    if (size > activationLimit) {
      console.error(`dist/extension.cjs is ${size} bytes: more than the ${activationLimit} that activation may load`)
      process.exitCode = 1
    }
  }
}

/** What an earlier build made and this one does not would go into the package. */
function removeOthers(outputs) {
  for (const file of globSync('dist/*.cjs')) if (!outputs.includes(file.replaceAll('\\', '/'))) rmSync(file)
}
