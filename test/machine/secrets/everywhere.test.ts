import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { secretForms } from '../../../src/secrets/secret-forms.ts'
import { baton, fence, folderOf, repoOf, startBaton } from '../cli/baton.ts'
import { recordFiles } from '../cli/records-of.ts'

const values = {
  ADMIN_PASSWORD: 'Hüter-der "Schlüssel" & Löcher!',
  API_KEY: 'sk-live/9f3+Qm2ZxT8vB1nL',
  TOKEN_FILE: `{\n  "kind": "service",\n  "private": "${'c2VjcmV0LWtleS1vZi10aGU'.repeat(3)}"\n}`,
  PIN: '48151623',
}

const declared = ['---', `secrets: [${Object.keys(values).join(', ')}]`, 'errors: continue', '---'].join('\n')
const prints = Object.keys(values).map((name) => `printf '%s\\n' "$${name}"`)

/** Steps as careless as they come. */
const steps = [
  fence('bash {name=plain}', ...prints),
  fence('bash {name=base64}', ...prints.map((print) => `${print} | base64 -w0; echo "u:$API_KEY@host" | base64`)),
  fence('bash {name=trace}', 'set -x', ...prints, 'declare -p ADMIN_PASSWORD API_KEY TOKEN_FILE PIN'),
  fence('sh {name=fails on-failure=continue}', 'eval "echo $ADMIN_PASSWORD ("'),
  fence(
    'python {name=throws on-failure=continue}',
    'import os',
    'raise ValueError(os.environ["ADMIN_PASSWORD"] + os.environ["TOKEN_FILE"])',
  ),
  fence(
    'node {name=json}',
    'console.log(JSON.stringify([process.env.ADMIN_PASSWORD, process.env.TOKEN_FILE, process.env.PIN]))',
  ),
  fence('bash {name=handed-on capture=KEPT}', 'export COPY="$API_KEY"; HERE="$PIN"; printf %s "$ADMIN_PASSWORD"'),
  fence('bash {name=seen-later}', 'printf "%s\\n" "$COPY" "$HERE" "$KEPT"; env'),
  fence('bash {name=expects on-failure=continue}', 'printf %s "$API_KEY"').trimEnd(),
  fence('output', 'sk-live/something-else'),
  // What others on this computer see of a step while it runs.
  fence('bash {name=processes}', 'ps -eo args | grep -v "ps -eo" > "$SEEN_BY_PS"; : "$ADMIN_PASSWORD $API_KEY $PIN"'),
]

/** Every form of every value that a text of any kind must not hold. */
const forbidden = Object.entries(values).flatMap(([name, value]) =>
  secretForms([value]).map(({ text }) => ({ name, form: Buffer.from(text) })),
)

function assertClean(bytes: Buffer, where: string): void {
  // Forms are without what the masker looks through.
  const visible = Buffer.from(bytes.filter((byte) => byte !== 10 && byte !== 13 && byte !== 0))
  for (const { name, form } of forbidden) {
    if (bytes.includes(form) || visible.includes(form)) assert.fail(`${where} holds ${name} as ${form}`)
  }
}

function assertFolderIsClean(folder: string, except: (path: string) => boolean = () => false): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).filter((path) => !except(path))
  for (const path of paths) assertClean(readFileSync(path), path)
  return paths.length
}

const environment = Object.fromEntries(Object.entries(values).map(([name, value]) => [`BATON_SECRET_${name}`, value]))

describe('the values of secrets', function () {
  this.timeout(120_000)

  for (const [format, words] of [
    ['as text', []],
    ['as JSON', ['--json']],
  ] as const) {
    it(`are in nothing that a run leaves behind or prints ${format}`, async function () {
      if (process.platform === 'win32') {
        console.log('      its steps are for POSIX shells')
        this.skip()
      }
      const root = repoOf({ 'careless.md': [declared, ...steps].join('\n') })
      const own = folderOf({}, 'own')
      const [tmp, state, seen] = ['tmp', 'state', 'seen'].map((name) => join(own, name))
      assert.ok(tmp && state && seen)
      for (const folder of [tmp, state, seen]) mkdirSync(folder)
      const { code, stdout, stderr } = await baton(['run', 'careless.md', '--yes', ...words], {
        cwd: root,
        env: { ...environment, TMPDIR: tmp, XDG_STATE_HOME: state, SEEN_BY_PS: join(seen, 'ps') },
      })
      assert.equal(code, 1, stderr)
      assertClean(Buffer.from(stdout), 'stdout')
      assertClean(Buffer.from(stderr), 'stderr')
      assert.ok(stdout.includes('***'))
      // The record, what the state folder keeps of approved texts, and whatever was left over.
      assert.equal(recordFiles(root).length, 1)
      assertFolderIsClean(root)
      assert.ok(assertFolderIsClean(state) > 0)
      assertFolderIsClean(tmp)
      assert.deepEqual(readdirSync(tmp, { recursive: true }), [])
      assert.ok(readFileSync(join(seen, 'ps'), 'utf8').includes('bash'))
      assertFolderIsClean(seen)
      assertClean(execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: root }), 'git status')
      const shown = await baton(['runs', '--json'], { cwd: root })
      assertClean(Buffer.from(shown.stdout), 'baton runs')
    })
  }

  it('are on no disk and in no list of arguments while a step runs', async function () {
    if (process.platform !== 'linux') {
      console.log('      looks into /proc')
      this.skip()
    }
    const names = Object.keys(values)
    const held = 'echo ready; while ! [ -e go ]; do sleep 0.05; done'
    const running = [
      fence('bash {name=first}', 'LOCAL="$PIN"; export COPY="$API_KEY"'),
      fence('zsh {name=second}', `: ${names.map((name) => `$${name}`).join(' ')}; ${held}`),
    ]
    const root = repoOf({ 'held.md': [declared, ...running].join('\n') })
    const own = folderOf({}, 'own')
    const [tmp, state] = [join(own, 'tmp'), join(own, 'state')]
    for (const folder of [tmp, state]) mkdirSync(folder)
    const child = startBaton(['run', 'held.md', '--yes'], {
      cwd: root,
      env: { ...environment, TMPDIR: tmp, XDG_STATE_HOME: state },
    })
    let printed = ''
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk
        if (printed.includes('ready')) resolve()
      })
      child.once('exit', () => resolve())
    })
    assert.ok(printed.includes('ready'), printed)
    assertClean(execFileSync('ps', ['-eo', 'args']), 'ps')
    assertFolderIsClean(tmp)
    assertFolderIsClean(root)
    for (const path of deletedFilesOf(child.pid ?? 0)) assertClean(readFileSync(path), path)
    execFileSync('touch', [join(root, 'go')])
    await new Promise((resolve) => child.once('exit', resolve))
  })
})

/** Files that a process has open although their names are gone: they are on the disk all the same. */
function deletedFilesOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder)
    .map((descriptor) => join(folder, descriptor))
    .filter((path) => readlinkSync(path).endsWith(' (deleted)') && statSync(path).isFile())
}
