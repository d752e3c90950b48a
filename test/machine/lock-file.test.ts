import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Locked = { readonly optionalDependencies?: Readonly<Record<string, string>> }

describe('package-lock.json', () => {
  // npm writes only what it could download, and `npm ci` then refuses on every machine.
  it('names the packages of every platform', () => {
    const file = join(import.meta.dirname, '..', '..', 'package-lock.json')
    const { packages }: { packages: Record<string, Locked> } = JSON.parse(readFileSync(file, 'utf8'))
    const names = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')))
    const missing = Object.values(packages)
      .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
      .filter((name) => !names.has(name))
    assert.deepEqual(missing, [])
  })
})
