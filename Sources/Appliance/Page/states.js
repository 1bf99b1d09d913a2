// What is going on, in words for people. Pure: facts in, words out.

import { say } from './catalogue.js';
import { networkWords } from './network-words.js';
import { roomWords } from './client/reasons.js';

/**
 * The one thing to tell, the most fundamental first. `tone`: `good`, `wait` (it is being worked on),
 * `problem`. `line` is for the bar; `banner` is `null` while there is nothing to worry about; its `action` is
 * `again`, `sound` or `here`, and `isForSupport` says that it is about a connection that does not come about. `isStale`: the
 * picture is not of now. Among the facts `why` is the verdict of `ConnectionSteps`.
 * @returns {{key: string, tone: string, line: string, isStale: boolean,
 *     banner: null | {title: string, text: string, action?: string, isForSupport?: boolean}}}
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

function aboutSignalling({ signalling, subscribe, isOffline, why }) {
    const { state, failures, wasJoined, endCode } = signalling;
    if (state === 'ended') return problem(endCode === 4001 ? 'replaced' : 'displaced', { action: 'here' });
    if (state === 'joined') return null;
    // Some browsers say so of a network that reaches nothing but this room: then it does not matter.
    if (isOffline) return wait('offline', told('offline'));
    const reason = SOCKET_STEPS.has(why?.step) ? about(why.step) : null;
    if (wasJoined) {
        const title = say('state.reconnecting.title');
        const isLive = subscribe.state === 'connected';
        const text = reconnecting(isLive, failures);
        if (reason) return wait('reconnecting', { ...reason, title, text: isLive ? `${text} ${reason.text}` : reason.text });
        // The first attempt usually does it: nobody needs to be told.
        return wait('reconnecting', failures < 2 ? null : { title, text });
    }
    if (reason) return problem('unreachable', reason);
    return failures < 2 ? wait('joining') : problem('unreachable', { ...told('unreachable'), isForSupport: true });
}

/** After a while it may be the certificate that keeps a page out, which only its person can let through. */
function reconnecting(isLive, failures) {
    if (isLive) return say('state.reconnecting.live');
    return say(failures < LONG ? 'state.reconnecting.text' : 'state.reconnecting.long');
}

/** The words for a step that fails. */
const about = (step) => ({ title: say(`why.${step}.title`), text: say(`why.${step}.text`), isForSupport: true });

/** What to say of a connection: by the step that fails, if that is known. */
const reasonOf = (why, part, otherwise) =>
    (PATH_STEPS.has(why?.step) && why.part === part ? say(`why.${why.step}.text`) : otherwise);

/** @param {'subscribe' | 'publish'} name of the connection */
function aboutPath(path, name, { now, failure, why }) {
    const lasted = now - path.since;
    const about = (kind, text = say(`state.${kind}.text`)) =>
        ({ title: say(`connection.${name}.${kind}`), text, isForSupport: true });
    const because = (kind) => about(kind, reasonOf(why, name, say(`state.${kind}.text`)));
    switch (path.state) {
        case 'connected':
            return null;
        case 'noPath':
            return problem('noPath', { key: `${name}NoPath`, ...because('noPath'), action: 'again' });
        case 'insecure':
            return problem('insecure', { key: `${name}Insecure`, ...because('insecure'), action: 'again' });
        case 'lost':
            return { ...wait('lost', lasted < CALM ? null : because('lost')), key: `${name}Lost` };
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

function aboutFrames({ now, frames, subscribe, isPictureBlocked, why }) {
    if (frames > 0 && !isPictureBlocked) return null;
    if (isPictureBlocked) return problem('pictureBlocked', { action: 'sound' });
    if (now - subscribe.since < NO_FRAME) return wait('firstFrame');
    const text = reasonOf(why, 'subscribe', say('state.noFrame.text'));
    return problem('noFrame', { title: say('state.noFrame.title'), text, isForSupport: true, action: 'again' });
}

function aboutChannels({ now, channelsOpen, publish }) {
    if (channelsOpen || now - publish.since < NO_FRAME) return null;
    return problem('noChannel', { ...told('noChannel'), isForSupport: true, action: 'again' });
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

function problem(kind, { key = kind, title, text, action, isForSupport } = {}) {
    const banner = { ...(title ? { title, text } : told(kind)), action, ...(isForSupport && { isForSupport }) };
    return { key, tone: 'problem', line: say(`state.${kind}.line`), banner };
}

function wait(key, banner = null) {
    return { key, tone: 'wait', line: say(`state.${key}.line`), banner };
}

/** Steps of `ConnectionSteps` that concern signalling, and one of the two connections. */
const SOCKET_STEPS = new Set(['foreign', 'server', 'silent', 'webSocket']);
const PATH_STEPS = new Set([
    'browser', 'codec', 'dtls', 'noMedia', 'tcp', 'turnRefused', 'turnUnreached', 'udp', 'udpBack', 'udpTcp',
]);
const DESK = new Set(['failed', 'restarting', 'starting', 'waitingForScreen', 'waitingForSound']);
const STALE = new Set(['failed', 'restarting', 'starting', 'waitingForScreen']);

/** Attempts, by when half a minute has gone by. */
const LONG = 8;

// Milliseconds.
const CALM = 2000;
const SLOW = 5000;
const NO_FRAME = 5000;
