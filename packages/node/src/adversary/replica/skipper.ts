import {
  type Block,
  blockIdOf,
  type Certificate,
  type Cid,
  digestOf,
  encode,
  type Header,
  type Input,
  type Message,
  type Proposal,
  type Signer,
  seal,
} from '@commonweal/protocol'
import { type BehaviourTools, messageOf, withStep } from './faulty-process.ts'
import type { Process, ProcessEffect } from './process.ts'

/**
 * A leader that leaves out the latest notarized block P: instead of a child of P it proposes a sibling, P's content made anew in
 * its own view, so that P, which may be final somewhere, is gone. It votes for that, and never to finalize anything else.
 *
 * The certificates for it do not exist. It claims P's own ancestry as it is, or fills the gap with nullifications that nobody signed.
 */
export function createSkipper(process: Process, tools: BehaviourTools): Process {
  const { networkId, random, signer } = tools
  const blocks = new Map<Cid, Block>()
  const skipped = new Set<string>()
  const say = (message: Message): ProcessEffect => ({
    kind: 'publish',
    topic: 'consensus',
    envelope: seal(message, networkId, signer).envelope,
  })
  return withStep(process, (input) => {
    learn(blocks, input)
    return process.step(input).flatMap((effect): readonly ProcessEffect[] => {
      if (effect.kind === 'persist') {
        for (const record of effect.records) {
          if (record.kind === 'block') blocks.set(record.id, record.block)
        }
      }
      const message = messageOf(effect, tools)?.message
      if (message === undefined || message.author !== signer.agent) return [effect]
      if (message.kind === 'finalize') return []
      if (message.kind === 'notarize' && skipped.has(`${message.epoch}/${message.view}`)) return []
      if (message.kind !== 'proposal' || message.header.view < message.view) return [effect]
      const parent = blocks.get(message.header.parent)
      if (parent === undefined || parent.header.epoch !== message.epoch) return [effect]
      skipped.add(`${message.epoch}/${message.view}`)
      return skip(message, parent, { signer, isForged: random.chance(500_000) }).map(say)
    })
  })
}

function learn(blocks: Map<Cid, Block>, input: Input): void {
  if (input.kind !== 'message' || input.message.message.kind !== 'proposal') return
  const { header, body } = input.message.message
  if (body !== null) blocks.set(blockIdOf(header), { header, ...body })
}

/** A proposal that puts a sibling in the place of the block that it should build on, and votes for it. */
function skip(
  proposal: Proposal,
  left: Block,
  { signer, isForged }: { readonly signer: Signer; readonly isForged: boolean },
): readonly Message[] {
  const { epoch, view } = proposal
  const author = signer.agent
  const gap = isForged ? forgeNullifications(left.header, view) : []
  const ancestry = [...left.ancestry, ...gap]
  const header: Header = {
    ...left.header,
    view,
    proposer: author,
    ancestryDigest: digestOf(encode(ancestry)),
  }
  const block = blockIdOf(header)
  return [
    { ...proposal, header, body: { transactions: left.transactions, ancestry }, justification: [] },
    { kind: 'notarize', author, epoch, view, block },
    { kind: 'finalize', author, epoch, view, block },
  ]
}

/** Nullifications of the views from the one of the block that is left out up to this one, signed with zeros. */
function forgeNullifications({ epoch, view: first }: Header, view: number): readonly Certificate[] {
  return Array.from({ length: view - first }, (_, index) => ({
    kind: 'nullify',
    epoch,
    view: first + index,
    block: null,
    signers: [0, 1, 2],
    signatures: [0, 1, 2].map(() => new Uint8Array(64)),
  }))
}
