import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { WEATHER_CHAIN } from '@commonweal/node/agent'
import { measureSellers, type SellerPay } from './adversary-market.ts'
import { playWeatherChain } from './weather-chain.ts'
import { SEATTLE_WEATHER } from './weather-network.ts'

describe('an adversary in the place of an honest seller, beside two good ones', () => {
  const measured = measureSellers({ seed: 'sellers', worldCount: 20, questionCount: 400 })
  const of = (name: string): SellerPay => {
    const found = measured.find(({ seller }) => seller === name)
    assert.ok(found !== undefined)
    return found
  }

  for (const name of ['noise-seller', 'liar', 'pair']) {
    it(`as ${name} gets next to nothing, and less than an honest seller`, () => {
      const { share, gain } = of(name)
      assert.ok(share.mean < 0.02, `${share.mean}`)
      assert.ok(gain.hi < 0, `${gain.hi}`)
    })
  }

  it('as a copier of one of them gets less than who knows something of its own', () => {
    assert.ok(of('copier').gain.hi < 0)
  })

  it('as who adds up what both say gets less, too', () => {
    assert.ok(of('extremiser').gain.hi < 0)
  })

  it('is not who adds what it knows to what they say: that is paid for what is new', () => {
    const { share } = of('aggregator')
    assert.ok(share.lo > of('extremiser').share.mean, `${share.lo}`)
  })

  it('costs the buyer little, whatever it sells', () => {
    for (const { seller, harm } of measured) assert.ok(harm.hi < 0.05, `${seller}: ${harm.hi}`)
  })

  it('is measured alike from the same seed', () => {
    const options = { seed: 'again', worldCount: 2, questionCount: 50 }
    assert.deepEqual(measureSellers(options), measureSellers(options))
  })
})

describe('a supply chain of weather', () => {
  it('takes adversaries for suppliers', () => {
    const [forecaster] = WEATHER_CHAIN.slice(-1)
    assert.ok(forecaster !== undefined)
    const signals = forecaster.suppliers
    const adversaries = ['noise-seller:1', 'noise-seller:2', 'copier', 'liar', 'extremiser']
    const rows = playWeatherChain({
      seriesPath: SEATTLE_WEATHER,
      first: '2012-07-01',
      last: '2012-07-03',
      chain: [
        ...WEATHER_CHAIN.slice(0, -1),
        ...adversaries.map((role) => ({ role, suppliers: signals })),
        { ...forecaster, suppliers: [...signals, ...adversaries] },
      ],
    })
    assert.equal(rows.length, 6)
    for (const { statements } of rows) {
      const pooled = statements.find(({ role }) => role === 'forecaster')
      assert.equal(pooled?.signal.statement.parents.length, signals.length + adversaries.length)
      const reportOf = (name: string) =>
        statements.find(({ role }) => role === name)?.signal.statement.report
      assert.notDeepEqual(reportOf('noise-seller:1'), reportOf('noise-seller:2'))
      assert.deepEqual(reportOf('copier'), reportOf('signal:climatology'))
    }
  })
})
