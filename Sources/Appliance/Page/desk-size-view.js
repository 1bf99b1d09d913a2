import { current, say } from './catalogue.js';

/** The section in which whoever may arrange the desk chooses its size. */
export class DeskSizeView {
    #at;
    #deskSize;
    #standing;
    #isHeld;
    #tell;
    #listed = '';
    #buttons = [];

    /**
     * @param {{at: Record<string, HTMLElement>, deskSize: DeskSize, standing: Standing, isHeld: () => boolean,
     *     tell: (words: string) => void, announce: (words: string) => void}} parts `isHeld`: parts of the desk are hidden, so that
     *     it does not follow a window
     */
    constructor({ at, deskSize, standing, isHeld, tell, announce }) {
        this.#at = at;
        this.#deskSize = deskSize;
        this.#standing = standing;
        this.#isHeld = isHeld;
        this.#tell = tell;
        at['size-fit'].addEventListener('click', () => deskSize.setFitting(!deskSize.isFitting));
        deskSize.addEventListener('change', () => this.render());
        deskSize.addEventListener('done', () => announce(say('sentence', { words: this.#now })));
        standing.addEventListener('change', () => {
            if (!standing.may('arrange')) deskSize.setFitting(false);
            this.render();
        });
        this.render();
    }

    render() {
        const at = this.#at;
        const { largest, sizes, isFitting } = this.#deskSize;
        at['desk-size'].hidden = largest === null || !this.#standing.may('arrange');
        if (at['desk-size'].hidden) return;
        write(at['size-now'], this.#now);
        at['size-fit'].setAttribute('aria-pressed', String(isFitting));
        const isHeld = this.#isHeld();
        write(at['size-note'], say(!isHeld ? 'size.fitNote' : isFitting ? 'size.fitWaits' : 'size.masked'));
        this.#list(sizes);
        for (const { button, size } of this.#buttons) {
            button.setAttribute('aria-pressed', String(!isFitting && this.#deskSize.is(size)));
        }
    }

    get #now() {
        const { width, height } = this.#deskSize;
        return say('size.now', { size: shown({ width, height }) });
    }

    /** Only what is another list is made anew: whoever is in it with the keyboard stays there. */
    #list(sizes) {
        const listed = JSON.stringify([current().tag, sizes]);
        if (listed === this.#listed) return;
        this.#listed = listed;
        this.#buttons = sizes.map((size) => {
            const button = document.createElement('button');
            Object.assign(button, { type: 'button', textContent: say(`size.${shape(size)}`, { size: shown(size) }) });
            button.addEventListener('click', () => {
                if (!this.#deskSize.choose(size)) this.#tell(say('room.unreached'));
            });
            return { button, size };
        });
        this.#at['size-list'].replaceChildren(...this.#buttons.map(({ button, size }) => {
            const item = document.createElement('li');
            item.dataset.shape = shape(size);
            item.append(button);
            return item;
        }));
    }
}

/** As everybody writes sizes, in whatever language. */
const shown = ({ width, height }) => `${width} × ${height}`;

function shape({ width, height }) {
    if (height > width) return 'tall';
    return width / height >= WIDE ? 'wide' : 'one';
}

function write(target, text) {
    if (target.textContent !== text) target.textContent = text;
}

/** Two screens beside each other are. */
const WIDE = 2.2;
