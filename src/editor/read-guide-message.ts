import type { Answer } from '../execution/event.ts'
import { masteries } from '../record/act.ts'
import type { FromGuide, GivenFile, GuidePlace } from '../webview/guide/messages.ts'

type Fields = Readonly<Record<string, unknown>>

/** What the Guide's page sent, as far as it is a message: a page is not trusted to send what it should. */
export function readGuideMessage(message: unknown): FromGuide | undefined {
  if (!isFields(message)) return undefined
  const { type, stepId, drawn, href, index } = message
  switch (type) {
    case 'go': {
      const to = readPlace(message.to)
      return to && { type, to }
    }
    case 'run':
      return isText(stepId) && isText(drawn) ? { type, stepId, drawn } : undefined
    case 'settle': {
      const answer = readAnswer(message.answer)
      return answer && isText(stepId) && isText(drawn)
        ? { type, stepId, drawn, answer, files: readFiles(message.files) }
        : undefined
    }
    case 'answer': {
      const answer = readAnswer(message.answer)
      return answer && { type, answer }
    }
    case 'follow-link':
      return isText(href) ? { type, href } : undefined
    case 'stop-background':
      return isText(stepId) ? { type, stepId } : undefined
    case 'remedy':
      return typeof index === 'number' ? { type, index } : undefined
    case 'sign-off': {
      const mastery = masteries.find((each) => each === message.mastery)
      return mastery && { type, mastery, ...(isText(message.with) && { with: message.with }) }
    }
    case 'replay':
      return typeof message.execution === 'number' ? { type, execution: message.execution } : undefined
    case 'stop':
    case 'finish':
    case 'show-terminal':
    case 'show-runbook':
    case 'show-record':
    case 'manage-trust':
      return { type }
    default:
      return undefined
  }
}

export function readPlace(to: unknown): GuidePlace | undefined {
  if (!isFields(to)) return undefined
  if (to.kind === 'start' || to.kind === 'end') return { kind: to.kind }
  return to.kind === 'step' && isText(to.stepId) ? { kind: to.kind, stepId: to.stepId } : undefined
}

function readAnswer(answer: unknown): Answer | undefined {
  if (!isFields(answer)) return undefined
  const { kind, note, target, value } = answer
  switch (kind) {
    case 'done':
    case 'skip':
    case 'fail':
      return { kind, ...(isText(note) && note !== '' ? { note } : {}) }
    case 'choice':
      return isText(target) ? { kind, target } : undefined
    case 'text':
      return isText(value) ? { kind, value } : undefined
    case 'cancel':
      return { kind }
    default:
      return undefined
  }
}

function readFiles(files: unknown): readonly GivenFile[] {
  if (!Array.isArray(files)) return []
  return files.flatMap((file: unknown): GivenFile[] => {
    if (!isFields(file)) return []
    const { id, name, content } = file
    return typeof id === 'number' && isText(name) && content instanceof Uint8Array ? [{ id, name, content }] : []
  })
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
