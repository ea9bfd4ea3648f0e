/** A stable, readable name for visitors who have not given one (CP3): always the same for the same contact. */

const COLOURS =
  'Amber Azure Birch Bronze Cobalt Copper Coral Crimson Emerald Flint Golden Hazel Indigo Ivory Jade Lilac Maple Mint Olive Opal Pearl Plum Rose Ruby Rust Sage Sand Silver Slate Teal Umber Violet'.split(
    ' ',
  )
const ANIMALS =
  'Badger Bear Beaver Bison Crane Deer Dolphin Dove Eagle Falcon Finch Fox Gecko Hare Hedgehog Heron Ibis Jay Koala Lark Lynx Marten Moose Otter Owl Panda Puffin Raven Robin Seal Swan Wren'.split(
    ' ',
  )

export function contactName(id: string): string {
  let hash = 2166136261
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 16777619)
  // The low bits of this hash depend on few characters; the upper ones are mixed better.
  const mixed = (hash ^ (hash >>> 15)) >>> 0
  return `${COLOURS[mixed % COLOURS.length]} ${ANIMALS[(mixed >>> 10) % ANIMALS.length]}`
}
