import { type Message, seal, TOKEN_MICRO, type Transaction } from '@commonweal/protocol'
import type { WireKind } from '../kinds.ts'
import { type BehaviourTools, messageOf, othersOf, withStep } from '../replica/faulty-process.ts'
import { actOnceAnEpoch } from '../replica/once-an-epoch.ts'
import type { Process, ProcessEffect } from '../replica/process.ts'
import { sealElsewhere } from './foreign.ts'
import { changeSignature, forgeNullification } from './forgery.ts'
import { FRAME_BYTES_ABOVE, GOSSIP_BYTES_ABOVE, sealTalk, TALK_BYTES_ABOVE } from './oversize.ts'
import { TWINS } from './twins.ts'

type Topic = Extract<ProcessEffect, { readonly kind: 'publish' }>['topic']

const FEE_MICRO = 20_000n
/** Messages of another network that are brought into this one in an epoch. */
const FOREIGN_COUNT = 8

/** A process that sends bytes which no honest one sends, and else keeps the rules. */
export function createWireAttacker(
  kind: WireKind,
  process: Process,
  tools: BehaviourTools,
): Process {
  switch (kind) {
    case 'forge':
      return actOnceAnEpoch(process, (place) => forge(place, tools))
    case 'replay-foreign':
      return actOnceAnEpoch(process, ({ epoch }) => replayForeign(epoch, tools))
    case 'non-canonical':
      return addTwins(process, tools)
    case 'oversize':
      return actOnceAnEpoch(process, ({ epoch }) => exceed(epoch, tools))
    case 'lying-sync':
    case 'stale-sync':
    case 'eclipse':
      return process
  }
}

/** What others would have to sign, signed by itself; its own words with another signature; a certificate of its own making. */
function forge(
  place: { readonly epoch: number; readonly view: number },
  tools: BehaviourTools,
): readonly ProcessEffect[] {
  const { agents, networkId, signer } = tools
  const inNameOf = (message: Message): Uint8Array => seal(message, networkId, signer).envelope
  const certificate = forgeNullification(place, agents.length)
  return [
    ...othersOf(tools).flatMap((author) => [
      ...tell('transactions', inNameOf(transferOf(author, signer.agent, place.epoch))),
      ...tell('consensus', inNameOf({ kind: 'nullify', author, ...place })),
    ]),
    ...tell('transactions', changeSignature(inNameOf(ownTransfer(tools, place.epoch)))),
    { kind: 'send', to: null, frame: { kind: 'certificate', certificate } },
  ]
}

function replayForeign(epoch: number, tools: BehaviourTools): readonly ProcessEffect[] {
  return Array.from({ length: FOREIGN_COUNT }, (_, index) =>
    tell(
      'transactions',
      sealElsewhere(ownTransfer(tools, epoch * FOREIGN_COUNT + index), tools.signer),
    ),
  ).flat()
}

function exceed(epoch: number, { networkId, signer }: BehaviourTools): readonly ProcessEffect[] {
  const talk = sealTalk(networkId, signer, TALK_BYTES_ABOVE, epoch)
  const frame = { kind: 'envelope', envelope: new Uint8Array(FRAME_BYTES_ABOVE) } as const
  return [
    ...tell('negotiation', talk),
    { kind: 'publish', topic: 'transactions', envelope: new Uint8Array(GOSSIP_BYTES_ABOVE) },
    { kind: 'send', to: null, frame },
  ]
}

/** Beside the first transaction of its own in each epoch, each twin of it. */
function addTwins(process: Process, tools: BehaviourTools): Process {
  let twinnedIn = 0
  return withStep(process, (input) =>
    process.step(input).flatMap((effect) => {
      if (effect.kind !== 'publish' || effect.topic !== 'transactions') return [effect]
      const message = messageOf(effect, tools)
      const { epoch } = process.inspect()
      if (message?.message.author !== tools.signer.agent || epoch <= twinnedIn) return [effect]
      twinnedIn = epoch
      return [effect, ...TWINS.flatMap((twin) => tell(effect.topic, twin.of(message, tools)))]
    }),
  )
}

/** By gossip, and directly to all who vote: gossip soon stops to listen. */
function tell(topic: Topic, envelope: Uint8Array): readonly ProcessEffect[] {
  return [
    { kind: 'publish', topic, envelope },
    { kind: 'send', to: null, frame: { kind: 'envelope', envelope } },
  ]
}

function ownTransfer({ signer }: BehaviourTools, nonce: number): Transaction {
  return transferOf(signer.agent, signer.agent, nonce)
}

function transferOf(
  author: Transaction['author'],
  to: Transaction['author'],
  nonce: number,
): Transaction {
  return { kind: 'transfer', author, to, amountMicro: TOKEN_MICRO, nonce, feeMicro: FEE_MICRO }
}
