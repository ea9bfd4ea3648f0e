import { describe, expect, test } from 'vitest'
import { Memory } from '../../worker/memory.ts'

describe('a memory', () => {
  test.each([
    ['holds what there is room for', ['a', 'b', 'c'], ['a', 'b', 'c']],
    ['forgets what was set longest ago', ['a', 'b', 'c', 'd', 'e'], ['c', 'd', 'e']],
    ['takes what is set again for the newest', ['a', 'b', 'c', 'a', 'd'], ['c', 'a', 'd']],
    ['forgets nothing for what it holds already', ['a', 'b', 'c', 'c', 'c'], ['a', 'b', 'c']],
  ])('%s', (_, keys, held) => {
    const memory = new Memory<string, number>(3)
    for (const [at, key] of keys.entries()) memory.set(key, at)
    expect([...memory.keys()]).toEqual(held)
    expect(memory.get(held.at(-1) ?? '')).toBe(keys.length - 1)
  })

  test('has room again for what was deleted', () => {
    const memory = new Memory<string, null>(2).set('a', null).set('b', null)
    memory.delete('b')
    memory.set('c', null)
    expect([...memory.keys()]).toEqual(['a', 'c'])
  })

  test('stays as small as it is, whatever visitors make up', () => {
    const memory = new Memory<string, null>(100)
    for (let n = 0; n < 10_000; n += 1) memory.set(`made up ${n}`, null)
    expect(memory.size).toBe(100)
    expect(memory.has('made up 9900')).toBe(true)
  })
})
