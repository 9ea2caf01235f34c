import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { networkIdOf, secretKeyOf } from '@commonweal/protocol'
import { createLocalGenesis } from '../../local/genesis.ts'
import { drawAction, knownDraws, secretDraws } from './draw.ts'

const bytesOf = (...bytes: number[]): Uint8Array => Uint8Array.of(...bytes, 0, 0, 0, 0, 0, 0)

describe('an action drawn from a mixed strategy', () => {
  it('is the first at which the running sum exceeds the part, on both sides of each border', () => {
    const strategy = [0.25, 0, 0.5, 0.25]
    const cases = [
      [bytesOf(0), 0],
      [bytesOf(63, 255, 255, 255, 255, 255), 0],
      [bytesOf(64), 2],
      [bytesOf(191, 255, 255, 255, 255, 255), 2],
      [bytesOf(192), 3],
      [bytesOf(255, 255, 255, 255, 255, 255), 3],
    ] as const
    for (const [bytes, action] of cases) assert.equal(drawAction(strategy, bytes), action)
  })

  it('comes as often as the strategy says', () => {
    const derive = knownDraws('test')
    const count = 4_000
    const drawn = Array.from({ length: count }, (_, round) =>
      drawAction([0.2, 0.3, 0.5], derive(`draw/game/${round}`)),
    )
    for (const [action, chance] of [0.2, 0.3, 0.5].entries()) {
      const part = drawn.filter((one) => one === action).length / count
      assert.ok(Math.abs(part - chance) < 4 * Math.sqrt((chance * (1 - chance)) / count))
    }
  })

  it('is another for another key, network or round', () => {
    const [a, b] = ['one', 'two'].map((seed) => networkIdOf(createLocalGenesis({ nodes: 4, seed })))
    assert.ok(a !== undefined && b !== undefined)
    const secrets = [
      secretDraws(secretKeyOf(1, 0), a)('draw/game/1'),
      secretDraws(secretKeyOf(1, 0), a)('draw/game/2'),
      secretDraws(secretKeyOf(1, 0), b)('draw/game/1'),
      secretDraws(secretKeyOf(1, 1), a)('draw/game/1'),
    ]
    assert.equal(new Set(secrets.map(String)).size, secrets.length)
  })
})
