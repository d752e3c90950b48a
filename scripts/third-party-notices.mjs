// What every library that goes into the package asks for: its name, its licence, and the words of that licence.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Of licences that ask for it, the notice stands beside the licence. */
const legalFile = /^(licen[cs]e|copying|notice)([.-].*)?$/i

/**
 * @param inputs files that went into a bundle, as esbuild's metafile names them
 * @param more folders of packages that are copied as they are
 * @returns one text for all of them, in the order of their names
 */
export function thirdPartyNotices(inputs, more) {
  const folders = new Set([...inputs.flatMap(packageFolder), ...more])
  const notices = [...folders].map(noticeOf).sort((a, b) => a.title.localeCompare(b.title, 'en'))
  const unique = new Map(notices.map((notice) => [notice.title + notice.text, notice]))
  const rule = '-'.repeat(80)
  const parts = [...unique.values()].map(({ title, text }) => `${rule}\n${title}\n\n${text}\n`)
  return ['Baton contains parts of these works, under the licences that follow.\n', ...parts].join('\n')
}

/** The innermost package that a file belongs to; none of Baton's own. */
function packageFolder(file) {
  const parts = file.split('/')
  const at = parts.lastIndexOf('node_modules')
  if (at === -1) return []
  const name = parts[at + 1]?.startsWith('@') ? 2 : 1
  return [parts.slice(0, at + 1 + name).join('/')]
}

function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const files = readdirSync(folder)
    .filter((file) => legalFile.test(file))
    .sort()
  const title = `${name} ${version}${license ? `: ${license}` : ''}`
  if (files.length === 0) return { title, text: `Copyright ${authorOf(author) ?? `the authors of ${name}`}` }
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim())
  return { title, text: texts.join('\n\n') }
}

function authorOf(author) {
  return typeof author === 'string' ? author : author?.name
}
