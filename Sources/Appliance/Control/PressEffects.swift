package import RemoteControl
package import SFU
package import Wire

/// Brings the last presses and turns of people together with the pictures that the desk says show them.
package struct PressEffects: Sendable {
    /// A picture shows what somebody pressed or turned.
    package struct Effect: Hashable, Sendable {
        package var participant: ParticipantID
        /// When the event's packet had arrived.
        package var received: Instant
        package var effect: DeskEffect
    }

    /// The oldest are dropped if nobody reads them.
    let effects: AsyncStream<Effect>
    private let emit: AsyncStream<Effect>.Continuation
    private var presses: [(lease: LeaseID, clientTime: UInt32, received: Instant)] = []

    init() {
        (effects, emit) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.depth))
    }

    /// An event has gone to the desk.
    mutating func handle(_ event: ControlEvent, received: Instant) {
        guard event.action.isPress else { return }
        if presses.count == Self.memory { presses.removeFirst() }
        presses.append((event.lease, event.clientTime, received))
    }

    /// The desk has said of an event of the participant's that a picture shows it: of the first one, if there were several in that
    /// millisecond.
    mutating func pass(_ effect: DeskEffect, to participant: ParticipantID) {
        let index = presses.firstIndex { $0.lease == effect.lease && $0.clientTime == effect.clientTime }
        guard let index else { return }
        emit.yield(Effect(participant: participant, received: presses[index].received, effect: effect))
        presses.removeFirst(index + 1)
    }

    func finish() { emit.finish() }

    /// More than are under way at 500 presses a second until a picture comes.
    private static let memory = 64
    private static let depth = 16
}
