import { meantValue } from '../runbook/meant-value.ts'
import type { ParameterDeclaration } from '../runbook/parameter.ts'
import { type ParameterProblem, validateParameter } from '../runbook/parameter-value.ts'

export type { Measure, ParameterProblem } from '../runbook/parameter-value.ts'
export { meantValue, validateParameter }

/** Values for a whole run: what was given, as it was meant, else defaults, all of it held against the declarations. */
export function resolveParameters(
  declarations: readonly ParameterDeclaration[],
  given: Readonly<Record<string, string>>,
): { readonly values: Readonly<Record<string, string>>; readonly problems: readonly ParameterProblem[] } {
  const known = declarations.map((declaration) => declaration.name)
  const unknown = Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name): ParameterProblem => ({ code: 'unknown', name, known }))
  const values = Object.fromEntries(
    declarations.map((declaration) => {
      const { name, default: preset } = declaration
      return [name, meantValue(declaration, given[name] ?? preset ?? '')]
    }),
  )
  const wrong = declarations.flatMap(
    (declaration) => validateParameter(declaration, values[declaration.name] ?? '') ?? [],
  )
  return { values, problems: [...unknown, ...wrong] }
}
