export type Language = 'en' | 'ja'

/**
 * The language of messages: `BATON_LANG`, else what the variables of POSIX say (`LC_ALL` before `LC_MESSAGES` before `LANG`),
 * else what the system says, as on Windows, where those variables are not set. An empty variable counts as not set.
 * @param systemLocale BCP 47 tag
 */
export function chooseLanguage(env: Readonly<Record<string, string | undefined>>, systemLocale: string): Language {
  const wanted = [env.BATON_LANG, env.LC_ALL, env.LC_MESSAGES, env.LANG].find(Boolean) ?? systemLocale
  return /^ja(?![a-z])/i.test(wanted) ? 'ja' : 'en'
}
