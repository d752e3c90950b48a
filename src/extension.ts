import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import * as vscode from 'vscode'
import { registerCompareRuns } from './editor/compare-runs.ts'
import { registerContextKeys } from './editor/context-keys.ts'
import { registerCredentialDiagnostics } from './editor/credential-diagnostics.ts'
import { registerDriftCommands } from './editor/drift-commands.ts'
import { registerGuideCommands } from './editor/guide-commands.ts'
import { registerGutter } from './editor/gutter.ts'
import { registerMoveCredential } from './editor/move-credential.ts'
import { registerNoteCommands } from './editor/note-commands.ts'
import { createPages } from './editor/pages.ts'
import { prepareRun } from './editor/prerequisites.ts'
import { registerProblemDiagnostics } from './editor/problem-diagnostics.ts'
import { createAttributesOffer } from './editor/record-attributes.ts'
import { registerRecordChecks, showUnsigned } from './editor/record-checks.ts'
import { registerRecordKeeping } from './editor/record-keeping-commands.ts'
import { registerRecordMarks } from './editor/record-marks.ts'
import { registerRecordPage } from './editor/record-page.ts'
import { createRunActivity } from './editor/recorded-activity.ts'
import { registerReplayCommands } from './editor/replay-commands.ts'
import { registerRotationDiagnostics } from './editor/rotation-diagnostics.ts'
import { registerRunCommands } from './editor/run-commands.ts'
import { createRunController, type RunController } from './editor/run-controller.ts'
import { registerRunbookTree } from './editor/runbook-tree.ts'
import { registerRunsTree } from './editor/runs-tree.ts'
import { createSecretActs } from './editor/secret-acts.ts'
import { createSecretClipboard, type SecretClipboard } from './editor/secret-clipboard.ts'
import { registerSecretCommands } from './editor/secret-commands.ts'
import { createSecretStates } from './editor/secret-states.ts'
import { createSecretVault } from './editor/secret-vault.ts'
import { registerSecretsTree } from './editor/secrets-tree.ts'
import { registerSeriesCommands } from './editor/series-commands.ts'
import { registerSettingsDiagnostics } from './editor/settings-diagnostics.ts'
import { registerStatusBar } from './editor/status-bar.ts'
import { createStepChange } from './editor/step-change.ts'
import { registerStepLenses } from './editor/step-lenses.ts'
import { registerSyntaxDiagnostics } from './editor/syntax-diagnostics.ts'
import { registerTaintedRecords } from './editor/tainted-records.ts'
import { registerTaskFix } from './editor/task-fix.ts'
import { isMarkdownFile, markdownFiles, readWorkspaceFile } from './editor/workspace-files.ts'
import { createWorkspaceHistory } from './editor/workspace-history.ts'
import { createWorkspaceLibrary } from './editor/workspace-library.ts'
import { createIndexCache } from './machine/index-cache.ts'
import { createKeychain } from './machine/keychain/keychain.ts'
import type { Machine } from './machine/machine.ts'
import { createParseThread } from './machine/parse-thread.ts'
import { createSecretMemory, secretMemoryFile } from './machine/secret-memory.ts'
import { stateFolder } from './machine/state-folder.ts'
import type { Act, RunNote } from './record/act.ts'
import { createWorkspaceIndex } from './runbook/workspace-index.ts'
import type { CredentialDesk } from './secrets/credentials/scanner.ts'

let runs: RunController | undefined
let clipboard: SecretClipboard | undefined
let recordsSigned: (() => Promise<void>) | undefined

/** Builds everything, knows everything, decides nothing. */
export function activate(context: vscode.ExtensionContext): void {
  const began = performance.now()
  const own = <T extends vscode.Disposable>(thing: T): T => {
    context.subscriptions.push(thing)
    return thing
  }
  const dist = join(context.extensionPath, 'dist')
  const version = String(context.extension.packageJSON.version)
  const log = own(vscode.window.createOutputChannel('Baton', { log: true }))

  const loadMachine = async () => {
    // It takes its time to load, as activation does: not both in one turn. Timers come before what others have sent.
    await new Promise((done) => setTimeout(done, 0))
    await new Promise((done) => setImmediate(done))
    const { createMachine } = await import('./machine/machine.ts')
    return createMachine({
      assets: dist,
      version,
      onRecord: offerAttributes,
      onSigningProblem: (problem) => void showUnsigned(problem, log),
    })
  }
  let loaded: Promise<Machine> | undefined
  const machine = () => {
    loaded ??= loadMachine()
    return loaded
  }
  const offerAttributes = createAttributesOffer({
    changesRecords: async (root) => (await machine()).changesRecords(root),
    protectRecords: async (root) => (await machine()).protectRecords(root),
    memory: context.workspaceState,
    log,
  })
  recordsSigned = async () => (await loaded)?.recordsSigned()
  let loadedDesk: Promise<CredentialDesk> | undefined
  const credentials = () => {
    loadedDesk ??= import('./machine/credentials/credentials.ts').then((module) => module.createCredentialDesk())
    return loadedDesk
  }
  const keychain = own(createKeychain({ helperFile: join(dist, 'keychain-helper.cjs'), timeoutMs: 60_000 }))
  const thread = own(createParseThread({ workerFile: join(dist, 'parse-worker.cjs'), limitMs: 60_000 }))
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
      parserFactory: async () => (await import('./runbook/runbook-reader.ts')).createIncrementalParser,
      parseElsewhere: (text) => thread.parse(text),
    }),
  )
  const history = own(
    createWorkspaceHistory({
      rootOf: async (folder) => (await (await machine()).repositoryRoot(folder)) ?? folder,
      recordsOf: async (root) => (await machine()).recordsOf(root),
      closedBy: `baton ${version}`,
      log,
    }),
  )
  const userState = stateFolder(process.env, process.platform, homedir())
  const secretMemory = createSecretMemory({ folder: userState })
  const memoryFile = vscode.Uri.file(join(userState, secretMemoryFile))
  const vault = own(createSecretVault({ keychain, storage: context.secrets, memory: secretMemory, memoryFile, log }))
  const siteOf = async (uri: vscode.Uri) =>
    (await machine()).siteOf(uri.fsPath, vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath)
  const trustOf = async (record: vscode.Uri) => (await machine()).trustOfRecord(record.fsPath)
  const transcriptOf = async (record: vscode.Uri) => (await machine()).recordsOf('').read(record.fsPath)
  const opened = async (record: vscode.Uri) => (await machine()).recordsOf('').opened(record.fsPath)
  const controller = own(
    createRunController({
      library,
      vault,
      memory: context.workspaceState,
      version,
      machine,
      siteOf,
      prepare: (opened, run) =>
        prepareRun(opened, run, { library, siteOf, runsOf: async (root) => (await machine()).recordsOf(root).list() }),
    }),
  )
  runs = controller
  const activity = own(createRunActivity(controller, history))
  const change = own(
    createStepChange(library, history, async (record, stepId) => {
      const transcript = await transcriptOf(record)
      const step = transcript.steps.findLast(({ id }) => id === stepId)
      return step && { text: step.text, difference: step.result?.difference }
    }),
  )

  own(registerRunbookTree(library, activity, log))
  own(registerRunsTree(history, controller, context.workspaceState, log))
  own(registerRecordPage({ history, transcriptOf, trustOf }, activity, log))
  own(
    registerReplayCommands(
      {
        history,
        library,
        extension: context.extensionUri,
        transcriptOf,
        opened,
        log,
      },
      activity,
    ),
  )
  own(
    registerRecordChecks(async () => {
      const { verifyTrust } = await machine()
      const roots = await history.roots()
      return Promise.all(roots.map(async (root) => ({ root, found: await verifyTrust(root) })))
    }, log),
  )
  own(
    registerRecordKeeping(controller.onDidFinish, {
      roots: history.roots,
      rootOf: async (file) => (await (await machine()).repositoryRoot(file)) ?? dirname(file),
      commitsOf: async (root) => (await machine()).recordCommits(root),
      prunerOf: async (root) => (await machine()).recordPruner(root),
      settingsOf: async (root) => (await machine()).teamSettingsOf(root),
      credentials,
      log,
    }),
  )
  const lookAt = async (file: string) => (await machine()).marks.of(file)
  own(registerRecordMarks({ lookAt, onDidChange: history.onDidChange }))
  own(registerStepLenses(library, activity))
  own(registerGutter(library, activity, context.extensionUri))
  own(registerProblemDiagnostics(library))
  own(registerTaskFix())
  own(registerSettingsDiagnostics(async (text) => (await machine()).readTeamSettings(text)))
  own(registerSyntaxDiagnostics(library, async () => (await machine()).syntax))
  own(registerCredentialDiagnostics(library, credentials))
  own(registerTaintedRecords(controller.onDidFinish, credentials, log))
  const { afterglow } = own(registerStatusBar(controller))
  own(registerContextKeys(library, activity))
  own(registerRunCommands({ controller, library, change, extension: context.extensionUri, log }))
  const following = {
    siteOf,
    transcriptOf,
    opened,
    recordsOf: async (root: string) => (await machine()).recordsOf(root).all(),
    recordAct: async (root: string, act: Act) => (await machine()).recordAct(root, act),
  }
  own(registerGuideCommands({ library, controller, history, following, extension: context.extensionUri, log }))
  const states = own(createSecretStates(library, vault, secretMemory))
  const lent = own(createSecretClipboard())
  clipboard = lent
  const acts = createSecretActs({
    rootOf: async ({ fsPath }) => (await (await machine()).repositoryRoot(dirname(fsPath))) ?? dirname(fsPath),
    recordAct: async (root, act) => (await machine()).recordAct(root, act),
  })
  own(registerSecretsTree(library, states, log))
  const home = vscode.Uri.file(homedir())
  own(registerSecretCommands({ states, vault, memory: secretMemory, acts, clipboard: lent, machine, home, log }))
  const reader = async () => {
    const { parseRunbook, declareSecret } = await import('./runbook/runbook-reader.ts')
    return { parse: parseRunbook, declareSecret }
  }
  own(registerMoveCredential({ library, vault, credentials, acts, reader, log }))
  own(registerRotationDiagnostics(library, vault, secretMemory))
  own(registerDriftCommands({ library, history, change, transcriptOf }, log))
  const note = (root: string, act: RunNote) => machine().then(({ recordAct }) => recordAct(root, act))
  own(registerNoteCommands({ history, transcriptOf, store: vault.store, credentials, recordAct: note }, log))
  const pages = own(createPages())
  own(registerCompareRuns({ history, pages, transcriptOf, log }))
  const memory = context.workspaceState
  own(
    registerSeriesCommands({
      controller,
      library,
      history,
      memory,
      pages,
      afterglow,
      siteOf,
      transcriptOf,
      trustOf,
      log,
    }),
  )
  void library.refresh()
  log.info(`activate() took ${(performance.now() - began).toFixed(1)} ms`)
}

/** VS Code waits some seconds for this: enough to end what runs, to close the records and to empty the clipboard. */
export async function deactivate(): Promise<void> {
  await Promise.all([runs?.finishAll(), clipboard?.clear()])
  await recordsSigned?.()
}
