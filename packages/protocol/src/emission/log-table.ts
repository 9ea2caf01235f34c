import { encode } from '../codec/cbor.ts'
import { type Digest, digestOf } from '../codec/digest.ts'
import { invariant, present } from '../invariant.ts'

/** A whole in basis points. */
export const WHOLE_BPS = 10_000

/** SHA-256 of the encoded table: it is the same on every node. [EMI-1] */
export const LOG_TABLE_DIGEST: string =
  '6c5f1606292aa6182827575879c3e836f300dbc3fde9e7cabd40ec9d20171208'

/** The series is summed in units of 10⁻⁴⁰, the table rounds to 10⁻⁹. */
const ONE = 10n ** 40n
const UNIT = 10n ** 31n

let table: readonly number[] | undefined

/**
 * L[k] = round(10⁹ · ln(10⁴ / k)): what a report of k basis points on what came true loses.
 *
 * Shape   bps 1 … 10 000, an integer.
 * Units   10⁻⁹ nats; 0 for a whole, 9 210 340 372 for one basis point.
 * Errors  none: another number is our own bug.
 * Source  spec/emission.md [EMI-1]
 */
export function logLoss(bps: number): number {
  table ??= computeLogTable()
  return present(table[bps - 1], 'a report on an outcome has 1 … 10 000 basis points')
}

/** SHA-256 of the encoded list L[1] … L[10 000]. [EMI-1] */
export function logTableDigest(): Digest {
  table ??= computeLogTable()
  return digestOf(encode(table))
}

/** From ln(10⁴/10⁴) = 0 downwards: ln(k/(k−1)) = 2·artanh(1/(2k−1)). */
function computeLogTable(): readonly number[] {
  const losses: number[] = []
  let sum = 0n
  for (let bps = WHOLE_BPS; bps >= 1; bps--) {
    losses.push(roundToUnit(sum))
    if (bps > 1) sum += 2n * artanhOfInverse(BigInt(2 * bps - 1))
  }
  return losses.toReversed()
}

/** ONE · artanh(1/n), by 1/n + 1/(3n³) + 1/(5n⁵) + …; every term is cut by less than two units of 10⁻⁴⁰. */
function artanhOfInverse(n: bigint): bigint {
  let power = ONE / n
  let sum = power
  for (let odd = 3n; power > 0n; odd += 2n) {
    power /= n * n
    sum += power / odd
  }
  return sum
}

/** The sum errs by less than 10⁻³⁴, so it must not lie that near to the middle between two entries. */
function roundToUnit(sum: bigint): number {
  const rest = sum % UNIT
  const distance = rest > UNIT / 2n ? rest - UNIT / 2n : UNIT / 2n - rest
  invariant(distance > 10n ** 7n, 'every entry of the table rounds one way only')
  return Number((sum + UNIT / 2n) / UNIT)
}
