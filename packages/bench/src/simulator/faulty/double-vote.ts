import { cidOf, encode, present, seal } from '@commonweal/protocol'
import type { Process, ProcessEffect } from '../process.ts'
import { type BehaviourTools, messageOf, withStep } from './wrap.ts'

/** Votes twice in each view: beside each `notarize` of its own, one for a block that nobody has seen. */
export function createDoubleVote(process: Process, tools: BehaviourTools): Process {
  const { network, options } = tools
  const signer = present(network.signers[options.agent], 'a process has a key')
  return withStep(process, (input) =>
    process.step(input).flatMap((effect): readonly ProcessEffect[] => {
      const vote = effect.kind === 'publish' ? messageOf(effect, tools)?.message : undefined
      if (vote?.kind !== 'notarize' || vote.author !== signer.agent) return [effect]
      const block = cidOf(encode(['no block', vote.block]))
      const { envelope } = seal({ ...vote, block }, network.networkId, signer)
      return [effect, { kind: 'publish', topic: 'consensus', envelope }]
    }),
  )
}
