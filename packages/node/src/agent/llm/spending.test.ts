import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { ModelFailure } from './model-failure.ts'
import { scripted, someRequest } from './scripted-chat.ts'
import { type Budget, computeCost, type Price, Spending, withinBudget } from './spending.ts'

const PRICE: Price = { promptMicroUsd: 150_000n, completionMicroUsd: 600_000n }
const NO_LIMIT = { tokensMax: null, costMicroUsdMax: null }
const call = { signal: new AbortController().signal, epoch: 1 }

function budget(parts: Partial<Budget>): Budget {
  return { run: NO_LIMIT, epoch: NO_LIMIT, price: PRICE, ...parts }
}

describe('what may be spent', () => {
  it('is counted in millionths of a dollar, rounded up', () => {
    assert.equal(computeCost(PRICE, 1_000_000, 0), 150_000n)
    assert.equal(computeCost(PRICE, 1, 0), 1n)
    assert.equal(computeCost(PRICE, 1_000, 100), 150n + 60n)
  })

  it('is never more than the limit of a run, whatever calls come to', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 120 }), { maxLength: 30 }),
        fc.nat({ max: 2_000 }),
        async (lengths, tokensMax) => {
          const spending = new Spending(budget({ run: { tokensMax, costMicroUsdMax: null } }))
          const chat = scripted((_, index) => ({
            completionTokens: lengths[index] ?? 0,
            promptTokens: 9,
          }))
          const model = withinBudget(chat, spending, PRICE)
          for (const _ of lengths)
            await model.complete(someRequest(120), call).catch(() => undefined)
          assert.ok(spending.spent.tokens <= tokensMax)
        },
      ),
    )
  })

  it('refuses a call that could go beyond, at the limit and one past it', async () => {
    const request = someRequest(100)
    const probe = new Spending(budget({}))
    await withinBudget(
      scripted(() => hang()),
      probe,
      PRICE,
    )
      .complete(request, call)
      .catch(() => undefined)
    const { tokens, costMicroUsd } = probe.spent
    const ask = (limits: Partial<Budget>): Promise<unknown> =>
      withinBudget(
        scripted(() => ({})),
        new Spending(budget(limits)),
        PRICE,
      ).complete(request, call)
    await ask({ run: { tokensMax: tokens, costMicroUsdMax: costMicroUsd } })
    const over = { code: 'over-budget' }
    await assert.rejects(ask({ run: { tokensMax: tokens - 1, costMicroUsdMax: null } }), over)
    await assert.rejects(
      ask({ run: { tokensMax: null, costMicroUsdMax: costMicroUsd - 1n } }),
      over,
    )
    await assert.rejects(ask({ epoch: { tokensMax: tokens - 1, costMicroUsdMax: null } }), over)
  })

  it('is given anew in each epoch', async () => {
    const request = someRequest(100)
    const spending = new Spending(budget({ epoch: { tokensMax: 200, costMicroUsdMax: null } }))
    const model = withinBudget(
      scripted(() => ({ promptTokens: 100, completionTokens: 50 })),
      spending,
      PRICE,
    )
    await model.complete(request, call)
    await assert.rejects(model.complete(request, call), { code: 'over-budget' })
    await model.complete(request, { ...call, epoch: 2 })
  })

  it('takes a call of which nobody knows what became for the dearest, and a refused one for nothing', async () => {
    const spentAfter = async (code: 'timed-out' | 'rate-limited'): Promise<number> => {
      const spending = new Spending(budget({}))
      const chat = scripted(() => {
        throw new ModelFailure(code, code)
      })
      await assert.rejects(withinBudget(chat, spending, PRICE).complete(someRequest(100), call))
      return spending.spent.tokens
    }
    assert.equal(await spentAfter('rate-limited'), 0)
    assert.ok((await spentAfter('timed-out')) > 100)
  })
})

function hang(): never {
  throw new ModelFailure('timed-out', 'no answer')
}
