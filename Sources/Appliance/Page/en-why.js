/** English: why somebody cannot connect, and what they can do. By step of `connection-steps.js`. */
export const enWhy = {
    'why.server.title': 'This device does not reach the room',
    'why.server.text': 'Either the room is not running, or its name is not found in this network (DNS), or the browser '
        + 'does not trust its certificate any more (TLS). Load the page again: the browser then says which of these it '
        + 'is. Another network may help; if it does not, tell whoever invited you.',
    'why.foreign.title': 'Something else answers in the place of the room',
    'why.foreign.text': 'A sign-in page of this network, or a proxy, answers at the room’s address (HTTP). Open any '
        + 'other page in this browser, sign in to the network if it asks for that, and come back.',
    'why.webSocket.title': 'The lasting connection to the room is blocked',
    'why.webSocket.text': 'The room’s pages arrive, but the connection that stays open (WebSocket) does not come about. '
        + 'A proxy, a firewall or a security program is the usual reason. Use another network, such as that of a phone, '
        + 'or ask your IT to let WebSocket through to this address.',
    'why.silent.title': 'The connection to the room carries nothing',
    'why.silent.text': 'It is opened (WebSocket), but nothing that the room says arrives. A proxy or a security program '
        + 'that holds it back is the usual reason. Use another network, such as that of a phone, or ask your IT to let '
        + 'WebSocket through to this address.',
    'why.browser.text': 'The browser has found no address of this device to send from. An extension against WebRTC, a VPN '
        + 'or a rule of your organisation is the usual reason. Switch it off for this page, or use another browser.',
    'why.turnRefused.text': 'The relay that should carry it (TURN) does not accept this page’s password, which may be out of '
        + 'date. Load the page again; if that does not help, tell whoever runs the room.',
    'why.turnUnreached.text': 'The direct way is blocked, and the relay that should carry it (TURN) is not reached. Use '
        + 'another network, such as that of a phone, or ask your IT to let it through.',
    'why.udp.text': 'The room answers, but no UDP gets through between it and this device. A firewall, a VPN or a guest '
        + 'network is the usual reason. The page keeps trying; another network, such as that of a phone, may help at once.',
    'why.udpBack.text': 'The room hears this device, but its answers do not arrive here. A firewall or a VPN that lets UDP '
        + 'out and not back in is the usual reason. The page keeps trying; another network, such as that of a phone, may '
        + 'help at once.',
    'why.udpTcp.text': 'The room answers, but neither UDP nor TCP gets through to where it sends picture and sound. A '
        + 'firewall, a VPN or a guest network is the usual reason. The page keeps trying; another network, such as that of '
        + 'a phone, may help at once.',
    'why.tcp.text': 'The room answers, but no TCP gets through to where it sends picture and sound. A firewall, a VPN or a '
        + 'guest network is the usual reason. The page keeps trying; another network, such as that of a phone, may help '
        + 'at once.',
    'why.dtls.text': 'There is a path to the room, but the encryption (DTLS) could not be set up on it. A firewall or a '
        + 'security program that lets only some packets through is the usual reason. Try again; another network, such as '
        + 'that of a phone, may help.',
    'why.noMedia.text': 'The room is reached and the connection stands, but no packet of the picture has arrived. Try again; '
        + 'if that does not help, tell whoever runs the room.',
    'why.codec.text': 'The picture arrives, but this browser cannot show its video. Update the browser, or use a current '
        + 'Chrome, Edge, Firefox or Safari.',
    'why.details': 'Details for support',
    'why.details.note': 'Codes and numbers only: no name, no address.',
    'why.copy': 'Copy',
    'why.copied': 'Copied.',
    'why.notCopied': 'It could not be copied. Select the text, and copy it.',
    'why.check': 'Test my connection',
};
