/**
 * `window.deskroom`: what tests and people who look for a fault may read. No names, no tokens, no lease.
 */
export function diagnosis({ room, deskLayout, conference, picture, viewport, sound, state, watch, input, details }) {
    const { control, health, publish, signalling, subscribe } = room;
    return Object.freeze({
        /** All that is known at once. `marks` are milliseconds since the page was opened. */
        state: () => ({
            problem: state().key,
            words: state().line,
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
                layout: deskLayout.layout,
                typed: { ...control.proof.figures },
                down: { ...control.held.figures },
            },
            picture: { shown: picture.isShown, content: picture.content, zoom: viewport.zoom },
            clipboard: room.clipboard.diagnosis,
            files: room.files.diagnosis,
            pointing: room.pointing.diagnosis,
            deskSize: room.deskSize.diagnosis,
            sound: sound.state,
            people: room.people.length,
            media: conference.media.state,
            tiles: conference.tiles().map(tile),
            chat: { open: conference.chat.isOpen, unread: conference.chat.unread },
            /** From a press to its picture, milliseconds: `{count, total: {median, p95}, network, …}`. */
            input: input.figures,
            framesDecoded: health.frames,
            marks: { ...health.marks },
        }),
        /** Fresh figures of the subscribe connection: `{video, audio, roundTrip}`. */
        measure: () => health.measure(),
        /** The details for support. */
        details,
    });
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
