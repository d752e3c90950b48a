import type { Quoting, ShellFamily } from './quoting.ts'

/**
 * The value that a script means by what is written in it; undefined where it means something that is put together when it
 * runs, or is written in a way that is not understood: nothing wrong may get into the keychain.
 */
export function meantValue(written: string, quoting: Quoting, family: ShellFamily): string | undefined {
  switch (family) {
    case 'posix':
    case 'fish':
      // One string ends and the next begins at once.
      if (quoting.kind === 'single')
        return family === 'fish' && written.includes('\\') ? undefined : written.replaceAll("''", '')
      if (/[$`]/.test(written.replace(/\\[$`]/g, ''))) return undefined
      return unescaped(written.replaceAll('""', ''), /\\(["\\$`])/g)
    case 'powershell':
      if (quoting.kind === 'single') return written.replaceAll("''", "'")
      if (/\$[\w{(:]/.test(written.replace(/`\$/g, '')) || /`[0abefnrtuv]/.test(written)) return undefined
      return written.replaceAll('""', '"').replace(/`(.)/g, '$1')
    case 'cmd':
      return /[\^%]/.test(written) ? undefined : written
    case 'python':
    case 'node':
    case 'ruby':
    case 'perl':
      if (quoting.kind === 'comment') return written
      if (family === 'perl' && quoting.kind === 'double' && /[$@]/.test(written)) return undefined
      if (/#\{|\$\{|""|''/.test(written)) return undefined
      return unescaped(written, /\\(["'\\])/g)
  }
}

/** Without the backslashes that `escapes` allows; undefined where another one is left. */
function unescaped(written: string, escapes: RegExp): string | undefined {
  return written.replace(escapes, '').includes('\\') ? undefined : written.replace(escapes, '$1')
}
