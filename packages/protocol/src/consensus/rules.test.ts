import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cid } from '../codec/cid.ts'
import { present } from '../invariant.ts'
import type { Block, Certificate, Proposal, Vote } from '../message/consensus.ts'
import { seal, type Verified } from '../message/envelope.ts'
import { ancestryDigestOf, blockIdOf, transactionsDigestOf } from './block.ts'
import { type Ballot, createCertificate, createVote } from './certificate.ts'
import type { ConsensusEffect, ConsensusRecord } from './effect.ts'
import { createSchedule, leaderOf } from './leader.ts'
import { restore } from './restore.ts'
import {
  createSimplex,
  nextDeadlineMs,
  onBlock,
  onCertificate,
  onProposal,
  onTick,
  onVote,
  type SimplexStep,
} from './simplex.ts'
import type { ConsensusContext, Simplex } from './state.ts'
import {
  agentAt,
  type Counter,
  createCounter,
  digestOfCount,
  NETWORK,
  PARAMETERS,
  SEED,
  setOf,
  toySign,
  toySigner,
  toyVerify,
} from './toy-world.test.ts'
import { checkValidatorSet } from './validators.ts'
import { signingBytes } from '../identity/signature.ts'
import { encode } from '../codec/cbor.ts'

const SET = setOf([0, 1, 2, 3])
const ELECTORATE = (() => {
  const checked = checkValidatorSet(SET)
  assert.ok(checked.ok)
  return checked.value
})()
const SCHEDULE = createSchedule(ELECTORATE, SEED)
/** The one that is tested leads none of the first views. */
const SELF = present(
  [0, 1, 2, 3].find((index) => [0, 1, 2].every((view) => leaderOf(SCHEDULE, view) !== agentAt(index))),
  'three views have three leaders',
)
const OTHERS = [0, 1, 2, 3].filter((index) => index !== SELF)
const ROOT = {
  ...{ id: NETWORK, height: 0, state: { count: 0 }, seenAtMs: -1_000, certificate: null },
}
const START = { epoch: 1, set: SET, seed: SEED, root: ROOT }

/** One validator, told things by hand. */
class Subject {
  readonly context: ConsensusContext<Counter>
  readonly effects: ConsensusEffect<Counter>[] = []
  simplex: Simplex<Counter>
  refusal: string | null = null
  nowMs = 0

  constructor(epochBlocks = 1_000, records: readonly ConsensusRecord[] | null = null) {
    const agent = agentAt(SELF)
    this.context = {
      self: agent,
      signer: toySigner(agent),
      networkId: NETWORK,
      verify: toyVerify,
      application: createCounter(epochBlocks, () => SET),
      parameters: PARAMETERS,
    }
    const final = { ...ROOT, view: null }
    const started =
      records === null
        ? createSimplex(this.context, START, 0)
        : restore(this.context, { ...START, root: NETWORK, final, records }, 0)
    this.simplex = started.simplex
    this.effects.push(...started.effects)
  }

  take(step: SimplexStep<Counter>): this {
    this.simplex = step.simplex
    this.refusal = step.refusal?.code ?? null
    this.effects.push(...step.effects)
    return this
  }

  propose(proposal: Verified<Proposal>): this {
    return this.take(onProposal(this.simplex, this.context, proposal, this.nowMs))
  }

  vote(index: number, ballot: Ballot): this {
    return this.take(onVote(this.simplex, this.context, voteOf(index, ballot), this.nowMs))
  }

  certify(certificate: Certificate): this {
    return this.take(onCertificate(this.simplex, this.context, certificate, this.nowMs))
  }

  block(block: Block): this {
    return this.take(onBlock(this.simplex, this.context, block, this.nowMs))
  }

  tick(nowMs: number): this {
    this.nowMs = nowMs
    return this.take(onTick(this.simplex, this.context, nowMs))
  }

  /** What it signed, in order: `kind/view`, votes and proposals. */
  said(): readonly string[] {
    return this.effects.flatMap((effect) => {
      if (effect.kind !== 'publish') return []
      const message = this.#open(effect.envelope)
      return [`${message.kind}/${message.view}`]
    })
  }

  journal(): readonly ConsensusRecord[] {
    return this.effects.flatMap((effect) => (effect.kind === 'persist' ? effect.records : []))
  }

  #open(envelope: Uint8Array): Vote | Proposal {
    const text = [...this.#own].find(([, known]) => known.length === envelope.length)
    assert.equal(text, undefined)
    return openVote(envelope)
  }

  readonly #own = new Map<string, Uint8Array>()
}

function openVote(envelope: Uint8Array): Vote | Proposal {
  const outer = decodeAny(envelope) as { readonly payload: Uint8Array }
  return decodeAny(outer.payload) as Vote | Proposal
}
