/**
 * Who may do what in the room, and how others' pages do, as far as the room tells this person.
 *
 * Events: `change`; `lost` and `regained` (`right` in `detail`) when somebody has switched a right of this person.
 */
export class Standing extends EventTarget {
    #you = null;
    /** By id: `{role, rights}`; this person alone, unless they may act on others. */
    #people = new Map();
    /** By id: what each page says of itself, and when that came. */
    #pages = new Map();

    /** @param {number | null} you @param {{id: number, role: string, rights: string[]}[]} people */
    setRights(you, people) {
        const before = this.#you === you ? this.of(you) : null;
        this.#you = you;
        this.#people = new Map(people.map(({ id, role, rights }) => [id, { role, rights: new Set(rights) }]));
        const after = this.of(you);
        for (const right of before && after ? SENT : []) {
            const [had, has] = [before.rights.has(right), after.rights.has(right)];
            if (had !== has) this.dispatchEvent(new CustomEvent(has ? 'regained' : 'lost', { detail: { right } }));
        }
        this.#changed();
    }

    /** @param {{person: number, state: object}[]} pages */
    setPages(pages) {
        const now = performance.now();
        this.#pages = new Map(pages.map(({ person, state }) => [person, { ...state, at: now }]));
        this.#changed();
    }

    forget() {
        this.#you = null;
        this.#people.clear();
        this.#pages.clear();
        this.#changed();
    }

    /** `{role, rights}` of a person; `null` where the room does not tell. */
    of(id) {
        return this.#people.get(id) ?? null;
    }

    /** Whether this person may do something. What the room does not tell of may be tried: it judges by itself. */
    may(right) {
        return this.of(this.#you)?.rights.has(right) ?? !OVER.includes(right);
    }

    /** Whether the room has said that this person may do something. */
    has(right) {
        return this.of(this.#you)?.rights.has(right) ?? false;
    }

    get isClinician() {
        return this.of(this.#you)?.role === 'clinician';
    }

    /** Whether this person may act on others. */
    get isOverseer() {
        return OVER.some((right) => this.may(right));
    }

    /** How a person's page does; `frozen` in seconds as of now. */
    page(id) {
        const state = this.#pages.get(id);
        if (!state) return null;
        const since = Math.round((performance.now() - state.at) / 1000);
        return { ...state, frozen: state.frozen > 0 ? state.frozen + since : 0 };
    }

    #changed() {
        this.dispatchEvent(new Event('change'));
    }
}

/** What acts on others. */
const OVER = ['admit', 'grant', 'muteOthers', 'remove'];
/** What this page stops or begins to send by them. */
const SENT = ['speak', 'camera'];
