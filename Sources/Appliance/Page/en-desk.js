/** English: how the desk is arranged. */
export const enDesk = {
    'bar.desk': 'The desk',
    'desk.activities': 'Activities',
    'desk.size': 'The desk’s screen',
    'desk.layout': 'The desk’s keyboard',
    'desk.ears': 'What the desk hears',
};
