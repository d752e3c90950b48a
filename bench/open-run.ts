// A run as the command line opens one: the real engine, real shells and a record on the disk.
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunEvent } from '../src/execution/event.ts'
import { startRun } from '../src/execution/run.ts'
import type { Run } from '../src/execution/run-api.ts'
import type { Shells } from '../src/execution/shells.ts'
import { runSiteOf } from '../src/machine/run-site.ts'
import type { TextDigest } from '../src/record/text-digest.ts'

export interface OpenRun {
  readonly folder: string
  readonly shells: Shells
  /** As for `runSiteOf`. */
  readonly digest?: () => TextDigest
  /** By name. */
  readonly secrets?: Readonly<Record<string, string>>
  readonly show?: (event: RunEvent) => void
}

export async function openRun({ folder, shells, digest, secrets = {}, show = () => {} }: OpenRun): Promise<Run> {
  const site = await runSiteOf(join(folder, 'bench.md'), folder, undefined, digest)
  return startRun(
    {
      description: {
        id: crypto.randomUUID().slice(0, 12),
        runbook: { path: site.path, title: 'Bench', sha256: '' },
        operator: site.operator,
        host: site.host,
        parameters: {},
        secrets: Object.keys(secrets),
        origin: 'command-line',
        version: '0',
      },
      folder,
      file: 'bench.md',
      parameters: {},
      sensitive: [],
    },
    {
      shells,
      resolvePath: resolve,
      now: Date.now,
      secretCommand: async () => ({ kind: 'cancelled' }),
      secret: async (name) => ({ kind: 'value', value: secrets[name] ?? '' }),
      ask: async () => ({ kind: 'done' }),
      approvals: { find: async () => ({ approved: true }), add: async () => {} },
      sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
      record: site.openRecord().record,
      show,
      remember: () => undefined,
    },
  )
}
