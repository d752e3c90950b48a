import type { StepRequest } from '../../execution/shells.ts'
import { readDeclarations } from './declarations.ts'
import { isTooLong, type LaunchContext, lastHandover, oneStream, onItsLine, type ProcessShell } from './shell.ts'

const start = 'eval "$BATON_INIT"'

/**
 * What sh runs before the text; see bash.ts for the thought. POSIX has neither arrays nor `declare`, so only the
 * environment goes on; and nothing goes before its special built-ins, so that a step's own trap for EXIT ends that. A syntax
 * error inside `eval` ends a POSIX shell: the text is tried in a subshell.
 */
const preamble = (channel: string, request: StepRequest): string => `exec ${oneStream(request)}9>${channel}
__baton_give='{ export -p; printf "\\0"; pwd; printf "\\0.\\0"; } >&9 2>/dev/null'
trap '{ set +euxv; } 2>/dev/null; eval "$__baton_give"' EXIT
for __baton_signal in HUP INT TERM; do
  trap "eval \\"\\$__baton_give\\"; trap - EXIT $__baton_signal; kill -$__baton_signal \\$\\$" "$__baton_signal"
done
if ! (trap - EXIT HUP INT TERM; eval "__baton_check() { :$BATON_TEXT

}") >/dev/null 2>&1; then
  trap - EXIT HUP INT TERM
  printf 'syntax\\0.\\0' >&9
  set -n
fi
unset BATON_INIT BATON_TEXT __baton_signal
${request.errors === 'stop' ? 'set -e' : ''}`

const launch = (request: StepRequest, { handover, platform }: LaunchContext) => {
  if (isTooLong(request, platform)) return { refused: { code: 'step-too-long', values: { shell: 'sh' } } } as const
  const channel =
    handover.kind === 'descriptor' ? `&${handover.fd} ${handover.fd}>&-` : `'${handover.path.replaceAll('\\', '/')}'`
  return {
    args: ['-c', start + onItsLine(request), request.place.file],
    env: { BATON_INIT: preamble(channel, request), BATON_TEXT: `\n${request.text}` },
  }
}

/** A POSIX shell: dash, ash, or bash in its POSIX mode. */
export const sh: ProcessShell = {
  kind: 'process',
  name: 'sh',
  interpreters: (platform) => (platform === 'win32' ? [] : ['sh']),
  launch,
  readHandover: (bytes, request) => {
    const handover = lastHandover(bytes)
    if (!handover) return undefined
    if (handover.equals(Buffer.from('syntax'))) return { kind: 'syntax-error' }
    const border = handover.indexOf(0)
    if (border < 0) return undefined
    const declared = readDeclarations(handover.subarray(0, border))
    const unnamed = Object.entries(request.state.env).filter(([name]) => !/^[A-Za-z_]\w*$/.test(name))
    return {
      kind: 'state',
      env: Object.fromEntries([
        ...declared.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const])),
        ...unnamed,
      ]),
      cwd: handover
        .subarray(border + 1)
        .toString()
        .replace(/\n$/, ''),
    }
  },
}
