/**
 * `window.deskroom`: what tests and people who look for a fault may read. No names, no tokens, no lease.
 * @param {{client: DeskroomClient, surface: DeskSurface, deskLayout: DeskLayout, state: () => object, input: InputWatch,
 *     details: () => string}} parts
 */
export function diagnosis({ client, surface, deskLayout, state, input, details }) {
    const { picture, viewport } = surface;
    return Object.freeze({
        /** All that is known at once. `marks` are milliseconds since the page was opened. */
        state: () => {
            const known = client.diagnosis;
            return {
                problem: state().key,
                words: state().line,
                ...known,
                control: { ...known.control, layout: deskLayout.layout },
                picture: { shown: picture.isShown, content: picture.content, zoom: viewport.zoom },
                /** From a press to its picture, milliseconds: `{count, total: {median, p95}, network, …}`. */
                input: input.figures,
            };
        },
        /** Fresh figures of the subscribe connection: `{video, audio, roundTrip}`. */
        measure: () => client.room.health.measure(),
        /** The details for support. */
        details,
    });
}
