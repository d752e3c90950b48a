#!/usr/bin/env node
import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import japanese from '../l10n/bundle.l10n.ja.json' with { type: 'json' }
import manifest from '../package.json' with { type: 'json' }
import { chooseLanguage } from './cli/language.ts'
import { outputTo } from './cli/output.ts'
import { plain } from './cli/plain.ts'
import type { CommandLine } from './cli/ports.ts'
import { main } from './cli/program.ts'
import { promptOn } from './cli/prompt.ts'
import { terminalKeyboard } from './cli/terminal-keyboard.ts'
import { createApprovals } from './machine/approvals.ts'
import { fastTextDigest } from './machine/fast-text-digest.ts'
import { operatorOf, repositoryRoot, uncommittedRecords } from './machine/git.ts'
import { processGone, thisHost } from './machine/host.ts'
import { environmentSecrets } from './machine/keychain/environment-secrets.ts'
import { createKeychain } from './machine/keychain/keychain.ts'
import { writeNewFile } from './machine/new-file.ts'
import { draftPrivateFile } from './machine/private-file.ts'
import { recordAct } from './machine/records/act.ts'
import { beginsUnprotected } from './machine/records/attributes.ts'
import { recordCommits } from './machine/records/commits.ts'
import { createRecordPruner } from './machine/records/pruning.ts'
import { errnoOf } from './machine/records/reading.ts'
import { createRecordSigner } from './machine/records/signer.ts'
import { createRecordStore, type RecordStore } from './machine/records/store.ts'
import { verifyTrust } from './machine/records/trust.ts'
import { runSiteOf } from './machine/run-site.ts'
import { listMarkdownFiles, readTextFile } from './machine/runbook-files.ts'
import { createSecretMemory } from './machine/secret-memory.ts'
import { createShells } from './machine/shells/shells.ts'
import { stateFolder } from './machine/state-folder.ts'
import { createSyntaxChecker } from './machine/syntax/syntax-checker.ts'
import { readTeamSettingsOf } from './machine/team-settings-file.ts'
import { createTransferThread } from './machine/transfer-thread.ts'
import { createKnownValues } from './record/known-values.ts'
import { parseRunbook } from './runbook/parse.ts'
import type { CredentialScanner } from './secrets/credentials/scanner.ts'
import { rememberedStore } from './secrets/memory.ts'
import { longestValue } from './secrets/secret-value.ts'
import { secretPlace } from './wording/secret-places.ts'
import { createTranslator } from './wording/translate.ts'
import { attributesAdvice, signingSentence } from './wording/trust.ts'

const { env, stdin, stdout, stderr } = process
const locale = chooseLanguage(env, Intl.DateTimeFormat().resolvedOptions().locale)
const t = createTranslator(locale === 'ja' ? japanese : {})

// One file with everything beside it in the bundle; run from the source, each thing where it is made.
const here = import.meta.dirname
const isBundle = !import.meta.filename.endsWith('.ts')
const assets = isBundle ? here : join(here, 'machine/shells')
const keychain = createKeychain({
  helperFile: join(here, isBundle ? 'keychain-helper.cjs' : 'machine/keychain/keychain-helper.ts'),
  keytarPath: isBundle ? join(here, 'keytar') : join(here, '../node_modules/keytar'),
  // A person may first have to find the window in which the keychain asks to be unlocked.
  timeoutMs: stdin.isTTY ? 60_000 : 10_000,
})

const userState = stateFolder(env, process.platform, homedir())
const secretMemory = createSecretMemory({ folder: userState })
const shells = createShells({
  assets,
  watchdogFile: join(here, isBundle ? 'watchdog.cjs' : 'machine/ownership/watchdog.ts'),
})
const recordCache = {
  folder: join(userState, 'records'),
  workerFile: join(here, isBundle ? 'record-worker.cjs' : 'machine/records/worker.ts'),
}
/** How many records of each repo were closed. */
const written = new Map<string, number>()
const known = createKnownValues()
const signer = createRecordSigner((problem) => line.err.write(`${plain(signingSentence(problem, t))}\n`))
const stores = new Map<string, RecordStore>()
const storeOf = (root: string) => {
  const store =
    stores.get(root) ??
    createRecordStore({
      root,
      cache: recordCache,
      onWritten(path) {
        signer.sign(root, path)
        written.set(root, (written.get(root) ?? 0) + 1)
      },
    })
  stores.set(root, store)
  return store
}

let loaded: Promise<CredentialScanner> | undefined
const credentials = () => {
  loaded ??= import('./machine/credentials/credentials.ts').then((module) => module.createCredentialDesk())
  return loaded
}

const line: CommandLine = {
  t,
  locale,
  version: manifest.version,
  cwd: process.cwd(),
  now: Date.now,
  out: outputTo(stdout, env),
  err: outputTo(stderr, env),
  prompt: stdin.isTTY && stderr.isTTY ? promptOn(stdin, stderr) : undefined,
  keyboard: stdin.isTTY && stdout.isTTY ? terminalKeyboard(stdin, stdout) : undefined,
  files: {
    parse: parseRunbook,
    read: readTextFile,
    async readBytes(path) {
      try {
        return { kind: 'bytes', bytes: await readFile(path) }
      } catch (error) {
        return { kind: 'failed', reason: errnoOf(error) }
      }
    },
    kindOf,
    writeNew: writeNewFile,
    async markdownIn(folder) {
      if ((await kindOf(folder)) !== 'folder') return 'missing'
      const paths: string[] = []
      for await (const path of listMarkdownFiles(folder)) paths.push(path)
      return paths
    },
  },
  settingsOf: readTeamSettingsOf,
  records: {
    rootOf: async (path) => (await repositoryRoot(path)) ?? line.cwd,
    list: (root) => storeOf(root).list(),
    all: (root, onProgress) => storeOf(root).all(onProgress),
    search: (root, text) => storeOf(root).search(text),
    settled: (root) => storeOf(root).settled(),
    read: (root, path) => storeOf(root).read(path),
    opened: (root, path) => storeOf(root).opened(path),
    verify: (root, paths) => verifyTrust(storeOf(root), root, paths),
    uncommitted: uncommittedRecords,
    pruner: (root) =>
      createRecordPruner({
        root,
        store: storeOf(root),
        verifyTrust: (paths) => verifyTrust(storeOf(root), root, paths),
        recordAct: (act) => line.secrets.recordAct(root, act),
      }),
    commits: (root) => recordCommits(root, storeOf(root), signer.settled),
    async isBeingWritten(root, path) {
      const { run, startedAt } = await storeOf(root).read(path)
      return run?.host.name === thisHost().name && !(await processGone(run.host.pid, startedAt))
    },
    closeAbandoned: (root) => storeOf(root).closeAbandoned(`baton ${manifest.version}`, Date.now()),
  },
  syntax: createSyntaxChecker({ assets }),
  credentials: {
    inMarkdown: async (text) => (await credentials()).inMarkdown(text),
    inRecord: async (path, excused) => (await credentials()).inRecord(path, excused),
  },
  runs: {
    shells,
    secretCommand: shells.secretCommand,
    resolvePath: (base, path) => (isAbsolute(path) ? path : resolve(base, path)),
    approvals: createApprovals({ folder: userState }),
    // Ended early it has waited long enough.
    sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
    remember: known.remember,
    siteOf: (file) => runSiteOf(file, process.cwd(), storeOf, fastTextDigest),
    environmentSecrets: environmentSecrets(env),
    keychain: rememberedStore(keychain, secretMemory),
    keychainName: secretPlace('keychain', process.platform, t),
    onInterrupt(listener) {
      const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
      for (const signal of signals) process.on(signal, listener)
      return () => {
        for (const signal of signals) process.off(signal, listener)
      }
    },
    leaveAtOnce: () => process.exit(130),
  },
  secrets: {
    memory: secretMemory,
    transfers: createTransferThread(join(here, isBundle ? 'transfer-worker.cjs' : 'machine/transfer-worker.ts')),
    longestValue: longestValue(process.platform),
    operatorOf,
    recordAct: (root, act) =>
      recordAct(storeOf(root), root, known.masked(act), { origin: 'command-line', version: manifest.version }),
    draftPrivateFile,
    piped: async () => (stdin.isTTY ? undefined : buffer(stdin)),
  },
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'missing'> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return 'missing'
  return found.isDirectory() ? 'folder' : 'file'
}

// No top-level await: the bundle is CommonJS.
void start()

async function start(): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2), line)
  } catch (error) {
    line.err.write(`${t('Something unexpected happened in Baton. Please report this:')}\n`)
    line.err.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    // EX_SOFTWARE of sysexits.h.
    process.exitCode = 70
  } finally {
    await signer.settled()
    for (const [root, count] of written) {
      if (await beginsUnprotected(root, count)) line.err.write(`${attributesAdvice(t)}\n`)
    }
    // Nothing is left that would keep the process, and what was written is read to its end before it goes.
    keychain.dispose()
  }
}
