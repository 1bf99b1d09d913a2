import { say } from './catalogue.js';
import { lineName, lineWords, refusalWords, wayWords } from './check-words.js';

/** The list of what is tested, and the words for all of it. */
export class CheckView {
    #at;
    #said = '';

    /** @param {Record<string, HTMLElement>} at */
    constructor(at) {
        this.#at = at;
    }

    /**
     * @param {{run: CheckRun | null, judged: object, isOver: boolean, hasToken: boolean}} state `run`: `null` before the
     *     first
     */
    show({ run, judged, isOver, hasToken }) {
        this.#at['test-lines'].replaceChildren(...(run ? this.#rows(run, judged) : []));
        this.#at['test-lines'].hidden = !run;
        this.#at['test-start'].textContent = say(run && !isOver ? 'test.running' : run ? 'test.again' : 'test.start');
        this.#at['test-start'].setAttribute('aria-disabled', String(Boolean(run) && !isOver));
        const refused = isOver && run?.refusal !== null && run?.refusal !== undefined;
        this.#at['test-refused'].textContent = refused ? refusalWords(run.refusal, hasToken) : '';
        this.#at['test-verdict'].dataset.grade = isOver ? GRADES[judged.overall] : 'running';
        this.#at['test-result'].hidden = !isOver;
        if (!run) this.#tell('');
        else if (isOver) this.#tell(say(`test.overall.${judged.overall}`));
        else if (run.running && run.running !== 'ways') this.#tell(say('test.now', { name: this.#name(run.running, run) }));
    }

    #name(line, { found }) {
        const index = wayIndex(line);
        return index === null ? lineName(line) : lineName(line, found.ways[index]);
    }

    #rows(run, { lines, ways }) {
        const { found, running } = run;
        const before = ['browser', 'server', 'webSocket', 'clock'].filter((line) => line in found || line === running);
        const after = ['echo', 'down', 'up'].filter((line) => line in found || line === running);
        const row = (line) => (line in lines
            ? this.#row(lineName(line), lines[line], lineWords(line, lines[line], found[line]))
            : this.#row(lineName(line), 'running', say('test.state.running')));
        const wayRows = (found.ways ?? []).map((way, index) => {
            if (way.roundTrip !== undefined) return this.#row(lineName('way', way), ways[index], wayWords(way, ways[index]));
            const isNow = wayIndex(running) === index;
            return this.#row(lineName('way', way), isNow ? 'running' : 'waiting', say(`test.state.${isNow ? 'running' : 'waiting'}`));
        });
        return [...before.map(row), ...wayRows, ...after.map(row)];
    }

    #row(name, grade, words) {
        const [item, title, text] = [document.createElement('li'), document.createElement('h3'), document.createElement('p')];
        item.dataset.grade = grade;
        title.textContent = name;
        text.textContent = words;
        item.append(title, text);
        return item;
    }

    /** A live region speaks whenever it is written to: only what is new is. */
    #tell(words) {
        if (words === this.#said) return;
        this.#said = words;
        this.#at['test-verdict'].textContent = words;
    }
}

const wayIndex = (line) => (line?.startsWith('way ') ? Number(line.slice(4)) : null);

/** How good each verdict is. */
const GRADES = { pictureAndSound: 'good', someTrouble: 'fair', soundOnly: 'fair', cannot: 'bad', untested: 'fair' };
