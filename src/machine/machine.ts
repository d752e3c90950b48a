import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { RunDescription } from '../execution/event.ts'
import type { RecordFailure, RunPorts } from '../execution/run-api.ts'
import type { RunSite } from '../execution/run-site.ts'
import type { Shells } from '../execution/shells.ts'
import type { SyntaxChecker } from '../execution/syntax.ts'
import type { Act } from '../record/act.ts'
import type { RecordCommits } from '../record/commit.ts'
import { createKnownValues } from '../record/known-values.ts'
import type { RecordPruner } from '../record/pruning.ts'
import type { SigningProblem } from '../record/signature.ts'
import type { TrustedRecord, TrustReport } from '../record/trust.ts'
import type { TeamSettingsReading } from '../runbook/team-settings.ts'
import type { DraftedFile } from '../secrets/transfer/handover.ts'
import type { Transfers } from '../secrets/transfer/transfer.ts'
import { createApprovals } from './approvals.ts'
import { fastTextDigest } from './fast-text-digest.ts'
import { operatorOf, repositoryRoot } from './git.ts'
import { draftPrivateFile } from './private-file.ts'
import { recordAct } from './records/act.ts'
import { changesRecords, protectRecords } from './records/attributes.ts'
import { recordCommits } from './records/commits.ts'
import { createRecordMarks, type RecordMarks } from './records/marks.ts'
import { createRecordPruner } from './records/pruning.ts'
import { createRecordSigner } from './records/signer.ts'
import { createRecordStore, type RecordStore } from './records/store.ts'
import { trustOfRecord, verifyTrust } from './records/trust.ts'
import { runSiteOf } from './run-site.ts'
import { createShells } from './shells/shells.ts'
import { stateFolder } from './state-folder.ts'
import { createSyntaxChecker } from './syntax/syntax-checker.ts'
import { readTeamSettings, readTeamSettingsOf } from './team-settings-file.ts'
import { createTransferThread } from './transfer-thread.ts'

/** What is needed of this computer once something runs or records are read; a bundle of its own, loaded then. */
export interface Machine extends Pick<RunPorts, 'approvals' | 'sleep' | 'secretCommand' | 'remember'> {
  readonly shells: Shells
  readonly syntax: SyntaxChecker
  resolvePath(base: string, path: string): string
  /** The repo that a folder is in; undefined when it is in none. */
  repositoryRoot(folder: string): Promise<string | undefined>
  /** The records of a repo: always the same store for the same root. */
  recordsOf(root: string): RecordStore
  /**
   * Keeps that the operator did something now outside of any run, in the records of a repo. Call it when it is done. What
   * runs of this process had to mask is masked in what is written about them.
   */
  recordAct(root: string, act: Act): Promise<RecordFailure | undefined>
  /** What `baton.yaml` of a repo says; see `readTeamSettingsOf`. */
  teamSettingsOf(root: string): Promise<TeamSettingsReading>
  /** The same of a text, which need not be saved. */
  readTeamSettings(text: string): Promise<TeamSettingsReading>
  /** Whether the records of a repo are what was written, and by whom; see `verifyTrust`. */
  verifyTrust(root: string, paths?: readonly string[]): Promise<TrustReport>
  /** The same of one record, by its absolute path. */
  trustOfRecord(file: string): Promise<TrustedRecord>
  readonly marks: RecordMarks
  /** See `record-attributes.ts`. */
  changesRecords(root: string): Promise<boolean>
  protectRecords(root: string): Promise<string | undefined>
  /** Commits the records of a repo by themselves. */
  recordCommits(root: string): RecordCommits
  /** Takes output out of the records of a repo. */
  recordPruner(root: string): RecordPruner
  /** Resolves when no record is being signed any more. */
  recordsSigned(): Promise<void>
  /** Who is at work in a folder; see `operatorOf`. */
  operatorOf(folder: string): Promise<RunDescription['operator']>
  /** Encrypts and decrypts what is handed over. */
  readonly transfers: Transfers
  /** A file for secrets that are handed over; see `draftPrivateFile`. */
  draftPrivateFile(path: string, text: string, replace: boolean): Promise<DraftedFile>
  /** Where a runbook is carried out; see `runSiteOf`. */
  siteOf(file: string, opened: string | undefined): Promise<RunSite>
}

export interface MachineSetup {
  /** The folder with the scripts that shells are started with and the bundle of the watchdog. */
  readonly assets: string
  /** Of Baton. */
  readonly version: string
  /** Hears of every record that is closed, with the root of its repo. */
  readonly onRecord: (root: string) => void
  /** Hears why a record was not signed although its repo wants that; the same reason once. */
  readonly onSigningProblem: (problem: SigningProblem) => void
}

export function createMachine({ assets, version, onRecord, onSigningProblem }: MachineSetup): Machine {
  const userState = stateFolder(process.env, process.platform, homedir())
  const cache = { folder: join(userState, 'records'), workerFile: join(assets, 'record-worker.cjs') }
  const signer = createRecordSigner(onSigningProblem)
  const known = createKnownValues()
  const stores = new Map<string, RecordStore>()
  function recordsOf(root: string): RecordStore {
    const onWritten = (path: string) => {
      signer.sign(root, path)
      onRecord(root)
    }
    const store = stores.get(root) ?? createRecordStore({ root, cache, onWritten })
    stores.set(root, store)
    return store
  }
  const shells = createShells({ assets, watchdogFile: join(assets, 'watchdog.cjs') })
  return {
    shells,
    secretCommand: shells.secretCommand,
    syntax: createSyntaxChecker({ assets }),
    approvals: createApprovals({ folder: userState }),
    // It ends early without a complaint: that the run was cancelled is known anyway.
    sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
    resolvePath: (base, path) => (isAbsolute(path) ? path : resolve(base, path)),
    repositoryRoot,
    recordsOf,
    remember: known.remember,
    recordAct: (root, act) => recordAct(recordsOf(root), root, known.masked(act), { origin: 'editor', version }),
    teamSettingsOf: readTeamSettingsOf,
    readTeamSettings,
    verifyTrust: (root, paths) => verifyTrust(recordsOf(root), root, paths),
    trustOfRecord: (file) => trustOfRecord(file, recordsOf),
    marks: createRecordMarks(recordsOf),
    changesRecords,
    protectRecords,
    recordCommits: (root) => recordCommits(root, recordsOf(root), signer.settled),
    recordPruner: (root) =>
      createRecordPruner({
        root,
        store: recordsOf(root),
        verifyTrust: (paths) => verifyTrust(recordsOf(root), root, paths),
        recordAct: (act) => recordAct(recordsOf(root), root, act, { origin: 'editor', version }),
      }),
    recordsSigned: signer.settled,
    operatorOf,
    transfers: createTransferThread(join(assets, 'transfer-worker.cjs')),
    draftPrivateFile,
    siteOf: (file, opened) => runSiteOf(file, opened, recordsOf, fastTextDigest),
  }
}
