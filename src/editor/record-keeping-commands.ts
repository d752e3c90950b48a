import * as vscode from 'vscode'
import { registerCommands, report } from './command-boundary.ts'
import type { KeptRun, RecordKeepingSetup } from './kept-records.ts'
import type { RecordKeeping } from './record-keeping.ts'

/** Committing and pruning records; what does it is loaded when a run has ended, or somebody asks for it. */
export function registerRecordKeeping(
  onDidFinish: vscode.Event<KeptRun>,
  setup: RecordKeepingSetup,
): vscode.Disposable {
  let loaded: Promise<RecordKeeping> | undefined
  const keeping = () => {
    loaded ??= import('./record-keeping.ts').then(({ createRecordKeeping }) => createRecordKeeping(setup))
    return loaded
  }
  return vscode.Disposable.from(
    onDidFinish((run) => {
      keeping()
        .then(({ finished }) => finished(run))
        .catch((error: unknown) => report(error, 'committing records', setup.log))
    }),
    registerCommands(setup.log, {
      'baton.commitRecords': async () => (await keeping()).commitAll(),
      'baton.pruneRecords': async () => (await keeping()).prune(),
    }),
  )
}
