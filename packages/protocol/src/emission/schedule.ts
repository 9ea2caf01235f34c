import { z } from 'zod'
import { invariant } from '../invariant.ts'
import { documentAmountSchema } from '../schema/atoms.ts'

/** What a network mints, fixed by its genesis. [EMI-13] */
export interface EmissionSchedule {
  /** E of epoch 1, in micro-tokens. */
  readonly epochMicro: bigint
  /** After so many epochs E is half of what it was. */
  readonly halvingEpochs: number
}

/** No network ever mints more, so that no sum of amounts leaves 63 bits. [EMI-13] */
export const EMISSION_TOTAL_MICRO_MAX: bigint = 2n ** 61n

/** [EMI-13] All that a schedule ever mints is at most 2 · epochMicro · halvingEpochs. */
export const emissionScheduleSchema: z.ZodType<EmissionSchedule, unknown> = z
  .strictObject({ epochMicro: documentAmountSchema, halvingEpochs: z.int().min(1) })
  .refine(
    ({ epochMicro, halvingEpochs }) =>
      2n * epochMicro * BigInt(halvingEpochs) <= EMISSION_TOTAL_MICRO_MAX,
    'the schedule mints more than 2^61 micro-tokens in all',
  )

/**
 * The emission E of an epoch; epochs count from 1.
 *
 * Formula ⌊epochMicro / 2^⌊(epoch − 1)/halvingEpochs⌋⌋ micro-tokens.
 * Source  spec/emission.md [EMI-13]
 */
export function emissionOf({ epochMicro, halvingEpochs }: EmissionSchedule, epoch: number): bigint {
  invariant(Number.isSafeInteger(epoch) && epoch >= 1, 'epochs count from 1')
  return epochMicro >> BigInt(Math.floor((epoch - 1) / halvingEpochs))
}
