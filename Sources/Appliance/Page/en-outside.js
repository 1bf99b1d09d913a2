/** English: who is here by another program than the room's page. */
export const enOutside = {
    'outside.watching': {
        one: '{count} outside viewer watches the desk.',
        other: '{count} outside viewers watch the desk.',
    },
    'outside.viewer': 'watches from outside',
    'outside.publisher': 'sends from outside',
    'outside.end': 'End',
    'outside.endViewer': 'End what {name} watches',
    'outside.endPublisher': 'End what {name} sends',
    'right.watchOutside': 'Watch the desk by another program',
    'right.publishOutside': 'Send by another program',
};
