internal import Synchronization
internal import Wire

/// The ``InputTrace`` of a desk, which three threads tell of what they see: whoever has input, the capture, and the encoders'.
final class InputEffects: Sendable {
    private let trace = Mutex(InputTrace())
    private let onEffect: @Sendable (InputEffect) -> Void

    /// - Parameter onEffect: Must not block.
    init(onEffect: @escaping @Sendable (InputEffect) -> Void) {
        self.onEffect = onEffect
    }

    func handleInput(_ input: UInt64, at now: Instant) { trace.withLock { $0.handleInput(input, at: now) } }

    func handleChange(at now: Instant) { trace.withLock { $0.handleChange(at: now) } }

    func handleCapture(_ date: Instant, readBy now: Instant) {
        trace.withLock { $0.handleCapture(date, readBy: now) }
    }

    func handleSent(_ date: Instant, at now: Instant) {
        if let effect = trace.withLock({ $0.handleSent(date, at: now) }) { onEffect(effect) }
    }
}
