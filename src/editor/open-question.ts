import type { Answer, Attachment, Question } from '../execution/event.ts'

/** The question of a run that waits for its operator: a run asks one after the other. */
export interface OpenQuestion {
  /** Resolves with the answer; with `cancel` when the signal comes first. */
  put(question: Question, signal: AbortSignal): Promise<Answer>
  get(): Question | undefined
  /** Adds a file to whatever will be answered. */
  attach(attachment: Attachment): void
  /** What was attached to the question that is open. */
  attached(): readonly Attachment[]
  /** False when there is no question that this is an answer to. */
  answer(answer: Answer): boolean
}

export function createOpenQuestion(onDidChange: () => void): OpenQuestion {
  let attached: readonly Attachment[] = []
  let open: { readonly question: Question; readonly settle: (answer: Answer) => void } | undefined

  return {
    get: () => open?.question,
    put(question, signal) {
      return new Promise((resolve) => {
        const withdraw = () => settle({ kind: 'cancel' })
        const settle = (answer: Answer) => {
          open = undefined
          signal.removeEventListener('abort', withdraw)
          resolve(withAttachments(answer, attached))
          attached = []
          onDidChange()
        }
        open = { question, settle }
        signal.addEventListener('abort', withdraw, { once: true })
        onDidChange()
      })
    },
    attach(attachment) {
      attached = [...attached, attachment]
      onDidChange()
    },
    attached: () => attached,
    answer(answer) {
      if (open === undefined || !fits(open.question, answer)) return false
      open.settle(answer)
      return true
    },
  }
}

function withAttachments(answer: Answer, attached: readonly Attachment[]): Answer {
  if (answer.kind === 'choice' || answer.kind === 'text' || attached.length === 0) return answer
  return { ...answer, attachments: [...(answer.attachments ?? []), ...attached] }
}

/** Whether an answer is one to this kind of question. */
export function fits(question: Question, answer: Answer): boolean {
  if (answer.kind === 'cancel') return true
  switch (question.kind) {
    case 'manual':
      return answer.kind === 'done' || answer.kind === 'skip' || answer.kind === 'fail'
    case 'confirm':
    case 'undo':
      return answer.kind === 'done' || answer.kind === 'skip'
    case 'approve':
      return answer.kind === 'done'
    case 'decision':
      return (
        answer.kind === 'skip' ||
        (answer.kind === 'choice' && question.choices.some(({ target }) => target === answer.target))
      )
    case 'input':
      return answer.kind === 'text'
  }
}
