/** Chromium plays Opus in mono unless its own answer says `stereo=1` (RFC 7587 §6.1). */
export function withStereo(answer, offer) {
    if (!/a=fmtp:\d+ .*stereo=1/.test(offer)) return answer;
    const opus = answer.match(/a=rtpmap:(\d+) opus\//i)?.[1];
    if (!opus) return answer;
    const line = new RegExp(`a=fmtp:${opus} ([^\\r\\n]*)`);
    const parameters = answer.match(line)?.[1];
    if (parameters === undefined || /(^|;)\s*stereo=/.test(parameters)) return answer;
    return answer.replace(line, `a=fmtp:${opus} $1;stereo=1`);
}

/**
 * A browser sends Opus as the other side wants to have it (RFC 7587 §6.1): with nothing sent in silence, and
 * with what repairs a lost packet.
 */
export function withOpusOptions(answer) {
    const opus = answer.match(/a=rtpmap:(\d+) opus\//i)?.[1];
    if (!opus) return answer;
    const line = new RegExp(`a=fmtp:${opus} ([^\\r\\n]*)`);
    const given = answer.match(line)?.[1] ?? '';
    const missing = ['useinbandfec', 'usedtx'].filter((name) => !new RegExp(`(^|;)\\s*${name}=`).test(given));
    if (missing.length === 0) return answer;
    const parameters = [given, ...missing.map((name) => `${name}=1`)].filter(Boolean).join(';');
    if (given) return answer.replace(line, `a=fmtp:${opus} ${parameters}`);
    const map = new RegExp(`(a=rtpmap:${opus} [^\\r\\n]*)`);
    return answer.replace(map, `$1\r\na=fmtp:${opus} ${parameters}`);
}
