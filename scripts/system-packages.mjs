import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { run } from './run.mjs'

/** Debian packages by what needs them: the samples, or a layer of tests. */
const packagesOf = {
  samples: ['git', 'ldap-utils', 'slapd'],
  machine: [
    'age',
    'asciinema',
    'dbus',
    'fish',
    'gcr',
    'git',
    'gnome-keyring',
    'gnupg',
    'ldap-utils',
    'libsecret-1-0',
    'libsecret-tools',
    'openssh-client',
    'openssl',
    'pass',
    'passwd',
    'procps',
    'slapd',
    'sudo',
    'unzip',
    'xdotool',
    'xvfb',
    'zsh',
  ],
  windows: ['locales', 'wine', 'wine64'],
  // A compiler for the two parts of the VS Code server that come as source.
  host: ['chromium', 'fontconfig', 'g++', 'make', 'python3'],
  ui: [
    'chromium',
    'dbus',
    'fontconfig',
    'fonts-noto-cjk',
    'g++',
    'git',
    'gnome-keyring',
    'libsecret-1-0',
    'make',
    'python3',
  ],
}

const isInstalled = (name) => {
  const { stdout } = spawnSync('dpkg-query', ['--status', name], { encoding: 'utf8' })
  return stdout.includes('\nStatus: install ok installed\n')
}

/** Installs what is needed, where this is a Debian and it may; says what to install by hand where it may not. */
export function installSystemPackages(needs) {
  if (!existsSync('/usr/bin/apt-get')) return
  const wanted = new Set(needs.flatMap((need) => packagesOf[need] ?? []))
  if (process.env.CHROMIUM) wanted.delete('chromium')
  const missing = [...wanted].filter((name) => !isInstalled(name))
  if (missing.length === 0) return
  const sudo = process.getuid() === 0 ? [] : ['sudo', '-n']
  const apt = (...args) => run('env', [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args])
  console.log(`apt-get install ${missing.join(' ')}`)
  if (apt('update') !== 0 || apt('install', '-y', '--no-install-recommends', ...missing) !== 0) {
    console.error(`These packages are missing: sudo apt-get install ${missing.join(' ')}`)
  }
}
