// What is going on, in words for people. Pure: facts in, words out.

import { networkWords } from './network-words.js';
import { DESK, PUBLISH, SUBSCRIBE } from './words.js';

/**
 * The one thing to tell, the most fundamental first. `tone`: `good`, `wait` (it is being worked on),
 * `problem`. `line` is for the bar; `banner` is `null` while there is nothing to worry about; its `action` is
 * `again`, `sound` or `here`. `isStale`: the picture is not of now.
 * @returns {{key: string, tone: string, line: string, isStale: boolean,
 *     banner: null | {title: string, text: string, action?: string}}}
 */
export function describe(facts) {
    const isStale = facts.subscribe.state !== 'connected' || STALE.has(facts.desk?.state)
        || Boolean(facts.limits?.desk);
    return { ...found(facts), isStale };
}

function found(facts) {
    return (
        aboutBrowser(facts) ??
        aboutSignalling(facts) ??
        aboutPath(facts.subscribe, SUBSCRIBE, facts) ??
        aboutPath(facts.publish, PUBLISH, facts) ??
        aboutDesk(facts) ??
        aboutFrames(facts) ??
        aboutChannels(facts) ??
        aboutSound(facts) ??
        aboutNetwork(facts) ?? { key: 'connected', tone: 'good', line: 'Connected', banner: null }
    );
}

function aboutBrowser({ isSupported }) {
    if (isSupported) return null;
    return problem('unsupported', 'Not supported', 'This browser cannot show the desk',
        'It has no WebRTC, or it is switched off. A current Firefox, Chrome, Edge or Safari works.');
}

function aboutSignalling({ signalling, subscribe, isOffline }) {
    const { state, failures, wasJoined, endCode } = signalling;
    if (state === 'ended' && endCode === 4001) {
        return problem('replaced', 'Open elsewhere', 'You joined again in another window',
            'This window is no longer part of the room.', 'here');
    }
    if (state === 'ended') {
        return problem('displaced', 'Not in the room', 'Your place in the room went to somebody else',
            'The room had not heard of this page for a while.', 'here');
    }
    if (state === 'joined') return null;
    // Some browsers say so of a network that reaches nothing but this room: then it does not matter.
    if (isOffline) {
        return wait('offline', 'This device is offline', 'This device has no network',
            'Nothing is lost: the page takes up where it was as soon as there is one.');
    }
    if (wasJoined) {
        const isLive = subscribe.state === 'connected';
        const text = isLive ? 'The picture goes on meanwhile.'
            : 'The page keeps trying, and takes up where it was.';
        // The first attempt usually does it: nobody needs to be told.
        const title = failures < 2 ? null : 'The connection to the room is lost';
        return wait('reconnecting', 'Reconnecting…', title, text);
    }
    return failures < 2 ? wait('joining', 'Connecting to the room…')
        : problem('unreachable', 'Room not reached', 'The room cannot be reached',
            'Either it is not running, or something on the way does not let WebSocket connections through. '
            + 'The page keeps trying.');
}

function aboutPath(path, words, { now, failure }) {
    const lasted = now - path.since;
    switch (path.state) {
        case 'connected':
            return null;
        case 'noPath':
            return problem(`${words.key}NoPath`, 'No connection for media', words.noPath,
                'The room answers, but no UDP gets through between it and this device. A firewall, a VPN or a '
                + 'guest network is the usual reason. The page keeps trying; another network may help at once.',
                'again');
        case 'insecure':
            return problem(`${words.key}Insecure`, 'Not secured', words.insecure,
                'There is a path to the room, but the encryption (DTLS) could not be set up on it. Something on '
                + 'the way may let only some packets through.', 'again');
        case 'lost':
            return wait(`${words.key}Lost`, 'Reconnecting…', lasted < CALM ? null : words.lost,
                'The network has dropped the path to the room. The page is looking for another one.');
        default:
            if (failure) return problem(`${words.key}Failed`, 'Not connected', words.noPath, failure, 'again');
            return wait(`${words.key}Connecting`, words.line, lasted < SLOW ? null : words.slow, SLOWLY);
    }
}

function aboutDesk({ desk }) {
    const words = DESK[desk?.state];
    if (!words) return null;
    const text = desk.message || words.text;
    return words.tone === 'problem' ? problem(desk.state, words.line, words.title, text)
        : wait(desk.state, words.line, words.title, text);
}

function aboutFrames({ now, frames, subscribe, isPictureBlocked }) {
    if (frames > 0 && !isPictureBlocked) return null;
    if (isPictureBlocked) {
        return problem('pictureBlocked', 'Picture paused', 'The browser has paused the picture',
            'It plays only after a click.', 'sound');
    }
    if (now - subscribe.since < NO_FRAME) return wait('firstFrame', 'Waiting for the picture…');
    return problem('noFrame', 'No picture', 'Connected, but no picture arrives',
        'The room is reached and the connection stands, but not one frame has been shown. Either the desk sends '
        + 'none, or this browser cannot decode its video.', 'again');
}

function aboutChannels({ now, channelsOpen, publish }) {
    if (channelsOpen || now - publish.since < NO_FRAME) return null;
    return problem('noChannel', 'No control', 'You can watch, but not take control',
        'The control channels to the room did not open.', 'again');
}

function aboutSound({ sound }) {
    if (sound !== 'blocked') return null;
    const text = 'The browser wants a click before it plays sound.';
    const banner = { title: 'The sound is off', text, action: 'sound' };
    return { key: 'soundBlocked', tone: 'wait', line: 'Connected, sound off', banner };
}

/** What the room keeps back because this person's network would not take it, and how that network does. */
function aboutNetwork({ limits, network }) {
    if (limits?.desk) {
        return wait('weakNetworkDesk', 'Your connection is weak: desk paused', 'The desk’s picture is paused',
            'Your network is too weak for it at the moment. It goes on by itself; the sound has precedence.');
    }
    const told = limits && network ? networkWords(limits, network) : null;
    return told && wait(told.key, told.line);
}

function problem(key, line, title, text, action) {
    return { key, tone: 'problem', line, banner: { title, text, action } };
}

function wait(key, line, title = null, text = '') {
    return { key, tone: 'wait', line, banner: title && { title, text } };
}

const SLOWLY = 'This takes longer than usual. The page keeps trying.';
const STALE = new Set(['failed', 'restarting', 'starting', 'waitingForScreen']);

// Milliseconds.
const CALM = 2000;
const SLOW = 5000;
const NO_FRAME = 5000;
