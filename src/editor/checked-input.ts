import * as vscode from 'vscode'

export interface CheckedInput {
  readonly title: string
  readonly prompt: string
  readonly placeholder?: string
  /** What is typed is not shown. */
  readonly password?: boolean
  /** What is wrong with a value that was accepted, in a sentence; undefined when it is fine. May take its time. */
  readonly check: (value: string) => Promise<string | undefined>
  /** Whether a value that was wrong stays to be corrected. */
  readonly keepsWrong: (value: string) => boolean
}

/** An input that looks at its value when it is accepted, and stays until it is fine. Undefined when the operator withdrew. */
export function askChecked({ check, keepsWrong, ...options }: CheckedInput): Promise<string | undefined> {
  const input = vscode.window.createInputBox()
  Object.assign(input, options, { ignoreFocusOut: true })
  return new Promise((resolve) => {
    input.onDidChangeValue(() => {
      input.validationMessage = undefined
    })
    input.onDidAccept(async () => {
      const { value } = input
      if (input.busy) return
      input.busy = true
      const wrong = await check(value).finally(() => {
        input.busy = false
      })
      if (wrong === undefined) {
        resolve(value)
        input.hide()
        return
      }
      if (!keepsWrong(value)) input.value = ''
      input.validationMessage = wrong
    })
    input.onDidHide(() => {
      resolve(undefined)
      input.dispose()
    })
    input.show()
  })
}
