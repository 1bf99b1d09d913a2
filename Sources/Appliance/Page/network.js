/** Calls `changed` when the device is, or may be, on another network. */
export function watchNetwork(changed) {
    addEventListener('online', changed);
    const connection = navigator.connection;
    // `change` is also sent whenever Chromium estimates another speed.
    let type = connection?.type;
    connection?.addEventListener?.('change', () => {
        if (connection.type === type) return;
        type = connection.type;
        if (type !== 'none') changed();
    });
}
