/** English: the size of the desk's screen, and the parts of a wide one. */
export const enSize = {
    'size.now': 'The desk is {size} pixels large',
    'size.fit': 'Fit to my window',
    'size.fitNote': 'Everybody’s picture follows at once. “Fit to my window” goes on until somebody chooses another size.',
    'size.fitWaits': 'As long as parts of the desk are hidden it does not follow your window.',
    'size.masked': 'Parts of the desk are hidden. If you change its size now, all of it is hidden from others until you '
        + 'have looked and lift the curtain.',
    'size.sizes': 'Sizes',
    'size.one': '{size}',
    'size.tall': '{size}, tall as a phone',
    'size.wide': '{size}, wide as two screens',
    'privacy.resized': 'The desk has another size, and what was hidden may be elsewhere: only clinicians see the desk',
    'regions': 'Parts of this wide desk',
    'region.left': 'Left half',
    'region.right': 'Right half',
    'region.part': 'Part {number}',
};
