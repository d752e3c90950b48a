import type { CredentialHit } from './hit.ts'
import type { TextLine } from './text-lines.ts'
import { isPlaceholder, isReference, looksSecret } from './value.ts'

const heading =
  /^[\s*`]*(?:(?:初期|仮|管理者?|共有|共通|接続)?(?:の)?パスワード|PW|ＰＷ|暗証番号|(?:initial |temporary )?pass(?:word|phrase|code))[\s*`]*$/i

/** Passwords in the column of a table that has them: how accounts are often written down. */
export function tableHits(lines: readonly TextLine[]): readonly CredentialHit[] {
  const hits: CredentialHit[] = []
  let columns: readonly number[] = []
  lines.forEach((line, at) => {
    if (line.context.kind !== 'prose' || !line.text.includes('|')) {
      columns = []
      return
    }
    if (/^[\s>]*\|?[\s:|-]*-[\s:|-]*$/.test(line.text)) {
      const titles = cellsOf(lines[at - 1]?.text ?? '')
      columns = titles.flatMap(({ text }, column) => (heading.test(text) ? [column] : []))
    } else if (columns.length > 0) {
      const cells = cellsOf(line.text)
      for (const column of columns) {
        const cell = cells[column]
        const value = cell && /^[\s`*]*([!-~]{4,100}?)[\s`*]*$/.exec(cell.text)
        const text = value?.[1] ?? ''
        if (cell === undefined || !value || !looksSecret(text) || isPlaceholder(text) || isReference(text)) continue
        const start = line.start + cell.start + value[0].indexOf(text)
        const place = { start, end: start + text.length }
        hits.push({ rule: 'password-table', kind: 'password', name: 'PASSWORD', ...place, value: place })
      }
    }
  })
  return hits
}

function cellsOf(row: string): readonly { readonly text: string; readonly start: number }[] {
  const cells: { text: string; start: number }[] = []
  let start = /^[\s>]*\|?/.exec(row)?.[0].length ?? 0
  for (const text of row.slice(start).split('|')) {
    cells.push({ text, start })
    start += text.length + 1
  }
  return cells
}
