import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keep, readKept } from '../../web/lib/kept.ts'

beforeEach(() => localStorage.clear())
afterEach(() => vi.restoreAllMocks())

describe('What a browser keeps', () => {
  it('is read again, until nothing is to be kept', () => {
    keep('foyer-theme', 'dark')
    expect(readKept('foyer-theme')).toBe('dark')

    keep('foyer-theme', null)
    expect(readKept('foyer-theme')).toBe(null)
  })

  it('is nothing where storage is denied, and nothing fails', () => {
    const denied = () => {
      throw new DOMException('Denied', 'SecurityError')
    }
    vi.spyOn(window, 'localStorage', 'get').mockImplementation(denied)

    expect(() => keep('foyer-theme', 'dark')).not.toThrow()
    expect(() => keep('foyer-theme', null)).not.toThrow()
    expect(readKept('foyer-theme')).toBe(null)
  })
})
