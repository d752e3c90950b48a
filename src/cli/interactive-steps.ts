import type { Question, RunEvent } from '../execution/event.ts'
import type { Run, RunPorts } from '../execution/run-api.ts'
import type { Runbook } from '../runbook/runbook.ts'
import type { CommandLine } from './ports.ts'
import { styleFor } from './style.ts'
import { terminalModes } from './terminal-modes.ts'

/** Hands the terminal to interactive steps and takes it back. */
export interface InteractiveSteps {
  /** Called once, before the run begins. */
  attach(run: Run): void
  show(event: RunEvent): void
  /** While a question is open its keys are the question's. */
  asking(ask: RunPorts['ask']): RunPorts['ask']
  /** Gives the terminal back, whatever runs. */
  close(): void
}

/** Ctrl+], as in telnet and virsh: a key that hardly any program wants twice. */
const leaveKey = '\x1d'
const leaveWithinMs = 1000

export function interactiveSteps(runbook: Runbook, line: CommandLine): InteractiveSteps {
  const { keyboard, t, err, out, now } = line
  const confirmed = new Set(
    runbook.steps.filter((step) => step.kind === 'command' && step.attributes.confirm).map(({ id }) => id),
  )
  const modes = terminalModes()
  let run: Run | undefined
  let execution: number | undefined
  let giveBack: (() => void) | undefined
  let stopResizing: (() => void) | undefined
  let lastLeaveKey = 0

  function take(): void {
    if (keyboard === undefined || execution === undefined || giveBack !== undefined) return
    giveBack = keyboard.open((keys) => {
      run?.type(keys)
      const pressed = keys.split(leaveKey).length - 1
      if (pressed > 1 || (pressed === 1 && now() - lastLeaveKey < leaveWithinMs)) run?.cancel()
      lastLeaveKey = pressed === 0 ? 0 : now()
    })
  }

  function release(): void {
    giveBack?.()
    giveBack = undefined
  }

  function begin(): void {
    const notice = t('Keys go to this step now, Ctrl+C too. To stop it, press Ctrl+] twice.')
    err.write(`${styleFor(err).quiet(`  ${notice}`)}\n`)
    take()
  }

  return {
    attach(started) {
      run = started
      if (keyboard === undefined) return
      run.resize(keyboard.size())
      stopResizing = keyboard.onResize(() => started.resize(keyboard.size()))
    },
    show(event) {
      if (event.type === 'step-started' && event.step.interactive) {
        execution = event.execution
        // A first try with `confirm` is asked about first.
        if (!confirmed.has(event.step.id) || event.step.attempt !== undefined) begin()
      } else if (event.type === 'output' && event.execution === execution) {
        modes.read(event.text)
      } else if (event.type === 'step-ended' && event.execution === execution) {
        execution = undefined
        release()
        out.write(modes.undo())
      }
    },
    asking: (ask) => async (question: Question, signal) => {
      release()
      const answer = await ask(question, signal)
      if (execution !== undefined && question.kind === 'confirm' && answer.kind === 'done') begin()
      else take()
      return answer
    },
    close() {
      release()
      stopResizing?.()
    },
  }
}
