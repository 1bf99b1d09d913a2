/**
 * Calls `changed` when the device is, or may be, on another network, `lost` when it is on none, and `awake` when
 * the page runs again after it had been stopped: the device slept, or the page was out of sight on a phone.
 */
export function watchNetwork({ changed, lost, awake }) {
    addEventListener('online', changed);
    addEventListener('offline', lost);
    const connection = navigator.connection;
    // `change` is also sent whenever Chromium estimates another speed.
    let type = connection?.type;
    connection?.addEventListener?.('change', () => {
        if (connection.type === type) return;
        type = connection.type;
        if (type !== 'none') changed();
    });
    document.addEventListener('visibilitychange', () => {
        if (!document.hidden) awake();
    });
    document.addEventListener('resume', awake);
    addEventListener('pageshow', ({ persisted }) => persisted && awake());
    // A device that sleeps tells nobody: its clock jumps.
    let last = Date.now();
    setInterval(() => {
        const now = Date.now();
        const slept = now - last > ASLEEP && !document.hidden;
        last = now;
        if (slept) awake();
    }, TICK);
}

// Milliseconds. Browsers slow the timers of hidden pages down to one a minute.
const TICK = 1000;
const ASLEEP = 10_000;
