import assert from 'node:assert/strict'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { RunEvent } from '../../../src/execution/event.ts'
import { startRun } from '../../../src/execution/run.ts'
import { createShells } from '../../../src/machine/shells/shells.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { needShell } from '../shells/operator.ts'

/**
 * Each step adds its shell's letter to what came in the environment, says what the step before printed and was captured,
 * and goes one folder on.
 */
const add: readonly (readonly [shell: string, text: string])[] = [
  [
    'bash',
    'export CHAIN="$CHAIN"b NAME="営業 $(printf 1)\n2"; local_list=(1 "2 3"); mine() { echo "mine $1"; }; cd a; printf %s "$LAST>b"',
  ],
  ['zsh', 'export CHAIN="$CHAIN"z; typeset -A map=(k v); cd b; printf %s "$LAST>z"'],
  ['fish', 'set -gx CHAIN $CHAIN"f"; set list 1 "2 3"; cd c; printf %s "$LAST>f"'],
  ['python', 'import os\nos.environ["CHAIN"] += "p"\nos.chdir("d")\nprint(os.environ["LAST"] + ">p", end="")'],
  ['ruby', 'ENV["CHAIN"] += "r"\nDir.chdir("e")\nprint ENV["LAST"] + ">r"'],
  ['perl', '$ENV{CHAIN} .= "l";\nchdir "f";\nprint $ENV{LAST}, ">l";'],
  ['node', 'process.env.CHAIN += "n"\nprocess.chdir("g")\nprocess.stdout.write(process.env.LAST + ">n")'],
  ['sh', 'CHAIN="$CHAIN"s; unset GONE; cd h; printf %s "$LAST>s"'],
]

const again = [
  ['bash', `mine "\${local_list[1]}"; echo "$CHAIN $NAME $(printenv GONE || echo gone)"; pwd`],
  ['zsh', 'echo "$map[k] $CHAIN $NAME"'],
  ['fish', 'echo "$list[2] $CHAIN $NAME"'],
] as const

describe('a run of many shells', function () {
  this.timeout(60_000)

  it('carries environment, folder and captured output through all of them, and keeps what is only of one', async function () {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'shells ')))
    const shells = createShells({ assets: resolve('src/machine/shells') })
    for (const [shell] of add) {
      await needShell(this, { shells }, shell)
    }
    const fence = ([shell, text]: readonly [string, string], more = '') => `\`\`\`${shell} {${more}}\n${text}\n\`\`\`\n`
    const markdown = [
      fence(['sh', `mkdir -p a/b/c/d/e/f/g/h; export GONE=x LAST=begin`]),
      ...add.map((step) => fence(step, 'capture=LAST')),
      ...again.map((step) => fence(step)),
    ].join('\n')
    const events: RunEvent[] = []
    const run = startRun(
      {
        description: {
          id: 'abcdefabcdef',
          runbook: { path: 'book.md', title: 'T', sha256: '0'.repeat(64) },
          operator: { name: 'K' },
          host: { name: 'h', platform: 'linux', pid: 1 },
          parameters: {},
          secrets: [],
          origin: 'command-line',
          version: '0.0.0',
        },
        folder,
        file: 'book.md',
        parameters: {},
        sensitive: [],
      },
      {
        shells,
        resolvePath: resolve,
        now: Date.now,
        approvals: { find: async () => ({ approved: true }), add: async () => {} },
        sleep: async () => {},
        secretCommand: async () => ({ kind: 'cancelled' }),
        secret: async (name) => ({ kind: 'problem', problem: { code: 'secret-missing', values: { name } } }),
        ask: async () => ({ kind: 'cancel' }),
        record: async () => undefined,
        show: (event) => events.push(event),
        remember: () => undefined,
      },
    )
    try {
      const result = await run.execute(parseRunbook(markdown), { kind: 'runbook' })
      const output = events.map((event) => (event.type === 'output' ? event.text : '')).join('')
      assert.deepEqual(result, { kind: 'finished', outcome: 'succeeded' }, output)
      const chain = 'begin>b>z>f>p>r>l>n>s'
      assert.ok(output.includes(`${chain}mine 2 3\nbzfprlns 営業 1\n2 gone\n${folder}/a/b/c/d/e/f/g/h\n`), output)
      assert.ok(output.endsWith('v bzfprlns 営業 1\n2\n2 3 bzfprlns 営業 1\n2\n'), output)
    } finally {
      await run.finish()
      await rm(folder, { recursive: true })
    }
  })
})
