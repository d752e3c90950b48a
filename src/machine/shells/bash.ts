import type { StepRequest } from '../../execution/shells.ts'
import { type Declaration, readDeclarations } from './declarations.ts'
import {
  inChunks,
  isTooLong,
  type LaunchContext,
  lastHandover,
  oneStream,
  onItsLine,
  type ProcessShell,
} from './shell.ts'

/** Variables that every bash has of itself: they belong to one process and are not carried. */
const ownVariables = new RegExp(
  `^(${[
    'BASH|BASHOPTS|BASHPID|BASH_.*|COMP_.*|DIRSTACK|EPOCHREALTIME|EPOCHSECONDS|EUID|FUNCNAME|GROUPS|HISTCMD|HOSTNAME',
    'HOSTTYPE|LINENO|MACHTYPE|MAILCHECK|OLDPWD|OPTERR|OPTIND|OSTYPE|PATH|PIPESTATUS|POSIXLY_CORRECT|PPID|PS4|PWD|RANDOM|SECONDS',
    'SHELLOPTS|SHLVL|SRANDOM|TERM|UID|_|__baton_.*|BATON_.*',
  ].join('|')})$`,
)

/** What Git's bash on Windows translates into paths of its own kind, for itself alone. */
const translatedOnWindows = ['PATH', 'HOME', 'TMP', 'TEMP', 'PWD', 'OLDPWD', 'SHELL', 'ORIGINAL_PATH', 'EXEPATH']

/** What bash keeps beside its environment, as JSON in `CarriedState.local`. */
interface BashLocal {
  readonly variables: readonly BashVariable[]
  readonly functions: string
}

interface BashVariable {
  readonly name: string
  /** As `declare -p` lists it; bytes as Latin-1 characters. */
  readonly source: string
  /** The value of an exported variable with further attributes: another shell may have changed it since. */
  readonly exported?: string
}

const start = 'eval "$BATON_INIT_0"'

/**
 * What bash runs before the text. It hands the state on when the shell exits, whatever made it exit. A trap of the step's
 * own for EXIT is kept aside and run first; the state is given before it too, since such a trap often ends in `exit`.
 *
 * The text is parsed as the body of a function first: if that fails, bash reads it with `set -n`, which names the place
 * and runs nothing. `extglob` is on for the second try, since a text may switch it on for itself.
 */
const preamble = (channel: string, folder: string, request: StepRequest, chunks: Record<string, string>): string => {
  const names = (prefix: string) => Object.keys(chunks).filter((name) => name.startsWith(prefix))
  const joined = (prefix: string) =>
    names(prefix)
      .map((name) => `\${${name}}`)
      .join('')
  return `exec ${oneStream(request)}19>${channel}
__baton_trap=
__baton_give='{ builtin declare -p; builtin printf "\\0"; builtin declare -pf; builtin printf "\\0"; ${folder}; builtin printf "\\0.\\0"; } >&19 2>/dev/null'
__baton_leave='if [ -n "$__baton_trap" ]; then eval "$__baton_give"; (exit "$__baton_code"); eval "$__baton_trap"; fi; if builtin local __baton_line 2>/dev/null; then eval "$__baton_reveal"; fi; eval "$__baton_give"'
__baton_reveal='${reveal}'
trap '{ __baton_code=$?; builtin set +eExuv; builtin trap - ERR DEBUG RETURN; builtin unset -f trap; } 2>/dev/null; eval "$__baton_leave"' EXIT
shopt -s extglob
eval "${joined('BATON_FUNCTIONS_')}"
shopt -u extglob
eval "${joined('BATON_VARIABLES_')}"
__baton_text="__baton_check() { :\${BASH_EXECUTION_STRING:${start.length}}

}"
if ! eval "$__baton_text" 2>/dev/null; then
  shopt -s extglob
  if ! eval "$__baton_text" 2>/dev/null; then
    trap - EXIT
    builtin printf 'syntax\\0.\\0' >&19
    set -n
  fi
  shopt -u extglob
fi
unset -f __baton_check
unset __baton_text BATON_INIT_0 ${[...names('BATON_FUNCTIONS_'), ...names('BATON_VARIABLES_')].join(' ')}
${/\btrap\b/.test(request.text) ? trapOverride : ''}
${request.errors === 'stop' ? 'set -eo pipefail' : ''}`
}

/**
 * After `exit` inside of a function bash still sees that function's local variables, in place of the global ones of the same
 * names: unset in a function called from there, they uncover them.
 */
const reveal = `__baton_uncover() { builtin unset -v "$1"; }
while IFS= builtin read -r __baton_line; do
  if [[ $__baton_line =~ ^declare\\ [^\\ ]+\\ ([A-Za-z_][A-Za-z_0-9]*) ]]; then __baton_uncover "\${BASH_REMATCH[1]}"; fi
done <<<"$(builtin local -p)"
builtin unset -f __baton_uncover`

const trapOverride = `trap() {
  if [ "$BASH_SUBSHELL" -ne 0 ] || [ $# -lt 2 ] || [[ $1 == -[lp] ]]; then builtin trap "$@"; return; fi
  if [ "$1" = -- ]; then shift; fi
  local __baton_action=$1 __baton_signal
  shift
  for __baton_signal in "$@"; do
    case $__baton_signal in
      EXIT|exit|0) if [ "$__baton_action" = - ]; then __baton_trap=; else __baton_trap=$__baton_action; fi ;;
      *) builtin trap -- "$__baton_action" "$__baton_signal" || return ;;
    esac
  done
}`

const readLocal = (json: string | undefined): BashLocal =>
  json === undefined ? { variables: [], functions: '' } : JSON.parse(json)

const restored = (request: StepRequest): BashLocal => {
  const local = readLocal(request.state.local.bash)
  const stillTrue = ({ name, exported }: BashVariable) =>
    !Object.hasOwn(request.grants, name) && (exported === undefined || request.state.env[name] === exported)
  return { ...local, variables: local.variables.filter(stillTrue) }
}

const launch = (request: StepRequest, { handover, platform }: LaunchContext) => {
  if (isTooLong(request, platform)) return { refused: { code: 'step-too-long', values: { shell: 'bash' } } } as const
  const local = restored(request)
  const variables = local.variables.map(({ source }) => source).join('\n')
  const chunks = {
    ...inChunks('BATON_FUNCTIONS', Buffer.from(local.functions, 'latin1').toString('utf8')),
    ...inChunks('BATON_VARIABLES', Buffer.from(variables, 'latin1').toString('utf8')),
  }
  const [channel, folder] =
    handover.kind === 'descriptor'
      ? ([`&${handover.fd} ${handover.fd}>&-`, 'builtin pwd'] as const)
      : ([`'${handover.path.replaceAll('\\', '/')}'`, 'builtin pwd -W'] as const)
  return {
    args: ['--noprofile', '--norc', '-c', start + onItsLine(request), request.place.file],
    env: { ...chunks, BATON_INIT_0: preamble(channel, folder, request, chunks) },
  }
}

const exported = (declaration: Declaration): declaration is Declaration & { readonly value: string } =>
  declaration.flags.includes('x') && declaration.value !== undefined

const variablesOf = (declarations: readonly Declaration[], grants: StepRequest['grants']): readonly BashVariable[] =>
  declarations
    .filter(({ name }) => !ownVariables.test(name) && !Object.hasOwn(grants, name))
    .filter((declaration) => !exported(declaration) || declaration.flags !== 'x')
    .map((declaration) => ({
      name: declaration.name,
      source: declaration.source,
      ...(exported(declaration) && { exported: declaration.value }),
    }))

/** GNU bash, 3.2 and later. */
export const bash: ProcessShell = {
  kind: 'process',
  name: 'bash',
  interpreters: () => ['bash'],
  launch,
  readHandover: (bytes, request) => {
    const handover = lastHandover(bytes)
    if (!handover) return undefined
    if (handover.equals(Buffer.from('syntax'))) return { kind: 'syntax-error' }
    const [variables, rest] = cut(handover)
    const [functions, cwd] = rest ? cut(rest) : []
    if (!functions || !cwd) return undefined
    const declarations = readDeclarations(variables)
    const windows = /^[A-Za-z]:/.test(cwd.toString())
    const kept = Object.entries(request.state.env).filter(
      ([name]) => !/^[A-Za-z_]\w*$/.test(name) || (windows && translatedOnWindows.includes(name.toUpperCase())),
    )
    const local: BashLocal = {
      variables: variablesOf(declarations, request.grants),
      functions: functions.toString('latin1'),
    }
    return {
      kind: 'state',
      env: {
        ...Object.fromEntries(declarations.filter(exported).map(({ name, value }) => [name, value])),
        ...Object.fromEntries(kept),
      },
      cwd: cwd.toString().replace(/\n$/, ''),
      local: JSON.stringify(local),
    }
  },
}

const cut = (bytes: Buffer): readonly [Buffer, Buffer | undefined] => {
  const at = bytes.indexOf(0)
  return at < 0 ? [bytes, undefined] : [bytes.subarray(0, at), bytes.subarray(at + 1)]
}
