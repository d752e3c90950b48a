import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { recordPath } from '../src/machine/records/file.ts'
import { encodeLine, type RecordEntry, sha256 } from '../src/record/line.ts'

const STEPS = 8
const host = { name: 'pc-01', platform: 'linux', pid: 1 }

/** A run of one of forty runbooks, twenty-six minutes after the one before. */
function recordOf(index: number, parents: readonly string[]) {
  const time = Date.UTC(2021, 8, 1) + index * 26 * 60_000
  const id = String(index).padStart(12, '0')
  const which = index % 40
  const hasFailed = index % 17 === 0
  const operator = { name: ['佐藤 健', '鈴木 太郎', 'Tanaka'][index % 3] ?? '' }
  const runbook = {
    path: `ops/runbook-${which}.md`,
    title: `入社時のアカウント作成 ${which}`,
    sha256: sha256(String(which)),
  }
  let prev: string | null = null
  let seq = 0
  const lines: Uint8Array[] = []
  const add = (offset: number, entry: RecordEntry) => {
    const { bytes, hash } = encodeLine(seq, prev, time + offset, entry)
    lines.push(bytes)
    prev = hash
    seq += 1
    return hash
  }
  const run = { id, runbook, operator, host, parameters: { USER_ID: `t.suzuki${index}` }, secrets: ['LDAP_PASSWORD'] }
  add(0, { type: 'run-start', format: 1, ...run, origin: 'editor', version: '0.1.0', parents })
  for (let execution = 1; execution <= STEPS; execution += 1) {
    const text = `New-ADUser -Name $env:USER_ID -Path "OU=${which}-${execution},DC=example,DC=co,DC=jp"\n`.repeat(4)
    const ended = { execution, id: `step-${execution}`, exitCode: 0 }
    add(execution * 1000, {
      ...{ type: 'step-start', execution, id: `step-${execution}`, kind: 'command', title: 'アカウントを作成する' },
      ...{ line: execution * 10, shell: 'pwsh', text, textSha256: sha256(text) },
    })
    const output = `DistinguishedName : CN=t.suzuki${index},OU=Users\nEnabled           : True\n`
    add(execution * 1000 + 1, { type: 'output', execution, at: 3, text: output.repeat(index % 500 === 0 ? 500 : 4) })
    add(execution * 1000 + 900, {
      ...{ type: 'step-end', ...ended, durationMs: 900 + execution, outputBytes: 300, outputSha256: sha256(output) },
      outcome: hasFailed && execution === STEPS ? 'failed' : 'succeeded',
      ...(index % 10 === 0 && execution === 3 && { note: `警告 ${index} は無視してよい` }),
    })
  }
  const counts = { succeeded: hasFailed ? 7 : 8, failed: hasFailed ? 1 : 0, skipped: 0, cancelled: 0, 'timed-out': 0 }
  const head = add(9999, { type: 'run-end', outcome: hasFailed ? 'failed' : 'succeeded', counts, durationMs: 9999 })
  return { path: recordPath({ id, operator: operator.name, time }), bytes: Buffer.concat(lines), head }
}

/** Writes them below `root`, the newest of August 2026. */
export function writeManyRecords(root: string, count: number): void {
  let parents: readonly string[] = []
  let folder = ''
  for (let index = 0; index < count; index += 1) {
    const { path, bytes, head } = recordOf(index, parents)
    const file = join(root, '.baton/runs', path)
    if (dirname(file) !== folder) mkdirSync(dirname(file), { recursive: true })
    folder = dirname(file)
    writeFileSync(file, bytes)
    parents = [head]
  }
}
