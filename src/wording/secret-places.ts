import type { SecretStore } from '../secrets/store.ts'
import type { Translate } from './translate.ts'

/** Where a store keeps its values, as people call it on their system. `platform` is Node's name of it. */
export function secretPlace(kind: SecretStore['kind'], platform: string, t: Translate): string {
  switch (kind) {
    case 'editor':
      return t('VS Code (this computer has no keychain)')
    case 'environment':
      return t('environment')
    case 'keychain':
      break
  }
  switch (platform) {
    case 'win32':
      return t('Windows Credential Manager')
    case 'darwin':
      return t('macOS Keychain')
    default:
      return t('keychain of this computer')
  }
}
