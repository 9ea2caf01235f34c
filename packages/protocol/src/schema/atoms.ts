import { z } from 'zod'
import { type Cid, isCid } from '../codec/cid.ts'
import { type Digest, isDigest } from '../codec/digest.ts'
import { type AgentId, isAgentId } from '../identity/agent-id.ts'

/** One token in micro-tokens. */
export const TOKEN_MICRO = 1_000_000n
/** Largest amount of micro-tokens that any field may carry: 2^63 − 1. */
export const AMOUNT_MICRO_MAX: bigint = 2n ** 63n - 1n

export const agentIdSchema: z.ZodType<AgentId, string> = z
  .string()
  .refine(isAgentId)
  .transform((text) => text as AgentId)

export const cidSchema: z.ZodType<Cid, string> = z
  .string()
  .refine(isCid)
  .transform((text) => text as Cid)

export const digestSchema: z.ZodType<Digest, string> = z
  .string()
  .refine(isDigest)
  .transform((text) => text as Digest)

/** An amount in micro-tokens, 0 … 2^63 − 1. CBOR gives a small one as a number: both become a bigint. */
export const amountSchema: z.ZodType<bigint, number | bigint> = z
  .union([z.int().nonnegative(), z.bigint().nonnegative()])
  .transform((value) => BigInt(value))
  .refine((value) => value <= AMOUNT_MICRO_MAX)

/** An amount in a JSON document: a whole number, or a decimal text where it exceeds 2^53. */
export const documentAmountSchema: z.ZodType<bigint, unknown> = z
  .union([z.int().nonnegative(), z.bigint().nonnegative(), z.string().regex(/^(0|[1-9]\d{0,18})$/)])
  .transform((value) => BigInt(value))
  .refine((value) => value <= AMOUNT_MICRO_MAX)

/** A height, epoch, view, count or index. */
export const naturalSchema: z.ZodType<number, number> = z.int().nonnegative()

export const bytesSchema = (sizeMax: number): z.ZodType<Uint8Array, Uint8Array> =>
  z.instanceof(Uint8Array).refine((bytes) => bytes.length <= sizeMax)

export const bytes32Schema: z.ZodType<Uint8Array, Uint8Array> = z
  .instanceof(Uint8Array)
  .refine((bytes) => bytes.length === 32)

/** Text limited by its size in UTF-8 bytes, as the wire counts it. */
export const textSchema = (sizeMax: number): z.ZodType<string, string> =>
  z
    .string()
    .max(sizeMax)
    .refine((text) => text.isWellFormed() && utf8Size(text) <= sizeMax)

/** The id of a subnet instance, which is a part of ledger keys: 1 to 64 of a-z, 0-9 and -, no - in front. [GEN-3] */
export const subnetIdSchema: z.ZodType<string, string> = z
  .string()
  .max(64)
  .regex(/^[a-z0-9][a-z0-9-]*$/)

/** UTF-8 size of a text in bytes, without building the bytes. */
export function utf8Size(text: string): number {
  let size = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    size += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return size
}
