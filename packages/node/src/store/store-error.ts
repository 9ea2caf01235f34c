import { OperationalError } from '../errors.ts'

/**
 * - `data-in-use`: another process has this data folder open.
 * - `store-corrupt`: the file is no database, or what it holds cannot be what was written.
 * - `store-version`: written by another version of the software.
 * - `store-foreign`: holds another network's data, or another agent's.
 * - `store-failed`: the disk refused a write or a read.
 */
export type StoreCode =
  | 'data-in-use'
  | 'store-corrupt'
  | 'store-version'
  | 'store-foreign'
  | 'store-failed'

/** The disk's fault. None of these gets better by trying again. */
export class StoreError extends OperationalError<StoreCode> {
  override readonly name = 'StoreError'
}
