/** English: how large the desk is shown. */
export const enHands = {
    'bar.zoom': 'Size of the desk',

    'zoom.isWhole': 'Whole desk',
    'zoom.share': 'Desk at {share}',
    'zoom.title': 'Size of the desk: {share}',
    'zoom.larger': 'Larger',
    'zoom.smaller': 'Smaller',
    'zoom.whole': 'Whole desk',
    'zoom.ways': 'See more of the desk',
    'zoom.left': 'See what is on the left',
    'zoom.right': 'See what is on the right',
    'zoom.up': 'See what is above',
    'zoom.down': 'See what is below',

    'help.wheel': 'wheel',
    'help.zoom': 'The desk larger or smaller. Near its edge the pointer moves it',
    'help.pinch': 'Two fingers that spread make the desk larger, and move it. Whoever only watches moves it with one.',
};
