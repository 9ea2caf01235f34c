import { createPublicKey, type KeyObject, verify as verifyBare } from 'node:crypto'
import { createLocalGenesis, createLocalSigners, createNodeVerify } from '@commonweal/node'
import {
  builtInSubnets,
  createReplica,
  encode,
  networkIdOf,
  open,
  present,
  publicKeyOf,
  type Replica,
  type ReplicaContext,
  seal,
  signingBytes,
  step,
  type Transaction,
} from '@commonweal/protocol'
import { medianOf } from './median.ts'

const AUTHORS = 5
/** As many as wait in a pool for one account. */
const MESSAGES_PER_AUTHOR = 64
const PAIRS = 21
/** Pairs before those that count, in which the engine compiles what is hot. */
const WARM_UPS = 10

export interface VerificationFigure {
  readonly messages: number
  /** Per second, each alone: the signature check of node:crypto, and all that a node does with a message. */
  readonly barePerSecond: number
  readonly nodePerSecond: number
  /** Of nodePerSecond to barePerSecond, the median over pairs measured in turn. */
  readonly ratio: number
}

/**
 * What taking in a signed message costs beside its signature: decode, shape, signature, `step`; against the bare
 * signature check of the same bytes, in turn, in one run.
 */
export function measureVerification(): VerificationFigure {
  const genesis = createLocalGenesis({ nodes: AUTHORS, seed: 'bench' })
  const networkId = networkIdOf(genesis)
  const signers = createLocalSigners('bench', AUTHORS)
  const verify = createNodeVerify(1024)
  const context: ReplicaContext = {
    genesis,
    networkId,
    verify,
    subnets: builtInSubnets,
    signer: present(signers[0], 'there is a signer'),
    votes: false,
    seed: 'bench',
  }
  const messages = signers.flatMap((signer) =>
    Array.from({ length: MESSAGES_PER_AUTHOR }, (_, nonce): Transaction => {
      const to = present(signers[0], 'there is a signer').agent
      const head = { author: signer.agent, nonce, feeMicro: 10_000n }
      return { kind: 'transfer', to, amountMicro: 1n, ...head }
    }).map((transaction) => seal(transaction, networkId, signer)),
  )
  const bare = messages.map(({ message, signature }) => {
    return {
      key: keyObjectOf(publicKeyOf(message.author)),
      signed: signingBytes(message.kind, networkId, encode(message)),
      signature,
    }
  })
  const start = createReplica(context, 0).state
  const envelopes = messages.map(({ envelope }) => envelope)

  const pairs = Array.from({ length: WARM_UPS + PAIRS }, () => {
    const bareMs = timeMs(() => {
      for (const { key, signed, signature } of bare) verifyBare(null, signed, key, signature)
    })
    const nodeMs = timeMs(() => takeIn(context, start, envelopes))
    return { bareMs, nodeMs }
  }).slice(WARM_UPS)
  const perSecond = (ms: number): number => (messages.length * 1000) / ms
  return {
    messages: messages.length,
    barePerSecond: perSecond(medianOf(pairs.map(({ bareMs }) => bareMs))),
    nodePerSecond: perSecond(medianOf(pairs.map(({ nodeMs }) => nodeMs))),
    ratio: medianOf(pairs.map(({ bareMs, nodeMs }) => bareMs / nodeMs)),
  }
}

function takeIn(context: ReplicaContext, start: Replica, envelopes: readonly Uint8Array[]): void {
  let replica = start
  for (const envelope of envelopes) {
    const opened = open(envelope, context)
    if (!opened.ok) throw new Error(`a message of ours was refused: ${opened.error.code}`)
    const input = { kind: 'message', message: opened.value, from: null, nowMs: 0 } as const
    const { state, effects } = step(context, replica, input)
    if (effects[0]?.kind !== 'verdict' || effects[0].verdict !== 'accept') {
      throw new Error('a message of ours was not taken')
    }
    replica = state
  }
}

/** RFC 8410: the fixed prefix of an Ed25519 public key in DER. */
function keyObjectOf(publicKey: Uint8Array): KeyObject {
  const prefix = Buffer.from('302a300506032b6570032100', 'hex')
  return createPublicKey({ key: Buffer.concat([prefix, publicKey]), format: 'der', type: 'spki' })
}

function timeMs(act: () => void): number {
  const startMs = performance.now()
  act()
  return performance.now() - startMs
}
