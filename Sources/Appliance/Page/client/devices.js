import { say } from './catalogue.js';

/** The devices that there are, by `kind` as browsers say it. */
export async function devicesByKind() {
    const found = { audioinput: [], videoinput: [], audiooutput: [] };
    const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    for (const device of devices) found[device.kind]?.push(device);
    return found;
}

/**
 * A device that was not there before, with what it can be: `{label, parts}`, the ids in `parts` by
 * `microphone`, `camera` and `speaker`; `null` if there is none. Only devices with a name can be told apart.
 */
export function newDevice(before, after) {
    const fresh = Object.entries(PARTS).flatMap(([kind, part]) => {
        const known = before[kind].filter(({ label }) => label);
        // The first list with names in it is not news.
        if (known.length === 0) return [];
        return after[kind]
            .filter(({ deviceId, label }) => label && deviceId && !ALIASES.has(deviceId))
            .filter(({ deviceId }) => !known.some((one) => one.deviceId === deviceId))
            .map((device) => ({ part, device }));
    });
    if (fresh.length === 0) return null;
    const { label, groupId } = fresh[0].device;
    const one = fresh.filter(({ device }) => device.groupId === groupId);
    return { label, parts: Object.fromEntries(one.map(({ part, device }) => [part, device.deviceId])) };
}

/**
 * A name for each device: its label, or its place in the list while the browser keeps labels to itself.
 * @param {'microphone' | 'camera' | 'speaker'} part
 */
export function labelled(devices, part) {
    return devices
        .filter(({ deviceId }) => deviceId)
        .map(({ deviceId, label }, index) => {
            return { deviceId, label: label || say(`device.number.${part}`, { number: index + 1 }) };
        });
}

/** Whether this browser can play sound on a device of the person's choice. */
export const canChooseSpeaker = () => 'setSinkId' in (globalThis.HTMLMediaElement?.prototype ?? {});

const PARTS = { audioinput: 'microphone', videoinput: 'camera', audiooutput: 'speaker' };
/** What Chromium calls whatever the system has chosen. */
const ALIASES = new Set(['default', 'communications']);
