import type { CarriedState, StepRequest } from '../../execution/shells.ts'
import { entriesOf, folderOf, readFields } from './field-handover.ts'
import { writeScript } from './script-file.ts'
import { inChunks, type LaunchContext, type ProcessShell } from './shell.ts'

/** Variables that every fish has of itself. */
const ownVariables = [
  'CMD_DURATION COLUMNS EUID FISH_VERSION IFS LINES SHLVL argv dirnext dirprev history hostname pipestatus status',
  'status_generation umask version _ PWD OLDPWD fish_bind_mode fish_history fish_kill_signal fish_killring fish_pid',
  'fish_private_mode fish_function_path fish_complete_path fish_cursor_selection_mode fish_key_bindings fish_term24bit',
].join(' ')

/** What fish keeps beside its environment, as JSON in `CarriedState.local`. */
interface FishLocal {
  readonly variables: readonly FishVariable[]
  readonly functions: readonly string[]
}

interface FishVariable {
  readonly name: string
  /** The command that sets it. */
  readonly source: string
  /** The value of an exported list in the environment: another shell may have changed it since. */
  readonly exported?: string
}

/**
 * Hands the state on. While fish looks nowhere for functions, those are listed that the step defined and none of fish's own
 * library. An exported list is handed on as a list, too, where its environment variable does not say that it is one.
 */
const give = `function __baton_give
  set -l __baton_fields
  for __baton_name in (set -gxn)
    set -a __baton_fields "e$__baton_name=$$__baton_name"
    if set -q $__baton_name\\[2]; or not set -q $__baton_name\\[1]
      string match -q '*PATH' $__baton_name; and continue
      set -l __baton_path
      test "$$__baton_name" = (string join : -- $$__baton_name | string collect); and set __baton_path --path
      set -a __baton_fields "v$__baton_name=set -gx $__baton_path $__baton_name $(string escape -- $$__baton_name | string join ' ')"
    end
  end
  for __baton_name in (set -gun)
    switch $__baton_name
      case '__fish_*' '__baton_*' 'BATON_*' ${ownVariables}
      case '*'
        set -a __baton_fields "v$__baton_name=set -g $__baton_name $(string escape -- $$__baton_name | string join ' ')"
    end
  end
  set -l __baton_function_path $fish_function_path
  set fish_function_path
  for __baton_name in (functions -an)
    switch $__baton_name
      case '__fish_*' '__baton_*'
      case '*'
        set -a __baton_fields "f=$(functions -- $__baton_name)"
    end
  end
  set fish_function_path $__baton_function_path
  printf '%s\\0' $__baton_fields "d=$PWD" .`

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

const preamble = (
  chunks: readonly string[],
  channel: string,
  folder: string,
): string => `${give} >${channel} 2>/dev/null
end
function __baton_leave --on-event fish_exit
  if set -q __baton_ready
    __baton_give
  else
    printf 'syntax\\0.\\0' >${channel}
  end
end
function __baton_ended --on-signal TERM
  __baton_give
  exec /bin/sh -c 'kill -TERM $$'
end
function __baton_interrupted --on-signal INT
  __baton_give
  exec /bin/sh -c 'kill -INT $$'
end
function __baton_begin
  builtin cd $__baton_home
  set -e __baton_home
  set -g __baton_ready
end
eval "${chunks.map((chunk) => `$${chunk}`).join('')}"
set -q BATON_USER; and set -gx USER "$BATON_USER"
set -e BATON_INIT BATON_USER ${chunks.join(' ')}
set -g __baton_home "$PWD"
builtin cd ${quoted(folder)}`

const launch = async (request: StepRequest, context: LaunchContext) => {
  const { folder, name } = await writeScript(request, context, '__baton_begin')
  const channel = context.handover.kind === 'descriptor' ? `&${context.handover.fd}` : quoted(context.handover.path)
  const chunks = inChunks('BATON_LOCAL', restoring(request))
  // fish takes USER from the system, whatever the environment says.
  const { USER } = { ...request.state.env, ...request.grants }
  return {
    args: ['--no-config', '--init-command', 'eval $BATON_INIT', '--', name],
    env: {
      ...chunks,
      ...(USER !== undefined && { BATON_USER: USER }),
      BATON_INIT: preamble(Object.keys(chunks), channel, folder),
    },
  }
}

const restoring = (request: StepRequest): string => {
  const { variables, functions } = readLocal(request.state)
  const stillTrue = ({ name, exported }: FishVariable) =>
    !Object.hasOwn(request.grants, name) && (exported === undefined || request.state.env[name] === exported)
  return [...variables.filter(stillTrue).map(({ source }) => source), ...functions].join('\n')
}

const readLocal = ({ local }: CarriedState): FishLocal =>
  local.fish === undefined ? { variables: [], functions: [] } : JSON.parse(local.fish)

/** What fish exports of its own accord. */
const addedByFish = ['HOME', 'USER']

/** Functions that wait for something are for the process that they were defined in, as a trap is. */
const isHandler = (source: string): boolean =>
  /^function .* --on-(event fish_exit|signal|process-exit|job-exit)\b/m.test(source)

/** From version 4 on fish's own library is a part of it, and listed wherever fish looks for functions. */
const isFromLibrary = (source: string): boolean => source.startsWith('# Defined in embedded:')

/**
 * fish 3.4 and later, without the operator's own files. It knows no way to end a script at its first failing command: a
 * step's code is that of its last one, or what `exit` says.
 */
export const fish: ProcessShell = {
  kind: 'process',
  name: 'fish',
  interpreters: (platform) => (platform === 'win32' ? [] : ['fish']),
  launch,
  readHandover: (bytes, request) => {
    const fields = readFields(bytes)
    if (fields === 'syntax-error') return { kind: 'syntax-error' }
    const cwd = fields && folderOf(fields)
    if (!fields || cwd === undefined) return undefined
    const had = request.state.env
    const exported = Object.fromEntries(
      entriesOf(fields, 'e').filter(([name]) => !addedByFish.includes(name) || Object.hasOwn(had, name)),
    )
    const local: FishLocal = {
      variables: entriesOf(fields, 'v')
        .filter(([name]) => !Object.hasOwn(request.grants, name))
        .map(([name, source]) => ({
          name,
          source,
          ...(exported[name] !== undefined && { exported: exported[name] }),
        })),
      functions: entriesOf(fields, 'f').flatMap(([, source]) =>
        isHandler(source) || isFromLibrary(source) ? [] : [source],
      ),
    }
    return {
      kind: 'state',
      env: {
        ...exported,
        ...Object.fromEntries(Object.entries(had).filter(([name]) => !/^\w+$/.test(name))),
      },
      cwd,
      local: JSON.stringify(local),
    }
  },
}
