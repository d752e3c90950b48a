import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { execa } from 'execa'
import { listMarkdownFiles, readTextFile } from '../../src/machine/runbook-files.ts'

describe('the Markdown files of a folder', () => {
  let base: string
  let root: string
  beforeEach(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'baton-files-')))
    root = join(base, 'repo')
    await mkdir(root)
  })
  afterEach(() => rm(base, { recursive: true, force: true }))

  const write = async (name: string, text = 'x') => {
    const path = join(root, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: root })
  const paths = async (folder: string) => {
    const found: string[] = []
    for await (const path of listMarkdownFiles(folder)) found.push(path)
    return found
  }
  const listed = async (folder = root) =>
    (await paths(folder)).map((path) => relative(folder, path).split(sep).join('/'))

  const files = ['b.md', 'a/z.md', 'a-b.md', 'A.MD', 'c.markdown', 'deep/er/手順 1.md', 'x.txt', 'md', '.hidden/h.md']
  const expected = ['.hidden/h.md', 'A.MD', 'a-b.md', 'a/z.md', 'b.md', 'c.markdown', 'deep/er/手順 1.md']

  for (const isRepository of [false, true]) {
    describe(isRepository ? 'of a git repo' : 'outside of a repo', () => {
      beforeEach(async () => {
        if (isRepository) await git('init', '-q')
      })

      it('are all below it, by name, except those of node_modules and .git', async () => {
        for (const name of [...files, 'node_modules/p/README.md', 'a/node_modules/q.md']) await write(name)
        await write('.git/description.md')
        assert.deepEqual(await listed(), expected)
        assert.deepEqual(await listed(join(root, 'deep')), ['er/手順 1.md'])
      })

      it('are absolute, and none where there is nothing', async () => {
        assert.deepEqual(await listed(), [])
        await write('a.md')
        assert.deepEqual(await paths(root), [join(root, 'a.md')])
        assert.deepEqual(await listed(join(root, 'none')), [])
      })

      it('do not leave the folder through links, nor go round in circles', async function () {
        if (process.platform === 'win32') {
          console.log('symbolic links need a privilege on Windows')
          this.skip()
        }
        await write('inside.md')
        await mkdir(join(base, 'other'))
        await writeFile(join(base, 'other', 'outside.md'), 'x')
        await symlink(join(base, 'other', 'outside.md'), join(root, 'escape.md'))
        await symlink(join(base, 'other'), join(root, 'other'))
        await symlink('.', join(root, 'circle'))
        await symlink('inside.md', join(root, 'same.md'))
        await symlink('nowhere.md', join(root, 'broken.md'))
        await mkdir(join(root, 'folder.md'))
        assert.deepEqual(await listed(), ['inside.md', 'same.md'])
      })
    })
  }

  it('are in a repo those that git does not ignore, in the index or not', async () => {
    await git('init', '-q')
    await write('.gitignore', 'build/\n*.tmp.md\n')
    for (const name of ['tracked.md', 'forced.tmp.md', 'gone.md']) await write(name)
    await git('add', '-f', '.')
    await git('commit', '-qm', 'x')
    await rm(join(root, 'gone.md'))
    for (const name of ['new.md', 'ignored.tmp.md', 'build/out.md']) await write(name)
    assert.deepEqual(await listed(), ['forced.tmp.md', 'new.md', 'tracked.md'])
  })

  it('are found from a new folder that is in a folder with other files', async () => {
    await git('init', '-q')
    await write('a/tracked.md')
    await git('add', '.')
    await write('a/new/b.MD')
    assert.deepEqual(await listed(join(root, 'a/new')), ['b.MD'])
  })

  it('are all of them in a folder that git ignores and a person names', async () => {
    await git('init', '-q')
    await write('.gitignore', 'build/\n')
    await write('build/out.md')
    assert.deepEqual(await listed(join(root, 'build')), ['out.md'])
  })

  it('are listed without running what the repo configures', async () => {
    await git('init', '-q')
    await write('a.md')
    const hook = join(base, 'hook.sh')
    await writeFile(hook, `#!/bin/sh\ntouch ${join(base, 'ran')}\n`)
    await chmod(hook, 0o755)
    await git('config', 'core.fsmonitor', hook)
    assert.deepEqual(await listed(), ['a.md'])
    await assert.rejects(realpath(join(base, 'ran')))
  })
})

describe('the text of a file', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baton-text-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const read = async (bytes: string | Uint8Array) => {
    const path = join(folder, 'a.md')
    await writeFile(path, bytes)
    return readTextFile(path)
  }
  const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')

  it('is UTF-8 or, with a byte order mark, UTF-16, without the mark', async () => {
    const text = '# 手順 😀\r\n'
    for (const bytes of [text, `\ufeff${text}`, utf16(text), utf16(text).swap16()]) {
      assert.deepEqual(await read(bytes), { kind: 'text', text })
    }
    assert.deepEqual(await read(''), { kind: 'text', text: '' })
  })

  it('is none when it is not valid, or binary', async () => {
    const invalid = [
      Buffer.from([0x8e, 0xe8, 0x8f, 0x87]),
      Buffer.from([0xe6, 0x89]),
      Buffer.from('a\0b'),
      Buffer.from('abc', 'utf16le'),
      utf16('a').subarray(0, 3),
      utf16('\ud800'),
      utf16('a\0b'),
    ]
    for (const bytes of invalid) assert.deepEqual(await read(bytes), { kind: 'not-text' }, bytes.toString('hex'))
  })

  it('is a reason when it cannot be read', async () => {
    assert.deepEqual(await readTextFile(join(folder, 'none.md')), { kind: 'failed', reason: 'ENOENT' })
    assert.deepEqual(await readTextFile(folder), { kind: 'failed', reason: 'EISDIR' })
  })
})
