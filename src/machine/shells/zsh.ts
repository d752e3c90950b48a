import type { StepRequest } from '../../execution/shells.ts'
import { entriesOf, folderOf, readFields } from './field-handover.ts'
import { writeScript } from './script-file.ts'
import { inChunks, type LaunchContext, oneStream, type ProcessShell } from './shell.ts'

/** Variables that every zsh has of itself without calling them special. */
const ownVariables = [
  'ARGV0|CPUTYPE|FPATH|HOST|KEYTIMEOUT|LISTMAX|MACHTYPE|MAILCHECK|OLDPWD|OSTYPE|PWD|TIMEFMT|TMPPREFIX|TTY|VENDOR|WATCHFMT',
  'ZSH_ARGZERO|ZSH_EXECUTION_STRING|ZSH_NAME|ZSH_PATCHLEVEL|ZSH_VERSION|functrace|signals|zshexit_functions',
  'BATON_*|__baton_*',
].join('|')

/** Special ones that a step sets for the steps after it. */
const handedOnThoughSpecial = 'IFS|cdpath|fpath'

/** What zsh keeps beside its environment, as JSON in `CarriedState.local`. */
interface ZshLocal {
  readonly variables: readonly ZshVariable[]
  /** Name and body. */
  readonly functions: readonly (readonly [string, string])[]
}

interface ZshVariable {
  readonly name: string
  /** As `typeset -p` lists it. */
  readonly source: string
  /** The value of an exported variable with further attributes: another shell may have changed it since. */
  readonly exported?: string
}

/**
 * Hands the state on. `parameters` and `functions` are zsh's own tables of both; variables of a function that the step was
 * in when it ended stay with that function.
 */
const give = `__baton_give() {
  builtin emulate -LR zsh
  (( ZSH_SUBSHELL )) && return 0
  local __baton_name __baton_type
  local -a __baton_fields
  {
    for __baton_name __baton_type in "\${(@kv)parameters}"; do
      [[ $__baton_type == (*local*|undefined) ]] && continue
      if [[ $__baton_type == *export* ]]; then
        __baton_fields+=("e$__baton_name=\${(P)__baton_name}")
        [[ $__baton_type == (scalar-export|*special*) ]] && continue
      elif [[ $__baton_name != (${handedOnThoughSpecial}) ]]; then
        [[ $__baton_type == *special* || $__baton_name == (${ownVariables}) ]] && continue
      fi
      builtin print -rn -- "v$__baton_name="
      builtin typeset -p -- "$__baton_name"
      builtin print -n '\\0'
    done
    for __baton_name in "\${(@k)functions}"; do
      [[ $__baton_name == (__baton_*|TRAP*|*=*) ]] || __baton_fields+=("f$__baton_name=\${functions[$__baton_name]}")
    done
    builtin print -rN -- "\${__baton_fields[@]}" "d=\${(%):-%/}" .
  } >&$__baton_out
}`

const launch = async (request: StepRequest, context: LaunchContext) => {
  const { folder, name } = await writeScript(request, context, 'eval "$__baton_begin"')
  const channel =
    context.handover.kind === 'descriptor'
      ? `>&${context.handover.fd} ${context.handover.fd}>&-`
      : `>${quoted(context.handover.path)}`
  const chunks = inChunks('BATON_LOCAL', restoring(request))
  // zsh has a VENDOR of its own, which counts more to it than the environment's.
  const { VENDOR } = { ...request.state.env, ...request.grants }
  return {
    args: ['-f', '-c', 'eval "$BATON_INIT"', request.place.file],
    env: {
      ...chunks,
      ...(VENDOR !== undefined && { BATON_VENDOR: VENDOR }),
      BATON_INIT: preamble(request, Object.keys(chunks), channel, folder, name),
    },
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** zsh hands on the state when it exits; neither its hook nor its trap for that is called in every case. */
const preamble = (
  request: StepRequest,
  chunks: readonly string[],
  channel: string,
  folder: string,
  name: string,
): string => `exec ${oneStream(request)}{__baton_out}${channel}
${give}
__baton_hook() { { __baton_give } 2>/dev/null }
zshexit_functions=(__baton_hook)
trap '{ __baton_give; zshexit_functions=(\${zshexit_functions:#__baton_hook}) } 2>/dev/null' EXIT
trap '{ [[ -o errexit ]] && __baton_give } 2>/dev/null' ZERR
for __baton_signal in TERM INT; do
  trap "{ __baton_give } 2>/dev/null; trap - EXIT $__baton_signal; kill -$__baton_signal \\$\\$" $__baton_signal
done
eval "${chunks.map((chunk) => `\${${chunk}}`).join('')}"
[[ -v BATON_VENDOR ]] && export VENDOR="$BATON_VENDOR"
unset BATON_INIT BATON_VENDOR __baton_signal ${chunks.join(' ')}
__baton_home=$PWD __baton_before=\${OLDPWD-}
__baton_begin='builtin cd -q -- "$__baton_home"; OLDPWD=$__baton_before
if ! eval "__baton_check() {
$__baton_text
}" 2>/dev/null; then
  trap - EXIT ZERR
  zshexit_functions=()
  builtin print -rNu $__baton_out -- syntax .
  setopt noexec
fi
unset -f __baton_check
unset __baton_home __baton_before __baton_begin __baton_text
${request.errors === 'stop' ? 'setopt errexit pipefail' : ''}'
builtin cd -q -- ${quoted(folder)}
__baton_text=$(<${quoted(name)})
source ${quoted(name)}`

const restoring = (request: StepRequest): string => {
  const { variables, functions } = readLocal(request.state.local.zsh)
  const stillTrue = ({ name, exported }: ZshVariable) =>
    !Object.hasOwn(request.grants, name) && (exported === undefined || request.state.env[name] === exported)
  return [
    ...variables.filter(stillTrue).map(({ source }) => source),
    ...functions
      .filter(([name]) => /^[\w.:+@%,/-]+$/u.test(name))
      .map(([name, body]) => `functions[${name}]=${quoted(body)}`),
  ].join('\n')
}

const readLocal = (json: string | undefined): ZshLocal =>
  json === undefined ? { variables: [], functions: [] } : JSON.parse(json)

/** What zsh exports of its own accord. */
const addedByZsh = ['LOGNAME', 'OLDPWD']

/** zsh 5.3 and later. It reads /etc/zshenv and none of the operator's own files. */
export const zsh: ProcessShell = {
  kind: 'process',
  name: 'zsh',
  interpreters: (platform) => (platform === 'win32' ? [] : ['zsh']),
  launch,
  readHandover: (bytes, request) => {
    const fields = readFields(bytes)
    if (fields === 'syntax-error') return { kind: 'syntax-error' }
    const cwd = fields && folderOf(fields)
    if (!fields || cwd === undefined) return undefined
    const exported = Object.fromEntries(entriesOf(fields, 'e'))
    const had = request.state.env
    const added = ([name]: readonly [string, string]) => addedByZsh.includes(name) && !Object.hasOwn(had, name)
    const local: ZshLocal = {
      variables: entriesOf(fields, 'v')
        .filter(([name]) => !Object.hasOwn(request.grants, name))
        .map(([name, source]) => ({
          name,
          source: source.trimEnd(),
          ...(exported[name] !== undefined && { exported: exported[name] }),
        })),
      functions: entriesOf(fields, 'f'),
    }
    return {
      kind: 'state',
      env: {
        ...Object.fromEntries(Object.entries(exported).filter((entry) => !added(entry))),
        ...Object.fromEntries(Object.entries(had).filter(([name]) => !/^[A-Za-z_]\w*$/.test(name))),
      },
      cwd,
      local: JSON.stringify(local),
    }
  },
}
