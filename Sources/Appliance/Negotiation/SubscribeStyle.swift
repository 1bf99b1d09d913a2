/// How a connection comes about by which the room sends.
package enum SubscribeStyle: Hashable, Sendable {
    /// The room answers an offer from outside, which has a section for each thing that can be sent, for good.
    case answer(ViewOffer)
    /// The room offers somebody outside the desk, without data channels.
    case outside
    /// The room offers a page the desk, everybody else, and data channels.
    case page
    /// None does: a program is sent plain RTP as it asks for it (``BroadcastConnection``).
    case plain

    /// Whether it is for somebody outside, who gets the desk and nothing else.
    package var isOutside: Bool { self != .page }
}
