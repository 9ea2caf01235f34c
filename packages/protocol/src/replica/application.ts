import type { ChainContext } from '../chain/context.ts'
import { buildBlock, type ChainState, executeBlock } from '../chain/execute-block.ts'
import { headOf } from '../chain/head.ts'
import { encode } from '../codec/cbor.ts'
import { digestOf } from '../codec/digest.ts'
import type { Application } from '../consensus/application.ts'
import { invariant } from '../invariant.ts'
import type { Header } from '../message/consensus.ts'
import { ok, reject } from '../result.ts'
import { candidatesOf, type Pool } from './mempool.ts'

/** The ledger as consensus sees it. A leader fills its block from this pool. [CON-2] */
export function createApplication(context: ChainContext, pool: Pool): Application<ChainState> {
  return {
    prepare(parent, slot) {
      const head = headOf(parent.ledger)
      invariant(
        head.height + 1 === slot.height && head.epoch === slot.epoch,
        'a block is prepared on the state of its parent',
      )
      const { ledger } = parent
      const { transactions, post } = buildBlock(context, ledger, candidatesOf(pool, ledger))
      return { transactions, post, stateDigest: post.ledger.digest(), nextSet: post.nextSet }
    },
    process(parent, header, transactions) {
      const head = headOf(parent.ledger)
      if (header.height !== head.height + 1) return reject('wrong-height', { given: header.height })
      if (header.epoch !== head.epoch) return reject('wrong-epoch', { given: header.epoch })
      const executed = executeBlock(context, parent.ledger, transactions)
      if (!executed.ok) return executed
      const post = executed.value
      if (!isSameSet(header.nextSet, post.nextSet)) return reject('wrong-next-set')
      const digest = post.ledger.digest()
      if (header.stateDigest !== digest) {
        return reject('wrong-state-digest', { given: header.stateDigest, computed: digest })
      }
      return ok(post)
    },
    epochSeed: (post) => headOf(post.ledger).leaderSeed,
  }
}

function isSameSet(given: Header['nextSet'], computed: Header['nextSet']): boolean {
  if (given === null || computed === null) return given === computed
  return digestOf(encode(given)) === digestOf(encode(computed))
}
