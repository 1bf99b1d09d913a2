// The words that differ between connections, and between states of the desk.

export const SUBSCRIBE = {
    key: 'subscribe',
    line: 'Connecting picture and sound…',
    slow: 'Still connecting picture and sound',
    noPath: 'Picture and sound cannot get through',
    insecure: 'The connection for picture and sound could not be secured',
    lost: 'Picture and sound are interrupted',
};

export const PUBLISH = {
    key: 'publish',
    line: 'Connecting control…',
    slow: 'Still connecting control',
    noPath: 'Control cannot get through',
    insecure: 'The connection for control could not be secured',
    lost: 'Control is interrupted',
};

export const DESK = {
    starting: {
        tone: 'wait',
        line: 'Desk is starting…',
        title: 'The desk is starting',
        text: 'The picture appears by itself.',
    },
    restarting: {
        tone: 'wait',
        line: 'Desk is restarting…',
        title: 'The desk is starting again',
        text: 'The picture comes back by itself. Nobody has left the room.',
    },
    waitingForScreen: {
        tone: 'wait',
        line: 'Waiting for the screen…',
        title: 'The desk has no screen at the moment',
        text: 'The picture comes back as soon as there is one.',
    },
    waitingForSound: {
        tone: 'wait',
        line: 'Connected, no sound',
        title: 'The desk has no sound at the moment',
        text: 'Picture and control work. The sound comes back by itself.',
    },
    failed: {
        tone: 'problem',
        line: 'Desk has failed',
        title: 'The desk does not work',
        text: 'Whoever runs the room has to look after it.',
    },
};
