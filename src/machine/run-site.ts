import { stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import type { RunEvent } from '../execution/event.ts'
import type { RecordFailure } from '../execution/run-api.ts'
import type { RecordOptions, RunRecord, RunSite } from '../execution/run-site.ts'
import { createRecorder, type Recorder } from '../record/recorder.ts'
import type { TextDigest } from '../record/text-digest.ts'
import { keepAttachment } from './attachment-file.ts'
import { fastTextDigest } from './fast-text-digest.ts'
import { gitState, operatorOf, repositoryRoot } from './git.ts'
import { thisHost } from './host.ts'
import { createRecordStore, type RecordStore } from './records/store.ts'

/**
 * Where a runbook is carried out.
 * @param file absolute path of the runbook; it need not be saved yet
 * @param opened absolute folder that stands for the repo where there is none, when the runbook lies in it
 * @param storeOf the store of a root, where one is kept open; the record goes there
 * @param digest makes what counts and hashes a step's output
 */
export async function runSiteOf(
  file: string,
  opened: string | undefined,
  storeOf: (root: string) => RecordStore = (root) => createRecordStore({ root }),
  digest: () => TextDigest = fastTextDigest,
): Promise<RunSite> {
  const folder = dirname(file)
  const repository = await repositoryRoot((await isFolder(folder)) ? folder : (opened ?? folder))
  const root = repository ?? (opened !== undefined && contains(opened, file) ? opened : folder)
  const [operator, git] = await Promise.all([operatorOf(root), repository === undefined ? undefined : gitState(root)])
  return {
    root,
    path: relative(root, file).split(sep).join('/'),
    folder,
    isRepository: repository !== undefined,
    operator,
    host: thisHost(),
    ...(git === undefined ? {} : { git }),
    openRecord: (options) => recordIn(storeOf(root), root, digest, options),
  }
}

function recordIn(store: RecordStore, root: string, digest: () => TextDigest, options: RecordOptions = {}): RunRecord {
  let recorder: Recorder | undefined
  let path: string | undefined

  async function begin(event: RunEvent): Promise<RecordFailure | undefined> {
    if (event.type !== 'run-started') return undefined
    const { id, operator } = event.run
    const parents = await store.tips()
    const created = await store.create({ id, operator: operator.name, time: event.time })
    if (created.kind === 'failed') {
      return { problem: { code: created.code, values: { path: created.path, reason: created.reason } } }
    }
    path = created.path
    recorder = createRecorder(created.file, { parents, digest, ...options })
    return recorder.handle(event)
  }

  return {
    path: () => (path === undefined || isAbsolute(path) ? path : `${root}${sep}${path.split('/').join(sep)}`),
    async attach(source) {
      if (path !== undefined) return keepAttachment(isAbsolute(path) ? path : join(root, path), source)
      return { kind: 'refused', problem: { code: 'nothing-to-run', values: {} } }
    },
    record: (event, utf8) => (recorder === undefined ? begin(event) : recorder.handle(event, utf8)),
  }
}

function contains(folder: string, file: string): boolean {
  const path = relative(folder, file)
  return path !== '' && !path.startsWith('..') && !isAbsolute(path)
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}
