import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { describe, it } from 'mocha'

type Texts = Readonly<Record<string, string>>
interface Command {
  readonly command: string
  readonly title?: string
  readonly category?: string
  readonly icon?: string
}
interface MenuItem {
  readonly command: string
  readonly when?: string
  readonly group?: string
}
interface View {
  readonly id: string
  readonly name?: string
  readonly icon?: string
}
interface Setting {
  readonly default?: unknown
  readonly description?: string
  readonly markdownDescription?: string
}

const source = readFileSync('package.json', 'utf8')
const manifest = JSON.parse(source)
const english: Texts = JSON.parse(readFileSync('package.nls.json', 'utf8'))
const japanese: Texts = JSON.parse(readFileSync('package.nls.ja.json', 'utf8'))

const commands: readonly Command[] = manifest.contributes.commands
const menus: Readonly<Record<string, readonly MenuItem[]>> = manifest.contributes.menus
const keybindings: readonly (MenuItem & { readonly key: string })[] = manifest.contributes.keybindings
const views: readonly View[] = Object.values<View[]>(manifest.contributes.views).flat()
const settings: Readonly<Record<string, Setting>> = manifest.contributes.configuration.properties
const ids = new Set(commands.map(({ command }) => command))
const editorSource = globSync('src/{extension.ts,editor/**/*.ts}')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')

/** Commands that make no sense without the thing that they are called for. */
const needsArgument = new Set([
  'baton.answer',
  'baton.moveCredential',
  'baton.openRecord',
  'baton.replayRun',
  'baton.runs.compareSelected',
  'baton.runs.compareWithBefore',
  'baton.step.showChange',
  'baton.step.showApproval',
  'baton.step.showDifference',
  'baton.openStep',
  'baton.openBeside',
  'baton.openSecretDeclaration',
  'baton.runs.showMore',
  'baton.runs.openRunbook',
  'baton.runs.revealFile',
])

describe('commands of the manifest', () => {
  it('have a title in the catalogue and one category', () => {
    for (const { command, title, category } of commands) {
      assert.match(title ?? '', /^%command\.[\w.]+%$/, command)
      assert.equal(category, '%category%', command)
    }
  })

  it('are each there once', () => {
    assert.equal(ids.size, commands.length)
  })

  it('are registered by the source, and all that it registers are there', () => {
    const registered = new Set(Array.from(editorSource.matchAll(/[\s{]'(baton\.[\w.]+)'[:(]/g), ([, id]) => id))
    assert.deepEqual(
      [...ids].filter((id) => !registered.has(id)),
      [],
    )
    assert.deepEqual(
      [...registered].filter((id) => id !== undefined && !ids.has(id)),
      [],
    )
  })

  it('have an icon that VS Code or this package has', () => {
    const icons = [...commands.map(({ icon }) => icon), ...views.map(({ icon }) => icon), manifest.icon]
    for (const icon of icons) {
      if (icon !== undefined && !/^\$\([a-z][a-z-]*\)$/.test(icon)) assert.ok(existsSync(icon), icon)
    }
  })

  it('have an icon where a menu shows nothing else', () => {
    for (const [menu, items] of Object.entries(menus)) {
      for (const { command, group } of items) {
        if (!/^(inline|navigation)\b/.test(group ?? '')) continue
        assert.ok(commands.find((candidate) => candidate.command === command)?.icon, `${menu}: ${command}`)
      }
    }
  })

  it('are hidden from the palette when they need an argument, and only then', () => {
    const hidden = (menus.commandPalette ?? []).filter(({ when }) => when === 'false').map(({ command }) => command)
    assert.deepEqual(new Set(hidden), needsArgument)
  })

  it('do not run anything from a menu, a key or the palette in an untrusted workspace', () => {
    const everywhere = [...Object.values(menus).flat(), ...keybindings]
    for (const { command, when } of everywhere) {
      if (/^baton\.run(Step|FromHere|Procedure|Runbook)$/.test(command))
        assert.match(when ?? '', /\bisWorkspaceTrusted\b/, command)
    }
  })
})

describe('menus and keys of the manifest', () => {
  it('name commands that exist', () => {
    for (const { command } of [...Object.values(menus).flat(), ...keybindings]) assert.ok(ids.has(command), command)
  })

  it('name views that exist, and say where they are shown', () => {
    const known = new Set(views.map(({ id }) => id))
    const clauses = Object.entries(menus).filter(([menu]) => menu.startsWith('view/'))
    for (const [menu, items] of clauses) {
      for (const { command, when } of items) {
        const view = /\bview == ([\w.]+)/.exec(when ?? '')?.[1]
        assert.ok(view !== undefined && known.has(view), `${menu}: ${command}`)
      }
    }
    for (const { view } of manifest.contributes.viewsWelcome) assert.ok(known.has(view), view)
  })

  it('use keys of `when` that the source sets', () => {
    const used = new Set(
      Array.from(source.matchAll(/"when": "([^"]*)"/g), ([, when]) => when ?? '')
        .join(' ')
        .match(/\bbaton\.[\w.]+/g),
    )
    const known = new Set(views.map(({ id }) => id))
    for (const key of used) assert.ok(known.has(key) || editorSource.includes(`'${key}'`), key)
  })

  it('offer in welcome texts only commands that exist', () => {
    const links = [english, japanese]
      .flatMap((texts) => Object.values(texts))
      .join('\n')
      .matchAll(/\(command:([\w.]+)\)/g)
    for (const [, id] of links) if (id?.startsWith('baton.')) assert.ok(ids.has(id), id)
  })

  it('write in welcome texts nothing that is only drawn elsewhere', () => {
    for (const [key, words] of [english, japanese].flatMap((texts) => Object.entries(texts)))
      if (key.startsWith('welcome.')) assert.doesNotMatch(words, /[`*_]/, key)
  })
})

describe('settings of the manifest', () => {
  it('have a default and a description', () => {
    for (const [key, setting] of Object.entries(settings)) {
      assert.match(key, /^baton\./)
      assert.notEqual(setting.default, undefined, key)
      assert.match(setting.markdownDescription ?? setting.description ?? '', /^%config\.[\w.]+%$/, key)
    }
  })

  it('are read by the source', () => {
    for (const key of Object.keys(settings)) {
      assert.ok(editorSource.includes(`'${key.replace(/^baton\./, '')}'`), key)
    }
  })
})

describe('texts of the manifest', () => {
  const used = new Set(Array.from(source.matchAll(/"%([^%"]+)%"/g), ([, key]) => key))

  it('are in both languages, each used, none missing', () => {
    assert.deepEqual(Object.keys(english).sort(), [...used].sort())
    assert.deepEqual(Object.keys(japanese), Object.keys(english))
  })

  it('are not empty, and Japanese where it is about words', () => {
    const names = new Set(['category', 'container.baton'])
    for (const [key, text] of Object.entries(japanese)) {
      assert.notEqual(english[key], '', key)
      assert.ok(names.has(key) || /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u.test(text), key)
    }
  })

  it('leave no text of people in the manifest itself', () => {
    const { contributes, capabilities } = manifest
    const texts = JSON.stringify([contributes, capabilities]).matchAll(
      /"(?:title|name|contents|description|markdownDescription|category|contextualTitle)":"([^"]*)"/g,
    )
    for (const [, text] of texts) assert.match(text ?? '', /^%.*%$/)
  })
})

describe('what the manifest promises', () => {
  it('wakes for Markdown, for what a team shares, and for its own views and panels alone', () => {
    assert.deepEqual(manifest.activationEvents, [
      'onLanguage:markdown',
      'workspaceContains:baton.yaml',
      ...['guide', 'follow', 'replay'].map((panel) => `onWebviewPanel:baton.${panel}`),
    ])
  })

  it('browses but does not run where the workspace is not trusted, and runs where the files are', () => {
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited')
    assert.equal(manifest.capabilities.virtualWorkspaces.supported, false)
    assert.deepEqual(manifest.extensionKind, ['workspace'])
  })

  it('runs on the release whose interface it is compiled against', () => {
    assert.equal(manifest.engines.vscode, `^${manifest.devDependencies['@types/vscode']}`)
  })
})
