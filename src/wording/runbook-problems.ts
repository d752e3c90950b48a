import type { Problem } from '../runbook/problem.ts'
import { systemReason } from './execution-problems.ts'
import type { Translate } from './translate.ts'
import { yamlReason } from './yaml-errors.ts'

/** What is wrong in the text of a runbook or of `baton.yaml`, and the one thing to do about it. */
export function runbookProblemSentence(problem: Problem, t: Translate): string {
  const value = (key: string) => problem.values[key] ?? ''
  switch (problem.code) {
    case 'frontmatter-invalid-yaml':
      return t('The frontmatter is not valid YAML: {0}', yamlReason(value('reason'), value('detail'), t))
    case 'yaml-full-width':
      return value('character') === '：'
        ? t('Here is a full-width “：”. Type “:” and a space, with the input method off.')
        : t('Here is a full-width space. Type an ordinary one, with the input method off.')
    case 'frontmatter-duplicate-key':
      return t('The key “{0}” is there twice. Remove one.', value('key'))
    case 'frontmatter-not-a-mapping':
      return t('The frontmatter must be lines of “key: value”.')
    case 'frontmatter-unclosed':
      return t('The frontmatter never ends. Close it with a line of ---.')
    case 'settings-invalid-yaml':
      return t('This file is not valid YAML: {0}', yamlReason(value('reason'), value('detail'), t))
    case 'settings-unreadable':
      return t('This file cannot be read: {0}.', systemReason(value('reason'), t))
    case 'settings-not-a-mapping':
      return t('This file must be lines of “key: value”.')
    case 'frontmatter-unknown-key':
    case 'settings-unknown-key':
      if (value('meant') !== '')
        return t('Baton does not know the key “{0}”. Is “{1}” meant?', value('key'), value('meant'))
      return t('Baton does not know the key “{0}” and leaves it alone.', value('key'))
    case 'frontmatter-wrong-type':
    case 'settings-wrong-type':
      return t('“{0}” must be {1}.', value('key'), expected(value('expected'), t))
    case 'frontmatter-invalid-value':
    case 'settings-invalid-value':
      return t(
        '“{1}” does not fit “{0}”. Write, for example: {2}.',
        value('key'),
        value('value'),
        expected(value('expected'), t),
      )
    case 'parameter-invalid-name':
      return t('“{0}” cannot name a parameter. Use capital letters, digits and _, such as USER_ID.', value('name'))
    case 'parameter-reserved-name':
      return t('“{0}” changes how programs run, so it cannot be used as a name. Use another one.', value('name'))
    case 'parameter-duplicate':
      return t('There are two parameters {0}. Rename or remove one.', value('name'))
    case 'parameter-invalid-pattern':
      return t('The pattern of {0} is no regular expression: {1}', value('name'), value('detail'))
    case 'parameter-choices-missing':
      return t('{0} is a choice without choices. Add “choices: […]”.', value('name'))
    case 'secret-invalid-name':
      return t('“{0}” cannot name a secret. Use capital letters, digits and _, such as LDAP_PASSWORD.', value('name'))
    case 'secret-duplicate':
      return t('The secret {0} is declared twice. Remove one.', value('name'))
    case 'secret-invalid-command':
      return t(
        'The “from” of {0} is no command. Write one line that prints the value, such as: pass show it/ldap',
        value('name'),
      )
    case 'attribute-invalid-syntax':
      return t('These attributes cannot be read. Write {key=value key2="two words"} or JSON.')
    case 'attribute-unknown':
      if (value('meant') !== '') {
        return t('Baton does not know the attribute “{0}”. Is “{1}” meant?', value('key'), value('meant'))
      }
      return t('Baton does not know the attribute “{0}” and leaves it alone.', value('key'))
    case 'attribute-invalid-value':
      if (value('value') === '') return t('“{0}” needs a value.', value('key'))
      return t(
        '“{1}” does not fit “{0}”. Write, for example: {2}.',
        value('key'),
        value('value'),
        expected(value('expected'), t),
      )
    case 'attribute-duplicate':
      return t('The attribute “{0}” is there twice. Remove one.', value('key'))
    case 'attribute-lonely':
      return t('“{0}” says nothing without “{1}”. Add it, such as: {1}=NAME', value('key'), value('other'))
    case 'step-duplicate-name':
      return t('There are two steps “{0}”. Rename one.', value('name'))
    case 'step-unknown-reference':
      return t('“{0}” names the step “{1}”, which does not exist. Correct the name.', value('key'), value('value'))
    case 'fence-unclosed':
      return t('This code block never ends. Close it with {0}.', value('fence') || '```')
    case 'task-misspelt':
      return t('This looks like a step to tick off and is read as ordinary text. Write it as “- [ ] …”.')
    case 'decision-unknown-target':
      return t('No heading here is “#{0}”. Correct the link.', value('target'))
    case 'secret-undeclared':
      return t('The secret {0} is used but not declared. Add it under “secrets” in the frontmatter.', value('name'))
    case 'file-too-slow':
      return t('This file is too long to be read as a runbook. Split it.')
    case 'file-not-text':
      return t('This file is not text in UTF-8. Save it as UTF-8, with your editor.')
  }
}

/** What would have been right: examples are the same in every language, kinds of values are not. */
function expected(what: string, t: Translate): string {
  switch (what) {
    case 'text':
      return t('text')
    case 'list':
      return t('a list')
    case 'mapping':
      return t('lines of “key: value”')
    default:
      return what
  }
}
