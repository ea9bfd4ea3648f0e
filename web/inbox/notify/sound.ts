/** Two short, soft tones. Browsers allow it once the page has been clicked or typed into; until then it is silent. */

const TONES = [
  { hertz: 660, at: 0 },
  { hertz: 880, at: 0.11 },
] as const
const LENGTH_S = 0.22
const LOUDNESS = 0.06

let context: AudioContext | null = null

export function ring(): void {
  context ??= new AudioContext()
  const now = context.currentTime
  for (const { hertz, at } of TONES) {
    const tone = context.createOscillator()
    const volume = context.createGain()
    tone.frequency.value = hertz
    volume.gain.setValueAtTime(0, now + at)
    volume.gain.linearRampToValueAtTime(LOUDNESS, now + at + 0.015)
    volume.gain.exponentialRampToValueAtTime(0.0001, now + at + LENGTH_S)
    tone.connect(volume).connect(context.destination)
    tone.start(now + at)
    tone.stop(now + at + LENGTH_S)
  }
}
