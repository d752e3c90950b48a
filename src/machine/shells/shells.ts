import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import type { ExecutionProblem } from '../../execution/problem.ts'
import type { RunShells, Shells } from '../../execution/shells.ts'
import { endFamily } from '../process-tree.ts'
import { bash } from './bash.ts'
import { withoutEditor } from './environment.ts'
import { findProgram } from './interpreter.ts'
import { node } from './node.ts'
import { fifoPipes } from './output-pipe.ts'
import { type RunContext, runProcessStep } from './process-step.ts'
import { python } from './python.ts'
import { sh } from './sh.ts'
import type { ProcessShell } from './shell.ts'

export interface ShellsOptions {
  /** The folder that holds `host.ps1`. */
  readonly assets: string
  readonly env?: NodeJS.ProcessEnv
  readonly platform?: NodeJS.Platform
  readonly tempDir?: string
  /** Milliseconds that a cancelled step has after SIGTERM. */
  readonly graceMs?: number
}

const known: readonly ProcessShell[] = [bash, sh, python, node]

/** The shells that this computer has, found on the PATH when they are first asked for. */
export const createShells = (options: ShellsOptions): Shells => {
  const env = withoutEditor(options.env ?? process.env)
  const platform = options.platform ?? process.platform
  const tempDir = options.tempDir ?? tmpdir()
  const graceMs = options.graceMs ?? 2000
  const found = new Map<string, Promise<Found>>()

  const find = (name: string): Promise<Found> => {
    const key = name.toLowerCase()
    const answer = found.get(key) ?? search(key)
    found.set(key, answer)
    return answer
  }
  const search = async (name: string): Promise<Found> => {
    const shell = known.find((one) => one.name === name)
    if (!shell) return { problem: { code: 'shell-unknown', values: { shell: name } } }
    const candidates = shell.interpreters(platform)
    for (const candidate of candidates) {
      const interpreter = await findProgram(candidate, env, platform)
      if (interpreter) return { shell, interpreter }
    }
    const values = { shell: name, interpreter: candidates[0] ?? name }
    return { problem: { code: 'interpreter-missing', values } }
  }

  const open = (): RunShells => {
    const id = randomBytes(8).toString('hex')
    const roots: number[] = []
    let steps = 0
    const run: RunContext = {
      platform,
      tempDir,
      graceMs,
      pipes: platform === 'win32' ? undefined : fifoPipes(tempDir),
      nextMarker: () => ({ name: 'BATON_RUN', value: `${id}.${++steps}.` }),
      started: (root) => roots.push(root),
    }
    return {
      run: async (request) => {
        const answer = await find(request.shell)
        if ('problem' in answer) return { kind: 'refused', problem: answer.problem }
        return runProcessStep(answer.shell, answer.interpreter, request, run)
      },
      warmUp: () => {},
      close: async () => {
        await endFamily({ marker: `BATON_RUN=${id}.` }, graceMs)
        await run.pipes?.close()
      },
    }
  }

  return {
    check: async (shell) => {
      const answer = await find(shell)
      return 'problem' in answer ? answer.problem : undefined
    },
    initialState: (cwd) => ({ env, cwd, local: {} }),
    open,
  }
}

type Found = { readonly shell: ProcessShell; readonly interpreter: string } | { readonly problem: ExecutionProblem }
