// Renews the pictures that the documents show, from those that the UI tests made (npm test -- ui):
//   npm run screenshots
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

process.chdir(join(import.meta.dirname, '..'))

const documents = globSync(['*.md', 'docs/*.md']).map((file) => readFileSync(file, 'utf8'))
const shown = documents.flatMap((text) => [...text.matchAll(/media\/screenshots\/(en|ja)-([\w-]+)\.png/g)])
const pictures = new Map(shown.map(([target, language, name]) => [target, join(language, `${name}.png`)]))

mkdirSync('media/screenshots', { recursive: true })
let missing = 0
for (const [target, made] of pictures) {
  const source = join('artifacts', 'screenshots', made)
  if (!existsSync(source)) {
    console.error(`${source} is not there: npm test -- ui makes it.`)
    missing += 1
    continue
  }
  // A quarter of the size, where pngquant is installed.
  const quantized = spawnSync('pngquant', ['--force', '--strip', '--output', target, '--', source])
  if (quantized.status !== 0) copyFileSync(source, target)
  console.log(`${target}  ${Math.ceil(statSync(target).size / 1024)} KB`)
}
process.exit(missing > 0 ? 1 : 0)
