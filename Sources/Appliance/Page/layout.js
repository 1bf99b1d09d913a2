/**
 * Where the desk and the people go: a strip beside or below the desk, whichever leaves the desk larger, or a
 * grid.
 */
export class Layout {
    #scene;
    #picture;
    #count = 0;
    #hasPin = false;
    #hasDesk = true;
    #isDeskOnly = false;

    isGrid = false;
    isHidden = false;

    /** @param {{scene: HTMLElement, picture: Picture}} parts */
    constructor({ scene, picture }) {
        this.#scene = scene;
        this.#picture = picture;
        new ResizeObserver(() => this.apply()).observe(scene);
        picture.addEventListener('layout', () => this.apply());
    }

    /**
     * @param {{count: number, hasPin: boolean, hasDesk: boolean, isDeskOnly: boolean}} facts `count`: tiles; `isDeskOnly`:
     *     whether the desk is to be as large as it can be
     */
    update({ count, hasPin, hasDesk, isDeskOnly }) {
        const isSame = count === this.#count && hasPin === this.#hasPin && hasDesk === this.#hasDesk;
        if (isSame && isDeskOnly === this.#isDeskOnly) return;
        this.#isDeskOnly = isDeskOnly;
        this.#count = count;
        this.#hasPin = hasPin;
        this.#hasDesk = hasDesk;
        this.apply();
    }

    /** `alone`, `right`, `bottom` or `grid`. */
    get kind() {
        if (this.#isDeskOnly && this.#hasDesk) return 'alone';
        if (this.#count === 0 || (this.isHidden && !this.isGrid)) return 'alone';
        if (this.isGrid || !this.#hasDesk) return 'grid';
        // With an on-screen keyboard there is hardly room for the desk alone.
        if (this.#box.height < LOWEST) return 'alone';
        return stripSide(this.#box, this.#aspect, this.#hasPin ? 2 : 1);
    }

    /** Whether there is a strip to be seen. */
    get isStrip() {
        return this.kind === 'right' || this.kind === 'bottom';
    }

    apply() {
        const box = this.#box;
        if (box.width === 0) return;
        const { style, dataset } = this.#scene;
        dataset.layout = this.kind;
        style.setProperty('--tile', `${tileWidth(box)}px`);
        const free = dataset.layout === 'bottom' ? freeRows(box, this.#aspect, this.#count) : 1;
        style.setProperty('--rows', Math.max(this.#hasPin ? 2 : 1, free));
        style.setProperty('--columns', gridColumns(this.#count, box));
    }

    get #aspect() {
        const { width, height } = this.#picture.size;
        return width > 0 && height > 0 ? width / height : 16 / 9;
    }

    get #box() {
        return { width: this.#scene.clientWidth, height: this.#scene.clientHeight };
    }
}

/** The width of one tile of a strip, in CSS pixels. */
export const tileWidth = ({ width }) => Math.round(Math.max(112, Math.min(208, width / 8)));

/** On which side a strip of so many rows takes least of the desk. */
export function stripSide(box, aspect, rows) {
    const tile = tileWidth(box);
    const gaps = GAP * (rows + 1);
    const besideRight = Math.min(box.width - rows * tile - gaps, box.height * aspect);
    const aboveBottom = Math.min(box.width, (box.height - (rows * tile * 9) / 16 - gaps) * aspect);
    return besideRight > aboveBottom ? 'right' : 'bottom';
}

/** How many rows of tiles fit below a desk as wide as the window; no more than it takes to show everybody. */
export function freeRows(box, aspect, count) {
    const tile = tileWidth(box);
    const free = box.height - box.width / aspect - GAP;
    const inRow = Math.max(1, Math.floor((box.width - GAP) / (tile + GAP)));
    const wanted = Math.ceil(count / inRow);
    return Math.max(1, Math.min(wanted, MOST_ROWS, Math.floor(free / ((tile * 9) / 16 + GAP))));
}

/** The number of columns that makes tiles largest beside a desk of two by two, which is the first of them. */
export function gridColumns(count, { width, height }) {
    let best = { columns: 2, size: 0 };
    for (let columns = 2; columns <= 8 && (columns === 2 || width / columns >= NARROWEST); columns += 1) {
        const rows = Math.max(2, Math.ceil((count + 4) / columns));
        const size = Math.min(width / columns, (height / rows) * (16 / 9));
        if (size > best.size) best = { columns, size };
    }
    return best.columns;
}

// CSS pixels.
const GAP = 8;
const NARROWEST = 140;
const LOWEST = 200;
const MOST_ROWS = 4;
