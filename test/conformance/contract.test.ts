import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type BoundLaw,
  checkLaw,
  compile,
  createLawState,
  type EnforcementRecord,
  enforceSettlement,
  enforceSubmission,
  evaluate,
  type Language,
  type Law,
  type ObservableValue,
  settleEnd,
  termsSchema,
  type View,
} from '@commonweal/protocol'
import { z } from 'zod'
import { loadVectors } from './vector.ts'

// The language of these vectors, as vectors/README.md gives it.
const LIST = { type: 'list', lengthMax: 5 } as const
const SUBMISSION = {
  round: { type: 'int' },
  stock: { type: 'int' },
  open: { type: 'bool' },
  regime: { type: 'string' },
  requests: LIST,
  absent: LIST,
  history: { type: 'list', lengthMax: 12 },
  shelf: { type: 'list', lengthMax: 1562 },
  log: { type: 'list', lengthMax: 99_998 },
} as const
const LANGUAGE: Language = {
  name: 'vectors',
  submission: SUBMISSION,
  settlement: { ...SUBMISSION, catches: LIST, stockAfter: { type: 'int' } },
}

const text = z.string()
const want = z.enum(['int', 'bool'])
const seats = z.array(z.boolean())
const integer = z
  .union([z.int(), z.strictObject({ $integer: text })])
  .transform((value) => BigInt(typeof value === 'number' ? value : value.$integer))
const variable = z.union([integer, z.boolean(), text, z.array(integer)])
const clauses = z.array(z.unknown())

const inputSchema = z.union([
  z.strictObject({ compile: text, want }),
  z.strictObject({ evaluate: text, want, variables: z.record(text, variable) }),
  z.strictObject({
    law: z.strictObject({ clauses }),
    primitives: z.array(text).optional(),
    lawVariables: z.array(text).optional(),
  }),
  z.strictObject({ terms: z.unknown() }),
  z.strictObject({
    enforce: z.strictObject({ clauses }),
    collateralMicro: z.array(integer),
    requests: z.array(integer.nullable()),
    catches: z.array(integer).optional(),
    signer: seats.optional(),
    bound: seats.optional(),
    rounds: z.int().optional(),
  }),
])
type Input = z.infer<typeof inputSchema>
type EnforceInput = Extract<Input, { enforce: unknown }>

describe('the contract vectors', () => {
  for (const vector of loadVectors('contract', inputSchema, z.record(text, z.unknown()))) {
    it(`${vector.id} ${vector.comment}`, () => {
      const got = written(answer(vector.input))
      assert.deepEqual(relevant(got, vector.expect), vector.expect)
    })
  }
})

/** What this implementation answers; of a refusal also its facts, of which a vector names those that matter to it. */
function answer(input: Input): Record<string, unknown> {
  if ('compile' in input) {
    const compiled = compile(input.compile, LANGUAGE.submission, input.want)
    return compiled.ok ? { cost: compiled.value.cost } : refusal(compiled.error)
  }
  if ('evaluate' in input) return answerEvaluate(input.evaluate, input.want, input.variables)
  if ('law' in input) {
    const { primitives, lawVariables } = input
    const checked = checkLaw(parseLaw(input.law), languageOf(primitives, lawVariables))
    return checked.ok ? { ok: true } : refusal(checked.error)
  }
  if ('terms' in input) return { valid: termsSchema.safeParse(input.terms).success }
  return answerEnforce(input)
}

function answerEvaluate(
  expression: string,
  type: 'int' | 'bool',
  variables: Readonly<Record<string, ObservableValue>>,
): Record<string, unknown> {
  const compiled = compile(expression, LANGUAGE.submission, type)
  assert.ok(compiled.ok, 'the expression is in the subset')
  const got = evaluate(compiled.value, variables)
  return got.ok ? { value: got.value } : refusal(got.error)
}

/** The actions of the last round, everything paid and burned over all rounds, and what the end pays back. */
function answerEnforce(input: EnforceInput): Record<string, unknown> {
  const everybody = input.collateralMicro.map(() => true)
  const law = checkLaw(parseLaw(input.enforce), LANGUAGE)
  assert.ok(law.ok, law.ok ? '' : law.error.code)
  const bound: BoundLaw = {
    law: law.value,
    signer: input.signer ?? everybody,
    bound: input.bound ?? everybody,
  }
  let state = createLawState(input.collateralMicro)
  let creditsMicro = input.collateralMicro.map(() => 0n)
  let burnedMicro = 0n
  let actions: readonly (bigint | null)[] = []
  const records: EnforcementRecord[] = []
  for (let round = 1; round <= (input.rounds ?? 1); round += 1) {
    const view = viewOf(input, round)
    const first = enforceSubmission(bound, state, view, input.requests)
    const second = enforceSettlement(bound, first.state, view)
    for (const done of [first, second]) {
      creditsMicro = creditsMicro.map((credit, seat) => credit + (done.creditsMicro[seat] ?? 0n))
      burnedMicro += done.burnedMicro
      records.push(...done.records)
    }
    actions = first.actions
    state = second.state
  }
  const faults = records.flatMap((record) =>
    record.kind === 'law-fault'
      ? [{ clause: record.clause, seat: record.seat, code: record.code }]
      : [],
  )
  return {
    actions,
    creditsMicro,
    burnedMicro,
    endMicro: settleEnd(state),
    ...(faults.length > 0 ? { faults } : {}),
  }
}

function viewOf({ requests, catches }: EnforceInput, round: number): View {
  const submitted = requests.map((request) => request ?? 0n)
  return {
    common: { round: BigInt(round), stock: 100n, open: true, regime: 'healthy', stockAfter: 100n },
    bySeat: {
      requests: submitted,
      absent: requests.map((request) => (request === null ? 1n : 0n)),
      catches: catches ?? submitted,
    },
    own: requests.map(() => ({ history: [] })),
  }
}

function languageOf(
  primitives: readonly string[] | undefined,
  lawVariables: readonly string[] | undefined,
): Language {
  if (primitives === undefined || lawVariables === undefined) return LANGUAGE
  const known = (['cap', 'override', 'sanction'] as const).filter((one) => primitives.includes(one))
  return { ...LANGUAGE, primitives: known, lawVariables }
}

/** A law in the shape that terms would have let through, or one clause too many. */
function parseLaw(law: { readonly clauses: readonly unknown[] }): Law {
  const agent = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
  return {
    clauses: law.clauses.flatMap((clause) => {
      const terms = termsSchema.parse({
        parties: [agent],
        quorum: 1,
        subnet: 'commons',
        rounds: [1, 1],
        mode: 'law',
        text: '',
        law: { clauses: [clause] },
        collateralMicro: [0],
        replaces: null,
      })
      return terms.law?.clauses ?? []
    }),
  }
}

function refusal(error: {
  readonly code: string
  readonly verdict: string
  readonly facts: Readonly<Record<string, unknown>>
}): Record<string, unknown> {
  return { ...error.facts, code: error.code, verdict: error.verdict }
}

/** Of a refusal, the facts that the vector names; anything else must be as the vector says, whole. */
function relevant(got: unknown, expected: Readonly<Record<string, unknown>>): unknown {
  if (typeof got !== 'object' || got === null || !('verdict' in got)) return got
  return Object.fromEntries(Object.entries(got).filter(([name]) => Object.hasOwn(expected, name)))
}

/** A value as vectors write it: integers outside ±(2⁵³−1) as `{ $integer: decimal }`. */
function written(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : { $integer: value.toString() }
  }
  if (Array.isArray(value)) return value.map(written)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, written(item)]))
}
