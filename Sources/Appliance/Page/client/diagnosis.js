/** @import { Conference } from './conference.js' */
/** @import { ConnectionWatch } from './connection-watch.js' */
/** @import { Room } from './room.js' */
/** @import { Sound } from './sound.js' */

/**
 * How all that is between this page and the room does: states and counts, for tests and people who look for a fault. No names, no
 * tokens, no lease. `marks` are milliseconds since the page was opened.
 * @param {{room: Room, conference: Conference, sound: Sound, watch: ConnectionWatch}} parts
 */
export function diagnosis({ room, conference, sound, watch }) {
    const { control, health, publish, signalling, subscribe } = room;
    return {
        why: watch.verdict,
        signalling: { state: room.isJoined ? 'joined' : signalling.state, failures: signalling.failures },
        publish: { ...connection(publish), ...channels(publish.channels) },
        subscribe: { ...connection(subscribe), cursor: subscribe.cursor?.readyState ?? 'none' },
        desk: room.desk && { state: room.desk.state, width: room.desk.width, height: room.desk.height },
        control: {
            mine: control.mine,
            held: control.holder !== null,
            asking: room.turns.isAsking,
            waiting: room.turns.isWaiting,
            asks: room.turns.asks.length,
            sent: { ...control.sent },
            typed: { ...control.proof.figures },
            down: { ...control.held.figures },
        },
        clipboard: room.clipboard.diagnosis,
        files: room.files.diagnosis,
        pointing: room.pointing.diagnosis,
        deskSize: room.deskSize.diagnosis,
        sound: sound.state,
        people: room.people.length,
        media: conference.media.state,
        tiles: conference.tiles().map(tile),
        chat: { open: conference.chat.isOpen, unread: conference.chat.unread },
        framesDecoded: health.frames,
        marks: { ...health.marks },
    };
}

const tile = ({ person, video, isMuted, isSpeaking, delivery }) => ({
    person, video, muted: isMuted, speaking: isSpeaking, delivery,
});

const connection = ({ connection: pc }) => ({
    ice: pc?.iceConnectionState ?? 'none',
    connection: pc?.connectionState ?? 'none',
    negotiation: pc?.signalingState ?? 'none',
});

const channels = (pair) => ({
    control: pair?.control.readyState ?? 'none',
    pointer: pair?.pointer.readyState ?? 'none',
});
