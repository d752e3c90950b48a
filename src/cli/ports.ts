import type { RunDescription } from '../execution/event.ts'
import type { RecordFailure, RunPorts } from '../execution/run-api.ts'
import type { RunSite } from '../execution/run-site.ts'
import type { TerminalSize } from '../execution/shells.ts'
import type { SyntaxChecker } from '../execution/syntax.ts'
import type { ClosedRecord } from '../record/abandoned.ts'
import type { Act } from '../record/act.ts'
import type { RecordCommits } from '../record/commit.ts'
import type { RecordPruner } from '../record/pruning.ts'
import type { RecordSearch } from '../record/search.ts'
import type { RecordSummary, RunSummary } from '../record/summary.ts'
import type { OpenRecord } from '../record/timeline.ts'
import type { Transcript } from '../record/transcript.ts'
import type { TrustReport } from '../record/trust.ts'
import type { Runbook } from '../runbook/runbook.ts'
import type { TeamSettingsReading } from '../runbook/team-settings.ts'
import type { CredentialScanner } from '../secrets/credentials/scanner.ts'
import type { SecretMemory } from '../secrets/memory.ts'
import type { SecretStore, SeenSecretStore } from '../secrets/store.ts'
import type { HandoverPorts } from '../secrets/transfer/handover.ts'
import type { Transfers } from '../secrets/transfer/transfer.ts'
import type { Translate } from '../wording/translate.ts'

/** Everything that commands need from outside. `cli.ts` builds it. */
export interface CommandLine {
  readonly t: Translate
  /** BCP 47 tag for `Intl`. */
  readonly locale: string
  readonly version: string
  /** Absolute. */
  readonly cwd: string
  readonly now: () => number
  readonly out: Output
  /** For what is not the result: remarks, problems, questions. */
  readonly err: Output
  /** Undefined where nobody can answer. */
  readonly prompt: Prompt | undefined
  /** Undefined where there is no terminal that a step could have for itself. */
  readonly keyboard: TerminalKeyboard | undefined
  readonly files: RunbookFiles
  /** What `baton.yaml` of a repo says, or the defaults where there is none. */
  settingsOf(root: string): Promise<TeamSettingsReading>
  readonly records: RecordsOf
  readonly runs: RunMachinery
  readonly secrets: SecretMachinery
  readonly syntax: SyntaxChecker
  readonly credentials: CredentialScanner
}

/** Where text goes. */
export interface Output {
  /** Whether Baton's own text may be coloured; what steps print passes as it is. */
  readonly colours: boolean
  /** Whether a line that was written can be written over. */
  readonly isTerminal: boolean
  write(text: string): void
  /** Resolves when a reader that is slower than the writer has caught up. */
  drained(): Promise<void>
}

/** A person at a terminal. The answers are undefined when they withdraw (Ctrl+C, Ctrl+D). */
export interface Prompt {
  line(question: string, signal?: AbortSignal): Promise<string | undefined>
  /** What is typed is not shown. */
  hidden(question: string, signal?: AbortSignal): Promise<string | undefined>
}

/** The terminal, for a step that has it for itself. */
export interface TerminalKeyboard {
  /** Keys go to `onKeys` as the terminal sends them, Ctrl+C too, until the returned function is called. */
  open(onKeys: (keys: string) => void): () => void
  size(): TerminalSize
  /** Returns what stops it. */
  onResize(listener: () => void): () => void
}

export interface RunbookFiles {
  /** Absolute paths of the Markdown files in a folder, in order; `missing` when there is no such folder. */
  markdownIn(folder: string): Promise<readonly string[] | 'missing'>
  kindOf(path: string): Promise<'file' | 'folder' | 'missing'>
  read(path: string): Promise<RunbookText>
  /** A file that is no Markdown, whatever is in it. */
  readBytes(path: string): Promise<FileBytes>
  /** Writes a text into a file that is not there yet; absolute. Undefined, or an errno name (`EEXIST`). */
  writeNew(path: string, parts: AsyncIterable<string>): Promise<string | undefined>
  parse(text: string): Runbook
}

export type FileBytes =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** `reason` is an errno name. */
  | { readonly kind: 'failed'; readonly reason: string }

export type RunbookText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'not-text' }
  /** `reason` is an errno name. */
  | { readonly kind: 'failed'; readonly reason: string }

export interface RecordsOf {
  /** The repo that holds a folder or a file, else the folder itself; absolute. */
  rootOf(path: string): Promise<string>
  /** The runs, newest first. */
  list(root: string): Promise<readonly RunSummary[]>
  /** The runs and the acts, newest first. */
  all(root: string, onProgress?: (done: number, all: number) => void): Promise<readonly RecordSummary[]>
  /** Which of them hold words; see `RecordStore.search`. */
  search(root: string, text: string): Promise<RecordSearch>
  /** Whether the list turned out to be another one when every file had been looked at. */
  settled(root: string): Promise<boolean>
  /** Rejects with the system's error when the file cannot be read. `path` is relative to `root`, or absolute. */
  read(root: string, path: string): Promise<Transcript>
  /** The bytes of a record, as often as they are wanted. */
  opened(root: string, path: string): OpenRecord
  /** All records of `root`, or those named by absolute paths. */
  verify(root: string, paths?: readonly string[]): Promise<TrustReport>
  /** Records that are in no commit as they are now; absolute paths. */
  uncommitted(root: string): Promise<readonly string[]>
  /** Whether the process that writes a record is at work on this computer. */
  isBeingWritten(root: string, path: string): Promise<boolean>
  /** What committing the records of a repo needs. */
  commits(root: string): RecordCommits
  /** Takes output out of the records of a repo. */
  pruner(root: string): RecordPruner
  /** Closes what processes of this computer left open. */
  closeAbandoned(root: string): Promise<readonly ClosedRecord[]>
}

export interface RunMachinery
  extends Pick<RunPorts, 'shells' | 'resolvePath' | 'approvals' | 'sleep' | 'secretCommand' | 'remember'> {
  siteOf(file: string): Promise<RunSite>
  readonly environmentSecrets: SecretStore
  readonly keychain: SeenSecretStore
  /** Where the keychain keeps values, in words. */
  readonly keychainName: string
  /** Calls back at Ctrl+C and when the system asks to end, until the returned function is called. */
  onInterrupt(listener: () => void): () => void
  /** Ends this process without waiting for anything. */
  leaveAtOnce(): void
}

export interface SecretMachinery extends Pick<HandoverPorts, 'draftPrivateFile'> {
  readonly memory: SecretMemory
  readonly transfers: Transfers
  /** The most bytes (UTF-8) of a value that the keychain of this computer keeps. */
  readonly longestValue: number
  operatorOf(root: string): Promise<RunDescription['operator']>
  /** Keeps what was done in the records of a repo. */
  recordAct(root: string, act: Act): Promise<RecordFailure | undefined>
  /** What came through the standard input; undefined where that is a terminal. */
  piped(): Promise<Uint8Array | undefined>
}
