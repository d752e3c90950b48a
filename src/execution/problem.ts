/** Why something did not run or did not go on. The edge puts the code and its values into words. */
export interface ExecutionProblem {
  readonly code: ExecutionProblemCode
  /** What the sentence names: a shell, a path, a parameter. Never a secret's value. */
  readonly values: Readonly<Record<string, string>>
}

export type ExecutionProblemCode =
  /** `shell` names nothing that Baton knows or finds on the PATH. */
  | 'shell-unknown'
  /** A known shell has no interpreter here: `shell`, `interpreter`. */
  | 'interpreter-missing'
  /** An interpreter that answers but is empty, such as Wine's powershell.exe: `interpreter`. */
  | 'interpreter-unusable'
  | 'step-too-long'
  /** `encoding=` names none: `encoding`. */
  | 'encoding-unknown'
  /** What a step needs on the disk for its time found no room there: `path`, `reason` (an errno name). */
  | 'temp-unwritable'
  /** `cwd` is no folder: `path`. */
  | 'cwd-missing'
  /** The live session ended while a step ran, and with it the variables it held: `shell`. */
  | 'session-ended'
  /** A live session did not come up in time: `shell`, `detail`. */
  | 'session-not-started'
  /** The execution policy of PowerShell lets no script run, Baton's own included: `shell`. */
  | 'execution-policy'
  /** The step's text does not parse: `place`, `detail`. */
  | 'syntax-error'
  /** A `%NAME%` of cmd whose value cmd would run: `name`. */
  | 'value-unsafe-in-cmd'
  /** cmd would work in Windows' own folder in place of a network share: `path`. */
  | 'cwd-on-share'
  /** A pseudo-terminal could not be had: `detail`. */
  | 'terminal-missing'
  /** What a step printed is not what its runbook expects: `match` (how it was compared), `score` (for `similarity`, 0 to 1). */
  | 'output-differs'
  /** A link under the prerequisites leads to no runbook: `path`. */
  | 'prerequisite-missing'
  /** A runbook is its own prerequisite: `path`. */
  | 'prerequisite-circular'
  /** A runbook that has to be done before did not succeed: `path`. */
  | 'prerequisite-failed'
  /** Texts that are new and nobody there to approve them: `step` (the first one's title), `steps` (how many). */
  | 'approval-needed'
  /** `attribute`, `step`: a way of running that this version does not have. */
  | 'attribute-unsupported'
  | 'parameter-missing'
  | 'parameter-unknown'
  | 'parameter-invalid'
  | 'secret-missing'
  /** It was put into the keychain here on `setOn` (an ISO date), and somebody took it away since: `name`. */
  | 'secret-removed'
  | 'secret-too-short'
  | 'secret-has-nul'
  /** The command of `name` that prints its value: nobody is there to let it run (`command`). */
  | 'secret-command-unapproved'
  /** `program` was not found. */
  | 'secret-command-missing'
  /** `exitCode`, `detail` (the first line of its errors, masked). */
  | 'secret-command-failed'
  /** `seconds` */
  | 'secret-command-timeout'
  | 'secret-command-empty'
  /** `limit` */
  | 'secret-command-too-long'
  | 'secret-command-too-short'
  | 'secret-command-has-nul'
  /** What a step captured cannot be a secret of the run, `name`. */
  | 'captured-too-short'
  | 'captured-has-nul'
  /** `limit` (UTF-16 units) */
  | 'captured-too-long'
  /** A step needs `name`, which another one (`step`) captures (its title, and `stepId`), and which no record keeps. */
  | 'captured-missing'
  | 'keychain-locked'
  | 'keychain-unavailable'
  /** The operator dismissed the question of the keychain. */
  | 'keychain-refused'
  /** Another question of the keychain got no answer. */
  | 'keychain-busy'
  /** The keychain keeps no value of that length. */
  | 'secret-too-long'
  | 'keychain-timeout'
  | 'keychain-failed'
  /** `path`, `reason` (an errno name). */
  | 'record-unwritable'
  /** `name` */
  | 'attachment-too-large'
  /** `name`, `reason` (an errno name). */
  | 'attachment-unreadable'
  | 'attachment-unwritable'
  | 'untrusted'
  | 'step-unknown'
  | 'procedure-unknown'
  /** What runs, or what it is given, has an error in its text: `line` (1-based), `problem` (a problem's code). */
  | 'runbook-invalid'
  | 'nothing-to-run'
  | 'runbook-changed'
  | 'busy'
  | 'operator-absent'
  /** The operator withdrew: nothing needs to be said. */
  | 'withdrawn'
