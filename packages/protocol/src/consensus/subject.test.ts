import assert from 'node:assert/strict'
import type { Cid } from '../codec/cid.ts'
import { present } from '../invariant.ts'
import type { Block, Certificate, Proposal, ValidatorSet, Vote } from '../message/consensus.ts'
import { open, seal, type Verified } from '../message/envelope.ts'
import { ancestryDigestOf, blockIdOf, transactionsDigestOf } from './block.ts'
import { type Ballot, createCertificate, createVote } from './certificate.ts'
import type { ConsensusEffect, ConsensusRecord } from './effect.ts'
import { createSchedule, leaderOf, type Schedule } from './leader.ts'
import { restore } from './restore.ts'
import {
  createSimplex,
  onBlock,
  onCertificate,
  onProposal,
  onTick,
  onVote,
  type SimplexStep,
} from './simplex.ts'
import type { ConsensusContext, EpochStart, Simplex } from './state.ts'
import {
  agentAt,
  type Counter,
  createCounter,
  digestOfCount,
  NETWORK,
  PARAMETERS,
  SEED,
  setOf,
  toySigner,
  toyVerify,
} from './toy-world.test.ts'
import { checkValidatorSet, type Electorate } from './validators.ts'

export const SET: ValidatorSet = setOf([0, 1, 2, 3])
export const ELECTORATE: Electorate = (() => {
  const checked = checkValidatorSet(SET)
  assert.ok(checked.ok)
  return checked.value
})()
export const SCHEDULE: Schedule = createSchedule(ELECTORATE, SEED)
/** The one that is tested leads none of the first views. */
export const SELF: number = present(
  [0, 1, 2, 3].find((index) =>
    [0, 1, 2].every((view) => leaderOf(SCHEDULE, view) !== agentAt(index)),
  ),
  'three views have three leaders',
)
export const OTHERS: readonly number[] = [0, 1, 2, 3].filter((index) => index !== SELF)
export const ROOT: EpochStart<Counter>['root'] = {
  id: NETWORK,
  height: 0,
  state: { count: 0 },
  seenAtMs: -1_000,
  certificate: null,
}
export const START: EpochStart<Counter> = { epoch: 1, set: SET, seed: SEED, root: ROOT }

/** One validator, told things by hand. */
export class Subject {
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

  kindOf(envelope: Uint8Array): string {
    const opened = open(envelope, this.context)
    assert.ok(opened.ok)
    return opened.value.message.kind
  }

  /** What it signed, in order: `kind/view`, votes and proposals. */
  said(): readonly string[] {
    return this.effects.flatMap((effect) => {
      if (effect.kind !== 'publish') return []
      const opened = open(effect.envelope, this.context)
      assert.ok(opened.ok)
      const { message } = opened.value
      return 'view' in message ? [`${message.kind}/${message.view}`] : []
    })
  }

  journal(): readonly ConsensusRecord[] {
    return this.effects.flatMap((effect) => (effect.kind === 'persist' ? effect.records : []))
  }
}

export function voteOf(index: number, ballot: Ballot): Verified<Vote> {
  return seal(createVote(ballot, agentAt(index)), NETWORK, toySigner(agentAt(index)))
}

export function certificateOf(ballot: Ballot, indices: readonly number[] = OTHERS): Certificate {
  const signatures = new Map(
    indices.map((index) => [agentAt(index), voteOf(index, ballot).signature] as const),
  )
  return createCertificate(ballot, signatures, ELECTORATE)
}

export const nullify = (view: number): Ballot => ({ kind: 'nullify', epoch: 1, view, block: null })
export const notarize = (view: number, block: Cid): Ballot => ({
  kind: 'notarize',
  epoch: 1,
  view,
  block,
})
export const finalize = (view: number, block: Cid): Ballot => ({
  kind: 'finalize',
  epoch: 1,
  view,
  block,
})

export interface BlockOptions {
  readonly parent?: { readonly id: Cid; readonly height: number }
  readonly ancestry?: readonly Certificate[]
  readonly fill?: number
  readonly isEnd?: boolean
  readonly stateCount?: number
}

/** A block of the view's leader, on the root unless said otherwise. */
export function blockOf(view: number, options: BlockOptions = {}): Block & { readonly id: Cid } {
  const parent = options.parent ?? { id: NETWORK, height: 0 }
  const ancestry =
    options.ancestry ?? Array.from({ length: view }, (_, gap) => certificateOf(nullify(gap)))
  const transactions = [new Uint8Array(4).fill(options.fill ?? 0)]
  const height = parent.height + 1
  const header = {
    epoch: 1,
    height,
    view,
    parent: parent.id,
    proposer: leaderOf(SCHEDULE, view),
    transactionsDigest: transactionsDigestOf(transactions),
    stateDigest: digestOfCount(options.stateCount ?? height),
    ancestryDigest: ancestryDigestOf(ancestry),
    nextSet: options.isEnd === true ? SET : null,
  }
  return { header, transactions, ancestry, id: blockIdOf(header) }
}

export function proposalOf(
  { header, transactions, ancestry }: Block,
  again: { readonly view: number; readonly justification: readonly Certificate[] } | null = null,
  isWhole = true,
): Verified<Proposal> {
  const view = again?.view ?? header.view
  const author = leaderOf(SCHEDULE, view)
  const proposal: Proposal = {
    kind: 'proposal',
    author,
    epoch: 1,
    view,
    header,
    body: isWhole ? { transactions, ancestry } : null,
    justification: again?.justification ?? [],
  }
  return seal(proposal, NETWORK, toySigner(author))
}

const heightOf = ({ header }: Block): number => header.height
export const parentOf = (
  block: Block & { readonly id: Cid },
): NonNullable<BlockOptions['parent']> => ({
  id: block.id,
  height: heightOf(block),
})
