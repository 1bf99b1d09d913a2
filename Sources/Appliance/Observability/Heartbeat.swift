internal import IO
internal import Synchronization
package import Wire

/// Asks something that may be stuck, with one question at a time however many want to know: nothing gathers behind it.
package final class Heartbeat<Value: Sendable>: Sendable {
    package struct Answer: Sendable {
        package var value: Value
        /// From the question on.
        package var delay: Interval
    }

    private struct State {
        /// When the question that is open was asked.
        var asked: Instant?
        /// Of the question that is open, or the last one.
        var round: UInt64 = 0
        var answered: UInt64 = 0
        /// `nil`: there was no good one.
        var answer: Answer?
    }

    private let state = Mutex(State())
    private let ask: @Sendable () async -> Value?

    /// - Parameter ask: Returns once there is an answer, `nil` if it is no good one; may never return.
    package init(_ ask: @escaping @Sendable () async -> Value?) {
        self.ask = ask
    }

    /// The answer; `nil` if there was no good one within `limit`.
    package func check(within limit: Interval) async -> Answer? {
        let start = Instant.now()
        let (round, isNew) = state.withLock { state in
            if state.asked != nil { return (state.round, false) }
            state.asked = start
            state.round += 1
            return (state.round, true)
        }
        if isNew { Task { self.handle(await self.ask()) } }
        var pause = Interval.microseconds(100)
        while true {
            let (answered, answer) = state.withLock { ($0.answered, $0.answer) }
            if answered >= round { return answer }
            let left = limit - (.now() - start)
            // Nobody waits for it any more, or for too long.
            guard left > .zero, !Task.isCancelled else { return nil }
            try? await Task.sleep(for: .nanoseconds(min(pause, left).nanoseconds))
            pause = min(pause * 2, .milliseconds(20))
        }
    }

    private func handle(_ value: Value?) {
        let now = Instant.now()
        state.withLock { state in
            let delay = now - (state.asked ?? now)
            state.answer = value.map { Answer(value: $0, delay: delay) }
            state.answered = state.round
            state.asked = nil
        }
    }
}
