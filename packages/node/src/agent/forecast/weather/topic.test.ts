import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatTopic, parseTopic, WEATHER_KINDS } from './topic.ts'

describe('the topic of a weather question', () => {
  it('is read as it is written', () => {
    for (const kind of WEATHER_KINDS) {
      const topic = { date: '2012-02-29', kind }
      assert.deepEqual(parseTopic(formatTopic(topic)), topic)
    }
    assert.equal(formatTopic({ date: '2014-03-02', kind: 'rain' }), 'seattle/2014-03-02/rain')
  })

  it('is of nothing else', () => {
    for (const text of [
      'seattle/2013-02-29/rain',
      'seattle/2014-3-2/rain',
      'seattle/2014-03-02/wind',
      'seattle/2014-03-02',
      'seattle/2014-03-02/rain/',
      'tacoma/2014-03-02/rain',
      'seattle/constructor/rain',
    ]) {
      assert.equal(parseTopic(text), null, text)
    }
  })
})
