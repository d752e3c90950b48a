import { execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const SCRIPT = join(import.meta.dirname, 'with-keyring.sh')

export interface Keyring {
  /** For programs that are to use this keyring: bus, home and what else belongs to it. */
  readonly env: Readonly<Record<string, string>>
  stop(): Promise<void>
}

/** A real keyring of its own, which lives until `stop`, or until this process ends. */
export async function startKeyring(state: 'unlocked' | 'locked' | 'asking'): Promise<Keyring> {
  const session = spawn(
    'bash',
    [SCRIPT, ...(state === 'unlocked' ? [] : [`--${state}`]), 'bash', '-c', 'env -0; printf "\\0"; cat >/dev/null'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const ended = new Promise<void>((resolve) => session.once('close', () => resolve()))
  const env = await new Promise<Record<string, string>>((resolve, reject) => {
    let output = ''
    session.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      if (output.endsWith('\0\0')) resolve(Object.fromEntries(output.split('\0').filter(Boolean).map(variable)))
    })
    session.once('error', reject)
    session.once('close', (code) => reject(new Error(`with-keyring.sh ended with ${code}`)))
  })
  return {
    env,
    stop() {
      session.stdin.end()
      return ended
    },
  }
}

function variable(line: string): readonly [string, string] {
  const end = line.indexOf('=')
  return [line.slice(0, end), line.slice(end + 1)]
}

/**
 * Why this machine can run no keyring; undefined when it can.
 * @param programs that a test needs beside it
 */
export async function whyNoKeyring(...programs: readonly string[]): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'a keyring of its own needs gnome-keyring, which Linux alone has'
  try {
    await promisify(execFile)('bash', [SCRIPT, '--check', ...programs])
    return undefined
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout).trim() : String(error)
  }
}
