import assert from 'node:assert/strict'
import {
  createMemoryStore,
  createNodeSigner,
  createNodeVerify,
  KEEP_EPOCHS_MIN,
  openSqliteStore,
  type StorePort,
} from '@commonweal/node'
import { createLocalForecastGenesis } from '@commonweal/node/local'
import {
  type AgentId,
  answerSync,
  builtInSubnets,
  type Cid,
  entries,
  entryKey,
  headOf,
  type Ledger,
  networkIdOf,
  open,
  present,
  questions,
  type ReplicaContext,
  type Statement,
  type SyncFrame,
  secretKeyOf,
  TOKEN_MICRO,
} from '@commonweal/protocol'
import { type CrashPlan, crashAt } from './crashing-store.ts'
import { type Member, VirtualNetwork, type Wires } from './virtual-network.ts'

const SEED = 'snapshot'
/** Four validators: three of them go on while the fourth is away. */
const NODES = 4
const founded = createLocalForecastGenesis({
  nodes: Array.from({ length: NODES }, (_, index) => ({
    name: `node-${index}`,
    lockedMicro: 100n * TOKEN_MICRO,
    isOpener: index === 1,
  })),
  seed: SEED,
})
/** Stake stays bonded for longer than anybody is away here, but for one. */
export const UNBONDING_EPOCHS = 12
const genesis = { ...founded, epochs: { ...founded.epochs, unbondingEpochs: UNBONDING_EPOCHS } }
const networkId = networkIdOf(genesis)
const verify = createNodeVerify(64)
const contexts = Array.from({ length: NODES }, (_, index): ReplicaContext => {
  const signer = createNodeSigner(secretKeyOf(SEED, index))
  return { genesis, networkId, verify, subnets: builtInSubnets, signer, votes: true, seed: SEED }
})
const [absent, ...others] = contexts
export const context: ReplicaContext = present(absent, 'there are four')
export const agent: AgentId = context.signer.agent
/** The agents that stay. */
export const stayers: readonly AgentId[] = others.map(({ signer }) => signer.agent)
/** Longest wait in virtual time: an absent leader takes its time in every round of leaders. */
const PATIENCE_MS = 240_000
/** It is sealed before the absence, and opened after it. */
const WINDOW_HEIGHTS = 150

export const STATEMENT: Statement = {
  report: [7_000, 3_000],
  findings: [],
  parents: [],
  reasoning: 'said before it went away',
  hypotheses: [],
}

/** The three that stay, each of which keeps as little as it may, and the one that goes and comes. */
export class AbsenceScene {
  answer: (frame: SyncFrame, from: AgentId) => SyncFrame = (frame) => frame
  isLost: Wires['isLost'] = () => false
  readonly blamed: [AgentId, string][] = []
  readonly #votes = new Map<string, Cid | null>()
  readonly #stores = new Map<AgentId, StorePort>()
  readonly #network: VirtualNetwork

  constructor() {
    this.#network = new VirtualNetwork({
      isLost: (from, to) => this.isLost(from, to),
      onWire: (from, envelope) => {
        if (!this.isLost(from, from)) this.#checkVote(from, envelope)
      },
      onBlame: (liar, code) => this.blamed.push([liar, code]),
      answerSync: (request, store, from) =>
        [...answerSync(request, store)].map((frame) => this.answer(frame, from)),
    })
    for (const other of others) {
      const store = createMemoryStore({ epochs: KEEP_EPOCHS_MIN })
      this.#stores.set(other.signer.agent, store)
      this.#network.start(other, store, rethrow)
    }
  }

  start(store: StorePort, onFatal: (error: Error) => void = rethrow): Member {
    return this.#network.start(context, store, onFatal)
  }

  leave(): void {
    this.#network.stop(agent)
  }

  close(): void {
    for (const { agent: each } of this.#network.members()) this.#network.stop(each)
  }

  run(name: string, condition: () => boolean): Promise<void> {
    return this.#network.run(name, condition, PATIENCE_MS)
  }

  /** The others. */
  members(): readonly Member[] {
    return this.#network.members().filter((member) => member.agent !== agent)
  }

  storeOf(member: Member): StorePort {
    return present(this.#stores.get(member.agent), 'everybody has a store')
  }

  epoch(): number {
    return headOf(this.#ledger()).epoch
  }

  /** A question that takes statements for long. Result  its id. */
  async ask(): Promise<Cid> {
    const height = headOf(this.#ledger()).height
    const closeHeight = height + WINDOW_HEIGHTS
    void this.#first().loop.submit({
      kind: 'command',
      command: {
        kind: 'submit',
        tag: null,
        body: {
          kind: 'question',
          text: 'Will it come back?',
          topic: 'absence',
          outcomes: ['yes', 'no'],
          resolver: { kind: 'schelling' },
          referenceBps: [5_000, 5_000],
          weight: 1,
          openHeight: height + 5,
          snapshots: [{ closeHeight, weightBps: 10_000 }],
          resolveHeight: closeHeight + 1,
        },
      },
    })
    const isOpen = (): boolean =>
      [...questions.entries(this.#ledger())].some(([, { stage }]) => stage.at === 'open')
    await this.run('a question is open', isOpen)
    await this.run('everybody may answer it', () => headOf(this.#ledger()).height >= height + 6)
    const [[id] = []] = questions.entries(this.#ledger())
    return present(id, 'it is asked')
  }

  /** As the member has it, or one of the others. */
  hasSealed(question: Cid, { ledger }: Member = this.#first()): boolean {
    return entries.find(ledger(), entryKey(question, agent)) !== undefined
  }

  isOpened(store: StorePort, question: Cid): boolean {
    const kinds = ['statement-opened'] as const
    return store.events({ afterHeight: 0, kinds, countMax: 99 }).some(({ event }) => {
      const text = JSON.stringify(event)
      return text.includes(question) && text.includes(agent) && text.includes(STATEMENT.reasoning)
    })
  }

  /** Until none of the others keeps the block after this height. */
  pruneBeyond(height: number): Promise<void> {
    const isGone = (store: StorePort): boolean => (store.missing()[0]?.last ?? 0) > height
    return this.run('the others have pruned', () => [...this.#stores.values()].every(isGone))
  }

  lowestKept(): number {
    const [store] = this.#stores.values()
    return (store?.missing()[0]?.last ?? 0) + 1
  }

  /** Whether its finalize vote is in a certificate above this height. */
  hasFinalised(store: StorePort, height: number): boolean {
    const { validators } = headOf(this.#ledger())
    const signer = validators.findIndex((validator) => validator.agent === agent)
    const last = store.head()?.header.height ?? 0
    return Array.from(
      { length: Math.max(0, last - height) },
      (_, index) => height + 1 + index,
    ).some((at) => store.certificateAt(at)?.signers.includes(signer) === true)
  }

  /** One life of the node that was away, from this folder, to its crash. */
  async liveAndDie(from: string, plan: CrashPlan): Promise<Error | undefined> {
    const disk = openStore(from)
    let fault: Error | undefined
    this.start(
      crashAt(disk, plan, () => {}),
      (error) => {
        fault = error
      },
    )
    await this.run(`it dies ${plan.when} write ${plan.commit}`, () => fault !== undefined)
    disk.close()
    return fault
  }

  /** Nobody signs two things in one place. */
  #checkVote(from: AgentId, envelope: Uint8Array): void {
    const opened = open(envelope, { networkId, verify })
    assert.ok(opened.ok)
    const { message } = opened.value
    if (message.author !== from) return
    if (message.kind !== 'notarize' && message.kind !== 'finalize' && message.kind !== 'nullify') {
      return
    }
    const at = `${from}/${message.epoch}/${message.view}`
    const block = message.kind === 'nullify' ? null : message.block
    const known = this.#votes.get(`${message.kind}/${at}`)
    assert.ok(known === undefined || known === block, `two of ${message.kind} in ${at}`)
    this.#votes.set(`${message.kind}/${at}`, block)
    const isBoth = this.#votes.has(`nullify/${at}`) && this.#votes.has(`finalize/${at}`)
    assert.ok(!isBoth, `nullify and finalize in ${at}`)
  }

  #first(): Member {
    return present(this.members()[0], 'three stay')
  }

  #ledger(): Ledger {
    return this.#first().ledger()
  }
}

export function openStore(folder: string): StorePort {
  return openSqliteStore({ folder, networkId, agent })
}

function rethrow(error: Error): never {
  throw error
}
