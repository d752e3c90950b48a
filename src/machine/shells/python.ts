import type { StepRequest } from '../../execution/shells.ts'
import { readJsonHandover, throughEnvironment } from './json-handover.ts'
import type { ProcessShell } from './shell.ts'

/**
 * Compiles the text under the runbook's name, with as many lines before it as stand there, and runs it as `__main__`. The
 * source goes into `linecache`, from which tracebacks take their lines; `_baton` itself never shows in one.
 */
const bootstrap = ({ apart }: StepRequest) => `
def _baton():
    import atexit, json, linecache, os, sys, traceback
    del globals()['_baton']
    env = os.environ
    text, n = '', 0
    while f'BATON_TEXT_{n}' in env:
        text += env.pop(f'BATON_TEXT_{n}')
        n += 1
    file, line, path = env.pop('BATON_FILE'), int(env.pop('BATON_LINE')), env.pop('BATON_HANDOVER', None)
    if path:
        out = os.open(path, os.O_WRONLY | getattr(os, 'O_BINARY', 0))
    else:
        out = os.dup(3)
        os.close(3)
    ${apart ? '' : 'os.dup2(1, 2)'}
    owner, before = os.getpid(), dict(env)

    def give(message):
        rest = json.dumps(message).encode() + b'\\0.\\0'
        while rest:
            rest = rest[os.write(out, rest):]

    def leave():
        if os.getpid() != owner:
            return
        try:
            cwd = os.getcwd()
        except OSError:
            cwd = None
        changed = {name: value for name, value in env.items() if before.get(name) != value}
        give({'set': changed, 'unset': [name for name in before if name not in env], 'cwd': cwd})

    source = '\\n' * (line - 1) + text + '\\n'
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    sys.argv[:] = [file]
    try:
        code = compile(source, file, 'exec')
    except (SyntaxError, ValueError) as error:
        traceback.print_exception(type(error), error, None)
        give({'syntax': True})
        os._exit(1)
    atexit.register(leave)
    sys.excepthook = lambda kind, error, frames: traceback.print_exception(kind, error, frames and frames.tb_next)
    return code
exec(_baton(), globals())
`

/** Python 3.7 and later. `-u` and UTF-8 hold for this process alone, so that no child inherits them. */
export const python: ProcessShell = {
  kind: 'process',
  name: 'python',
  interpreters: (platform) => (platform === 'win32' ? ['python', 'py', 'python3'] : ['python3', 'python']),
  launch: (request, context) => ({
    args: ['-u', '-X', 'utf8', '-c', bootstrap(request)],
    env: throughEnvironment(request, context),
  }),
  readHandover: readJsonHandover,
}
