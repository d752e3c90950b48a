import type { RecordFailure } from '../../execution/run-api.ts'
import type { Act, Witness } from '../../record/act.ts'
import { operatorOf } from '../git.ts'
import { thisHost } from '../host.ts'
import type { RecordStore } from './store.ts'

/**
 * Keeps that this operator did something now, in the records of a repo.
 * @param root of that repo, absolute
 * @param by what it was done with
 */
export async function recordAct(
  store: Pick<RecordStore, 'recordAct'>,
  root: string,
  act: Act,
  by: Pick<Witness, 'origin' | 'version'>,
): Promise<RecordFailure | undefined> {
  const id = crypto.randomUUID().replaceAll('-', '').slice(0, 12)
  const operator = await operatorOf(root)
  return store.recordAct({ id, ...act, operator, host: thisHost(), ...by }, Date.now())
}
