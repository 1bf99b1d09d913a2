import { say } from './catalogue.js';
import { resultOf, resultText } from './check-result.js';
import { CheckRun } from './check-run.js';
import { judge } from './check-verdict.js';
import { CheckView } from './check-view.js';
import { DeviceCheck } from './device-check.js';
import { writeLabels } from './labels.js';
import { language } from './language.js';
import { LanguageChoice } from './language-choice.js';
import { savedLink, saveLink, takeLink } from './link.js';
import { browserName } from './client/support-details.js';

language.start();
writeLabels(document);
const at = Object.fromEntries([...document.querySelectorAll('[id]')].map((found) => [found.id, found]));
const link = takeLink();
if (link !== null) saveLink(link);
const token = savedLink();
const devices = new DeviceCheck({ at, signalling: null });
const view = new CheckView(at);
let run = null;
let isOver = false;
let ended = 0;

new LanguageChoice(at['test-language'], language);
language.addEventListener('change', () => {
    writeLabels(document);
    devices.write();
    render();
});
at['test-start'].addEventListener('click', start);
at['test-copy'].addEventListener('click', copy);
at['test-save'].addEventListener('click', save);
addEventListener('pagehide', () => devices.stop());
devices.start();
render();

async function start() {
    if (run && !isOver) return;
    run = new CheckRun(token);
    isOver = false;
    at['test-copied'].textContent = '';
    run.addEventListener('change', render);
    await run.run();
    isOver = true;
    ended = Date.now();
    render();
}

function render() {
    view.show({ run, judged: judge(run ? complete(run.found) : {}), isOver, hasToken: Boolean(token) });
    if (isOver) at['test-text'].textContent = resultText(result());
}

/** Without what is not measured yet. */
function complete(found) {
    return { ...found, ways: found.ways?.map((way) => ({ ...way, roundTrip: way.roundTrip ?? null })) };
}

function result() {
    const found = complete(run.found);
    return resultOf({ found, judged: judge(found), devices: devices.tried, browser: browserName(navigator.userAgent), at: ended });
}

async function copy() {
    try {
        await navigator.clipboard.writeText(at['test-text'].textContent);
        at['test-copied'].textContent = say('why.copied');
    } catch {
        at['test-copied'].textContent = say('why.notCopied');
        getSelection().selectAllChildren(at['test-text']);
    }
}

function save() {
    const blob = new Blob([JSON.stringify(result(), null, 2)], { type: 'application/json' });
    const anchor = document.createElement('a');
    anchor.href = URL.createObjectURL(blob);
    anchor.download = 'deskroom-test.json';
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
}
