/** What a text can be that stands where a credential could: the value itself, or something in its place. */

const variableParts = [
  /^[$@]/, // $NAME, $env:NAME, @file
  /\$\{|\$\(|\$env:|\$\w+[)"']?$/i,
  /%[A-Za-z_]\w*%|^%\w/, // %NAME%, %1
  /^!\w+!$/,
  /\{\{|#\{|@\{/, // templates
  /^<|>$|^\[.*\]$|^\{.*\}$|^…|^\.\.\./,
  /environ\b|getenv|process\.env|\bENV\[|\bvault:|^op:|^keyring:/i,
]

/** Words that stand for a value in examples and manuals: a value made of nothing else is none. */
const placeholderWords = new Set(
  `a an and any here hidden hide is my new no none not now null nil of old on off optional or our password passwd pass pwd
  passphrase passcode phrase placeholder prompt required redacted removed same secret secrets see some string str string1
  text the this to true false token tokens type undefined unknown unset user username userpassword value values var
  variable yes your yourpassword yourtoken mypassword mysecret changeme change changeit replace replaceme insert enter
  input fill fixme todo tbd test testing dummy example sample foo bar baz blank empty credential credentials key apikey
  api access account client admin root name file path url default ask stdin env hash plain plaintext clear masked mask
  bool boolean int integer number object bearer basic auto automatic invalid valid incorrect wrong expired host db database
  login service app application azure aws`.split(/\s+/),
)

const examples = /example|dummy|placeholder|redacted|changeme|change[-_]me|replace[-_]?me|your[-_]/i

/** Whether a text stands for a value without being one: a variable, a name, an example, stars. */
export function isPlaceholder(value: string): boolean {
  if (/^(.)\1*$/su.test(value) || /^[xX*.•●○＊_?#-]+$/.test(value)) return true
  if (variableParts.some((pattern) => pattern.test(value)) || examples.test(value)) return true
  // The name of a variable or of a secret, such as LDAP_PASSWORD.
  if (/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value)) return true
  const words = value
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .match(/[a-z0-9]+/g)
  return words === null || words.every((word) => placeholderWords.has(word) || /^\d{1,2}$/.test(word))
}

/** What programs and manuals write in the place of a value that is read from elsewhere. */
export function isReference(value: string): boolean {
  return (
    /^(?:-|~?\/|\.{1,2}\/|~\\|\\\\|[A-Za-z]:[\\/])/.test(value) || // options and paths
    /:\/\//.test(value) ||
    /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/.test(value) || // config.password
    /^\{[A-Z0-9-]+\}|^\$\d\w?\$/.test(value) || // {SSHA}…, $6$…: a hash
    /^!(?:vault|reference|secret|ref|sub)\b/i.test(value) // a tag of YAML
  )
}

/** Products whose names have the look of a password. */
const products =
  /^(?:1password|lastpass|keepass(?:xc)?2?|(?:microsoft|office|[mo])-?365|windows-?(?:7|8|10|11|server\d*)|entra(?:id)?2?)$/i

const technical =
  /^v?\d+(?:[.\-/:]\d+)+\w*$|^(?:sha|md|rfc|utf|base|oauth|http|tls|ssl|aes|rsa|ed|k8s|ntlm|totp)[-_]?v?\d[\w.-]*$/i

/** Whether a text has the look of a password: more than letters, and not one of the words that have digits as well. */
export function looksSecret(value: string): boolean {
  if (value.length < 6 || technical.test(value) || products.test(value)) return false
  if (/^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$|^(?:ctrl|alt|shift|win|cmd)\+/i.test(value)) return false // mail, keys
  const letters = /[A-Za-z]/.test(value)
  const digits = /\d/.test(value)
  const marks = /[!@#$%^&*?+=~]/.test(value)
  return letters && (digits || marks) && !/^[\w-]+\.(?:[a-z]{2,5}|ps1|md\d?)$/i.test(value)
}

/** `alertmanager-main-tls-2024`: words with numbers, as things in a cluster are called. */
const nameOfThing = /^[a-z]{1,20}\d{0,4}[a-z]{0,12}(?:[-_.](?:[a-z]{0,20}\d{0,4}[a-z]{0,12}))+$/

/** Whether a text has the look of a key that a program made: long, and of letters and digits mixed. */
export function looksGenerated(value: string): boolean {
  if (nameOfThing.test(value)) return false
  if (value.length < 16 || !/^[\w+/=.~:%-]+$/.test(value)) return false
  return /\d/.test(value) && /[A-Za-z]/.test(value) && (value.match(/\d/g) ?? []).length >= 3
}
