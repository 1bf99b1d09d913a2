/**
 * What two fingers on the desk of whoever drives it do: as long as they stay as far from one another as they were they turn the
 * wheel; when that changes first they make the desk larger or smaller, and move it, until they are up.
 *
 * Each tells of its way by itself, so that while one has been heard of and the other has not their distance is not what it is:
 * `settle` is called once a picture, when both have been.
 */
export class TwoFingers {
    #start;
    #last;

    /** `null` (not decided yet), `scroll` or `pinch`. */
    kind = null;

    /** @param {{clientX: number, clientY: number}[]} fingers */
    constructor(fingers) {
        this.#start = span(fingers);
        this.#last = this.#start;
    }

    /**
     * What has become of the gesture since it was asked last; `null` while nothing has.
     * @param {{clientX: number, clientY: number}[]} fingers
     * @returns {{factor: number, from: {x: number, y: number}, to: {x: number, y: number}} | null}
     */
    settle(fingers) {
        const now = span(fingers);
        this.kind ??= decide(this.#start, now);
        if (!this.kind) return null;
        const { x, y, distance } = this.#last;
        this.#last = now;
        return { factor: now.distance / distance, from: { x, y }, to: { x: now.x, y: now.y } };
    }
}

/** The middle of two fingers, and their distance, which is never 0. CSS pixels. */
export function span([one, other]) {
    return {
        x: (one.clientX + other.clientX) / 2,
        y: (one.clientY + other.clientY) / 2,
        distance: Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)),
    };
}

function decide(start, now) {
    const spread = Math.abs(now.distance - start.distance);
    const moved = Math.hypot(now.x - start.x, now.y - start.y);
    if (Math.max(spread, moved) < DECISIVE) return null;
    return spread > moved ? 'pinch' : 'scroll';
}

/** CSS pixels. */
const DECISIVE = 12;
