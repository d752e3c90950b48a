import { isAbsolute, join, resolve } from 'node:path'
import * as vscode from 'vscode'
import { registerContextKeys } from './editor/context-keys.ts'
import { registerGutter } from './editor/gutter.ts'
import { registerProblemDiagnostics } from './editor/problem-diagnostics.ts'
import { registerRecordPage } from './editor/record-page.ts'
import { createRunActivity } from './editor/recorded-activity.ts'
import { registerRunCommands } from './editor/run-commands.ts'
import { createRunController, type RunController } from './editor/run-controller.ts'
import { registerRunbookTree } from './editor/runbook-tree.ts'
import { registerRunsTree } from './editor/runs-tree.ts'
import { createSecretVault } from './editor/secret-vault.ts'
import { registerStatusBar } from './editor/status-bar.ts'
import { createStepChange } from './editor/step-change.ts'
import { registerStepLenses } from './editor/step-lenses.ts'
import { isMarkdownFile, markdownFiles, readWorkspaceFile } from './editor/workspace-files.ts'
import { createWorkspaceHistory } from './editor/workspace-history.ts'
import { createWorkspaceLibrary } from './editor/workspace-library.ts'
import { repositoryRoot } from './machine/git.ts'
import { createIndexCache } from './machine/index-cache.ts'
import { createKeychain } from './machine/keychain/keychain.ts'
import { createParseThread } from './machine/parse-thread.ts'
import { createRecordStore, type RecordStore } from './machine/record-store.ts'
import { runSiteOf } from './machine/run-site.ts'
import { createShells } from './machine/shells/shells.ts'
import { createIncrementalParser } from './runbook/incremental.ts'
import { createWorkspaceIndex } from './runbook/workspace-index.ts'

let runs: RunController | undefined

/** Builds everything, knows everything, decides nothing. */
export function activate(context: vscode.ExtensionContext): void {
  const own = <T extends vscode.Disposable>(thing: T): T => {
    context.subscriptions.push(thing)
    return thing
  }
  const dist = join(context.extensionPath, 'dist')
  const version = String(context.extension.packageJSON.version)
  const log = own(vscode.window.createOutputChannel('Baton', { log: true }))

  const shells = createShells({ assets: dist })
  const keychain = own(createKeychain({ helperFile: join(dist, 'keychain-helper.cjs'), timeoutMs: 60_000 }))
  const thread = own(createParseThread({ workerFile: join(dist, 'parse-worker.cjs') }))
  const stores = new Map<string, RecordStore>()
  const storeOf = (root: string) => {
    const store = stores.get(root) ?? createRecordStore({ root })
    stores.set(root, store)
    return store
  }

  const index = createWorkspaceIndex({
    list: markdownFiles,
    includes: isMarkdownFile,
    read: readWorkspaceFile,
    parse: (text) => thread.parse(text),
    cache: createIndexCache({ folder: context.globalStorageUri.fsPath, parserFile: join(dist, 'parse-worker.cjs') }),
    pause: () => new Promise((done) => setImmediate(done)),
  })
  const library = own(
    createWorkspaceLibrary({
      index,
      createParser: createIncrementalParser,
      parseElsewhere: (text) => thread.parse(text),
    }),
  )
  const history = own(
    createWorkspaceHistory({
      rootOf: async (folder) => (await repositoryRoot(folder)) ?? folder,
      folderOf: storeOf,
      closedBy: `baton ${version}`,
      log,
    }),
  )
  const vault = createSecretVault(keychain, context.secrets, log)
  const controller = own(
    createRunController({
      library,
      vault,
      memory: context.workspaceState,
      version,
      machine: { shells, resolvePath: (base, path) => (isAbsolute(path) ? path : resolve(base, path)) },
      siteOf: (uri) => runSiteOf(uri.fsPath, vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath, storeOf),
    }),
  )
  runs = controller
  const activity = own(createRunActivity(controller, history))
  const change = own(
    createStepChange(library, history, async (record, stepId) => {
      const transcript = await createRecordStore({ root: '/' }).read(record.fsPath)
      return transcript.steps.findLast(({ id }) => id === stepId)?.text
    }),
  )

  own(registerRunbookTree(library, activity, log))
  own(registerRunsTree(history, controller, log))
  own(registerRecordPage(history, log))
  own(registerStepLenses(library, activity))
  own(registerGutter(library, activity, context.extensionUri))
  own(registerProblemDiagnostics(library))
  own(registerStatusBar(controller))
  own(registerContextKeys(library, activity))
  own(registerRunCommands({ controller, library, vault, change, extension: context.extensionUri, log }))
  void library.refresh()
}

/** VS Code waits some seconds for this: enough to end what runs and to close the records. */
export async function deactivate(): Promise<void> {
  await runs?.finishAll()
}
