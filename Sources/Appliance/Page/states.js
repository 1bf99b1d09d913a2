// What is going on, in words for people. Pure: facts in, words out.

import { say } from './catalogue.js';
import { networkWords } from './network-words.js';
import { roomWords } from './reasons.js';

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
        aboutPath(facts.subscribe, 'subscribe', facts) ??
        aboutPath(facts.publish, 'publish', facts) ??
        aboutDesk(facts) ??
        aboutFrames(facts) ??
        aboutChannels(facts) ??
        aboutSound(facts) ??
        aboutNetwork(facts) ?? { key: 'connected', tone: 'good', line: say('state.connected'), banner: null }
    );
}

function aboutBrowser({ isSupported }) {
    return isSupported ? null : problem('unsupported');
}

function aboutSignalling({ signalling, subscribe, isOffline }) {
    const { state, failures, wasJoined, endCode } = signalling;
    if (state === 'ended') return problem(endCode === 4001 ? 'replaced' : 'displaced', { action: 'here' });
    if (state === 'joined') return null;
    // Some browsers say so of a network that reaches nothing but this room: then it does not matter.
    if (isOffline) return wait('offline', told('offline'));
    if (wasJoined) {
        const isLive = subscribe.state === 'connected';
        const text = reconnecting(isLive, failures);
        // The first attempt usually does it: nobody needs to be told.
        return wait('reconnecting', failures < 2 ? null : { title: say('state.reconnecting.title'), text });
    }
    return failures < 2 ? wait('joining') : problem('unreachable');
}

/** After a while it may be the certificate that keeps a page out, which only its person can let through. */
function reconnecting(isLive, failures) {
    if (isLive) return say('state.reconnecting.live');
    return say(failures < LONG ? 'state.reconnecting.text' : 'state.reconnecting.long');
}

/** @param {'subscribe' | 'publish'} name of the connection */
function aboutPath(path, name, { now, failure }) {
    const lasted = now - path.since;
    const about = (kind, text = say(`state.${kind}.text`)) => ({ title: say(`connection.${name}.${kind}`), text });
    switch (path.state) {
        case 'connected':
            return null;
        case 'noPath':
            return problem('noPath', { key: `${name}NoPath`, ...about('noPath'), action: 'again' });
        case 'insecure':
            return problem('insecure', { key: `${name}Insecure`, ...about('insecure'), action: 'again' });
        case 'lost':
            return { ...wait('lost', lasted < CALM ? null : about('lost')), key: `${name}Lost` };
        default: {
            if (failure) {
                return problem('failed', { key: `${name}Failed`, ...about('noPath', failure), action: 'again' });
            }
            const banner = lasted < SLOW ? null : about('slow', say('state.connecting.text'));
            return { key: `${name}Connecting`, tone: 'wait', line: say(`connection.${name}.line`), banner };
        }
    }
}

function aboutDesk({ desk }) {
    if (!DESK.has(desk?.state)) return null;
    const { state } = desk;
    const banner = { title: say(`desk.${state}.title`), text: roomWords(desk, say(`desk.${state}.text`)) };
    return { key: state, tone: state === 'failed' ? 'problem' : 'wait', line: say(`desk.${state}.line`), banner };
}

function aboutFrames({ now, frames, subscribe, isPictureBlocked }) {
    if (frames > 0 && !isPictureBlocked) return null;
    if (isPictureBlocked) return problem('pictureBlocked', { action: 'sound' });
    return now - subscribe.since < NO_FRAME ? wait('firstFrame') : problem('noFrame', { action: 'again' });
}

function aboutChannels({ now, channelsOpen, publish }) {
    if (channelsOpen || now - publish.since < NO_FRAME) return null;
    return problem('noChannel', { action: 'again' });
}

function aboutSound({ sound }) {
    return sound === 'blocked' ? wait('soundBlocked', { ...told('soundBlocked'), action: 'sound' }) : null;
}

/** What the room keeps back because this person's network would not take it, and how that network does. */
function aboutNetwork({ limits, network }) {
    if (limits?.desk) return wait('weakNetworkDesk', told('weakNetworkDesk'));
    const found = limits && network ? networkWords(limits, network) : null;
    return found && { ...found, tone: 'wait', banner: null };
}

/** What a banner says of something: `title` and `text`. */
const told = (kind) => ({ title: say(`state.${kind}.title`), text: say(`state.${kind}.text`) });

function problem(kind, { key = kind, title, text, action } = {}) {
    const banner = { ...(title ? { title, text } : told(kind)), action };
    return { key, tone: 'problem', line: say(`state.${kind}.line`), banner };
}

function wait(key, banner = null) {
    return { key, tone: 'wait', line: say(`state.${key}.line`), banner };
}

const DESK = new Set(['failed', 'restarting', 'starting', 'waitingForScreen', 'waitingForSound']);
const STALE = new Set(['failed', 'restarting', 'starting', 'waitingForScreen']);

/** Attempts, by when half a minute has gone by. */
const LONG = 8;

// Milliseconds.
const CALM = 2000;
const SLOW = 5000;
const NO_FRAME = 5000;
