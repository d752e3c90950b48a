import type { SyntaxProblem } from '../../execution/syntax.ts'
import type { SyntaxReader, SyntaxTools } from './syntax-reader.ts'

/**
 * PowerShell's own parser, on one line of base64 for each text. Answers are lines, too: `LINE COLUMN MESSAGE` with the message
 * in base64, and a full stop after each text. All of it is ASCII, whatever the code page.
 */
export const parserScript = `
$ErrorActionPreference = 'Stop'
$utf8 = New-Object System.Text.UTF8Encoding $false
foreach ($line in $input) {
  $text = $utf8.GetString([Convert]::FromBase64String($line))
  $tokens = $null
  $errors = $null
  $null = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref]$tokens, [ref]$errors)
  foreach ($found in $errors) {
    $message = [Convert]::ToBase64String($utf8.GetBytes($found.Message))
    [Console]::Out.WriteLine(('{0} {1} {2}' -f $found.Extent.StartLineNumber, $found.Extent.StartColumnNumber, $message))
  }
  [Console]::Out.WriteLine('.')
}
`

/** While it parses these, PowerShell looks modules up, loads assemblies or makes a runspace. */
const doesMoreThanParse = /\busing\s+(?:module|assembly|type)\b|\bconfiguration\b|\bImport-DscResource\b/i

/** A first start takes seconds where a virus scanner looks on. */
const timeoutMs = 20_000

/** So many texts in one start, so that one that takes its time holds up few. */
const mostAtOnce = 200

interface Waiting {
  readonly text: string
  readonly answer: (problems: readonly SyntaxProblem[] | undefined) => void
}

/** Starting PowerShell is slow and its parser is fast: texts that come together, or while another start is on, go together. */
export const createPowerShellReader = ({ start }: SyntaxTools): SyntaxReader => {
  const waiting = new Map<string, Waiting[]>()
  const atWork = new Set<string>()

  const askAll = async (interpreter: string): Promise<void> => {
    atWork.add(interpreter)
    for (let left = waiting.get(interpreter); left?.length; left = waiting.get(interpreter)) {
      const batch = left.splice(0, mostAtOnce)
      const answers = await ask(interpreter, batch).catch(() => [])
      for (const [n, { answer }] of batch.entries()) answer(answers[n])
    }
    atWork.delete(interpreter)
  }

  const ask = async (interpreter: string, batch: readonly Waiting[]) => {
    const input = batch.map(({ text }) => `${Buffer.from(text).toString('base64')}\n`).join('')
    const options = ['-NoProfile', '-NoLogo', '-NonInteractive', '-InputFormat', 'Text', '-OutputFormat', 'Text']
    const command = ['-EncodedCommand', Buffer.from(parserScript, 'utf16le').toString('base64')]
    const printed = await start(interpreter, [...options, ...command], { input, timeoutMs })
    return printed === undefined ? [] : readAnswers(printed.stdout)
  }

  return async (text, interpreter) => {
    if (doesMoreThanParse.test(text)) return undefined
    return new Promise((answer) => {
      const list = waiting.get(interpreter) ?? []
      list.push({ text, answer })
      waiting.set(interpreter, list)
      if (!atWork.has(interpreter)) setImmediate(() => atWork.has(interpreter) || void askAll(interpreter))
    })
  }
}

/** One list of problems for each text that was read to its end. */
export const readAnswers = (stdout: string): readonly (readonly SyntaxProblem[])[] => {
  const answers: SyntaxProblem[][] = []
  let problems: SyntaxProblem[] = []
  for (const line of stdout.split(/\r?\n/)) {
    const [, row, column, message = ''] = /^(\d+) (\d+) (\S*)$/.exec(line) ?? []
    if (row !== undefined) {
      const text = Buffer.from(message, 'base64').toString()
      problems.push({ line: Number(row), column: Number(column), message: text.replaceAll(/\s*\r?\n\s*/g, ' ').trim() })
    } else if (line === '.') {
      answers.push(problems)
      problems = []
    }
  }
  return answers
}
