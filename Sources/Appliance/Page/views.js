/**
 * Tells the room what is visible, and how large, so that nothing is sent that nobody sees. A page that nobody
 * looks at wants the desk only.
 */
export class Views {
    #send;
    #desk;
    #viewport;
    #timer = 0;
    #told = '';
    #tiles = [];
    #visible = new Map();
    #heights = new Map();
    #sight = new IntersectionObserver((entries) => this.#seen(entries), { threshold: [0, VISIBLE, 1] });
    #size = new ResizeObserver((entries) => this.#sized(entries));

    /** @param {{send: (message: object) => boolean, desk: HTMLElement, viewport: Viewport}} parts */
    constructor({ send, desk, viewport }) {
        this.#send = send;
        this.#desk = desk;
        this.#viewport = viewport;
        // A desk that is shown larger than its place wants all its pixels.
        viewport.addEventListener('change', () => this.changed());
        this.#size.observe(desk);
        for (const type of ['visibilitychange', 'fullscreenchange']) {
            document.addEventListener(type, () => this.changed());
        }
    }

    /** @param {HTMLElement[]} tiles those of others */
    watch(tiles) {
        for (const tile of tiles) {
            if (this.#tiles.includes(tile)) continue;
            this.#sight.observe(tile);
            this.#size.observe(tile);
        }
        for (const tile of this.#tiles) {
            if (tiles.includes(tile)) continue;
            this.#sight.unobserve(tile);
            this.#size.unobserve(tile);
            this.#visible.delete(tile);
            this.#heights.delete(tile);
        }
        this.#tiles = tiles;
        this.changed();
    }

    /** The room is another one, or has forgotten. */
    announce() {
        this.#told = '';
        this.changed();
    }

    changed() {
        this.#timer ||= setTimeout(() => this.#tell(), DEBOUNCE);
    }

    #tell() {
        this.#timer = 0;
        const views = this.#views();
        const state = JSON.stringify(views);
        if (state === this.#told) return;
        if (this.#send({ type: 'views', views })) this.#told = state;
    }

    #views() {
        const scale = globalThis.devicePixelRatio || 1;
        const height = (element) => Math.round((this.#heights.get(element) ?? 0) * scale);
        const whole = Math.round(height(this.#desk) * this.#viewport.zoom);
        const desk = { person: 0, source: 'desk', height: Math.min(whole, HIGHEST), pinned: false };
        if (document.hidden) return [desk];
        const only = document.fullscreenElement?.closest('.tile');
        const tiles = this.#tiles.filter((tile) => (only ? tile === only : this.#visible.get(tile)));
        return [desk, ...tiles.map((tile) => ({
            person: Number(tile.dataset.person),
            source: 'camera',
            height: height(tile),
            pinned: tile.dataset.pinned === 'true',
        }))];
    }

    #seen(entries) {
        for (const { target, intersectionRatio } of entries) {
            this.#visible.set(target, intersectionRatio >= VISIBLE);
        }
        this.changed();
    }

    #sized(entries) {
        for (const { target, contentRect } of entries) this.#heights.set(target, contentRect.height);
        this.changed();
    }
}

/** What a message can say. */
const HIGHEST = 65_535;
/** How much of a tile has to be in sight. */
const VISIBLE = 0.1;
/** Milliseconds. */
const DEBOUNCE = 300;
