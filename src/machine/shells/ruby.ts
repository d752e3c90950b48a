import type { StepRequest } from '../../execution/shells.ts'
import { readChanges } from './field-handover.ts'
import { throughEnvironment } from './json-handover.ts'
import type { ProcessShell } from './shell.ts'

/**
 * Compiles the text under the runbook's name and line, and runs it as the main script. Frames of this bootstrap are cut from
 * what is shown of an error. The locale counts for this process alone: the step gets back the one that it had.
 */
const bootstrap = ({ apart }: StepRequest) => `lambda do
  text = ''.b
  n = 0
  while (more = ENV.delete("BATON_TEXT_#{n}"))
    text << more.b
    n += 1
  end
  text.force_encoding('UTF-8')
  file, line, path = ENV.delete('BATON_FILE'), ENV.delete('BATON_LINE').to_i, ENV.delete('BATON_HANDOVER')
  if (locale = ENV.delete('BATON_LOCALE'))
    ENV['LC_ALL'] = locale.empty? ? nil : locale
  end
  file = file.dup.force_encoding('UTF-8')
  if path
    out = File.open(path, 'wb')
  else
    given = IO.for_fd(3, 'wb')
    out = given.dup
    given.close
  end
  out.sync = true
  ${apart ? '' : '$stderr.reopen($stdout)'}
  $stdout.sync = $stderr.sync = true
  owner, before = Process.pid, ENV.to_h
  give = ->(fields) { out.write(fields.map { |field| field.b + "\\0" }.join + ".\\0") }
  at_exit do
    if Process.pid == owner
      after = ENV.to_h
      cwd = begin Dir.pwd rescue '' end
      give.call(
        after.reject { |name, value| before[name] == value }.map { |name, value| 's' + name.b + '=' + value.b } +
        (before.keys - after.keys).map { |name| 'u' + name.b } + ['d=' + cwd.b]
      )
    end
  end
  $0 = file
  begin
    script =
      if defined?(RubyVM::InstructionSequence)
        compiled = RubyVM::InstructionSequence.compile(text, file, nil, line)
        -> { compiled.eval }
      else
        -> { TOPLEVEL_BINDING.eval(text, file, line) }
      end
  rescue SyntaxError => error
    $stderr.puts error.message
    give.call(['syntax'])
    exit!(1)
  end
  begin
    script.call
  rescue SystemExit, SignalException
    raise
  rescue Exception => error
    frames = (error.backtrace || []).reject { |frame| frame.start_with?('-e:') }
    error.set_backtrace(frames.map { |frame| frame.sub('<compiled>', '<main>') })
    raise
  end
end.call
`

/** Ruby takes the encoding of the environment from the locale, which often is none where no one signs in. */
const locale = ({ state, grants }: StepRequest, platform: NodeJS.Platform): Record<string, string> => {
  const { LC_ALL, LC_CTYPE, LANG } = { ...state.env, ...grants }
  if (platform === 'win32' || /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '')) return {}
  return { LC_ALL: platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8', BATON_LOCALE: LC_ALL ?? '' }
}

/** Ruby 2.5 and later. */
export const ruby: ProcessShell = {
  kind: 'process',
  name: 'ruby',
  interpreters: () => ['ruby'],
  launch: (request, context) => ({
    args: ['-E', 'UTF-8', '-e', bootstrap(request)],
    env: { ...throughEnvironment(request, context), ...locale(request, context.platform) },
  }),
  readHandover: readChanges,
}
