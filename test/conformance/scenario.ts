import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import {
  type Cid,
  cidOf,
  computeChainTotals,
  encode,
  fromHex,
  type Message,
  present,
  type Terms,
  type TransactionBody,
  termsCid,
  termsSchema,
} from '@commonweal/protocol'
import { agentOf, LedgerWorld } from '@commonweal/protocol/testing'
import { z } from 'zod'
import { loadVectors } from './vector.ts'

/** Tests the scenarios of `vectors/<page>.json`: each is played on a ledger, and what the vector names must be so. */
export function testScenarios(page: string): void {
  describe(`the ${page} vectors`, () => {
    for (const vector of loadVectors(page, scenarioSchema, outcomeSchema)) {
      it(`${vector.id} ${vector.comment}`, () => {
        const stage = new Stage(vector.input)
        for (const step of vector.input.steps) stage.play(step)
        assert.deepEqual(stage.outcome(vector.expect), vector.expect)
      })
    }
  })
}

/** That each of these codes occurs in the vectors of one of these pages. */
export function testCodes(
  codes: Readonly<Record<string, true>>,
  ...pages: readonly string[]
): void {
  it(`the vectors of ${pages.join(', ')} show every code`, () => {
    const shown = pages
      .map((page) => readFileSync(new URL(`../../vectors/${page}.json`, import.meta.url), 'utf8'))
      .join('\n')
    const missing = Object.keys(codes).filter(
      (code) => !shown.includes(`"${code}"`) && !shown.includes(`"block: ${code}"`),
    )
    assert.deepEqual(missing, [])
  })
}

/** Amounts in micro-tokens: a whole number, or decimal text. */
const amountSchema = z
  .union([z.int(), z.string().regex(/^\d+$/)])
  .transform((value) => BigInt(value))
/** Agents have names; `0`, `1`, … hold accounts from the genesis on. */
const agentSchema = z.string()
const phaseSchema = z.enum(['negotiate', 'signal', 'seal', 'reveal', 'beacon'])
const purposeSchema = z.enum(['beacon', 'signal'])
const subnetSchema = z.string().default('commons')

/** Terms; what is left out is said in vectors/README.md. */
const namedTermsSchema = z.strictObject({
  parties: z.array(agentSchema).optional(),
  quorum: z.int().optional(),
  subnet: z.string().optional(),
  rounds: z.tuple([z.int(), z.int()]).optional(),
  mode: z.enum(['none', 'text', 'law']).optional(),
  text: z.string().optional(),
  clauses: z.array(z.unknown()).optional(),
  collateral: z.array(amountSchema).optional(),
  replaces: agentSchema.optional(),
})
type ScenarioTerms = z.infer<typeof namedTermsSchema>

const voteSchema = z.strictObject({
  by: agentSchema,
  kind: z.enum(['notarize', 'nullify', 'finalize']),
  epoch: z.int(),
  view: z.int(),
  block: z.string().optional(),
})
const informSchema = z.strictObject({
  by: agentSchema,
  kind: z.literal('inform'),
  conversation: z.string(),
  sequence: z.int(),
  text: z.string(),
})
const statementSchema = z.union([voteSchema, informSchema, z.strictObject({ bytes: z.string() })])
type Statement = z.infer<typeof statementSchema>

const bodySchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('register'), name: z.string() }),
  z.strictObject({ do: z.literal('transfer'), to: agentSchema, amount: amountSchema }),
  z.strictObject({ do: z.literal('faucet') }),
  z.strictObject({ do: z.literal('bond'), amount: amountSchema }),
  z.strictObject({ do: z.literal('unbond'), amount: amountSchema }),
  z.strictObject({ do: z.literal('seat'), subnet: subnetSchema }),
  z.strictObject({ do: z.literal('leave'), subnet: subnetSchema }),
  z.strictObject({ do: z.literal('pass'), subnet: subnetSchema }),
  /** `of`: the seal is a copy of the one that this agent would make. */
  z.strictObject({
    do: z.literal('seal'),
    subnet: subnetSchema,
    action: amountSchema,
    of: agentSchema.optional(),
  }),
  z.strictObject({
    do: z.literal('reveal'),
    subnet: subnetSchema,
    action: amountSchema,
    of: agentSchema.optional(),
  }),
  z.strictObject({
    do: z.literal('seal-share'),
    purpose: purposeSchema,
    of: agentSchema.optional(),
  }),
  z.strictObject({
    do: z.literal('reveal-share'),
    purpose: purposeSchema,
    of: agentSchema.optional(),
  }),
  /** `of`: the signers sign these terms instead. `heights`: for how many heights they sign. */
  z.strictObject({
    do: z.literal('agreement'),
    terms: agentSchema,
    signers: z.array(agentSchema),
    of: agentSchema.optional(),
    heights: z.int().default(100),
    kind: z.enum(['accept-proposal', 'inform']).default('accept-proposal'),
  }),
  z.strictObject({
    do: z.literal('terminate'),
    terms: agentSchema,
    consents: z.array(agentSchema),
    of: agentSchema.optional(),
    heights: z.int().default(100),
    kind: z.enum(['consent', 'inform']).default('consent'),
  }),
  z.strictObject({ do: z.literal('evidence'), first: statementSchema, second: statementSchema }),
])
type ScenarioBody = z.infer<typeof bodySchema>

const actSchema = z.strictObject({
  by: agentSchema,
  act: bodySchema,
  nonce: z.int().optional(),
  fee: amountSchema.optional(),
  forged: z.boolean().optional(),
})
type ScenarioAct = z.infer<typeof actSchema>

const stepSchema = z.union([
  /** A block with one act. */
  actSchema,
  z.strictObject({ block: z.array(actSchema) }),
  /** A block of so many acts like this one, with the nonces that follow one another. */
  z.strictObject({ repeat: actSchema, times: z.int() }),
  /** Empty blocks until this phase. */
  z.strictObject({ until: phaseSchema, epoch: z.int().optional() }),
  /** Everybody does what it owes until the epoch has ended; actions by seat, null for one that passes. */
  z.strictObject({ round: z.array(amountSchema.nullable()) }),
])
type Step = z.infer<typeof stepSchema>

/** What happens to a ledger. */
const scenarioSchema = z.strictObject({
  agents: z.int().default(5),
  seated: z.int().optional(),
  genesis: z.record(z.string(), z.unknown()).default({}),
  instance: z.record(z.string(), z.unknown()).default({}),
  terms: z.record(z.string(), namedTermsSchema).default({}),
  steps: z.array(stepSchema),
})
type Scenario = z.infer<typeof scenarioSchema>

const accountSchema = z.strictObject({
  balance: amountSchema.optional(),
  bond: amountSchema.optional(),
  unbonding: z.array(amountSchema).optional(),
  nonce: z.int().optional(),
  ejected: z.boolean().optional(),
})

/** What it comes to; what is not named is not asked. */
const outcomeSchema = z.strictObject({
  /** One for each act of `steps`, in order; `block: code` once for a block that is invalid. */
  codes: z.array(z.string()),
  accounts: z.record(agentSchema, accountSchema).default({}),
  burned: amountSchema.optional(),
  epoch: z.int().optional(),
  phase: phaseSchema.optional(),
  height: z.int().optional(),
  seats: z.array(agentSchema).optional(),
  validators: z.array(agentSchema).optional(),
  /** Of the standing agreements, by the name of their terms. */
  agreements: z
    .record(
      agentSchema,
      z.strictObject({
        signers: z.array(agentSchema),
        bound: z.array(agentSchema),
        until: z.int(),
        collateral: z.array(amountSchema).nullable(),
      }),
    )
    .optional(),
  /** Who lost stake or a bond, for what, and how much. */
  slashed: z.array(z.tuple([agentSchema, z.string(), amountSchema])).optional(),
  /** Actions as the last round played them, by seat. */
  enforced: z.array(z.int()).optional(),
})
type Outcome = z.infer<typeof outcomeSchema>

class Stage {
  readonly #world: LedgerWorld
  readonly #scenario: Scenario
  readonly #codes: string[] = []

  constructor(scenario: Scenario) {
    const { agents, genesis, instance } = scenario
    const seated = scenario.seated ?? agents
    this.#scenario = scenario
    this.#world = new LedgerWorld({ agents, seated, genesis, instance })
  }

  play(step: Step): void {
    const world = this.#world
    if ('block' in step) this.#block(step.block)
    else if ('repeat' in step) {
      this.#block(Array.from({ length: step.times }, () => step.repeat))
    } else if ('until' in step) world.advance(step.until, step.epoch)
    else if ('round' in step) world.playRound(step.round)
    else this.#block([step])
  }

  #block(acts: readonly ScenarioAct[]): void {
    const counts = new Map<string, number>()
    const envelopes = acts.map((one) => {
      const ahead = counts.get(one.by) ?? 0
      counts.set(one.by, ahead + 1)
      const oddity = {
        ...(one.nonce === undefined ? {} : { nonce: one.nonce }),
        ...(one.fee === undefined ? {} : { feeMicro: one.fee }),
      }
      const { envelope } = this.#world.sign(one.by, this.#bodyOf(one.by, one.act), oddity, ahead)
      return one.forged === true ? forge(envelope) : envelope
    })
    const executed = this.#world.execute(envelopes)
    if (executed.ok) this.#codes.push(...executed.value.receipts.map(({ code }) => code))
    else this.#codes.push(`block: ${executed.error.code}`)
  }

  #bodyOf(by: string, act: ScenarioBody): TransactionBody {
    const world = this.#world
    switch (act.do) {
      case 'register':
        return { kind: 'register', name: act.name, roles: [], endpoint: '', prosociality: null }
      case 'transfer':
        return { kind: 'transfer', to: agentOf(act.to), amountMicro: act.amount }
      case 'faucet':
        return { kind: 'faucet' }
      case 'bond':
      case 'unbond':
        return { kind: act.do, amountMicro: act.amount }
      case 'seat':
      case 'leave':
      case 'pass':
        return { kind: act.do, subnet: act.subnet }
      case 'seal': {
        const { subnet } = act
        return { ...world.sealOf(act.of ?? by, act.action), subnet } as TransactionBody
      }
      case 'reveal': {
        const { subnet } = act
        return { ...world.revealOf(act.of ?? by, act.action), subnet } as TransactionBody
      }
      case 'seal-share':
        return world.closeShare(act.of ?? by, act.purpose)
      case 'reveal-share':
        return world.openShare(act.of ?? by, act.purpose)
      case 'agreement': {
        const signed = this.#termsOf(act.of ?? act.terms)
        const acceptances = act.signers.map((signer) =>
          act.kind === 'inform'
            ? this.#say({ by: signer, kind: 'inform', conversation: 'x', sequence: 0, text: '' })
            : world.accept(signer, signed, act.heights),
        )
        return { kind: 'agreement', terms: this.#termsOf(act.terms), acceptances }
      }
      case 'terminate':
        return this.#terminate(act)
      case 'evidence':
        return { kind: 'evidence', first: this.#say(act.first), second: this.#say(act.second) }
    }
  }

  #terminate(act: Extract<ScenarioBody, { do: 'terminate' }>): TransactionBody {
    const world = this.#world
    const agreement = termsCid(this.#termsOf(act.of ?? act.terms))
    const expiresAtHeight = world.head.height + act.heights
    const consents = act.consents.map((by) =>
      act.kind === 'inform'
        ? this.#say({ by, kind: 'inform', conversation: 'x', sequence: 0, text: '' })
        : world.say(by, { kind: 'consent', author: agentOf(by), agreement, expiresAtHeight }),
    )
    return { kind: 'terminate', agreement: termsCid(this.#termsOf(act.terms)), consents }
  }

  #say(statement: Statement): Uint8Array {
    if ('bytes' in statement) return fromHex(statement.bytes)
    const { by, ...said } = statement
    return this.#world.say(by, { ...messageOf(said), author: agentOf(by) } as Message)
  }

  #termsOf(name: string): Terms {
    const given = present(this.#scenario.terms[name], `the vector has terms ${name}`)
    const parties = given.parties?.map((party) => agentOf(party)) ?? this.#firstSeats()
    const mode = given.mode ?? 'law'
    return termsSchema.parse({
      parties,
      quorum: given.quorum ?? Math.ceil((4 * parties.length) / 5),
      subnet: given.subnet ?? 'commons',
      rounds: given.rounds ?? [1, 1],
      mode,
      text: given.text ?? '',
      law: mode === 'law' ? { clauses: given.clauses ?? [] } : null,
      collateralMicro: given.collateral ?? parties.map(() => 0n),
      replaces: this.#replaced(given),
    })
  }

  #replaced({ replaces }: ScenarioTerms): Cid | null {
    return replaces === undefined ? null : termsCid(this.#termsOf(replaces))
  }

  #firstSeats() {
    const { seated, agents } = this.#scenario
    return Array.from({ length: seated ?? agents }, (_, seat) => agentOf(seat))
  }

  /** As much of what came of it as the vector asks for. */
  outcome(wanted: Outcome): unknown {
    const world = this.#world
    const { head, run } = world
    const all = {
      codes: this.#codes,
      accounts: Object.fromEntries(
        Object.entries(wanted.accounts).map(([name, asked]) => [name, this.#account(name, asked)]),
      ),
      burned: computeChainTotals(world.ledger).burnedMicro,
      epoch: head.epoch,
      phase: head.phase,
      height: head.height,
      seats: run.seats.map((agent) => world.nameOf(agent)),
      validators: world.validators().toSorted(),
      agreements: this.#agreements(),
      slashed: world.events.flatMap((event) =>
        event.kind === 'slashed'
          ? [[world.nameOf(event.agent), event.offence, event.amountMicro]]
          : [],
      ),
      enforced: this.#enforced(),
    }
    return Object.fromEntries(Object.entries(all).filter(([field]) => field in wanted))
  }

  #account(name: string, asked: Readonly<Record<string, unknown>>): unknown {
    const { balanceMicro, bondMicro, unbonding, nonce, ejected } = this.#world.account(name)
    const all = {
      balance: balanceMicro,
      bond: bondMicro,
      unbonding: unbonding.map(({ amountMicro }) => amountMicro),
      nonce,
      ejected,
    }
    return Object.fromEntries(Object.entries(all).filter(([field]) => field in asked))
  }

  #agreements(): unknown {
    const world = this.#world
    const { run } = world
    const named = (is: readonly boolean[]) =>
      run.seats.filter((_, seat) => is[seat] === true).map((agent) => world.nameOf(agent))
    const entries = Object.keys(this.#scenario.terms).flatMap((name) => {
      const id = termsCid(this.#termsOf(name))
      if (!run.agreements.includes(id)) return []
      const { signer, bound, until, lawState } = world.standing(id)
      const collateral = lawState?.collateralMicro ?? null
      return [[name, { signers: named(signer), bound: named(bound), until, collateral }]] as const
    })
    return Object.fromEntries(entries)
  }

  #enforced(): unknown {
    const settled = this.#world.events.findLast((event) => event.kind === 'round-settled')
    const row = settled?.kind === 'round-settled' ? settled.row : null
    return row !== null && typeof row === 'object' && 'enforced' in row ? row.enforced : undefined
  }
}

/** The same with a signature that differs in its last bit. */
function forge(envelope: Uint8Array): Uint8Array {
  const last = envelope.length - 1
  return envelope.with(last, (envelope[last] ?? 0) ^ 1)
}

function messageOf(said: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const named = ['block', 'conversation'].flatMap((field) => {
    const value = said[field]
    return typeof value === 'string' ? [[field, cidOf(encode(value))] as const] : []
  })
  return { ...said, ...Object.fromEntries(named) }
}
