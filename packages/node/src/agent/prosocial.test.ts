import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  computeThreshold,
  isProsocialEnough,
  type Prosociality,
  parseProsociality,
  prosocialityOfAlpha,
  prosocialityOfLambda,
  prosocialityOfTheta,
  svoClassOf,
  weigh,
} from './prosocial.ts'

function at(lambda: number): Prosociality {
  const made = prosocialityOfLambda(lambda)
  assert.ok(made.ok)
  return made.value
}

const conversions = [
  [0, '0.0000', '0.00'],
  [0.5, '0.3333', '18.43'],
  [0.6, '0.3750', '20.56'],
  [2 / 3, '0.4000', '21.80'],
  [1, '0.5000', '26.57'],
  [2, '0.6667', '33.69'],
  [5, '0.8333', '39.81'],
  [Number.POSITIVE_INFINITY, '1.0000', '45.00'],
] as const
for (const [lambda, alpha, theta] of conversions) {
  test(`λ = ${lambda} is α = ${alpha} and θ = ${theta}°`, () => {
    const made = at(lambda)
    assert.deepEqual([made.alpha.toFixed(4), made.thetaDeg.toFixed(2)], [alpha, theta])
    for (const back of [prosocialityOfAlpha(made.alpha), prosocialityOfTheta(made.thetaDeg)]) {
      assert.ok(back.ok)
      assert.ok(Math.abs(back.value.alpha - made.alpha) < 1e-12)
    }
  })
}

const texts = [
  ['0.6', 0.6],
  ['lambda=1', 1],
  [' λ = 2 ', 2],
  ['alpha=.5', 1],
  ['α=0', 0],
  ['theta=26.57deg', 1],
  ['θ=45°', Number.POSITIVE_INFINITY],
  ['inf', Number.POSITIVE_INFINITY],
  ['alpha=1', Number.POSITIVE_INFINITY],
] as const
for (const [text, lambda] of texts) {
  test(`"${text}" is λ = ${lambda}`, () => {
    const parsed = parseProsociality(text)
    assert.ok(parsed.ok)
    const { value } = parsed
    assert.ok(value.lambda === lambda || Math.abs(value.lambda - lambda) < 1e-3, `${value.lambda}`)
  })
}

const refusals = [
  ['much', 'malformed-prosociality'],
  ['', 'malformed-prosociality'],
  ['-1', 'malformed-prosociality'],
  ['1deg', 'malformed-prosociality'],
  ['beta=1', 'malformed-prosociality'],
  ['alpha=1.1', 'prosociality-out-of-range'],
  ['theta=46', 'prosociality-out-of-range'],
] as const
for (const [text, code] of refusals) {
  test(`"${text}" is refused ${code}`, () => {
    const parsed = parseProsociality(text)
    assert.ok(!parsed.ok)
    assert.equal(parsed.error.code, code)
  })
}

test('a negative λ is out of range, and so is none at all', () => {
  assert.ok(!prosocialityOfLambda(-0.1).ok)
  assert.ok(!prosocialityOfLambda(Number.NaN).ok)
})

test('the classes of social value orientation begin at their angles', () => {
  const classes = [-13, -12.04, 22.44, 22.45, 57.14, 57.15].map(svoClassOf)
  assert.deepEqual(classes, [
    'competitive',
    'individualistic',
    'individualistic',
    'prosocial',
    'prosocial',
    'altruistic',
  ])
})

test('weighing orders outcomes as u + λW does, at λ = ∞ as W does', () => {
  for (const lambda of [0, 0.6, 3]) {
    const scaled = weigh(at(lambda), 7, 20) * (1 + lambda)
    assert.ok(Math.abs(scaled - (7 + lambda * 20)) < 1e-9)
  }
  assert.equal(weigh(at(Number.POSITIVE_INFINITY), 7, 20), 20)
})

const equal = [1, 1, 1, 1, 1]
const thresholds = [
  [2, 0.6],
  [1.5, 1.4],
  [2.5, 1 / 3],
] as const
for (const [rate, lambda] of thresholds) {
  test(`with n = 5 and r = ${rate}, λ* is ${lambda}, and an agent exactly there is prosocial enough`, () => {
    assert.ok(Math.abs(computeThreshold(rate, equal, 0) - lambda) < 1e-12)
    assert.ok(isProsocialEnough(at(lambda), rate, equal, 0))
    assert.ok(!isProsocialEnough(at(lambda - 0.001), rate, equal, 0))
  })
}

test('with unequal values λ* solves r(v/n + λv̄) = (1 + λ)v', () => {
  const values = [0.5, 1, 1.5]
  values.forEach((own, seat) => {
    const lambda = computeThreshold(2, values, seat)
    assert.ok(Math.abs(2 * (own / 3 + lambda) - (1 + lambda) * own) < 1e-12)
  })
})

test('whom a unit is worth more than all that grows from it, no weight restrains; who gets all of it needs none', () => {
  assert.equal(computeThreshold(2, [9, 1, 1, 1, 1], 0), Number.POSITIVE_INFINITY)
  assert.equal(computeThreshold(2, [1, 1], 0), 0)
  assert.equal(computeThreshold(2, [1], 0), 0)
})
